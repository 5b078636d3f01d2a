import assert from 'node:assert/strict';
import test from 'node:test';
import {
  ageText,
  countText,
  foundText,
  momentText,
  packageName,
  shortened,
  shortTime,
  statusLine,
  timeText
} from '../src/format.js';
import type { Finding } from '../src/messages.js';
import { board, snapshot, status } from './golden.js';

const TIMES: [number, string, string][] = [
  [0, '0 s', '0s'],
  [45.4, '45 s', '45s'],
  [600, '10 min', '10min'],
  [13_200, '3 h 40', '3h40'],
  [3599, '1 h', '1h'],
  [21_600, '6 h', '6h'],
  [-5, '0 s', '0s']
];
for (const [seconds, long, short] of TIMES) {
  test(`${seconds} seconds`, () => assert.deepEqual([timeText(seconds), shortTime(seconds)], [long, short]));
}

test('the page speaks of time as the board does', () => {
  assert.equal(timeText(status.used_seconds), (board.time as unknown as { used_text: string }).used_text);
  assert.equal(timeText(status.box_seconds!), (board.time as unknown as { box_text: string }).box_text);
});

const LINES: [number, string, string, string][] = [
  [13_200, 'calm', '', '3h40/6h  1 error, 1 warning'],
  [0.8 * 21_600, 'late', '1 h 12 left', '4h48/6h  1 h 12 left  1 error, 1 warning'],
  [0.79 * 21_600, 'calm', '', '4h44/6h  1 error, 1 warning'],
  [22_800, 'over', 'over by 20 min', '6h20/6h  over by 20 min  1 error, 1 warning']
];
for (const [used, mood, word, text] of LINES) {
  test(`status item after ${used} seconds`, () => {
    const line = statusLine(status, used, countText(snapshot.findings));
    assert.deepEqual([line.mood, line.word, line.label, `${line.time}  ${line.text}`], [mood, word, 'shelf', text]);
  });
}

test('a status item without a box, and one that is decided, stay calm', () => {
  assert.equal(statusLine({ ...status, box_seconds: null }, 99_999, '').time, '27h47');
  const decided = statusLine({ ...status, state: 'decided' }, 99_999, '');
  assert.deepEqual([decided.mood, decided.time, decided.text], ['calm', '27h47/6h', 'decided']);
  assert.doesNotMatch(statusLine(status, 1, '').text, /idle/i);
});

test('findings are counted, ignored ones and advice are not', () => {
  assert.equal(countText(snapshot.findings), '1 error, 1 warning');
  assert.equal(countText([]), '');
  const two = [1, 2].map(() => ({ level: 'warning' as const, outcome: 'finding' as const }));
  assert.equal(countText(two), '2 warnings');
});

test('ages and moments', () => {
  const minute = 60_000;
  assert.deepEqual(
    [0, 59_999, 10 * minute, 150 * minute, 50 * 60 * minute].map(ms => ageText(ms)),
    ['now', 'now', '10 min ago', '2 h ago', '2 days ago']
  );
  const day = new Date(2026, 10, 23, 14, 2);
  assert.equal(momentText(day, new Date(2026, 10, 23, 20, 0)), '14:02');
  assert.equal(momentText(day, new Date(2026, 10, 24, 20, 0)), '23 Nov 14:02');
});

test('a long name is cut between characters', () => {
  assert.equal(shortened('abc', 3), 'abc');
  assert.equal(shortened('😀😀😀😀', 3), '😀😀…');
});

const NAMES: [string, string][] = [
  ['Shelf study', 'shelf_study'],
  ['2026 café', 'nb_2026_cafe'],
  ['中文', 'nb'],
  ['x'.repeat(999), 'x'.repeat(60)]
];
for (const [stem, name] of NAMES) {
  test(`a package's name from ${stem.slice(0, 20)}`, () => assert.equal(packageName(stem), name));
}

test('what only the text of the notebook shows is counted apart from what the board counts', () => {
  const [first] = board.findings.warnings;
  const found = (rule: string) => ({ rule, level: 'warning', outcome: 'finding' }) as Finding;
  assert.equal(foundText([found(first!.rule), found('MLE704')], board), '1 warning, 1 warning in the notebook');
  assert.equal(foundText([found(first!.rule)], board), '1 warning');
  assert.equal(foundText([found('MLE704')], null), '1 warning');
});
