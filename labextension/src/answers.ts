/** The questions of whoever pays, each answered by a chip and one clause; the chip of the time ticks elsewhere. */

import { el, name, refill } from './dom.js';
import { Snapshot } from './messages.js';

type Answer = Snapshot['answers'][number];

export class AnswersView {
  readonly node = el('dl', { class: 'mleelab-answers' });

  show(answers: readonly Answer[]): void {
    const here = answers.filter(one => one.chip !== undefined || one.clause === undefined);
    refill(this.node, ...here.flatMap(one => [el('dt', {}, one.question), el('dd', {}, ...answered(one))]));
  }
}

/** A few words that stand out; the colour says nothing that they do not. */
export function chip(text: string, mood: string): HTMLElement {
  return el('span', { class: `mleelab-chip mleelab-chip-${mood}` }, text);
}

/** What a kernel of before chips says is said in full. */
function answered({ chip: word, mood, lead, clause, answer }: Answer): (Node | string)[] {
  if (word === undefined) {
    return [answer];
  }
  const leader = lead ? [el('strong', {}, name(lead)), ' '] : [];
  return [chip(word, mood ?? 'open'), ' ', ...leader, clause ?? ''];
}
