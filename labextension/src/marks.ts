/** How a row of the board looks, by what the kernel says of it; the word beside it says the same. */

import type { Row } from './messages.js';

const MOODS: Partial<Record<Row['state'], string>> = {
  'best score': 'mlee-first',
  'only one scored': 'mlee-first',
  best: 'mlee-first',
  'as good': 'mlee-good',
  "can't tell": 'mlee-open',
  worse: '',
  failed: 'mlee-bad'
};

const SHAPES: Partial<Record<Row['symbol'], string>> = { '*': '★', '-': '−', '.': '·', x: '×', o: '○' };

/** The classes of a row: its mood, and whether it is the one to take. */
export function kindOf(row: Pick<Row, 'state' | 'recommended' | 'mark'>): string {
  const picked = row.recommended || row.mark === 'chosen' ? 'mlee-pick' : '';
  return [MOODS[row.state] ?? 'mlee-grey', picked].filter(Boolean).join(' ');
}

export function shapeOf(row: Pick<Row, 'symbol'>): string {
  return SHAPES[row.symbol] ?? row.symbol;
}
