/** The time box as a bar with a segment for each candidate, and what happened as a list. */

import { chip } from './answers.js';
import { el, name, refill } from './dom.js';
import { LATE, plainly, Say, timeText } from './format.js';
import { Segment, Status, TimelineEntry } from './messages.js';

export class TimeView {
  readonly head = el('div', { class: 'mleelab-time' }); // the chip and the clock
  readonly node = el('section', { class: 'mleelab-went' });
  private readonly _chip = el('span');
  private readonly _said = el('span', { class: 'mleelab-used' });
  private readonly _over = el('span', { class: 'mleelab-mood' });
  private readonly _bar = el('div', { class: 'mleelab-segments', role: 'img' });
  private readonly _fold: HTMLElement;
  private readonly _legend = el('ul', { class: 'mleelab-legend' });
  private readonly _ahead = el('p');

  constructor(private readonly say: Say = plainly) {
    this.node.setAttribute('aria-label', say('Time box'));
    const clock = el('p', { class: 'mleelab-time-head' }, this._chip, ' ', this._said, ' ', this._over);
    this.head.append(clock, this._ahead);
    const summary = el('summary', { 'data-key': 'went' }, say('Where the time went'));
    this._fold = el('details', {}, summary, this._legend);
    this.node.append(this._bar, this._fold);
  }

  /** The segments of a snapshot, and what is still ahead. */
  show(segments: readonly Segment[], ahead: string): void {
    this._ahead.textContent = ahead;
    this._ahead.hidden = !ahead;
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
    this.node.hidden = segments.length === 0;
  }

  /** The clock, once a second. */
  tick(status: Status, used: number, resting: boolean): void {
    const box = status.box_seconds;
    const share = box ? used / box : 0;
    this._said.textContent = box
      ? this.say('%1 of %2', timeText(used), timeText(box))
      : this.say('%1, no time box', timeText(used));
    const late = status.state === 'open' && box !== null && share >= LATE;
    const [word, mood] = chipOf(status, used, this.say);
    if (this._chip.textContent !== word) {
      this._chip.replaceChildren(...(word ? [chip(word, mood)] : []));
    }
    const left =
      box === null
        ? ''
        : share >= 1
          ? this.say('over by %1', timeText(used - box))
          : this.say('%1 left', timeText(box - used));
    const rests = resting ? this.say('the time rests until the next cell') : '';
    this._over.textContent = status.state === 'open' ? [left, rests].filter(Boolean).join(', ') : '';
    this.head.dataset.mood = late ? (share >= 1 ? 'over' : 'late') : 'calm';
  }
}

/** How long it takes, in a word, and how that looks; no word where there is no box to be in. */
export function chipOf(
  { state, box_seconds: box, needed_seconds: needed }: Status,
  used: number,
  say: Say
): [word: string, mood: string] {
  if (state !== 'open') {
    return [say(state.charAt(0).toUpperCase() + state.slice(1)), 'calm'];
  }
  if (box === null) {
    return ['', 'calm'];
  }
  if (used >= box) {
    return [say('Over'), 'bad'];
  }
  return used + (needed ?? 0) > box ? [say('Late'), 'open'] : [say('In time'), 'good'];
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
