/** The panel's boards: one scoreboard for each truth, and what is said about them in words. */

import { el, refill } from './dom.js';
import { plainly, Say } from './format.js';
import { BoardPart } from './messages.js';
import { Scoreboard } from './scoreboard.js';
import { Column, Table } from './table.js';

const FIRST = 30; // rows that are drawn before the reader scrolls

export class BoardView {
  readonly node = el('section', { class: 'mlee-board mleelab-board' });
  private readonly _notices = el('div');
  private readonly _tables = el('div');
  private readonly _words = el('div', { class: 'mleelab-words' });
  private readonly _boards: Scoreboard[] = [];

  constructor(
    private readonly goTo: (candidate: string) => void,
    private readonly say: Say = plainly
  ) {
    this.node.setAttribute('aria-label', say('Scoreboard'));
    this.node.append(this._notices, this._tables, this._words);
  }

  /** Show these boards, and those of their sentences that `wanted` lets through. */
  show(parts: BoardPart[], words: string[], notices: string[], wanted: (line: string) => boolean): void {
    const said = [...words, ...parts.flatMap(part => part.words)].filter(wanted);
    refill(this._notices, ...notices.map(line => el('p', { class: 'mleelab-notice' }, line)));
    refill(this._words, ...said.map(line => el('p', {}, line)));
    for (const left of this._boards.splice(parts.length)) {
      left.dispose();
      left.node.remove();
    }
    parts.forEach((part, place) => this._board(place).show(tableOf(part, parts.length > 1, this.say)));
  }

  private _board(place: number): Scoreboard {
    const there = this._boards[place];
    if (there) {
      return there;
    }
    const made = new Scoreboard(place, {
      say: this.say,
      stacked: true,
      explains: false,
      title: this.say('Go to its cell'),
      first: FIRST,
      press: row => this.goTo(row.candidate)
    });
    this._boards.push(made);
    this._tables.append(made.node);
    return made;
  }
}

/** A part of the kernel's board as the scoreboard draws it. */
export function tableOf(part: BoardPart, several: boolean, say: Say): Table {
  return {
    caption: captionOf(part, several, say),
    legend: '',
    band: part.axis?.band ?? null,
    columns: columns(say),
    rows: part.rows,
    hidden: part.rows_hidden,
    words: ''
  };
}

function captionOf(part: BoardPart, several: boolean, say: Say): string {
  const { label, direction, unit } = part.metric;
  const said = [unit ? say('%1 in %2', label, unit) : label, direction, part.n_text, part.effective_n_text];
  return [...said, several && part.source_text].filter(Boolean).join(', ');
}

function columns(say: Say): Column[] {
  const second = 'mlee-number mleelab-second';
  return [
    { of: 'label', head: say('Candidate'), kind: '', by: 'label', down: false },
    { of: 'score_text', head: say('Score'), kind: 'mleelab-scored', by: 'score', down: true },
    { of: 'against_text', head: say('Against the best'), kind: '', by: 'against_text', down: false },
    {
      of: 'simplicity_text',
      head: say('Simple'),
      title: say('1 is simplest'),
      kind: second,
      by: 'simplicity',
      down: false
    },
    { of: 'spent_text', head: say('Spent'), title: say('Working time'), kind: second, by: 'spent_seconds', down: true }
  ];
}
