/** "Convert notebook to package": plan, write with progress, open the report. In a kernel of its own, so that the
 * notebook's kernel stays free and a notebook that runs nothing can be converted as well. */

import { JupyterFrontEnd } from '@jupyterlab/application';
import { Dialog, Notification } from '@jupyterlab/apputils';
import { PageConfig, PathExt } from '@jupyterlab/coreutils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { Session } from '@jupyterlab/services';
import { JSONObject, UUID } from '@lumino/coreutils';
import { Widget } from '@lumino/widgets';
import { askFor, tell, Values } from './dialogs.js';
import { el } from './dom.js';
import { Say } from './format.js';
import { Link } from './link.js';
import { Reply } from './messages.js';
import { Model } from './model.js';

const CONNECT_WITHIN = 60_000; // milliseconds

export class Converter {
  constructor(
    private readonly app: JupyterFrontEnd,
    private readonly tracker: INotebookTracker,
    private readonly model: Model,
    private readonly say: Say
  ) {}

  /** Convert a notebook, by its path on the server. */
  async run(path: string): Promise<void> {
    const say = this.say;
    const panel = this.tracker.find(one => one.context.path === path);
    if (panel?.context.model.dirty) {
      await panel.context.save();
    }
    const asked = await this._form(path);
    if (!asked) {
      return;
    }
    const helper = await this._helper(path);
    if (!helper) {
      return;
    }
    try {
      const order = this._order(path, asked);
      const plan = await helper.link.ask('plan', order);
      const go = await tell(say('Plan: %1', asked.name), plan.lines, plan.ok ? [say('Write the package')] : [], say('Cancel'));
      if (go && plan.ok) {
        await this._write(path, order, helper);
      }
    } finally {
      helper.link.dispose();
      await helper.session.shutdown().catch(() => undefined);
    }
  }

  private async _form(path: string): Promise<Values | null> {
    const say = this.say;
    const panel = this.tracker.find(one => one.context.path === path);
    const snapshot = panel && this.model.stateOf(panel)?.snapshot;
    const names = (snapshot?.candidates ?? []).map(one => one.candidate);
    const chosen = snapshot?.board?.decided?.candidate ?? '';
    const stem = packageName(path);
    const keep = names.length
      ? [{ key: 'keep', label: say('Keep'), value: chosen, options: [['', say('everything')], ...names.map(one => [one, one])] as [string, string][], hint: say('Only what this candidate needs.') }]
      : [];
    const asked = await askFor(
      say('Convert notebook to package'),
      [{ key: 'name', label: say('Name of the package'), value: stem }, { key: 'output', label: say('Folder, beside the notebook'), value: stem }, ...keep],
      [say('Show the plan')],
      values => (/^[A-Za-z_]\w*$/.test(values.name.trim()) ? '' : say('A package is named with letters, digits and underscores.')),
      path
    );
    return asked && asked.values;
  }

  private _order(path: string, asked: Values): JSONObject {
    const name = asked.name.trim();
    return { path, root: PageConfig.getOption('serverRoot') || null, name, output: asked.output.trim() || name, keep: asked.keep ?? '' };
  }

  private async _write(path: string, order: JSONObject, helper: Helper): Promise<void> {
    const say = this.say;
    const progress = new Progress(say('Writing %1', String(order.name)), say('Cancel'));
    progress.said(say('Original and package run in fresh processes; this takes as long as the notebook twice.'));
    void progress.stopped.then(() => helper.session.shutdown()).catch(() => undefined);
    const reply = await helper.link.ask('write', order, text => progress.said(text));
    progress.close();
    if (reply.report) {
      Notification.success(say('%1: %2', String(order.name), reply.lines[0] ?? ''), { autoClose: 8000 });
      await this.app.commands.execute('docmanager:open', {
        path: PathExt.join(PathExt.dirname(path), reply.report),
        factory: 'Markdown Preview'
      });
      return;
    }
    await this._refused(path, order, helper, reply);
  }

  /** Nothing was written: what differs, and the way to accept it with a reason. */
  private async _refused(path: string, order: JSONObject, helper: Helper, reply: Reply): Promise<void> {
    const say = this.say;
    if (!reply.ok || !reply.verdict) {
      await tell(say('Nothing was written'), reply.lines);
      return;
    }
    const asked = await askFor(
      say('Nothing was written'),
      [{ key: 'accept', label: say('Write it all the same, because'), kind: 'long' }],
      [say('Accept and write')],
      values => (values.accept.trim() ? '' : say('This needs a reason; it goes to the report.')),
      reply.lines.join('\n')
    );
    if (asked) {
      await this._write(path, { ...order, accept: asked.values.accept.trim() }, helper);
    }
  }

  /** A kernel of the notebook's own kind, in its folder, with the extension loaded. */
  private async _helper(path: string): Promise<Helper | null> {
    const say = this.say;
    let session: Session.ISessionConnection | null = null;
    const progress = new Progress(say('Reading the notebook'), say('Cancel'));
    let stopped = false;
    void progress.stopped.then(() => (stopped = true));
    try {
      const name = await this._kernelName(path);
      session = await this.app.serviceManager.sessions.startNew({
        name: 'mlee',
        path: PathExt.join(PathExt.dirname(path), `mlee-convert-${UUID.uuid4()}`),
        type: 'console',
        kernel: { name }
      });
      const kernel = session.kernel!;
      const link = new Link(kernel, SILENT);
      const loaded = await kernel.requestExecute({ code: '%load_ext mlee_jupyter', silent: true, store_history: false }).done;
      if (loaded.content.status !== 'ok') {
        throw new Error(say('mlee_jupyter is not installed in the kernel %1.', name));
      }
      const until = Date.now() + CONNECT_WITHIN;
      while (!link.connected && Date.now() < until && !stopped) {
        await new Promise(resolve => setTimeout(resolve, 100));
      }
      if (stopped || !link.connected) {
        throw new Error(stopped ? '' : say('The kernel %1 did not answer.', name));
      }
      return { session, link };
    } catch (fault) {
      await session?.shutdown().catch(() => undefined);
      const text = fault instanceof Error ? fault.message : String(fault);
      if (text) {
        Notification.error(text.slice(0, 138), { autoClose: 10_000 });
      }
      return null;
    } finally {
      progress.close();
    }
  }

  private async _kernelName(path: string): Promise<string> {
    const running = this.tracker.find(one => one.context.path === path)?.sessionContext.session?.kernel?.name;
    if (running) {
      return running;
    }
    const specs = this.app.serviceManager.kernelspecs;
    await specs.ready;
    const file = await this.app.serviceManager.contents.get(path, { content: true });
    const named = file.content?.metadata?.kernelspec?.name;
    return typeof named === 'string' && specs.specs?.kernelspecs[named] ? named : (specs.specs?.default ?? 'python3');
  }
}

interface Helper {
  session: Session.ISessionConnection;
  link: Link;
}

const SILENT = {
  loaded: () => undefined,
  hello: () => ({}),
  snapshotCame: () => undefined,
  troubleCame: () => undefined,
  cell: () => undefined,
  lost: () => undefined
};

/** A dialog that says what is being done, and can be cancelled. */
class Progress {
  private readonly _lines = el('ul', { class: 'mleelab-progress', role: 'log', 'aria-live': 'polite' });
  private readonly _dialog: Dialog<unknown>;
  private _closed = false;
  readonly stopped: Promise<void>;

  constructor(title: string, cancel: string) {
    this._dialog = new Dialog({
      title,
      body: new Widget({ node: el('div', { class: 'mleelab-progress-body' }, el('div', { class: 'mleelab-spinner' }), this._lines) }),
      buttons: [Dialog.cancelButton({ label: cancel })],
      hasClose: false
    });
    const done = this._dialog.launch();
    this.stopped = new Promise(resolve => void done.then(() => !this._closed && resolve()));
  }

  said(text: string): void {
    this._lines.append(el('li', {}, text));
    this._lines.lastElementChild?.scrollIntoView({ block: 'nearest' });
  }

  close(): void {
    this._closed = true;
    if (!this._dialog.isDisposed) {
      this._dialog.reject();
    }
  }
}

/** A package's name from a notebook's: letters, digits and underscores. */
export function packageName(path: string): string {
  const stem = PathExt.basename(path, '.ipynb').normalize('NFKD');
  const name = stem.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_+|_+$/g, '').toLowerCase().slice(0, 60);
  return /^[a-z]/.test(name) ? name : `nb_${name}`.replace(/_$/, '');
}
