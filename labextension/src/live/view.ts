/** One look at a live board: an experiment's head, its scoreboards, what was found. Draws what the kernel sends. */

import { el, refill } from '../dom.js';
import { plainly as say } from '../format.js';
import type { LiveView } from '../messages.js';
import { Scoreboard } from '../scoreboard.js';
import { Line, MOST_ROWS, Table } from '../table.js';
import { isAnswer, LiveModel, viewOf } from './model.js';
import { findings, found, head } from './said.js';
import { tablesOf } from './tables.js';

const BUSY = say('Asked. While a cell runs, the answer may have to wait for its end.');
const GONE = say('The kernel is gone: this board is the last one. Run the cell again for a living one.');

interface Part {
  node: HTMLElement;
  board: Scoreboard;
  foot: HTMLElement;
}

export class BoardWindow {
  private readonly _id = Array.from(crypto.getRandomValues(new Uint32Array(2)), one => one.toString(36)).join('');
  private readonly _parts: Part[] = [];
  private readonly _top = el('div');
  private readonly _middle = el('div');
  private readonly _bottom = el('div');
  private readonly _gone = el('p', { role: 'status', class: 'mlee-gone' });
  private readonly _root: HTMLElement;
  private _frame = 0;
  private _real: { comm_live?: boolean } | undefined;

  constructor(
    private readonly model: LiveModel,
    holder: HTMLElement
  ) {
    this._root = el(
      'div',
      {
        class: 'mlee-board mlee-live mathjax_ignore tex2jax_ignore',
        role: 'region',
        'data-lm-suppress-shortcuts': 'true', // the page's own (Enter, arrows, "dd") stay out while the focus is in here
        keydown: event => event.stopPropagation()
      },
      this._top,
      this._middle,
      this._bottom,
      this._gone
    );
    holder.append(this._root);
    model.on('change:view', this._changed);
    model.on('msg:custom', this._answered);
    model.on('comm_live_update', this._changed);
    model.send({ kind: 'here', view: this._id });
    this._draw();
    void this._findModel();
  }

  dispose(): void {
    cancelAnimationFrame(this._frame);
    this._parts.forEach(({ board }) => board.dispose());
    this.model.off('change:view', this._changed);
    this.model.off('msg:custom', this._answered);
    this.model.off('comm_live_update', this._changed);
    this.model.send({ kind: 'gone', view: this._id });
  }

  /** What a widget is given does not know whether its kernel lives; the page's own model of it does. */
  private async _findModel(): Promise<void> {
    try {
      this._real = await this.model.widget_manager?.get_model?.(this.model.get('me'));
    } catch {
      return; // a page that keeps its models to itself
    }
  }

  /** Whether a kernel is behind it, where the page can tell. */
  private get _isLive(): boolean {
    return this._real?.comm_live !== false;
  }

  /** Draw in the next frame: once for many changes, and not at all in a page that nobody sees. */
  private _changed = (): void => {
    cancelAnimationFrame(this._frame);
    this._frame = requestAnimationFrame(() => this._draw());
  };

  private _draw(): void {
    const view = viewOf(this.model);
    if (!view) {
      return;
    }
    this._root.setAttribute('aria-label', say('Scoreboard of %1', view.title));
    refill(this._top, head(view, this._isLive ? `${view.clock} · live` : view.clock), findings(view.errors));
    this._drawBoards(tablesOf(view));
    this._gone.textContent = this._isLive ? '' : GONE;
    this._drawBottom(view);
  }

  private _drawBoards(tables: readonly Table[]): void {
    for (const { board, node } of this._parts.splice(tables.length)) {
      board.dispose();
      node.remove();
    }
    tables.forEach((table, place) => {
      const { board, foot } = this._part(place);
      board.show(table);
      refill(
        foot,
        table.words && el('p', {}, table.words),
        table.legend && el('p', { class: 'mlee-legend' }, table.legend)
      );
    });
  }

  private _part(place: number): Part {
    const there = this._parts[place];
    if (there) {
      return there;
    }
    const press = (row: Line, board: Scoreboard) => this._explain(row, board);
    const board = new Scoreboard(place, { say, first: MOST_ROWS, press });
    const foot = el('div');
    const made = { board, foot, node: el('div', {}, board.node, foot) };
    this._parts.push(made);
    this._middle.append(made.node);
    return made;
  }

  private _drawBottom(view: LiveView): void {
    const isOpen = this._bottom.querySelector('details')?.open ?? false;
    refill(this._bottom, ...[...view.words, ...view.notices].map(line => el('p', {}, line)), found(view, isOpen));
  }

  /** Open a row's explanation or close it; asks the kernel for one that did not come along. */
  private _explain(row: Line, board: Scoreboard): void {
    const isOpen = board.opened === row.candidate;
    for (const one of this._parts) {
      if (one.board.opened !== null) {
        one.board.explain(null);
      }
    }
    if (isOpen) {
      return;
    }
    board.explain(row.candidate, this._isLive ? BUSY : GONE);
    if (typeof row.why !== 'string') {
      this.model.send({ kind: 'why', view: this._id, key: row.candidate });
    }
  }

  private _answered = (message?: unknown): void => {
    if (!isAnswer(message) || message.view !== this._id) {
      return;
    }
    for (const { board } of this._parts) {
      if (board.opened === message.key) {
        board.explain(message.key, message.text);
      }
    }
  };
}
