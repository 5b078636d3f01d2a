/** The scoreboard: sorted, filtered, walked by keyboard; at most 200 rows are drawn. */

import { el, name, refill } from './dom.js';
import { countOf, plainly, Say } from './format.js';
import { FIRST, growing } from './growing.js';
import { interval } from './interval.js';
import { MOODS, SHAPES } from './marks.js';
import { BoardPart, Row } from './messages.js';
import { Column, Order, pageOf, turned } from './table.js';
import { walk } from './walking.js';

const FILTER_FROM = 7; // rows from which a filter is of use

export class BoardView {
  readonly node = el('section', { class: 'mleelab-board' });
  private _orders = new Map<number, Order>();
  private _filters = new Map<number, string>();
  private _drawn = new Map<number, number>(); // rows that the reader has scrolled to
  private _stop = new Map<number, () => void>();
  private _parts: BoardPart[] = [];
  private _again: () => void = () => undefined;

  constructor(
    private readonly goTo: (candidate: string) => void,
    private readonly say: Say = plainly
  ) {
    this.node.setAttribute('aria-label', say('Scoreboard'));
  }

  /** Show these boards, one for each truth, and those of their sentences that `wanted` lets through. */
  show(parts: BoardPart[], words: string[], notices: string[], wanted: (line: string) => boolean): void {
    this._parts = parts;
    this._again = () => this.show(parts, words, notices, wanted);
    const said = [...words, ...parts.flatMap(part => part.words)].filter(wanted);
    refill(
      this.node,
      ...notices.map(line => el('p', { class: 'mleelab-notice' }, line)),
      ...parts.map((part, index) => this._part(part, index)),
      said.length > 0 && el('div', { class: 'mleelab-words' }, ...said.map(line => el('p', {}, line)))
    );
  }

  private _part(part: BoardPart, index: number): HTMLElement {
    const body = el('tbody');
    const count = el('p', { class: 'mleelab-count', role: 'status' });
    const heads = this._heads(index);
    const table = el(
      'table',
      { class: 'mleelab-table' },
      this._caption(part),
      el('thead', {}, el('tr', {}, ...heads)),
      body
    );
    body.addEventListener('keydown', walk);
    const draw = () => {
      const page = pageOf(part.rows, this._order(index), this._filters.get(index) ?? '');
      const make = (row: Row) => this._row(row, part);
      this._stop.get(index)?.();
      refill(body, ...page.rows.slice(0, this._drawn.get(index) ?? FIRST).map(make));
      this._stop.set(
        index,
        growing(body, count, page.rows, make, rows => this._drawn.set(index, rows))
      );
      const hidden = page.found - page.rows.length;
      const filtered = (this._filters.get(index) ?? '').trim();
      count.textContent = [
        filtered ? this.say('%1 of %2', countOf(page.found), countOf(part.rows.length)) : '',
        hidden > 0 ? this.say('%1 more, not shown: filter to find them', countOf(hidden)) : '',
        part.rows_hidden > 0 ? this.say('%1 more in %2', countOf(part.rows_hidden), '%mlee_scoreboard') : ''
      ]
        .filter(Boolean)
        .join('. ');
    };
    draw();
    if (!part.rows.length) {
      return el(
        'div',
        {},
        el('p', { class: 'mleelab-quiet' }, this.say('No candidate yet: %1 records one.', '%%mlee_candidate NAME'))
      );
    }
    return el(
      'div',
      { class: 'mleelab-part' },
      part.rows.length >= FILTER_FROM && this._filter(index, draw),
      table,
      count
    );
  }

  private _filter(index: number, draw: () => void): HTMLElement {
    return el('input', {
      type: 'search',
      class: 'mleelab-filter jp-mod-styled',
      placeholder: this.say('Filter candidates'),
      'aria-label': this.say('Filter candidates'),
      value: this._filters.get(index) ?? '',
      'data-key': `filter ${index}`,
      input: event => {
        this._filters.set(index, (event.target as HTMLInputElement).value);
        this._drawn.delete(index);
        draw();
      }
    });
  }

  private _order(index: number): Order {
    return this._orders.get(index) ?? { column: 'rank', descending: false };
  }

  private _caption(part: BoardPart): HTMLElement {
    const { label, direction, unit } = part.metric;
    const said = [unit ? this.say('%1 in %2', label, unit) : label, direction, part.n_text, part.effective_n_text];
    if (this._parts.length > 1) {
      said.push(part.source_text);
    }
    return el('caption', {}, said.filter(Boolean).join(', '));
  }

  private _heads(index: number): HTMLElement[] {
    const order = this._order(index);
    const heads: [Column, string, string][] = [
      ['rank', '', this.say('Order of the board')],
      ['candidate', this.say('Candidate'), ''],
      ['score', this.say('Score'), ''],
      ['against', this.say('Against the best'), ''],
      ['simplicity', this.say('Simple'), this.say('1 is simplest')],
      ['spent', this.say('Spent'), this.say('Working time')]
    ];
    return heads.map(([column, text, title]) => {
      const sorted = order.column === column ? (order.descending ? 'descending' : 'ascending') : 'none';
      const mark = sorted === 'none' ? '' : order.descending ? ' ▾' : ' ▴';
      const button = el(
        'button',
        {
          type: 'button',
          title: title || null,
          'aria-label': text ? null : title,
          'data-key': `sort ${index} ${column}`,
          click: () => {
            this._orders.set(index, turned(this._order(index), column));
            this._drawn.delete(index);
            this._again();
          }
        },
        (text || '#') + mark
      );
      return el('th', { scope: 'col', class: `mleelab-col-${column}`, 'aria-sort': sorted }, button);
    });
  }

  private _row(row: Row, part: BoardPart): HTMLElement {
    const notes = row.notes.filter(note => note !== row.reason);
    if (row.variants > 2) {
      notes.push(row.variants_text);
    }
    const mood = MOODS[row.state] ?? 'grey';
    const picked = row.recommended || row.mark === 'chosen' ? ' mleelab-pick' : '';
    const button = el(
      'button',
      {
        type: 'button',
        class: 'mleelab-link',
        title: this.say('Go to its cell'),
        'data-key': `row ${row.candidate}`,
        click: () => this.goTo(row.candidate)
      },
      name(row.label)
    );
    return el(
      'tr',
      { class: `mleelab-row mleelab-${mood}${picked}` },
      el(
        'td',
        { class: 'mleelab-col-rank' },
        el('span', { class: 'mleelab-shape', title: row.state }, SHAPES[row.symbol] ?? row.symbol)
      ),
      el(
        'th',
        { scope: 'row', class: 'mleelab-col-candidate' },
        button,
        el('small', { class: 'mleelab-against' }, row.against_text),
        notes.length > 0 && el('small', {}, notes.join(', '))
      ),
      el(
        'td',
        { class: 'mleelab-col-score' },
        row.score_text,
        interval(row, part, this.say),
        row.reason && el('small', {}, row.reason)
      ),
      el('td', { class: 'mleelab-col-against', title: row.because }, row.against_text),
      el('td', { class: 'mleelab-col-simplicity' }, row.simplicity_text),
      el('td', { class: 'mleelab-col-spent' }, row.spent_text)
    );
  }
}
