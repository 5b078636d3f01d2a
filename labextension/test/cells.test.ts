import assert from 'node:assert/strict';
import test from 'node:test';
import { badgeOf, loopBadge } from '../src/badge.js';
import * as cells from '../src/cells.js';
import { candidateOf, fingerprint, shellWords, startsExperiment } from '../src/cells.js';
import { rows, snapshot } from './golden.js';

const CELLS: [string, string | null, string | null][] = [
  ['%%mlee_candidate knn\nfit()', 'knn', null],
  ['\n\n%%mlee_candidate   knn --simplicity 2 --variant "k = 3"\nfit()', 'knn', 'k = 3'],
  ['%%mlee_candidate --hard --minutes 3 "two words"\nx', 'two words', null],
  ['%%mlee_candidate --variant=a \'a "b"\'\nx', 'a "b"', 'a'],
  ['%%mlee_candidate', null, null],
  ['%%mlee_candidate "open\nx', null, null],
  ['# %%mlee_candidate knn', null, null],
  ['%mlee_candidate knn --pred y', null, null],
  ['print(1)', null, null],
  ['', null, null]
];
for (const [source, candidate, variant] of CELLS) {
  test(`candidate of ${JSON.stringify(source)}`, () => {
    const found = candidateOf(source);
    assert.deepEqual([found?.candidate ?? null, found?.variant ?? null], [candidate, variant]);
  });
}

test('the fingerprint is the one that the kernel computes', () => {
  const code = 'KNeighborsClassifier(3).fit(X_train, y_train)  # «näher» 😀\n';
  const known = snapshot.candidates.find(one => one.candidate === 'knn')!;
  assert.equal(fingerprint(code), known.codes[0]!.code);
  for (const same of [code.trimEnd(), `\n\n${code}`, code.replace('\n', '  \t\r\n')]) {
    assert.equal(fingerprint(same), fingerprint(code), JSON.stringify(same));
  }
  assert.notEqual(fingerprint(` ${code}`), fingerprint(code));
  assert.notEqual(fingerprint(code.replace('3', '4')), fingerprint(code));
  assert.equal(fingerprint('123456789'), 'cbf43926');
});

test('a badge says score, age and whether the code changed', () => {
  const row = rows.find(one => one.candidate === 'knn');
  const code = candidateOf('%%mlee_candidate knn\nfit()')!;
  const at = '2026-05-04T10:12:00+00:00';
  const now = Date.parse(at) + 600_000;
  const known = { candidate: 'knn', last: at, codes: [{ code: code.code, at, score_text: '98.9' }] };
  assert.equal(badgeOf(code, known, row, now).text, '98.9 · as good (within 2 points) · 10 min ago');
  assert.equal(badgeOf(code, known, row, now).state, 'fresh');
  const worse = { ...known, codes: [{ ...known.codes[0]!, score_text: '97.1' }] };
  assert.equal(badgeOf(code, worse, row, now).text, '97.1 · best variant 98.9 · 10 min ago');
  const edited = { ...code, code: '00000000' };
  assert.match(badgeOf(edited, known, row, now).text, /changed since$/);
  assert.equal(badgeOf(edited, known, row, now).state, 'stale');
  assert.equal(badgeOf(code, { ...known, codes: [] }, row, now).state, 'unknown');
  assert.equal(badgeOf(code, undefined, row, now).state, 'new');
  assert.equal(badgeOf(code, { ...known, last: null }, undefined, now).state, 'new');
});

test('what failed is failed, whoever recorded it', () => {
  const code = candidateOf('%%mlee_candidate knn\nfit()')!;
  const at = '2026-05-04T10:12:00+00:00';
  const now = Date.parse(at) + 600_000;
  const failed = { word: 'interrupted', at, code: code.code };
  const known = { candidate: 'knn', last: at, failed, cell: null, codes: [] };
  const badge = badgeOf(code, known, undefined, now);
  assert.deepEqual([badge.text, badge.state], ['interrupted · 10 min ago', 'failed']);
  const edited = { ...code, code: '00000000' };
  assert.equal(badgeOf(edited, known, undefined, now).text, 'interrupted · 10 min ago · changed since');
  const earlier = { ...known, codes: [{ code: edited.code, at, score_text: '98.9' }] };
  assert.equal(badgeOf(edited, earlier, undefined, now).state, 'fresh');
  assert.equal(badgeOf(code, earlier, undefined, now).state, 'failed');
});

test('a loop has one badge for all that it recorded', () => {
  const at = '2026-05-04T10:12:00+00:00';
  const now = Date.parse(at) + 600_000;
  const cell = { id: 'a', code: fingerprint('loop()') };
  const here = ['knn', 'svm'].map(candidate => ({ candidate, last: at, failed: null, cell, codes: [] }));
  const own = rows.filter(row => ['knn', 'svm'].includes(row.candidate));
  const badge = loopBadge('loop()', here, own, now);
  assert.equal(
    badge.text,
    `2 candidates, best ${own[0]!.label} ${own[0]!.score_text} · ${own[0]!.against_text} · 10 min ago`
  );
  assert.equal(badge.state, 'fresh');
  assert.equal(loopBadge('loop(2)', here, own, now).state, 'stale');
  const alone = loopBadge('loop()', here.slice(0, 1), [], now);
  assert.equal(alone.text, 'knn · 10 min ago');
  const long = { ...here[0]!, candidate: 'n'.repeat(500) };
  assert.equal(loopBadge('loop()', [long], [], now).text, `${'n'.repeat(31)}… · 10 min ago`, 'what follows is seen');
  const broken = { ...here[1]!, failed: { word: 'failed', at, code: null } };
  assert.match(loopBadge('loop()', [here[0]!, broken], [], now).text, /1 failed/);
});

test('where something was recorded is known after a restart too', () => {
  const cell = { id: 'a', code: 'b' };
  const before = { ...snapshot, candidates: snapshot.candidates.map(one => ({ ...one, cell })) };
  assert.deepEqual(cells.withKnownCells(snapshot, before).candidates[0]!.cell, cell);
  const another = { ...before, status: { ...before.status!, name: 'another' } };
  assert.equal(cells.withKnownCells(snapshot, another).candidates[0]!.cell, null);
});

test('a finding leads to its cell, its candidate, or the start', () => {
  const sources = ['# prose', '%%mlee_experiment start shelf\n', 'x', '%%mlee_candidate "a b"\nfit()', 'loop()'];
  const known = [{ candidate: 'of loop', last: null, codes: [], cell: { id: 'cell 4', code: '' } }];
  const placed = (texts: string[]) => texts.map((source, i) => ({ source, id: `cell ${i}` }));
  const targetOf = (finding: Parameters<typeof cells.targetOf>[0], texts: string[]) =>
    cells.targetOf(finding, placed(texts), known);
  assert.deepEqual(targetOf({ where: [{ candidate: 'of loop' }] }, sources), { index: 4, line: 0 });
  assert.deepEqual(targetOf({ where: [{ cell: 3, line: 2, text: '' }] }, sources), { index: 2, line: 1 });
  assert.deepEqual(targetOf({ where: [{ candidate: 'a b' }] }, sources), { index: 3, line: 0 });
  assert.deepEqual(targetOf({ where: [{ candidate: 'gone' }] }, sources), { index: 1, line: 0 });
  assert.deepEqual(targetOf({ where: [{ cell: 9, line: 1, text: '' }] }, sources), { index: 1, line: 0 });
  assert.deepEqual(targetOf({ where: [] }, sources), { index: 1, line: 0 });
  assert.equal(targetOf({ where: [] }, ['x']), null);
  assert.ok(startsExperiment('  %mlee_experiment start shelf'));
  assert.ok(!startsExperiment('%mlee_experiment status'));
});

test('words as a shell splits them', () => {
  assert.deepEqual(shellWords('a "b c" \'d "e\' f\\ g "h\\"i"'), ['a', 'b c', 'd "e', 'f g', 'h"i']);
  assert.equal(shellWords('"open'), null);
  assert.deepEqual(shellWords('""'), ['']);
});
