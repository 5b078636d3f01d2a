/** The candidate that runs, as a row of the board with its time. */

import { el } from './dom.js';
import { Say, timeText } from './format.js';
import { Trial } from './messages.js';
import { Line, Table } from './table.js';

const BLANK = {
  symbol: 'o',
  state: 'not tried yet',
  mark: null,
  recommended: false,
  variant: null,
  notes: [],
  score: null,
  score_text: '',
  range_text: '',
  bar: null,
  reason: null,
  against_text: '',
  because: null,
  simplicity: null,
  simplicity_text: '',
  answer_ms: null,
  answer_text: '',
  spent_seconds: null,
  spent_text: '',
  variants: 0,
  variants_text: ''
} as const;

/** The table with a row for what runs: its own, where it has one, else one more. */
export function withTrial(table: Table, trial: Trial | null, say: Say): Table {
  if (!trial) {
    return table;
  }
  const { candidate, label, from } = trial;
  const begun = say('It runs, and nothing is recorded of it yet.');
  const own = table.rows.find(row => row.candidate === candidate);
  if (!own) {
    const row: Line = { ...BLANK, notes: [], candidate, label, why: begun, since: from };
    return { ...table, rows: [...table.rows, row] };
  }
  const running = { ...own, since: from, ...(own.score === null && { why: begun }) };
  return { ...table, rows: table.rows.map(row => (row === own ? running : row)) };
}

/** How long it has run; ticked once a second. */
export function ticking(from: number): HTMLElement {
  const time = el('span', { class: 'mleelab-whole', 'data-from': from });
  ticked(time);
  return time;
}

export function ticked(time: HTMLElement): void {
  time.textContent = timeText((Date.now() - Number(time.dataset.from)) / 1000);
}
