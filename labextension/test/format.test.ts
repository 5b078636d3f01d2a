import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { badgeOf, candidateOf, fingerprint, shellWords, startsExperiment, targetOf } from '../src/cells.js';
import { ageText, countText, momentText, shortened, shortTime, statusLine, timeText } from '../src/format.js';
import { Board, isSnapshot, Row, Snapshot, Status } from '../src/messages.js';
import { complaint, startCell } from '../src/starting.js';
import { MOST_ROWS, pageOf, turned } from '../src/table.js';
import { began, ended, resting, set, usedAt } from '../src/ticking.js';

const golden = (name: string) => JSON.parse(readFileSync(`../tests/golden/${name}.json`, 'utf-8'));
const board: Board = golden('board');
const snapshot: Snapshot = { ...golden('snapshot'), board };
const rows: Row[] = board.boards[0].rows;
const status = snapshot.status as Status;

test('the golden snapshot is one, with and without the golden board', () => {
  assert.ok(isSnapshot(snapshot));
  assert.ok(isSnapshot({ ...snapshot, board: null }));
  assert.deepEqual(snapshot.candidates.map(one => one.candidate).sort(), rows.filter(row => row.symbol !== '.').map(row => row.candidate).sort());
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
  [13_200, 'calm', '', 'shelf 3h40/6h  1 error, 1 warning'],
  [0.8 * 21_600, 'late', '1 h 12 left', 'shelf 4h48/6h  1 h 12 left  1 error, 1 warning'],
  [0.79 * 21_600, 'calm', '', 'shelf 4h44/6h  1 error, 1 warning'],
  [22_800, 'over', 'over by 20 min', 'shelf 6h20/6h  over by 20 min  1 error, 1 warning']
];
for (const [used, mood, word, text] of LINES) {
  test(`status item after ${used} seconds`, () => {
    const line = statusLine(status, used, snapshot.findings);
    assert.deepEqual([line.mood, line.word, line.text], [mood, word, text]);
  });
}

test('a status item without a box, and one that is decided, stay calm', () => {
  assert.equal(statusLine({ ...status, box_seconds: null }, 99_999, []).text, 'shelf 27h47');
  const decided = statusLine({ ...status, state: 'decided' }, 99_999, []);
  assert.deepEqual([decided.mood, decided.text], ['calm', 'shelf 27h47/6h  decided']);
  assert.doesNotMatch(statusLine(status, 1, []).text, /idle/i);
});

test('findings are counted, ignored ones and advice are not', () => {
  assert.equal(countText(snapshot.findings), '1 error, 1 warning');
  assert.equal(countText([]), '');
  const two = [1, 2].map(() => ({ level: 'warning' as const, outcome: 'finding' as const }));
  assert.equal(countText(two), '2 warnings');
});

test('ages and moments', () => {
  const minute = 60_000;
  assert.deepEqual([0, 59_999, 10 * minute, 150 * minute, 50 * 60 * minute].map(ms => ageText(ms)), [
    'now', 'now', '10 min ago', '2 h ago', '2 days ago'
  ]);
  const day = new Date(2026, 10, 23, 14, 2);
  assert.equal(momentText(day, new Date(2026, 10, 23, 20, 0)), '14:02');
  assert.equal(momentText(day, new Date(2026, 10, 24, 20, 0)), '23 Nov 14:02');
});

test('a long name is cut between characters', () => {
  assert.equal(shortened('abc', 3), 'abc');
  assert.equal(shortened('😀😀😀😀', 3), '😀😀…');
});

// -- the clock between snapshots

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

// -- cells

const CELLS: [string, string | null, string | null][] = [
  ['%%mlee_candidate knn\nfit()', 'knn', null],
  ['\n\n%%mlee_candidate   knn --simplicity 2 --variant "k = 3"\nfit()', 'knn', 'k = 3'],
  ['%%mlee_candidate --hard --minutes 3 "two words"\nx', 'two words', null],
  ["%%mlee_candidate --variant=a 'a \"b\"'\nx", 'a "b"', 'a'],
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
  assert.equal(fingerprint(code), known.codes[0].code);
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
  assert.equal(badgeOf(code, known, row, now).text, '98.9 · AS GOOD (within 2 points) · 10 min ago');
  assert.equal(badgeOf(code, known, row, now).state, 'fresh');
  const worse = { ...known, codes: [{ ...known.codes[0], score_text: '97.1' }] };
  assert.equal(badgeOf(code, worse, row, now).text, '97.1 · best variant 98.9 · 10 min ago');
  const edited = { ...code, code: '00000000' };
  assert.match(badgeOf(edited, known, row, now).text, /changed since$/);
  assert.equal(badgeOf(edited, known, row, now).state, 'stale');
  assert.equal(badgeOf(code, { ...known, codes: [] }, row, now).state, 'unknown');
  assert.equal(badgeOf(code, undefined, row, now).state, 'new');
  assert.equal(badgeOf(code, { ...known, last: null }, undefined, now).state, 'new');
});

test('a finding leads to its cell, its candidate, or the start', () => {
  const sources = ['# prose', '%%mlee_experiment start shelf\n', 'x', '%%mlee_candidate "a b"\nfit()'];
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

// -- the cell that starts an experiment

const EMPTY = {
  name: 'shelf', budget: '', truth: '', question: '', decision: '', owner: '', metric: '', usefulGain: '', mustReach: '', candidates: ''
};

test('a charter as a cell', () => {
  const cell = startCell({
    ...EMPTY, name: 'my shelf', budget: '1 h 30 m', truth: 'y_test', question: 'Is "it"\ngood\\bad?', metric: 'accuracy',
    usefulGain: '0,02', candidates: 'most frequent, knn ,'
  });
  assert.deepEqual(cell.split('\n'), [
    '%%mlee_experiment start "my shelf" --budget 1h30m --truth y_test',
    'question    = "Is \\"it\\" good\\\\bad?"',
    'metric      = "accuracy"',
    'useful_gain = 0.02',
    'candidates  = ["most frequent", "knn"]'
  ]);
  assert.equal(startCell(EMPTY), '%%mlee_experiment start shelf');
});

test('a name with a line break or a question mark stays a name', () => {
  assert.equal(startCell({ ...EMPTY, name: 'a\n%%bash' }), '%%mlee_experiment start "a %%bash"');
  assert.equal(startCell({ ...EMPTY, name: 'why?' }), '%%mlee_experiment start "why?"');
});

const COMPLAINTS: [Partial<typeof EMPTY>, RegExp][] = [
  [{}, /^$/],
  [{ name: ' ' }, /name/],
  [{ name: '--budget' }, /dash/],
  [{ budget: 'soon' }, /working time/],
  [{ budget: '1h30m' }, /^$/],
  [{ truth: 'y test' }, /variable/],
  [{ truth: 'größe_2' }, /^$/],
  [{ usefulGain: 'much' }, /numbers/],
  [{ mustReach: '0.95' }, /^$/]
];
for (const [part, expected] of COMPLAINTS) {
  test(`form with ${JSON.stringify(part)}`, () => assert.match(complaint({ ...EMPTY, ...part }), expected));
}

// -- the table

const names = (page: { rows: Row[] }) => page.rows.map(row => row.candidate);

test('rows are sorted over all, what has no value comes last, and equals keep the order of the board', () => {
  assert.deepEqual(names(pageOf(rows, { column: 'rank', descending: false }, '')), rows.map(row => row.candidate));
  for (const descending of [true, false]) {
    const sorted = pageOf(rows, { column: 'score', descending }, '').rows.map(row => row.score);
    const valued = sorted.filter((score): score is number => score !== null);
    assert.deepEqual(sorted.slice(valued.length).filter(score => score !== null), []);
    assert.deepEqual(valued, [...valued].sort((a, b) => (descending ? b - a : a - b)));
  }
});

test('at most 200 rows are drawn of 5,000', () => {
  const many = Array.from({ length: 5000 }, (_, i) => ({ ...rows[0], candidate: `c${i}`, label: `c${i}`, score: (i * 7919) % 5000 }));
  const page = pageOf(many, { column: 'score', descending: true }, '');
  assert.equal(page.rows.length, MOST_ROWS);
  assert.equal(page.rows[0].score, 4999);
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
