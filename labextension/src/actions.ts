/** What the panel's buttons do: each asks the kernel once and says what came back. */

import { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { NotebookPanel } from '@jupyterlab/notebook';
import { candidateOf, Target, targetOf } from './cells.js';
import { askFor, tell } from './dialogs.js';
import { Say, shorten } from './format.js';
import { Finding, Reply } from './messages.js';
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
    return targetOf(finding, sources(state.panel));
  }

  goToFinding(state: NotebookState, finding: Finding): void {
    const target = this.target(state, finding);
    if (target) {
      void this.goTo(state.panel, target);
    }
  }

  goToCandidate(state: NotebookState, candidate: string): void {
    const index = sources(state.panel).findIndex(source => candidateOf(source)?.candidate === candidate);
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
    const reply = await state.ask('explain', { rule: finding.rule });
    await tell(this.say, `${finding.rule} ${finding.name}`, reply.lines);
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
      this._said(
        await state.ask('ignore', { rule: finding.rule, because: asked.values.because, until: asked.values.until })
      );
    }
  }

  async heed(state: NotebookState, finding: Finding): Promise<void> {
    this._said(await state.ask('heed', { rule: finding.rule }));
  }

  async decide(state: NotebookState): Promise<void> {
    const rows = (state.snapshot?.board?.boards ?? []).flatMap(part => part.rows);
    const names = new Map(rows.filter(row => row.symbol !== '.').map(row => [row.candidate, row.label]));
    if (!names.size) {
      Notification.info(this.say('There is no candidate to decide for yet.'), SHORT);
      return;
    }
    const keys = [...names.keys()];
    const picked = rows.find(row => row.recommended)?.candidate ?? keys[0] ?? '';
    const asked = await askFor(
      this.say,
      this.say('Decide'),
      [
        {
          key: 'candidate',
          label: this.say('Candidate'),
          value: String(keys.indexOf(picked)),
          options: [
            ...keys.map((key, i): [string, string] => [String(i), names.get(key) ?? key]),
            ['none', this.say('none of them')]
          ]
        },
        { key: 'because', label: this.say('Because'), kind: 'long', hint: this.say('The reason goes to the record.') }
      ],
      [this.say('Decide')]
    );
    if (asked) {
      const { candidate, because } = asked.values;
      this._said(
        await state.ask('decide', {
          candidate: candidate === 'none' ? null : (keys[Number(candidate)] ?? null),
          because
        })
      );
    }
  }

  async start(panel: NotebookPanel): Promise<void> {
    if (await startWizard(panel, this.say)) {
      this.app.shell.activateById(panel.id);
    }
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

/** Every cell's text, in order. */
export function sources(panel: NotebookPanel): string[] {
  return [...(panel.content.model?.cells ?? [])].map(cell => cell.sharedModel.getSource());
}
