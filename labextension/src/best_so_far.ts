/** The looks over working time as a drawing, and the best one so far as a step line; the list of what happened below. */

import { el, refill, svg } from './dom.js';
import { plainly, Say } from './format.js';
import { kindOf } from './marks.js';
import { BoardPart, Snapshot } from './messages.js';

type Course = NonNullable<Snapshot['best_so_far']>;

export class BestView {
  readonly node = el('section', { class: 'mlee-board mleelab-best' });
  private readonly _drawing = el('div');

  constructor(private readonly say: Say = plainly) {
    const head = say('Best so far, over working time');
    this.node.setAttribute('aria-label', head);
    this.node.append(el('details', { open: true }, el('summary', { 'data-key': 'best' }, head), this._drawing));
  }

  /** Each look has the colour of its candidate's row. */
  show(course: Course | null, rows: BoardPart['rows']): void {
    this.node.hidden = !course;
    if (course) {
      const kinds = new Map(rows.map(row => [row.candidate, kindOf(row)]));
      const ends = course.box === 100 ? this.say('%1, the end of the box', course.span_text) : course.span_text;
      refill(
        this._drawing,
        drawing(course, candidate => kinds.get(candidate) ?? 'mlee-grey'),
        el('p', { class: 'mleelab-ends' }, el('span', {}, '0'), el('span', {}, ends))
      );
    }
  }
}

function drawing({ looks, step, band, best, target, box, text }: Course, kind: (of: string) => string): SVGElement {
  const dots = looks.map(({ candidate, x, y, beyond, text: said }) =>
    svg(
      'svg',
      { class: kind(candidate), x: `${x}%`, y: `${y}%`, overflow: 'visible' },
      beyond
        ? svg('path', { class: 'mlee-dot', d: 'M-4 -6 L4 -6 L0 0 Z' }, svg('title', {}, said))
        : svg('circle', { class: 'mlee-dot', r: 3 }, svg('title', {}, said))
    )
  );
  const line = (shape: string, attributes: Record<string, string>) => svg('line', { class: shape, ...attributes });
  return svg(
    'svg',
    { class: 'mleelab-course', role: 'img', 'aria-label': text },
    svg('rect', { class: 'mlee-band', y: `${best}%`, width: '100%', height: `${Math.max(0, band - best)}%` }),
    target && line('mleelab-target', { x2: '100%', y1: `${target.y}%`, y2: `${target.y}%` }),
    box !== null && line('mleelab-box', { x1: `${box}%`, x2: `${box}%`, y2: '100%' }),
    ...stairs(step).map(([x1, y1, x2, y2]) =>
      line('mleelab-step', { x1: `${x1}%`, y1: `${y1}%`, x2: `${x2}%`, y2: `${y2}%` })
    ),
    ...dots
  );
}

/** From where the best one rose to where it rose again, along and up; the last one goes on to the end. */
function stairs(step: Course['step']): [number, number, number, number][] {
  const corners = step.map(([x = 0, y = 0]) => [x, y] as const);
  return corners.flatMap(([x, y], at): [number, number, number, number][] => {
    const [nextX, nextY] = corners[at + 1] ?? [100, y];
    return [
      [x, y, nextX, y],
      [nextX, y, nextX, nextY]
    ];
  });
}
