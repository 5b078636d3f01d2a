import assert from 'node:assert/strict';
import test from 'node:test';
import { Desk } from '../src/desk.js';

const soon = (milliseconds = 0) => new Promise(resolve => setTimeout(resolve, milliseconds));

test('a free kernel is asked at once, and one request a button is out', async () => {
  const desk = new Desk(
    () => false,
    () => undefined
  );
  let answer: (text: string) => void = () => undefined;
  let sent = 0;
  const send = () => new Promise<string>(resolve => ((answer = resolve), sent++));
  const first = desk.ask('decide', send);
  assert.equal(desk.of('decide'), 'sent');
  assert.equal(await desk.ask('decide', send), null);
  desk.cancel('decide'); // it is on its way: too late
  answer('done');
  assert.equal(await first, 'done');
  assert.deepEqual([desk.of('decide'), sent], ['no', 1]);
});

test('while cells run a click waits, and what is taken back is never sent', async () => {
  let busy = true;
  let drawn = 0;
  const desk = new Desk(
    () => busy,
    () => drawn++
  );
  const kept = desk.ask('ignore A', () => Promise.resolve('kept'));
  const taken = desk.ask('ignore B', () => Promise.reject(new Error('sent')));
  assert.deepEqual(desk.keys, [
    ['ignore A', 'waiting'],
    ['ignore B', 'waiting']
  ]);
  desk.cancel('ignore B');
  assert.equal(await taken, null);
  busy = false;
  assert.equal(await kept, 'kept');
  await soon();
  assert.deepEqual([desk.keys, drawn >= 5], [[], true]);
});

test('a kernel that fails leaves the button free', async () => {
  const desk = new Desk(
    () => false,
    () => undefined
  );
  await assert.rejects(desk.ask('decide', () => Promise.reject(new Error('gone'))));
  assert.equal(desk.of('decide'), 'no');
});
