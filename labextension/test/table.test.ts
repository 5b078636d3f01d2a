import assert from 'node:assert/strict';
import test from 'node:test';
import { MOST_ROWS, pageOf, turned } from '../src/table.js';
import { Row } from '../src/messages.js';
import { rows } from './golden.js';

const names = (page: { rows: Row[] }) => page.rows.map(row => row.candidate);

test('rows are sorted over all, what has no value comes last, and equals keep the order of the board', () => {
  assert.deepEqual(
    names(pageOf(rows, { column: 'rank', descending: false }, '')),
    rows.map(row => row.candidate)
  );
  for (const descending of [true, false]) {
    const sorted = pageOf(rows, { column: 'score', descending }, '').rows.map(row => row.score);
    const valued = sorted.filter((score): score is number => score !== null);
    assert.deepEqual(
      sorted.slice(valued.length).filter(score => score !== null),
      []
    );
    assert.deepEqual(
      valued,
      [...valued].sort((a, b) => (descending ? b - a : a - b))
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
  const page = pageOf(many, { column: 'score', descending: true }, '');
  assert.equal(page.rows.length, MOST_ROWS);
  assert.equal(page.rows[0]!.score, 4999);
  assert.equal(page.found, 5000);
  assert.deepEqual(names(pageOf(many, { column: 'rank', descending: false }, 'C4999')), ['c4999']);
});

test('the filter looks at names, states and notes', () => {
  assert.deepEqual(names(pageOf(rows, { column: 'rank', descending: false }, 'PARKED')), ['mlp']);
  assert.deepEqual(names(pageOf(rows, { column: 'rank', descending: false }, 'no such thing')), []);
});

test('a second click turns the order, numbers start with the largest', () => {
  const first = turned({ column: 'rank', descending: false }, 'score');
  assert.deepEqual(first, { column: 'score', descending: true });
  assert.deepEqual(turned(first, 'score'), { column: 'score', descending: false });
  assert.deepEqual(turned(first, 'candidate'), { column: 'candidate', descending: false });
});
