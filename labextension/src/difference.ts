/** Differences to the best score as drawings, on the one axis that a board's rows share: right is better. */

import { svg } from './dom.js';
import { Say } from './format.js';
import type { Figure, Line } from './table.js';

const HIGH = 28; // pixels of a row: the band and the target run through all of them
const MIDDLE = HIGH / 2;
const HEAD = 24;

/** A row's line with its point, over the band and the target; an arrow where it lies beyond the axis. */
export function difference({ line, against_text, score_text }: Line, figure: Figure): SVGElement {
  const said = line && (line.text || `${against_text}, ${score_text}`);
  const { band, target } = figure;
  return svg(
    'svg',
    { class: 'mleelab-difference', role: said ? 'img' : null, 'aria-label': said, 'aria-hidden': said ? null : 'true' },
    band && svg('rect', { class: 'mlee-band', x: `${band.left}%`, width: `${band.width}%`, height: HIGH }),
    band && upright('mleelab-zero', band.left + band.width, HIGH),
    target && !target.beyond && upright('mleelab-target', target.at, HIGH),
    ...(line ? drawn(line) : [])
  );
}

/** The numbers of the axis, once, on top of it. */
export function axis({ ticks, unit }: Figure, say: Say): SVGElement {
  const texts = ticks.map(({ at, text }) => {
    const anchor = at < 12 ? 'start' : at > 88 ? 'end' : 'middle';
    return svg('text', { x: `${at}%`, y: HEAD - 7, 'text-anchor': anchor }, text);
  });
  const shown = ticks.map(({ text }) => text).join(', ');
  const said = say('Against the best, right is better: %1 %2', shown, unit).trim();
  return svg('svg', { class: 'mleelab-axis', role: 'img', 'aria-label': said }, ...texts);
}

function drawn({ left, width, point, worst, beyond }: NonNullable<Line['line']>): SVGElement[] {
  const thin = svg('rect', {
    class: 'mlee-line',
    x: `${worst}%`,
    width: `${left - worst}%`,
    y: MIDDLE - 0.5,
    height: 1
  });
  const thick = svg('rect', { class: 'mlee-line', x: `${left}%`, width: `${width}%`, y: MIDDLE - 1.5, height: 3 });
  return [
    ...(left > worst ? [thin] : []),
    ...(width > 0 ? [thick] : []),
    beyond ? arrow(beyond) : svg('circle', { class: 'mlee-dot', cx: `${point}%`, cy: MIDDLE, r: 4 })
  ];
}

function upright(kind: string, at: number, height: number): SVGElement {
  return svg('line', { class: kind, x1: `${at}%`, x2: `${at}%`, y1: 0, y2: height });
}

function arrow(to: 'left' | 'right'): SVGElement {
  const [x, d] = to === 'left' ? ['0', 'M0 14 L7 9.5 L7 18.5 Z'] : ['100%', 'M0 14 L-7 9.5 L-7 18.5 Z'];
  return svg('svg', { x, overflow: 'visible' }, svg('path', { class: 'mlee-off', d }));
}
