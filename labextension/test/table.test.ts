import assert from 'node:assert/strict';
import test from 'node:test';
import { Line, MOST_ROWS, notesOf, OWN, pageOf, turned } from '../src/table.js';
import { rows } from './golden.js';

const names = (page: { rows: Line[] }) => page.rows.map(row => row.candidate);

test('rows are sorted over all, what has no value comes last, and equals keep the order of the board', () => {
  assert.deepEqual(
    names(pageOf(rows, OWN, '')),
    rows.map(row => row.candidate)
  );
  for (const down of [true, false]) {
    const sorted = pageOf(rows, { by: 'score', down }, '').rows.map(row => row.score);
    const valued = sorted.filter((score): score is number => score !== null);
    assert.deepEqual(
      sorted.slice(valued.length).filter(score => score !== null),
      []
    );
    assert.deepEqual(
      valued,
      [...valued].sort((a, b) => (down ? b - a : a - b))
    );
  }
});

test('at most 200 rows are drawn of 5,000', () => {
  const many = Array.from({ length: 5000 }, (_, i) => ({
    ...rows[0]!,
    candidate: `c${i}`,
    label: `c${i}`,
    score: (i * 7919) % 5000
  }));
  const page = pageOf(many, { by: 'score', down: true }, '');
  assert.equal(page.rows.length, MOST_ROWS);
  assert.equal(page.rows[0]!.score, 4999);
  assert.equal(page.found, 5000);
  assert.equal(pageOf(many, OWN, '').rows.length, MOST_ROWS);
  assert.deepEqual(names(pageOf(many, OWN, 'C4999')), ['c4999']);
});

test('the filter looks at names, states and notes', () => {
  assert.deepEqual(names(pageOf(rows, OWN, 'PARKED')), ['mlp']);
  assert.deepEqual(names(pageOf(rows, OWN, 'no such thing')), []);
  assert.equal(pageOf(rows, OWN, '  ').found, rows.length);
});

test('the first click on a head sorts, the second turns the order, the third gives the own one of the board back', () => {
  const score = { by: 'score', down: true } as const;
  const first = turned(OWN, score);
  assert.deepEqual(first, score);
  const second = turned(first, score);
  assert.deepEqual(second, { by: 'score', down: false });
  assert.deepEqual(turned(second, score), OWN);
  assert.deepEqual(turned(second, { by: 'label', down: false }), { by: 'label', down: false });
});

test('why there is no range is no note as well, and many variants are one', () => {
  const row = {
    ...rows[0]!,
    reason: '5 folds',
    notes: ['5 folds', 'parked'],
    variants: 2,
    variants_text: '2 variants'
  };
  assert.deepEqual(notesOf(row), ['parked']);
  assert.deepEqual(notesOf({ ...row, variants: 3, variants_text: '3 variants' }), ['parked', '3 variants']);
});
