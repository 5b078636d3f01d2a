import assert from 'node:assert/strict';
import test from 'node:test';
import { isAnswer, LiveModel, viewOf } from '../src/live/model.js';
import { tablesOf } from '../src/live/tables.js';
import { pageOf } from '../src/table.js';
import { live, rows } from './golden.js';

const holding = (view: unknown) => ({ get: () => view }) as unknown as LiveModel;

test('the rows of a live view are those of the board, a value a field', () => {
  const [table] = tablesOf(live);
  assert.deepEqual(
    table!.rows.map(row => [row.label, row.score, row.bar, row.against_text, row.spent_seconds]),
    rows.map(row => [row.label, row.score, row.bar, row.against_text, row.spent_seconds])
  );
  assert.ok(table!.rows.some(row => typeof row.why === 'string'));
  assert.equal(pageOf(table!.rows, { by: 'score', down: true }, '').found, rows.length);
});

test('half a view draws nothing, and only an answer is one', () => {
  assert.equal(viewOf(holding('')), null);
  assert.equal(viewOf(holding('{"parts":')), null);
  assert.deepEqual(viewOf(holding(JSON.stringify(live))), live);
  assert.ok(isAnswer({ kind: 'why', view: 'v', key: 'k', text: 't' }));
  for (const strange of [null, undefined, 'why', {}, { kind: 'why' }, { kind: 'why', view: 1, key: 'k' }]) {
    assert.equal(isAnswer(strange), false);
  }
});
