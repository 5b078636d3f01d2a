/** What the drawings of a board mean, in one line below it: only what is there to be seen. */

import { Child, el, svg } from './dom.js';
import { Say } from './format.js';
import { BoardFigure, BoardPart } from './messages.js';

export function legend(part: BoardPart, figure: BoardFigure | undefined, say: Say): Child[] {
  if (!figure?.ticks.length) {
    return [];
  }
  const { band, target, rows } = figure;
  const gain = part.useful_gain_assumed
    ? say('useful gain %1 (assumed)', part.useful_gain_text)
    : say('useful gain %1', part.useful_gain_text);
  const off = [...rows.map(row => row.line?.beyond), target?.beyond];
  const parts = [
    band && [swatch(svg('rect', { class: 'mlee-band', width: 10, height: 12 })), gain],
    target && target.beyond === null && [swatch(dashes()), say('target %1', target.text)],
    target?.beyond && [arrow(target.beyond), say('target %1, off axis', target.text)],
    rows.some(row => row.line?.beyond) && !target?.beyond && [arrow(off.find(Boolean) ?? 'left'), say('off axis')]
  ];
  return parts.flatMap(one => (one ? [el('span', {}, ...one), ' '] : []));
}

function swatch(drawn: SVGElement): SVGElement {
  return svg('svg', { width: 10, height: 12, 'aria-hidden': 'true' }, drawn);
}

function dashes(): SVGElement {
  return svg('line', { class: 'mleelab-target', x1: 5, x2: 5, y1: 0, y2: 12 });
}

function arrow(to: 'left' | 'right'): SVGElement {
  return swatch(
    svg('path', { class: 'mlee-off', d: to === 'left' ? 'M2 6 L9 1.5 L9 10.5 Z' : 'M8 6 L1 1.5 L1 10.5 Z' })
  );
}
