/** One candidate on a scoreboard, as elements: shapes beside words, drawings beside numbers, names as text. */

import { el } from './dom.js';
import { Say } from './format.js';
import { interval } from './interval.js';
import { kindOf, shapeOf } from './marks.js';
import { Column, Line, notesOf, Table } from './table.js';

/** How the rows of one place are drawn. */
export interface Look {
  say: Say;
  stacked: boolean; // the range stands below its score, where there is little room
  explains: boolean; // a row opens, and says why it stands there
  title: string; // of the buttons
}

export class RowDrawer {
  constructor(
    private readonly place: number,
    private readonly look: Look
  ) {}

  /** The row, and below it why it stands there, where that is asked. */
  draw(row: Line, table: Table, why: string | null): HTMLElement[] {
    const cells = table.columns.map(column => this._cell(row, column, table, why !== null));
    const made = el('tr', { class: kindOf(row) || null, 'data-row': row.candidate }, ...cells);
    if (why === null) {
      return [made];
    }
    const text = el('div', { role: 'status' }, why);
    return [made, el('tr', { class: 'mlee-why' }, el('td', { colspan: table.columns.length }, text))];
  }

  private _cell(row: Line, column: Column, table: Table, open: boolean): HTMLElement {
    const kind = kindOfCell(column);
    switch (column.of) {
      case 'label':
        return el('th', { scope: 'row', class: kind }, this._name(row, open));
      case 'range_text':
        return el('td', { class: kind }, reason(row), this._interval(row, table));
      case 'against_text':
        return el('td', { class: kind, title: row.because }, row.against_text);
      case 'score_text':
        return this.look.stacked
          ? el('td', { class: kind }, row.score_text, row.bar && this._interval(row, table), reason(row))
          : el('td', { class: kind }, row.score_text);
      case 'simplicity_text':
      case 'answer_text':
      case 'spent_text':
        return el('td', { class: kind }, row[column.of]);
    }
  }

  private _interval(row: Line, table: Table): HTMLElement {
    const drawn = interval(row, table.band, this.look.say);
    return el('span', { class: 'mlee-interval' }, el('span', {}, row.range_text), drawn);
  }

  private _name(row: Line, open: boolean): HTMLElement {
    const { explains } = this.look;
    const shown = el('bdi', { title: row.label.length > 24 ? row.label : null }, row.label);
    const leads = explains || row.symbol !== '.'; // a free baseline has no cell
    const button = leads ? this._button(row, open, shown) : el('span', { class: 'mlee-plain' }, shown);
    const notes = notesOf(row).join(', ');
    return el(
      'span',
      { class: 'mlee-name' },
      el('span', { class: 'mlee-shape', title: row.state, 'aria-hidden': 'true' }, shapeOf(row)),
      el(
        'span',
        {},
        button,
        el('small', { class: 'mlee-beside' }, row.against_text), // where there is no room for a column of it
        notes && el('small', { class: 'mlee-note' }, notes)
      )
    );
  }

  private _button(row: Line, open: boolean, shown: HTMLElement): HTMLElement {
    const { explains, title } = this.look;
    return el(
      'button',
      {
        type: 'button',
        class: 'mlee-ask',
        title: title || null,
        'aria-expanded': explains ? String(open) : null,
        'data-key': `row ${this.place} ${row.candidate}`
      },
      shown
    );
  }
}

/** The classes of a column's cells and head. */
export function kindOfCell({ of, kind }: Column): string | null {
  return [of === 'against_text' && 'mlee-word', kind].filter(Boolean).join(' ') || null;
}

/** Why there is no range; it stands where the range would. */
function reason(row: Line): HTMLElement | null {
  return row.reason ? el('small', { class: 'mlee-reason' }, row.reason) : null;
}
