/** What a row of the board holds in it: why it stands there, what is known of it, and what to do with it. */

import { el } from './dom.js';
import { Say } from './format.js';
import { Line, notesOf } from './table.js';

export interface RowActions {
  goTo(candidate: string): void;
  decide(candidate: string): void;
  canDecide(): boolean;
  why(candidate: string): Promise<string>; // asks the kernel
}

export class Unfolded {
  constructor(
    private readonly actions: RowActions,
    private readonly say: Say
  ) {}

  of(row: Line, why: string): HTMLElement[] {
    const known = this._known(row);
    return [
      ...why.split('\n').map(line => el('p', {}, line)),
      ...(known ? [el('p', { class: 'mleelab-quiet' }, known)] : []),
      ...(row.symbol === '.' ? [] : [this._actions(row)]) // a free baseline has no cell
    ];
  }

  private _known(row: Line): string {
    const { say } = this;
    const { variants, variants_text, variant, spent_text, answer_text, simplicity_text } = row;
    return [
      variants > 1 ? say('%1, best: %2', variants_text, variant ?? '') : '',
      spent_text && say('%1 spent', spent_text),
      answer_text && say('%1 an answer', answer_text),
      simplicity_text && say('simplicity %1', simplicity_text),
      ...notesOf({ ...row, variants: 0 })
    ]
      .filter(Boolean)
      .join(' · ');
  }

  private _actions({ candidate, label, state, since, score_text }: Line): HTMLElement {
    const { actions, say } = this;
    const button = (text: string, name: string, disabled: boolean, click: () => void) =>
      el(
        'button',
        {
          type: 'button',
          class: 'mleelab-action',
          disabled,
          'aria-label': `${text}: ${label}`,
          'data-key': `${name} ${candidate}`,
          click
        },
        text
      );
    return el(
      'p',
      { class: 'mleelab-actions' },
      (state !== 'not tried yet' || since !== undefined) &&
        button(say('Go to cell'), 'go', false, () => actions.goTo(candidate)),
      (since === undefined || score_text !== '') &&
        button(say('Decide for this…'), 'decide-for', !actions.canDecide(), () => actions.decide(candidate))
    );
  }
}
