/** Cells as text: which candidate a cell runs, whether it is what was recorded, and the cell that starts an experiment. */

import type { Finding, KnownCandidate, Row } from './messages.js';
import { ageText, plainly, Say } from './format.js';

export interface CandidateCell {
  candidate: string;
  variant: string | null;
  code: string; // fingerprint of its body
}

const CANDIDATE = /^%%mlee_candidate[ \t]+(.*)$/;
const EXPERIMENT = /^%%?mlee_experiment[ \t]+start\b/;

/** The candidate that a cell runs; null for any other cell. */
export function candidateOf(source: string): CandidateCell | null {
  const [first = '', ...body] = source
    .replace(/\r\n/g, '\n')
    .replace(/^(?:[^\S\n]*\n)+/, '')
    .split('\n');
  const words = shellWords(CANDIDATE.exec(first.trimEnd())?.[1] ?? '');
  let candidate: string | null = null;
  let variant: string | null = null;
  for (let i = 0; i < (words?.length ?? 0); i++) {
    const word = words?.[i] ?? '';
    if (!word.startsWith('--')) {
      candidate ??= word;
      continue;
    }
    const [option, glued] = word.split('=', 2);
    if (option === '--variant') {
      variant = glued ?? words?.[i + 1] ?? null;
    }
    i += option === '--hard' || glued !== undefined ? 0 : 1;
  }
  return candidate === null ? null : { candidate, variant, code: fingerprint(body.join('\n')) };
}

/** Whether a cell starts an experiment. */
export function startsExperiment(source: string): boolean {
  return source.split('\n').some(line => EXPERIMENT.test(line.trim()));
}

/** Words as a shell splits them, quotes taken off; null where a quote does not close. */
export function shellWords(line: string): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let quote = '';
  for (let i = 0; i < line.length; i++) {
    const char = line.charAt(i);
    const next = line.charAt(i + 1);
    if (quote && char === quote) {
      quote = '';
    } else if (char === '\\' && next && (quote === '' || (quote === '"' && '"\\'.includes(next)))) {
      word = (word ?? '') + next;
      i++;
    } else if (quote) {
      word = (word ?? '') + char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (char === ' ' || char === '\t') {
      if (word !== null) {
        words.push(word);
      }
      word = null;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (quote) {
    return null;
  }
  return word === null ? words : [...words, word];
}

/** CRC-32 of a code's lines without trailing blanks, as the kernel computes it of what it ran. */
export function fingerprint(code: string): string {
  const lines = code.replace(/\r\n/g, '\n').split('\n');
  const text = lines
    .map(line => line.replace(/[ \t]+$/, ''))
    .join('\n')
    .replace(/^\n+|\n+$/g, '');
  let crc = 0xffffffff;
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    }
  }
  return ((crc ^ 0xffffffff) >>> 0).toString(16).padStart(8, '0');
}

export interface Badge {
  text: string;
  state: 'fresh' | 'stale' | 'unknown' | 'new';
  title: string;
}

/** What stands on a candidate's cell: its score and age, and whether its code changed since it was recorded. */
export function badgeOf(
  cell: CandidateCell,
  known: KnownCandidate | undefined,
  row: Row | undefined,
  now: number,
  say: Say = plainly
): Badge {
  if (!known || known.last === null) {
    return { text: say('not recorded yet'), state: 'new', title: say('This candidate has not been recorded yet.') };
  }
  const ran = known.codes.find(one => one.code === cell.code);
  const at = Date.parse(ran?.at ?? known.last);
  const best = row?.score_text ?? '';
  const own = ran?.score_text ?? best;
  // the board shows a candidate's best variant; a cell says what it scored itself
  const parts = [own, own === best ? (row?.against_text ?? '') : say('best variant %1', best), ageText(now - at, say)];
  if (ran) {
    return { text: join(parts), state: 'fresh', title: say('This code is what was recorded.') };
  }
  if (known.codes.length) {
    const text = join([...parts, say('changed since')]);
    return { text, state: 'stale', title: say('The code was changed since it was recorded: run the cell again.') };
  }
  return { text: join(parts), state: 'unknown', title: say('Recorded earlier, in another kernel.') };
}

function join(parts: string[]): string {
  return parts.filter(Boolean).join(' · ');
}

export interface Target {
  index: number; // of the cell, from 0
  line: number; // in the cell, from 0
}

/** The cell a finding leads to; null where the notebook has none. */
export function targetOf(finding: Pick<Finding, 'where'>, sources: readonly string[]): Target | null {
  for (const place of finding.where) {
    if ('cell' in place) {
      if (place.cell <= sources.length) {
        return { index: place.cell - 1, line: Math.max(0, place.line - 1) };
      }
    } else {
      const index = sources.findIndex(source => candidateOf(source)?.candidate === place.candidate);
      if (index >= 0) {
        return { index, line: 0 };
      }
    }
  }
  const start = sources.findIndex(startsExperiment);
  return start < 0 ? null : { index: start, line: 0 };
}
