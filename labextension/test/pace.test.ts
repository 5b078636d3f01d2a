import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pace } from '../src/pace.js';

const wait = (milliseconds: number) => new Promise(done => setTimeout(done, milliseconds));

test('a thousand asks are done at once and once more at the end, with the last', async () => {
  const done: string[] = [];
  const pace = new Pace<string>(50, of => done.push(of));
  for (let i = 0; i < 1000; i++) {
    pace.ask('one');
  }
  assert.deepEqual(done, ['one']);
  pace.ask('two');
  await wait(70);
  assert.deepEqual(done, ['one', 'one', 'two']);
  await wait(70);
  assert.equal(done.length, 3, 'nothing was asked since');
});

test('asks that come slowly are done at once', async () => {
  const done: number[] = [];
  const pace = new Pace<number>(20, of => done.push(of));
  for (const of of [1, 2]) {
    pace.ask(of);
    await wait(60);
  }
  assert.deepEqual(done, [1, 2]);
});
