import assert from 'node:assert/strict';
import test from 'node:test';
import { plainly } from '../src/format.js';
import { chipOf } from '../src/timebar.js';
import { snapshot } from './golden.js';

const status = { ...snapshot.status!, state: 'open' as const, box_seconds: 100, needed_seconds: 30 };

const CASES: [string, Parameters<typeof chipOf>[0], number, string][] = [
  ['all that is untried fits', status, 70, 'In time'],
  ['it does not fit', status, 71, 'Late'],
  ['nothing is untried', { ...status, needed_seconds: null }, 99, 'In time'],
  ['a kernel that does not say', { ...status, needed_seconds: undefined }, 99, 'In time'],
  ['nothing is left', status, 100, 'Over'],
  ['no box', { ...status, box_seconds: null }, 100, ''],
  ['decided late', { ...status, state: 'decided' }, 200, 'Decided'],
  ['paused', { ...status, state: 'paused' }, 1, 'Paused']
];

for (const [name, of, used, word] of CASES) {
  test(`the chip of the time: ${name}`, () => assert.equal(chipOf(of, used, plainly)[0], word));
}
