/** "Convert notebook to package": plan, write with progress, open the report. */

import { JupyterFrontEnd } from '@jupyterlab/application';
import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import { PageConfig, PathExt } from '@jupyterlab/coreutils';
import { askFor, Field, tell } from './dialogs.js';
import { packageName, Say, shorten } from './format.js';
import { Reply } from './messages.js';
import { Model } from './model.js';
import { Progress } from './progress.js';
import { isAsSaved } from './unsaved.js';
import { hiddenKernel, ownKernel, Worker } from './worker.js';

interface Order extends Record<string, string | null> {
  path: string;
  root: string | null;
  name: string;
  output: string;
  keep: string;
}

interface Form {
  name: string;
  output: string;
  keep: string; // a candidate's place; empty: everything
}

export class Converter {
  constructor(
    private readonly app: JupyterFrontEnd,
    private readonly model: Model,
    private readonly say: Say
  ) {}

  /** Convert a notebook, by its path on the server. */
  async run(path: string): Promise<void> {
    if (!(await this._save(path))) {
      return;
    }
    const asked = await this._form(path);
    const worker = asked && (await this._worker(path));
    if (!worker) {
      return;
    }
    try {
      const order = this._order(path, asked);
      const plan = await worker.ask('plan', order);
      const button = plan.ok ? this.say('Write the package') : undefined;
      const go = await tell(this.say, this.say('Plan: %1', order.name), plan.lines, button);
      if (go && plan.ok) {
        await this._write(order, worker);
      }
    } finally {
      await worker.end();
    }
  }

  /** What is converted is the file: edits that are not in it yet are saved, if the user says so. */
  private async _save(path: string): Promise<boolean> {
    const context = this.model.at(path)?.panel.context;
    if (!context?.model.dirty || (await isAsSaved(this.app, context.model, path))) {
      return true;
    }
    const say = this.say;
    const answer = await showDialog({
      title: say('Save the notebook first?'),
      body: say('%1 has edits that are not saved. What is converted is the saved file.', PathExt.basename(path)),
      buttons: [
        Dialog.cancelButton({ label: say('Cancel') }),
        Dialog.okButton({ label: say('Save and go on'), className: 'mleelab-save' })
      ]
    });
    if (!answer.button.accept) {
      return false;
    }
    await context.save();
    return true;
  }

  private async _form(path: string): Promise<Form | null> {
    const say = this.say;
    const snapshot = this.model.at(path)?.snapshot;
    const names = (snapshot?.candidates ?? []).map(one => one.candidate);
    const chosen = snapshot?.board?.decided?.candidate;
    const stem = packageName(PathExt.basename(path, '.ipynb'));
    const fields: Field<keyof Form>[] = [
      { key: 'name', label: say('Name of the package'), value: stem },
      { key: 'output', label: say('Folder, beside the notebook'), value: stem }
    ];
    if (names.length) {
      fields.push({
        key: 'keep',
        label: say('Keep'),
        value: chosen === undefined || chosen === null ? '' : String(names.indexOf(chosen)),
        options: [['', say('everything')], ...names.map((one, i): [string, string] => [String(i), one])],
        hint: say('Only what this candidate needs.')
      });
    }
    const asked = await askFor(
      say,
      say('Convert notebook to package'),
      fields,
      [say('Show the plan')],
      values =>
        /^[A-Za-z_]\w*$/.test(values.name.trim())
          ? ''
          : say('A package is named with letters, digits and underscores.'),
      path
    );
    return asked && { ...asked.values, keep: names[Number(asked.values.keep || NaN)] ?? '' };
  }

  private _order(path: string, asked: Form): Order {
    const name = asked.name.trim();
    const root = PageConfig.getOption('serverRoot') || null;
    return { path, root, name, output: asked.output.trim() || name, keep: asked.keep };
  }

  private async _write(order: Order, worker: Worker): Promise<void> {
    const say = this.say;
    const progress = new Progress(say('Writing %1', order.name), say('Cancel'));
    progress.said(say('Original and package run in fresh processes; this takes as long as the notebook twice.'));
    void progress.stopped.then(() => worker.stop()).catch(() => undefined);
    const reply = await worker.ask('write', order, text => progress.said(text));
    progress.close();
    if (reply.report) {
      Notification.success(shorten(`${order.name}: ${reply.lines[0] ?? ''}`), { autoClose: 8000 });
      await this.app.commands.execute('docmanager:open', {
        path: PathExt.join(PathExt.dirname(order.path), reply.report),
        factory: 'Markdown Preview' // eslint-disable-line no-restricted-syntax -- the name of a document factory
      });
      return;
    }
    await this._refused(order, worker, reply);
  }

  /** Nothing was written: what differs, and the way to accept it with a reason. */
  private async _refused(order: Order, worker: Worker, reply: Reply): Promise<void> {
    const say = this.say;
    if (!reply.ok || !reply.verdict) {
      await tell(say, say('Nothing was written'), reply.lines);
      return;
    }
    const asked = await askFor(
      say,
      say('Nothing was written'),
      [{ key: 'accept', label: say('Write it all the same, because'), kind: 'long' }],
      [say('Accept and write')],
      values => (values.accept.trim() ? '' : say('This needs a reason; it goes to the report.')),
      reply.lines.join('\n')
    );
    if (asked) {
      await this._write({ ...order, accept: asked.values.accept.trim() }, worker);
    }
  }

  /** The kernel to convert with; null where there is none, which was said then. */
  private async _worker(path: string): Promise<Worker | null> {
    const state = this.model.at(path);
    const own = await ownKernel(state);
    if (own) {
      return own;
    }
    const progress = new Progress(this.say('Reading the notebook'), this.say('Cancel'));
    try {
      const running = state?.panel.sessionContext.session?.kernel?.name;
      return await hiddenKernel(this.app, path, running, this.say, () => progress.cancelled);
    } catch (fault) {
      const text = fault instanceof Error ? fault.message : String(fault);
      if (text) {
        Notification.error(shorten(text), { autoClose: 10_000 });
      }
      return null;
    } finally {
      progress.close();
    }
  }
}
