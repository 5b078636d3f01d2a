/** What a scoreboard draws, and the order and choice of its rows; pure. At most 200 are drawn, sorted over all. */

import type { BoardFigure, LivePart, Row } from './messages.js';

export const MOST_ROWS = 200;

/** What of a row is drawn. The panel has whole rows; the live board is sent these fields alone. */
export type Line = Pick<Row, Exclude<keyof Row & LivePart['fields'][number], 'why'>> & {
  why?: string | null;
  since?: number; // when it began to run, by this page's clock, in milliseconds
  line?: BoardFigure['rows'][number]['line']; // its difference to the best score, where that is drawn
};

type Told = LivePart['columns'][number];
export type Column = Omit<Told, 'of'> & { of: Told['of'] | 'difference' | 'state' };
export type Key = NonNullable<Column['by']>;

/** What the rows of a table are drawn over. */
export type Figure = Omit<BoardFigure, 'rows'>;

/** One table of candidates, by whoever it was made. */
export type Table = Omit<LivePart, 'fields' | 'rows' | 'columns'> & {
  columns: readonly Column[];
  rows: readonly Line[];
  figure?: Figure;
};

export interface Order {
  by: Key | null; // null: the board's own order
  down: boolean;
}

export interface Page {
  rows: Line[];
  found: number; // rows that match, drawn or not
}

export const OWN: Order = { by: null, down: false };

/** The rows to draw: those whose name, state or notes hold the text, in order; what has no value comes last. */
export function pageOf(rows: readonly Line[], order: Order, filter: string): Page {
  const wanted = filter.trim().toLocaleLowerCase();
  const found = wanted ? rows.filter(row => textOf(row).includes(wanted)) : [...rows];
  const { by } = order;
  if (by === null) {
    return { rows: found.slice(0, MOST_ROWS), found: found.length };
  }
  const keyed = found.map((row, place) => ({ row, place, key: keyOf(row, by) }));
  const sign = order.down ? -1 : 1;
  keyed.sort((a, b) => {
    if (a.key === null || b.key === null) {
      return Number(a.key === null) - Number(b.key === null) || a.place - b.place;
    }
    return (a.key < b.key ? -sign : a.key > b.key ? sign : 0) || a.place - b.place;
  });
  return { rows: keyed.slice(0, MOST_ROWS).map(({ row }) => row), found: keyed.length };
}

/** The order after a click on a column's head: the first sorts, the second turns it, the third is the board's own. */
export function turned(order: Order, { by, down }: Pick<Column, 'by' | 'down'>): Order {
  if (order.by !== by) {
    return { by, down };
  }
  return order.down === down ? { by, down: !down } : OWN;
}

const SHORT: Partial<Record<Line['state'], string>> = {
  'free baseline': 'baseline',
  'only one scored': 'only one',
  'not comparable': 'apart',
  'not tried yet': 'not tried'
};

/** How a row stands, in lower case and in as few words as fit beside a drawing. */
export function wordOf({ state, against_text, recommended, mark }: Line): string {
  const word = state === 'failed' ? against_text : (SHORT[state] ?? state);
  const more = mark ?? (recommended && state !== 'best' ? 'suggested' : null);
  return more === null || more === word ? word : `${word}, ${more}`;
}

/** What stands under a name; why there is no range stands elsewhere. */
export function notesOf(row: Line): string[] {
  const notes = row.notes.filter(note => note !== row.reason);
  return row.variants > 2 ? [...notes, row.variants_text] : notes;
}

function keyOf(row: Line, by: Key): string | number | null {
  const value = row[by];
  return typeof value === 'string' ? value.toLocaleLowerCase() : value;
}

function textOf(row: Line): string {
  return [row.label, row.state, row.against_text, row.variant ?? '', ...row.notes].join('\n').toLocaleLowerCase();
}
