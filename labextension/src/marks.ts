/** How a row of the board looks, by what the kernel says of it; the word beside it says the same. */

export const MOODS: Record<string, string> = {
  'best score': 'first',
  'only one scored': 'first',
  best: 'first',
  'as good': 'good',
  "can't tell": 'open',
  worse: 'bad',
  failed: 'bad'
};

export const SHAPES: Record<string, string> = { '*': '★', '-': '−', '.': '·', x: '×' };
