/** The panel's boards: one figure for each truth, and what is said about them in words. */

import { el, refill } from './dom.js';
import { plainly, Say } from './format.js';
import { RowActions, Unfolded } from './fold.js';
import { legend } from './legend.js';
import { BoardFigure, BoardPart, Trial } from './messages.js';

import { Scoreboard } from './scoreboard.js';
import { Column, Line, Table } from './table.js';
import { ticked, withTrial } from './trial.js';

const FIRST = 30; // rows that are drawn before the reader scrolls

export class BoardView {
  readonly node = el('section', { class: 'mlee-board mleelab-board' });
  private readonly _notices = el('div');
  private readonly _tables = el('div');
  private readonly _words = el('div', { class: 'mleelab-words' });
  private readonly _boards: { board: Scoreboard; legend: HTMLElement; node: HTMLElement }[] = [];
  private readonly _unfolded: Unfolded;

  constructor(
    private readonly actions: RowActions,
    private readonly say: Say = plainly
  ) {
    this._unfolded = new Unfolded(actions, say);
    this.node.setAttribute('aria-label', say('Scoreboard'));
    this.node.append(this._notices, this._tables, this._words);
  }

  /** Show these boards, and those of their sentences that `wanted` lets through. */
  show(
    parts: BoardPart[],
    figures: readonly BoardFigure[],
    trial: Trial | null,
    words: string[],
    notices: string[],
    wanted: (line: string) => boolean
  ): void {
    const said = [...words, ...parts.flatMap(part => part.words)].filter(wanted);
    refill(this._notices, ...notices.map(line => el('p', { class: 'mleelab-notice' }, line)));
    refill(this._words, ...said.flatMap(line => [el('p', {}, line), ' ']));
    for (const left of this._boards.splice(parts.length)) {
      left.board.dispose();
      left.node.remove();
    }
    parts.forEach((part, place) => {
      const shown = this._board(place);
      const figure = figures[place];
      const table = tableOf(part, figure, parts.length > 1, this.say);
      shown.board.show(place === 0 ? withTrial(table, trial, this.say) : table);
      refill(shown.legend, ...legend(part, figure, this.say));
    });
  }

  /** The clock of the candidate that runs, once a second. */
  tick(): void {
    this.node.querySelectorAll<HTMLElement>('[data-from]').forEach(ticked);
  }

  private _board(place: number): { board: Scoreboard; legend: HTMLElement } {
    const there = this._boards[place];
    if (there) {
      return there;
    }
    const board = new Scoreboard(place, {
      say: this.say,
      fold: (row, why) => this._unfolded.of(row, why),
      first: FIRST,
      press: (row, of) => void this._press(row, of)
    });
    const below = el('p', { class: 'mleelab-legend-line' });
    const made = { board, legend: below, node: el('div', {}, board.node, below) };
    this._boards.push(made);
    this._tables.append(made.node);
    return made;
  }

  /** Unfold a row, or fold it; one that did not bring its explanation along is asked for. */
  private async _press(row: Line, board: Scoreboard): Promise<void> {
    const { candidate } = row;
    const isOpen = board.opened === candidate;
    for (const one of this._boards) {
      if (one.board.opened !== null) {
        one.board.explain(null);
      }
    }
    if (isOpen) {
      return;
    }
    board.explain(candidate, this.say('Asked. While a cell runs, the answer may have to wait for its end.'));
    if (typeof row.why !== 'string') {
      const text = await this.actions.why(candidate);
      if (board.opened === candidate) {
        board.explain(candidate, text);
      }
    }
  }
}

/** A part of the kernel's board, and its differences, as the scoreboard draws them. */
export function tableOf(part: BoardPart, figure: BoardFigure | undefined, several: boolean, say: Say): Table {
  return {
    caption: captionOf(part, figure, several, say),
    legend: '',
    band: part.axis?.band ?? null,
    columns: columns(figure, say),
    rows: part.rows.map((row, place) => ({ ...row, ...figure?.rows[place] })),
    hidden: part.rows_hidden,
    words: '',
    ...(figure && { figure })
  };
}

function captionOf(part: BoardPart, figure: BoardFigure | undefined, several: boolean, say: Say): string {
  const { label, direction, unit } = part.metric;
  const drawn = figure?.ticks.length
    ? figure.unit
      ? say('Points behind the best; right is better.')
      : say('How far behind the best; right is better.')
    : '';
  const of = [unit ? say('%1 in %2', label, unit) : label, !drawn && direction, part.n_text, part.effective_n_text];
  return [[...of, several && part.source_text].filter(Boolean).join(', '), drawn].filter(Boolean).join('. ');
}

function columns(figure: BoardFigure | undefined, say: Say): Column[] {
  const difference: Column = {
    of: 'difference',
    head: say('Against the best'),
    kind: 'mleelab-drawn',
    by: null,
    down: false
  };
  return [
    { of: 'label', head: say('Candidate'), kind: 'mleelab-named', by: 'label', down: false },
    { of: 'score_text', head: say('Score'), kind: 'mlee-number mleelab-scored', by: 'score', down: true },
    ...(figure?.ticks.length ? [difference] : []),
    { of: 'state', head: say('State'), kind: 'mleelab-stands', by: null, down: false }
  ];
}
