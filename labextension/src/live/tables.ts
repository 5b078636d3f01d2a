/** The parts of a live view as tables: its rows are short lists, one value a field, so that thousands fit. */

import type { LiveView } from '../messages.js';
import type { Line, Table } from '../table.js';

export function tablesOf({ fields, parts }: LiveView): Table[] {
  return parts.map(part => ({ ...part, rows: part.rows.map(row => lineOf(fields, row)) }));
}

function lineOf(fields: readonly string[], row: readonly unknown[]): Line {
  return Object.fromEntries(fields.map((field, place) => [field, row[place]])) as unknown as Line;
}
