/** A line under each candidate's cell: its score, its age, and whether the code is still what was recorded. */

import { NotebookPanel } from '@jupyterlab/notebook';
import { Badge, badgeOf, loopBadge } from './badge.js';
import { candidateOf } from './cells.js';
import { el } from './dom.js';
import { Say } from './format.js';
import { KnownCandidate, knownOf, Row } from './messages.js';
import { NotebookState } from './state.js';

const AGES_EVERY = 30_000; // milliseconds
const AFTER_TYPING = 400;
const SELECTOR = ':scope > .mleelab-badge';

export class Badges {
  private _soon = 0;
  private readonly _timer: number;

  constructor(
    private readonly panel: NotebookPanel,
    private readonly stateOf: (panel: NotebookPanel) => NotebookState | undefined,
    private readonly say: Say
  ) {
    this._timer = window.setInterval(() => this.draw(), AGES_EVERY);
    panel.content.modelContentChanged.connect(this._later, this);
    panel.disposed.connect(() => {
      window.clearInterval(this._timer);
      window.clearTimeout(this._soon);
    });
  }

  draw(): void {
    if (this.panel.isDisposed || !this.panel.content.model) {
      return;
    }
    const state = this.stateOf(this.panel);
    const rows = new Map<string, Row>();
    for (const part of state?.snapshot?.board?.boards ?? []) {
      part.rows
        .filter(row => row.symbol !== '.' && !rows.has(row.candidate))
        .forEach(row => rows.set(row.candidate, row));
    }
    const loops = byCell(state?.snapshot?.candidates ?? []);
    for (const cell of this.panel.content.widgets) {
      const isCode = state?.snapshot?.board && cell.model.type === 'code';
      const badge = isCode && this._badge(state, cell.model.sharedModel.getSource(), loops.get(cell.model.id), rows);
      const there = cell.node.querySelector<HTMLElement>(SELECTOR);
      if (!badge) {
        there?.remove();
        continue;
      }
      const node = there ?? el('div', { class: 'mleelab-badge', role: 'note' });
      if (node.textContent !== badge.text) {
        node.textContent = badge.text;
      }
      node.dataset.state = badge.state;
      node.title = badge.title;
      if (!there) {
        (cell.node.querySelector(':scope > .jp-Cell-inputWrapper') ?? cell.node.lastElementChild)?.after(node);
      }
    }
  }

  private _badge(
    state: NotebookState,
    source: string,
    here: KnownCandidate[] | undefined,
    rows: Map<string, Row>
  ): Badge | null {
    const found = candidateOf(source);
    if (found) {
      return badgeOf(found, knownOf(state.snapshot, found.candidate), rows.get(found.candidate), Date.now(), this.say);
    }
    const names = new Set(here?.map(one => one.candidate));
    const own = [...rows.values()].filter(row => names.has(row.candidate));
    return here ? loopBadge(source, here, own, Date.now(), this.say) : null;
  }

  private _later(): void {
    window.clearTimeout(this._soon);
    this._soon = window.setTimeout(() => this.draw(), AFTER_TYPING);
  }
}

/** The candidates that each cell recorded last, by the cell's id. */
function byCell(known: readonly KnownCandidate[]): Map<string, KnownCandidate[]> {
  const found = new Map<string, KnownCandidate[]>();
  for (const one of known) {
    if (one.cell) {
      found.set(one.cell.id, [...(found.get(one.cell.id) ?? []), one]);
    }
  }
  return found;
}
