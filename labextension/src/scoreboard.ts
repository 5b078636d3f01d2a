/**
 * The one scoreboard of the browser, drawn in the panel and in the live board: sorted, filtered, walked by keyboard.
 *
 * Texts, drawings and their places arrive finished; only the order and the choice of rows are made here, over all of
 * them. The frame stays while rows come and go, and so does what is typed into it.
 */

import { axis } from './difference.js';
import { el, refill } from './dom.js';
import { countOf } from './format.js';
import { growing } from './growing.js';
import { kindOfCell, Look, RowDrawer } from './row.js';
import { Column, Line, MOST_ROWS, Order, OWN, pageOf, Table, turned } from './table.js';
import { enter, walk } from './walking.js';

const FILTER_FROM = 7; // rows from which a filter is of use

export interface Manner extends Look {
  first: number; // rows that are drawn at once; the others, up to 200, when they come near
  press: (row: Line, board: Scoreboard) => void;
}

export class Scoreboard {
  readonly node: HTMLElement;
  private readonly _rows: RowDrawer;
  private readonly _headRow = el('tr');
  private readonly _caption = el('caption');
  private readonly _body = el('tbody', { click: event => this._clicked(event.target as Element) });
  private readonly _count = el('p', { class: 'mlee-count', role: 'status' });
  private readonly _filter: HTMLInputElement;
  private readonly _whole: HTMLElement;
  private readonly _scroll: HTMLElement;
  private _table: Table | null = null;
  private _order: Order = OWN;
  private _drawn = 0; // rows that the reader has scrolled to
  private _open: { candidate: string; text: string } | null = null;
  private _stop: () => void = () => undefined;

  constructor(
    private readonly place: number, // of several boards
    private readonly manner: Manner
  ) {
    const { say } = manner;
    this._rows = new RowDrawer(place, manner);
    this._filter = el('input', {
      type: 'search',
      class: 'mlee-filter',
      placeholder: say('Filter candidates'),
      'aria-label': say('Filter candidates'),
      'data-key': `filter ${place}`,
      input: () => this._again()
    });
    this._whole = el('table', { class: 'mlee-table' }, this._caption, el('thead', {}, this._headRow), this._body);
    this._whole.addEventListener('keydown', walk);
    this._scroll = el('div', { class: 'mlee-scroll' }, this._whole);
    this.node = el('div', { class: 'mlee-part' }, this._filter, this._scroll, this._count);
  }

  /** The candidate whose explanation stands below it. */
  get opened(): string | null {
    return this._open?.candidate ?? null;
  }

  show(table: Table): void {
    this._table = table;
    this._caption.textContent = table.caption;
    this._filter.hidden = table.rows.length < FILTER_FROM && !this._filter.value;
    this._scroll.hidden = !table.rows.length;
    this._heads();
    this._draw();
  }

  /** Say below a row why it stands there; null: below none. A row that brought its own explanation says that one. */
  explain(candidate: string | null, text = ''): void {
    this._open = candidate === null ? null : { candidate, text };
    this._draw();
  }

  dispose(): void {
    this._stop();
  }

  private _again(): void {
    this._drawn = 0;
    this._draw();
  }

  private _heads(): void {
    refill(this._headRow, ...(this._table?.columns ?? []).map(column => this._head(column)));
  }

  private _head(column: Column): HTMLElement {
    const { of, head, by, title } = column;
    const kind = kindOfCell(column);
    if (!by) {
      const figure = of === 'difference' ? this._table?.figure : undefined;
      return el('th', { scope: 'col', class: kind }, figure ? axis(figure, this.manner.say) : head);
    }
    const sorted = this._order.by !== by ? 'none' : this._order.down ? 'descending' : 'ascending';
    const mark = { none: '', ascending: ' ▴', descending: ' ▾' }[sorted];
    const click = () => {
      this._order = turned(this._order, column);
      this._heads();
      this._again();
    };
    const turn = { type: 'button', title: title ?? null, 'data-key': `sort ${this.place} ${of}`, click };
    const button = el('button', turn, head, el('span', { 'aria-hidden': 'true' }, mark));
    return el('th', { scope: 'col', class: kind, 'aria-sort': sorted }, button);
  }

  private _draw(): void {
    const table = this._table;
    if (!table) {
      return;
    }
    this._stop();
    const page = pageOf(table.rows, this._order, this._filter.value);
    const make = (row: Line) => this._rows.draw(row, table, this._why(row));
    const drawn = Math.max(this._drawn, this.manner.first);
    refill(this._body, ...page.rows.slice(0, drawn).flatMap(make));
    enter(this._whole);
    this._stop = growing(this._body, this._count, page.rows, drawn, make, rows => {
      this._drawn = rows;
      enter(this._whole);
    });
    this._tell(table, page.found);
  }

  private _why(row: Line): string | null {
    return row.candidate === this._open?.candidate ? (row.why ?? this._open.text) : null;
  }

  /** How many there are; set only where it changes, as a reader reads it aloud. */
  private _tell({ rows, hidden }: Table, found: number): void {
    const { say } = this.manner;
    const undrawn = found - Math.min(found, MOST_ROWS);
    const said = [
      !rows.length && say('No candidate yet: %1 records one.', '%%mlee_candidate NAME'),
      this._filter.value.trim() && say('%1 of %2.', countOf(found), countOf(rows.length)),
      undrawn > 0 && say('%1 more, not drawn: filter or sort to find them.', countOf(undrawn)),
      hidden > 0 && say('%1 more, not sent: %2 has all of them.', countOf(hidden), 'exp.scoreboard()')
    ]
      .filter(Boolean)
      .join(' ');
    if (this._count.textContent !== said) {
      this._count.textContent = said;
    }
  }

  /** A row is pressed anywhere. */
  private _clicked(target: Element): void {
    const candidate = target.closest<HTMLElement>('tr[data-row]')?.dataset.row;
    const row = this._table?.rows.find(one => one.candidate === candidate);
    if (row) {
      this.manner.press(row, this);
    }
  }
}
