/** Cells as text: which candidate a cell runs, the way to it, and the cell that starts an experiment. */

import type { Finding, KnownCandidate, Snapshot } from './messages.js';

export interface CandidateCell {
  candidate: string;
  variant: string | null;
  code: string; // fingerprint of its body
}

const CANDIDATE = /^%%mlee_candidate[ \t]+(.*)$/;
const EXPERIMENT = /^%%?mlee_experiment[ \t]+start\b(.*)$/;

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

/** The experiment that a cell starts, and the line that does; null for any other cell. */
export function experimentOf(source: string): { name: string; line: string } | null {
  for (const text of source.split('\n')) {
    const line = text.trim();
    const words = shellWords(EXPERIMENT.exec(line)?.[1] ?? '') ?? [];
    const ahead = words.findIndex(word => word.startsWith('--'));
    const name = words.slice(0, ahead < 0 ? undefined : ahead).join(' ');
    if (name) {
      return { name, line };
    }
  }
  return null;
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

export interface Target {
  index: number; // of the cell, from 0
  line: number; // in the cell, from 0
}

/** A cell of the notebook, as far as a way to it needs. */
export interface Place {
  source: string;
  id: string;
}

/** The cell that runs a candidate, else the one that recorded it last; -1 where the notebook has none. */
export function indexOf(candidate: string, cells: readonly Place[], known: readonly KnownCandidate[]): number {
  const named = cells.findIndex(({ source }) => candidateOf(source)?.candidate === candidate);
  const id = known.find(one => one.candidate === candidate)?.cell?.id;
  return named < 0 && id !== undefined ? cells.findIndex(cell => cell.id === id) : named;
}

/** The cell a finding leads to; null where the notebook has none. */
export function targetOf(
  finding: Pick<Finding, 'where'>,
  cells: readonly Place[],
  known: readonly KnownCandidate[]
): Target | null {
  for (const place of finding.where) {
    if ('cell' in place) {
      if (place.cell <= cells.length) {
        return { index: place.cell - 1, line: Math.max(0, place.line - 1) };
      }
    } else {
      const index = indexOf(place.candidate, cells, known);
      if (index >= 0) {
        return { index, line: 0 };
      }
    }
  }
  const start = cells.findIndex(({ source }) => startsExperiment(source));
  return start < 0 ? null : { index: start, line: 0 };
}

/** A newer kernel does not know where an older one recorded: what was known of the same experiment stays. */
export function withKnownCells(snapshot: Snapshot, before: Snapshot | null): Snapshot {
  if (!before || before.status?.name !== snapshot.status?.name) {
    return snapshot;
  }
  const cells = new Map(before.candidates.map(one => [one.candidate, one.cell ?? null]));
  const candidates = snapshot.candidates.map(one => ({
    ...one,
    cell: one.cell ?? cells.get(one.candidate) ?? null
  }));
  return { ...snapshot, candidates };
}
