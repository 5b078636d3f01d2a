import assert from 'node:assert/strict';
import test from 'node:test';
import { experimentOf } from '../src/cells.js';
import { plainly } from '../src/format.js';
import { RULE_PAGES } from '../src/made/rule_pages.js';
import { rulePage } from '../src/rule_page.js';
import { warningsOf } from '../src/warnings.js';
import { snapshot } from './golden.js';

test('every rule that was found has its page here', () => {
  for (const finding of snapshot.findings) {
    const page = rulePage(finding, plainly) ?? '';
    assert.match(page, /\*\*Why it misleads:\*\*/, finding.rule);
    assert.ok(!page.startsWith(finding.rule), 'the title of the dialog has its name');
  }
  assert.ok(Object.keys(RULE_PAGES).length >= 50);
  assert.equal(rulePage({ rule: 'MLE999', name: 'of-tomorrow', level: 'advice' }, plainly), null);
});

test('what is wrong with a candidate stands beside its choice, and an error beside each', () => {
  const one = { ...snapshot.findings[0]!, outcome: 'finding' as const, where: [{ candidate: 'svm' }] };
  const findings = [
    { ...one, rule: 'MLE302', level: 'warning' as const },
    { ...one, rule: 'MLE401', level: 'error' as const, where: [] },
    { ...one, rule: 'MLE501', level: 'advice' as const },
    { ...one, rule: 'MLE303', level: 'warning' as const, outcome: 'ignored' as const }
  ];
  const codes = (candidate?: string) => warningsOf(candidate, findings).map(line => line.slice(0, 6));
  assert.deepEqual(codes('svm'), ['MLE302', 'MLE401']);
  assert.deepEqual(codes('knn'), ['MLE401']);
  assert.deepEqual(codes(), ['MLE401']);
});

const STARTS: [string, string | null][] = [
  ['%%mlee_experiment start shelf --budget 6h\nquestion = ""', 'shelf'],
  ['x = 1\n  %mlee_experiment start "two words" --budget 6h', 'two words'],
  ['%mlee_experiment start two words', 'two words'],
  ['%mlee_experiment status', null],
  ['%%mlee_experiment start', null],
  ['%%mlee_experiment start --budget 6h', null],
  ['%%mlee_experiment start "open', null],
  ['# %%mlee_experiment start shelf', null]
];
for (const [source, name] of STARTS) {
  test(`the experiment that is started by ${JSON.stringify(source)}`, () => {
    assert.equal(experimentOf(source)?.name ?? null, name);
  });
}
