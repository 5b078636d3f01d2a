/** A score's 95% range as a small drawing, on the axis that its board shares. */

import { el } from './dom.js';
import { Say } from './format.js';
import { BoardPart, Row } from './messages.js';

const SVG = 'http://www.w3.org/2000/svg';

/** The range as text and as a bar over the useful gain's band; null for a row that has none. */
export function interval(row: Row, part: BoardPart, say: Say): HTMLElement | null {
  if (!row.bar || !part.axis) {
    return null;
  }
  const drawing = document.createElementNS(SVG, 'svg');
  drawing.setAttribute('class', 'mleelab-bar');
  drawing.setAttribute('viewBox', '0 0 100 10');
  drawing.setAttribute('preserveAspectRatio', 'none');
  drawing.setAttribute('role', 'img');
  drawing.setAttribute('aria-label', say('95% range %1', row.range_text));
  const { band } = part.axis;
  if (band) {
    drawing.append(rectangle('mleelab-band', band.left, band.width, 0, 10));
  }
  drawing.append(
    rectangle('mleelab-line', row.bar.left, row.bar.width, 4, 2),
    rectangle('mleelab-dot', Math.max(0, row.bar.point - 1), 2, 1, 8)
  );
  const range = el('span', { class: 'mleelab-range' }, row.range_text);
  const holder = el('span', { class: 'mleelab-interval', title: say('95% range %1', row.range_text) }, range);
  holder.append(drawing);
  return holder;
}

function rectangle(kind: string, x: number, width: number, y: number, height: number): SVGRectElement {
  const made = document.createElementNS(SVG, 'rect');
  for (const [key, value] of Object.entries({ class: kind, x, y, width: Math.max(0.5, width), height })) {
    made.setAttribute(key, String(value));
  }
  return made;
}
