import assert from 'node:assert/strict';
import test from 'node:test';
import { began, ended, resting, set, usedAt } from '../src/ticking.js';
import { status } from './golden.js';

const START = 1_000_000_000;
const tick = set({ ...status, used_seconds: 100, quiet_seconds: 0, idle_seconds: 600 }, true, START, false);

test('thinking counts, lunch does not', () => {
  assert.equal(usedAt(tick, START + 60_000), 160);
  assert.equal(usedAt(tick, START + 599_000), 699);
  assert.equal(usedAt(tick, START + 600_000), 100);
  assert.equal(resting(tick, START + 599_000), false);
  assert.equal(resting(tick, START + 600_000), true);
});

test('a cell counts however long it runs, and the gap before it if it was short', () => {
  const running = began(tick, START + 60_000);
  assert.equal(usedAt(running, START + 3_660_000), 3760);
  const over = ended(running, START + 3_660_000);
  assert.equal(usedAt(over, START + 3_670_000), 3770);
  const late = ended(began(tick, START + 900_000), START + 910_000);
  assert.equal(usedAt(late, START + 910_000), 110);
  assert.equal(began(running, START + 99_000), running);
  assert.equal(ended(over, START + 3_700_000), over);
});

test('a snapshot in the middle of a gap, of a cell, and of a pause', () => {
  const quiet = set({ ...status, used_seconds: 100, quiet_seconds: 300, idle_seconds: 600 }, true, START, false);
  assert.equal(usedAt(quiet, START), 400);
  assert.equal(usedAt(quiet, START + 300_000), 100);
  const busy = set({ ...status, used_seconds: 100, quiet_seconds: 0 }, true, START, true);
  assert.equal(usedAt(busy, START + 5000), 105);
  for (const still of [set({ ...status, state: 'paused' }, true, START, false), set(status, false, START, true)]) {
    assert.equal(usedAt(still, START + 5000), status.used_seconds);
  }
  assert.equal(usedAt(set({ ...status, quiet_seconds: null }, true, START, false), START + 5000), status.used_seconds);
});
