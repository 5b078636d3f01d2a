/** The time box as a bar with a segment for each candidate, and what happened as a list. */

import { el, name, refill } from './dom.js';
import { LATE, plainly, Say, timeText } from './format.js';
import { Segment, Status, TimelineEntry } from './messages.js';

export class TimeView {
  readonly node = el('section', { class: 'mleelab-time' });
  private readonly _said = el('span', { class: 'mleelab-used' });
  private readonly _over = el('span', { class: 'mleelab-mood' });
  private readonly _bar = el('div', { class: 'mleelab-segments', role: 'img' });
  private readonly _fold: HTMLElement;
  private readonly _legend = el('ul', { class: 'mleelab-legend' });

  constructor(private readonly say: Say = plainly) {
    this.node.setAttribute('aria-label', say('Time box'));
    const head = el('p', { class: 'mleelab-time-head' }, this._said, ' ', this._over);
    this._fold = el('details', {}, el('summary', {}, say('Where the time went')), this._legend);
    this.node.append(head, this._bar, this._fold);
  }

  /** The segments of a snapshot. */
  show(segments: readonly Segment[]): void {
    const parts = segments.map((part, index) => {
      const drawn = el('span', {
        class: `mleelab-segment mleelab-shade-${shade(part, index)}`,
        title: `${part.label}: ${part.text}`
      });
      drawn.style.width = `${part.width}%`;
      return drawn;
    });
    this._bar.setAttribute(
      'aria-label',
      segments.map(part => `${part.label} ${part.text}`).join(', ') || this.say('nothing used')
    );
    this._bar.replaceChildren(...parts);
    refill(
      this._legend,
      ...segments.map((part, index) =>
        el(
          'li',
          {},
          el('span', { class: `mleelab-key mleelab-shade-${shade(part, index)}` }),
          ' ',
          name(part.label),
          ` ${part.text}`
        )
      )
    );
    this._fold.hidden = segments.length === 0;
  }

  /** The clock, once a second. */
  tick(status: Status, used: number, resting: boolean): void {
    const box = status.box_seconds;
    const share = box ? used / box : 0;
    this._said.textContent = box
      ? this.say('%1 of %2', timeText(used), timeText(box))
      : this.say('%1, no time box', timeText(used));
    const late = status.state === 'open' && box !== null && share >= LATE;
    const left =
      box === null
        ? ''
        : share >= 1
          ? this.say('over by %1', timeText(used - box))
          : this.say('%1 left', timeText(box - used));
    const rests = resting ? this.say('the time rests until the next cell') : '';
    this._over.textContent =
      status.state === 'open' ? [left, rests].filter(Boolean).join(', ') : this.say(status.state);
    this.node.dataset.mood = late ? (share >= 1 ? 'over' : 'late') : 'calm';
  }
}

export class TimelineView {
  readonly node = el('details', { class: 'mleelab-timeline' });

  constructor(private readonly say: Say = plainly) {}

  show(entries: readonly TimelineEntry[]): void {
    refill(
      this.node,
      el('summary', { 'data-key': 'timeline' }, this.say('What happened (%1)', entries.length)),
      el(
        'ol',
        {},
        ...entries.map(entry =>
          el(
            'li',
            { class: `mleelab-${entry.kind}` },
            el('time', { datetime: entry.at }, entry.at_text),
            ' ',
            name(entry.text, { title: null })
          )
        )
      )
    );
    this.node.hidden = entries.length === 0;
  }
}

function shade(part: Segment, index: number): string {
  return part.kind === 'candidate' ? String(index % 8) : part.kind;
}
