import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { kindOf, shapeOf } from '../src/marks.js';
import { rows } from './golden.js';

test('a row has the same shape and the same mood as in the HTML of a page', () => {
  const html = readFileSync('../tests/golden/board.html', 'utf-8');
  const drawn = [...html.matchAll(/<tr(?: class="([^"]*)")?><th scope="row".*?mlee-shape"[^>]*>(.)</g)];
  assert.deepEqual(
    drawn.map(([, kind = '', shape]) => `${shape} ${kind}`),
    rows.map(row => `${shapeOf(row)} ${kindOf(row)}`)
  );
});
