/** The cell that starts an experiment, from what a form was filled with. Pure. */

import { plainly, Say } from './format.js';

export interface Charter {
  name: string;
  budget: string;
  truth: string;
  features: string;
  question: string;
  decision: string;
  owner: string;
  metric: string;
  usefulGain: string;
  mustReach: string;
  candidates: string;
}

/** The text of the `%%mlee_experiment start` cell; fields left empty are left out. */
export function startCell(charter: Charter): string {
  const head = [`%%mlee_experiment start ${word(charter.name.trim() || 'untitled')}`];
  if (charter.budget.trim()) {
    head.push(`--budget ${word(charter.budget.trim().replace(/\s+/g, ''))}`);
  }
  if (charter.truth.trim()) {
    head.push(`--truth ${word(charter.truth.trim())}`);
  }
  if (charter.features.trim()) {
    head.push(`--features ${word(charter.features.trim())}`);
  }
  const names = charter.candidates
    .split(',')
    .map(one => one.trim())
    .filter(Boolean);
  const lines: [string, string][] = [
    ['question', text(charter.question)],
    ['decision', text(charter.decision)],
    ['owner', text(charter.owner)],
    ['metric', text(charter.metric)],
    ['useful_gain', number(charter.usefulGain)],
    ['must_reach', number(charter.mustReach)],
    ['candidates', names.length ? `[${names.map(text).join(', ')}]` : '']
  ];
  const filled = lines.filter(([, value]) => value);
  const widest = Math.max(0, ...filled.map(([key]) => key.length));
  return [head.join(' '), ...filled.map(([key, value]) => `${key.padEnd(widest)} = ${value}`)].join('\n');
}

/** What is wrong with a field, as one line; empty: nothing. */
export function complaint(charter: Charter, say: Say = plainly): string {
  if (!charter.name.trim()) {
    return say('The experiment needs a name.');
  }
  if (charter.name.trim().startsWith('-')) {
    return say('The name cannot start with a dash.');
  }
  if (charter.budget.trim() && !/^\s*(\d+(\.\d+)?\s*(d|h|min|m|s)\s*)+$/i.test(charter.budget)) {
    return say('The budget is a working time: 90m, 6h, 1h30m or 3d.');
  }
  if (charter.truth.trim() && !/^[\p{L}_][\p{L}\p{N}_]*$/u.test(charter.truth.trim())) {
    return say('The right answers are the name of one variable, such as y_test.');
  }
  if (charter.features.trim() && !/^[\p{L}_][\p{L}\p{N}_]*$/u.test(charter.features.trim())) {
    return say('What to predict on is the name of one variable, such as X_test.');
  }
  for (const value of [charter.usefulGain, charter.mustReach]) {
    if (value.trim() && !number(value)) {
      return say('Useful gain and target are numbers, such as 0.02.');
    }
  }
  return '';
}

/** A word of the magic's line, in quotes where a shell would need them. */
export function word(value: string): string {
  const line = value.replace(/[\r\n\t]+/g, ' ');
  if (/^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u.test(line)) {
    return line;
  }
  const plain = line.replace(/[{}]|\$(?=[\p{L}\p{N}_.])/gu, '$&$&'); // no variable of IPython's
  return `"${plain.replace(/(["\\])/g, '\\$1')}"`;
}

/** A TOML string; empty for an empty text. */
function text(value: string): string {
  const line = value
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/[\ud800-\udfff]/gu, '\ufffd');
  return line ? JSON.stringify(line).replace(/\u007f/g, '\\u007f') : '';
}

function number(value: string): string {
  const found = value.trim().replace(',', '.');
  return found !== '' && Number.isFinite(Number(found)) && /^-?\d*\.?\d+$/.test(found) ? String(Number(found)) : '';
}
