/** What stands around the live board: the experiment and its clock above, what was found below. */

import { el } from '../dom.js';
import type { LiveView } from '../messages.js';

const KINDS = { error: 'mlee-bad', warning: 'mlee-open', advice: 'mlee-first' };

export function head({ title, question, over }: LiveView, clock: string): HTMLElement {
  return el(
    'div',
    { class: 'mlee-head' },
    el('strong', { class: 'mlee-title' }, el('bdi', {}, title)),
    question && el('span', { class: 'mlee-question' }, question),
    el('span', { class: over ? 'mlee-clock mlee-over' : 'mlee-clock' }, clock)
  );
}

export function findings(list: LiveView['found']): HTMLElement | null {
  const items = list.map(({ level, rule, message, remedy }) =>
    el(
      'li',
      { class: KINDS[level] },
      el('strong', {}, level),
      ' ',
      el('code', {}, rule),
      ` ${message} `,
      el('span', { class: 'mlee-remedy' }, remedy)
    )
  );
  return items.length ? el('ul', { class: 'mlee-findings' }, ...items) : null;
}

/** What else was found, folded away unless the reader has opened it. */
export function found({ found: list, found_text }: LiveView, isOpen: boolean): HTMLElement | null {
  const shown = findings(list);
  return shown && el('details', { open: isOpen }, el('summary', { 'data-key': 'found' }, found_text), shown);
}
