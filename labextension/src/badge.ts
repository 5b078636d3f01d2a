/** What stands under a cell that recorded something: score, age, and whether the code is still what was recorded. Pure. */

import { CandidateCell, fingerprint } from './cells.js';
import { ageText, countOf, plainly, Say, shortened } from './format.js';
import type { KnownCandidate, Row } from './messages.js';

const LONGEST_NAME = 32; // what follows it, the score, is not to be cut off

export interface Badge {
  text: string;
  state: 'fresh' | 'stale' | 'unknown' | 'new' | 'failed';
  title: string;
}

/** What stands under a candidate's cell; `row` is its row of the board. */
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
  const { failed = null } = known;
  if (failed && (failed.code === cell.code || (!ran && !known.codes.length))) {
    const changed = failed.code !== null && failed.code !== cell.code && say('changed since');
    const text = join([say(failed.word), ageText(now - Date.parse(failed.at), say), changed || '']);
    return { text, state: 'failed', title: say('Its last run recorded no score.') };
  }
  const at = Date.parse(ran?.at ?? known.last);
  const best = row?.score_text ?? '';
  const own = ran?.score_text ?? best;
  // the board shows a candidate's best variant; a cell says what it scored itself
  const parts = [own, own === best ? (row?.against_text ?? '') : say('best variant %1', best), ageText(now - at, say)];
  if (ran) {
    return { text: join(parts), state: 'fresh', title: say('This code is what was recorded.') };
  }
  if (known.codes.length) {
    return changedSince(parts, say);
  }
  return { text: join(parts), state: 'unknown', title: say('Recorded earlier, in another kernel.') };
}

/** What stands under a cell that recorded candidates by Python; `rows` are theirs, best first. */
export function loopBadge(
  source: string,
  here: readonly KnownCandidate[],
  rows: readonly Row[],
  now: number,
  say: Say = plainly
): Badge {
  const [best] = rows;
  const name = shortened(best?.label ?? here[0]?.candidate ?? '', LONGEST_NAME);
  const scored = join([best?.score_text ?? '', best?.against_text ?? '']);
  const named = [name, scored].filter(Boolean).join(' ');
  const last = Math.max(...here.map(one => Date.parse(one.last ?? '')).filter(Number.isFinite));
  const failed = here.filter(one => one.failed).length;
  const parts = [
    here.length === 1 ? named : say('%1 candidates, best %2', countOf(here.length), named),
    failed ? say('%1 failed', countOf(failed)) : '',
    Number.isFinite(last) ? ageText(now - last, say) : ''
  ];
  const code = fingerprint(source);
  return here.every(one => one.cell?.code === code)
    ? { text: join(parts), state: 'fresh', title: say('This code is what was recorded.') }
    : changedSince(parts, say);
}

function changedSince(parts: string[], say: Say): Badge {
  const text = join([...parts, say('changed since')]);
  return { text, state: 'stale', title: say('The code was changed since it was recorded: run the cell again.') };
}

function join(parts: string[]): string {
  return parts.filter(Boolean).join(' · ');
}
