import assert from 'node:assert/strict';
import test from 'node:test';
import { isSnapshot } from '../src/messages.js';
import { board, rows, snapshot } from './golden.js';

test('the golden snapshot is one, with and without the golden board', () => {
  assert.ok(isSnapshot(snapshot));
  assert.ok(isSnapshot({ ...snapshot, board: null }));
  assert.deepEqual(
    snapshot.candidates.map(one => one.candidate).sort(),
    rows
      .filter(row => row.symbol !== '.')
      .map(row => row.candidate)
      .sort()
  );
});

const STRANGERS: [string, unknown][] = [
  ['nothing', null],
  ['a text', 'snapshot'],
  ['another version', { ...snapshot, version: 2 }],
  ['a board of another version', { ...snapshot, board: { ...board, version: 2 } }],
  ['no findings', { ...snapshot, findings: undefined }],
  ['another message', { version: 1, kind: 'reply' }]
];
for (const [name, value] of STRANGERS) {
  test(`no snapshot: ${name}`, () => assert.equal(isSnapshot(value), false));
}

test('every row has what the panel draws', () => {
  for (const row of rows) {
    for (const key of ['candidate', 'label', 'symbol', 'state', 'score_text', 'against_text', 'spent_text'] as const) {
      assert.equal(typeof row[key], 'string', `${row.candidate} ${key}`);
    }
    assert.ok(Array.isArray(row.notes));
    assert.ok(row.bar === null || row.bar.left + row.bar.width <= 100.01);
  }
});
