/** A score's 95% range as a small drawing, on the axis that its board shares. */

import { svg } from './dom.js';
import { Say } from './format.js';
import type { Line, Table } from './table.js';

/** A line with its point, over the band of what is as good as the best; beyond the axis an arrow; null without a range. */
export function interval({ bar, range_text, score_text }: Line, band: Table['band'], say: Say): SVGElement | null {
  if (!bar) {
    return null;
  }
  const said = say('95% range %1, score %2', range_text, score_text);
  return svg(
    'svg',
    { class: 'mlee-bar', role: 'img', 'aria-label': said, width: '100%', height: 14 },
    band && rectangle('mlee-band', band.left, band.width, 0, 14),
    ...(bar.clipped ? [arrow(bar.clipped)] : [rectangle('mlee-line', bar.left, bar.width, 6, 2), point(bar.point)])
  );
}

function rectangle(kind: string, left: number, width: number, y: number, height: number): SVGElement {
  return svg('rect', { class: kind, x: `${left}%`, width: `${width}%`, y, height });
}

function point(at: number): SVGElement {
  return svg('circle', { class: 'mlee-dot', cx: `${at}%`, cy: 7, r: 3.5 });
}

function arrow(to: 'left' | 'right'): SVGElement {
  const [x, d] = to === 'left' ? ['0', 'M0 7 L6 3 L6 11 Z'] : ['100%', 'M0 7 L-6 3 L-6 11 Z'];
  return svg('svg', { x, overflow: 'visible' }, svg('path', { class: 'mlee-off', d }));
}
