import assert from 'node:assert/strict';
import test from 'node:test';
import { complaint, startCell } from '../src/starting.js';

const EMPTY = {
  name: 'shelf',
  budget: '',
  truth: '',
  features: '',
  question: '',
  decision: '',
  owner: '',
  metric: '',
  usefulGain: '',
  mustReach: '',
  candidates: ''
};

test('a charter as a cell', () => {
  const cell = startCell({
    ...EMPTY,
    name: 'my shelf',
    budget: '1 h 30 m',
    truth: 'y_test',
    features: 'X_test',
    question: 'Is "it"\ngood\\bad?',
    metric: 'accuracy',
    usefulGain: '0,02',
    candidates: 'most frequent, knn ,'
  });
  assert.deepEqual(cell.split('\n'), [
    '%%mlee_experiment start "my shelf" --budget 1h30m --truth y_test --features X_test',
    'question    = "Is \\"it\\" good\\\\bad?"',
    'metric      = "accuracy"',
    'useful_gain = 0.02',
    'candidates  = ["most frequent", "knn"]'
  ]);
  assert.equal(startCell(EMPTY), '%%mlee_experiment start shelf');
});

test('braces and dollars stay themselves', () => {
  assert.equal(startCell({ ...EMPTY, name: '{x} for $5' }), '%%mlee_experiment start "{{x}} for $$5"');
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
  [{ features: 'X[1:]' }, /predict on/],
  [{ usefulGain: 'much' }, /numbers/],
  [{ mustReach: '0.95' }, /^$/]
];
for (const [part, expected] of COMPLAINTS) {
  test(`form with ${JSON.stringify(part)}`, () => assert.match(complaint({ ...EMPTY, ...part }), expected));
}
