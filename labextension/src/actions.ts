/** What the panel's buttons do: each asks the kernel once and says what came back. */

import { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { NotebookPanel } from '@jupyterlab/notebook';
import { JSONObject } from '@lumino/coreutils';
import { indexOf, Place, Target, targetOf } from './cells.js';
import { askToDecide } from './deciding.js';
import { askFor, drawMarkdown, tell } from './dialogs.js';
import { Say, shorten } from './format.js';
import { Finding, Reply } from './messages.js';
import { loadAndResume } from './resuming.js';
import { rulePage } from './rule_page.js';
import { NotebookState } from './state.js';
import { startWizard } from './wizard.js';

const SHORT = { autoClose: 5000 } as const;

export class Actions {
  constructor(
    private readonly app: JupyterFrontEnd,
    private readonly say: Say
  ) {}

  /** The cell of a finding, if this notebook has it. */
  target(state: NotebookState, finding: Finding): Target | null {
    return targetOf(finding, cellsOf(state.panel), state.snapshot?.candidates ?? []);
  }

  goToFinding(state: NotebookState, finding: Finding): void {
    const target = this.target(state, finding);
    if (target) {
      void this.goTo(state.panel, target);
    }
  }

  goToCandidate(state: NotebookState, candidate: string): void {
    const index = indexOf(candidate, cellsOf(state.panel), state.snapshot?.candidates ?? []);
    if (index >= 0) {
      void this.goTo(state.panel, { index, line: 0 });
    } else {
      Notification.info(this.say('This notebook has no cell of that candidate.'), SHORT);
    }
  }

  async goTo(panel: NotebookPanel, target: Target): Promise<void> {
    this.app.shell.activateById(panel.id);
    panel.content.activeCellIndex = target.index;
    await panel.content.scrollToItem(target.index, 'smart').catch(() => undefined);
    panel.content.activeCell?.editor?.setCursorPosition({ line: target.line, column: 0 });
    panel.content.activeCell?.node.focus({ preventScroll: true });
  }

  async explain(state: NotebookState, finding: Finding): Promise<void> {
    const title = `${finding.rule} ${finding.name}`;
    const page = rulePage(finding, this.say);
    if (page !== null) {
      await tell(this.say, title, await drawMarkdown(page, state.panel.content.rendermime));
      return;
    }
    const reply = await state.desk.ask(`explain ${finding.rule}`, () => state.ask('explain', { rule: finding.rule }));
    if (reply) {
      await tell(this.say, title, reply.lines);
    }
  }

  async ignore(state: NotebookState, finding: Finding): Promise<void> {
    const asked = await askFor(
      this.say,
      this.say('Ignore %1', finding.rule),
      [
        {
          key: 'because',
          label: this.say('Because'),
          kind: 'long',
          hint: this.say('Kept with the experiment, and shown in its brief.')
        },
        { half: true, key: 'until', label: this.say('Until (optional)'), kind: 'date' }
      ],
      [this.say('Ignore')],
      values => (values.because.trim() ? '' : this.say('An ignore needs a reason.')),
      finding.message
    );
    if (asked) {
      const { because, until } = asked.values;
      await this._ask(state, `ignore ${finding.rule}`, 'ignore', { rule: finding.rule, because, until });
    }
  }

  heed(state: NotebookState, finding: Finding): Promise<Reply | null> {
    return this._ask(state, `heed ${finding.rule}`, 'heed', { rule: finding.rule });
  }

  /** Why a candidate stands where it does, one sentence a line. */
  async why(state: NotebookState, candidate: string): Promise<string> {
    const reply = await state.desk.ask(`why ${candidate}`, () => state.ask('why', { candidate }));
    return reply?.lines.join('\n') ?? '';
  }

  async decide(state: NotebookState, picked?: string): Promise<void> {
    const choice = await askToDecide(state, picked, this.say);
    if (!choice) {
      return;
    }
    const { candidate, label, because } = choice;
    const reply = await state.desk.ask('decide', () => state.ask('decide', { candidate, because }));
    if (reply?.ok) {
      const text = shorten([this.say('Decided: %1.', label), ...reply.lines].join(' '));
      const undo = { label: this.say('Undo'), callback: () => void this.undo(state) };
      Notification.success(text, { autoClose: 10_000, actions: [undo] });
    } else if (reply) {
      this._said(reply);
    }
  }

  /** Take the decision back. */
  undo(state: NotebookState): Promise<Reply | null> {
    return this._ask(state, 'undo', 'reopen', {});
  }

  async extend(state: NotebookState): Promise<void> {
    const asked = await askFor(
      this.say,
      this.say('Extend the time box'),
      [
        { half: true, key: 'by', label: this.say('By'), value: '1h', hint: this.say('30m, 2h, 1h30m or 1d.') },
        { key: 'because', label: this.say('Because'), kind: 'long', hint: this.say('The reason goes to the record.') }
      ],
      [this.say('Extend')],
      values => (values.because.trim() ? '' : this.say('An extension needs a reason.'))
    );
    if (asked) {
      await this._ask(state, 'extend', 'extend', { ...asked.values });
    }
  }

  async start(panel: NotebookPanel): Promise<void> {
    if (await startWizard(panel, this.say)) {
      this.app.shell.activateById(panel.id);
    }
  }

  /** Load the extension, and run the cell that starts the notebook's experiment. */
  async resume(state: NotebookState): Promise<void> {
    const fault = await state.desk.ask('resume', () => loadAndResume(state, this.say));
    if (fault) {
      Notification.error(fault, { autoClose: 10_000 });
    }
  }

  /** Ask when the kernel is free, and say what came of it. */
  private async _ask(state: NotebookState, key: string, what: string, asked: JSONObject): Promise<Reply | null> {
    const reply = await state.desk.ask(key, () => state.ask(what, asked));
    if (reply) {
      this._said(reply);
    }
    return reply;
  }

  private _said(reply: Reply): void {
    const text = shorten(reply.lines.join(' ') || this.say('Done.'));
    if (reply.ok) {
      Notification.success(text, SHORT);
    } else {
      Notification.error(text, { autoClose: 10_000 });
    }
  }
}

/** Every cell, in order. */
function cellsOf(panel: NotebookPanel): Place[] {
  return [...(panel.content.model?.cells ?? [])].map(cell => ({ source: cell.sharedModel.getSource(), id: cell.id }));
}
