/** One candidate on a scoreboard, as elements: shapes beside words, drawings beside numbers, names as text. */

import { difference } from './difference.js';
import { Child, el } from './dom.js';
import { countOf, Say } from './format.js';
import { interval } from './interval.js';
import { kindOf, shapeOf } from './marks.js';
import { ticking } from './trial.js';
import { Column, Line, notesOf, Table, wordOf } from './table.js';

/** How the rows of one place are drawn. */
export interface Look {
  say: Say;
  fold?: (row: Line, why: string) => Child[]; // what opens below a row of one line; without it the text, and rows have notes
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
    const { fold } = this.look;
    const text = fold ? fold(row, why) : [el('div', { role: 'status' }, why)];
    return [made, el('tr', { class: 'mlee-why' }, el('td', { colspan: table.columns.length }, ...text))];
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
        return el('td', { class: kind }, row.score_text);
      case 'difference':
        return el('td', { class: kind, title: row.line?.text ?? null }, table.figure && difference(row, table.figure));
      case 'state':
        return el('td', { class: kind, title: row.reason ?? row.because ?? row.against_text }, ...this._word(row));
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
    const lined = Boolean(this.look.fold);
    const shown = el('bdi', { title: lined || row.label.length > 24 ? row.label : null }, row.label);
    const key = `row ${this.place} ${row.candidate}`;
    const button = el(
      'button',
      { type: 'button', class: 'mlee-ask', 'aria-expanded': String(open), 'data-key': key },
      shown
    );
    return el(
      'span',
      { class: 'mlee-name' },
      el(
        'span',
        { class: 'mlee-shape', title: row.state, 'aria-hidden': 'true' },
        row.since === undefined ? shapeOf(row) : '⟳'
      ),
      ...(lined ? [button, this._times(row), this._beside(row)] : [this._noted(row, button)])
    );
  }

  /** The name, and below it what is to be noted. */
  private _noted(row: Line, button: HTMLElement): HTMLElement {
    const notes = notesOf(row).join(', ');
    return el(
      'span',
      {},
      button,
      el('small', { class: 'mlee-beside' }, row.against_text), // where there is no room for a column of it
      notes && el('small', { class: 'mlee-note' }, notes)
    );
  }

  /** How it stands; of what runs since when. */
  private _word(row: Line): Child[] {
    return row.since === undefined ? [wordOf(row)] : [this.look.say('running'), ' ', ticking(row.since)];
  }

  /** The same below the name, where there is no room for a column of it. */
  private _beside(row: Line): HTMLElement {
    return el('small', { class: 'mlee-beside' }, ...this._word(row));
  }

  /** How many variants were tried, where it is more than two. */
  private _times({ variants, variants_text }: Line): Child {
    return variants > 2 && el('small', { class: 'mleelab-times', title: variants_text }, `×${countOf(variants)}`);
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
