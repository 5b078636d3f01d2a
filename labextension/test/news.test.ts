import assert from 'node:assert/strict';
import test from 'node:test';
import { News } from '../src/news.js';
import { Finding } from '../src/messages.js';
import { snapshot } from './golden.js';

const finding = snapshot.findings.find(one => one.outcome === 'finding')!;
const saying = (...rules: string[]) => ({ ...snapshot, findings: rules.map(rule => ({ ...finding, rule })) });
const rules = (found: Finding[]) => found.map(one => one.rule);

test('a page that opens upon a running experiment announces nothing of what is there', () => {
  const news = new News();
  assert.deepEqual(rules(news.of(saying('MLE201'))), []);
  assert.deepEqual(rules(news.of(saying('MLE201', 'MLE302'))), ['MLE302']);
});

test('after a fresh start everything is news, once, even where it goes and comes back', () => {
  const news = new News();
  news.begin();
  assert.deepEqual(rules(news.of(saying('MLE201'))), ['MLE201']);
  assert.deepEqual(rules(news.of(saying())), []);
  assert.deepEqual(rules(news.of(saying('MLE201'))), []);
});

test('what was told before a reload is told no more', () => {
  const news = new News();
  news.begin(['shelf/MLE201']);
  assert.deepEqual(rules(news.of(saying('MLE201', 'MLE302'))), ['MLE302']);
  assert.deepEqual(news.told, ['shelf/MLE201', 'shelf/MLE302']);
});

test('the same rule in another experiment is news; what is ignored is none', () => {
  const news = new News();
  news.begin(['cellar/MLE201']);
  assert.deepEqual(rules(news.of(saying('MLE201'))), ['MLE201']);
  const ignored = { ...snapshot, findings: [{ ...finding, rule: 'MLE302', outcome: 'ignored' as const }] };
  assert.deepEqual(rules(news.of(ignored)), []);
});
