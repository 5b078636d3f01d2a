/** Order and choice of a board's rows; pure. The page draws at most 200 of them, sorted over all. */

import type { Row } from './messages.js';

export const MOST_ROWS = 200;

export type Column = 'rank' | 'candidate' | 'score' | 'against' | 'simplicity' | 'spent';

export interface Order {
  column: Column;
  descending: boolean;
}

export interface Page {
  rows: Row[];
  found: number; // rows that match, drawn or not
}

type Key = string | number | null;

const KEYS: Record<Column, (row: Row, place: number) => Key> = {
  rank: (_, place) => place,
  candidate: row => row.label.toLocaleLowerCase(),
  score: row => row.score,
  against: row => row.against_text.toLocaleLowerCase(),
  simplicity: row => row.simplicity,
  spent: row => row.spent_seconds
};

/** The rows to draw: those whose name, state or notes hold the text, in order; what has no value comes last. */
export function pageOf(rows: readonly Row[], order: Order, filter: string): Page {
  const wanted = filter.trim().toLocaleLowerCase();
  const key = KEYS[order.column];
  const keyed = rows
    .map((row, place) => ({ row, place, key: key(row, place) }))
    .filter(({ row }) => !wanted || textOf(row).includes(wanted));
  const sign = order.descending ? -1 : 1;
  keyed.sort((a, b) => {
    if (a.key === null || b.key === null) {
      return Number(a.key === null) - Number(b.key === null) || a.place - b.place;
    }
    return (a.key < b.key ? -sign : a.key > b.key ? sign : 0) || a.place - b.place;
  });
  return { rows: keyed.slice(0, MOST_ROWS).map(({ row }) => row), found: keyed.length };
}

/** The order after a click on a column's head: numbers start with the largest, a second click turns the order. */
export function turned(order: Order, column: Column): Order {
  if (order.column === column) {
    return { column, descending: !order.descending };
  }
  return { column, descending: column === 'score' || column === 'spent' };
}

function textOf(row: Row): string {
  return [row.label, row.state, row.against_text, row.variant ?? '', ...row.notes].join('\n').toLocaleLowerCase();
}
