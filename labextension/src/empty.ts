/** What the panel says where there is no board, and where the board is not live. */

import { CommandRegistry } from '@lumino/commands';
import { Child, el, refill } from './dom.js';
import { momentText, Say } from './format.js';
import { NotebookState } from './state.js';

const LOAD = '%load_ext mlee_jupyter';

/** An invitation instead of a board. */
export function drawEmpty(holder: HTMLElement, state: NotebookState | null, commands: CommandRegistry, say: Say): void {
  holder.hidden = Boolean(state?.snapshot?.board);
  if (!state) {
    refill(holder, el('p', {}, say('Open a notebook to see its experiment here.')));
    return;
  }
  const start = () => void commands.execute('mlee:start');
  refill(
    holder,
    el('p', {}, say('An experiment asks one question and ends on time.')),
    el('p', {}, say('It says which candidates can be told apart, and which cannot.')),
    el(
      'button',
      { type: 'button', class: 'jp-mod-styled jp-mod-accept', 'data-key': 'start', click: start },
      say('Start an experiment…')
    ),
    el(
      'p',
      { class: 'mleelab-quiet' },
      ...whole(say('Or in a cell: %1, then %2', LOAD, '%%mlee_experiment start NAME --budget 6h'))
    )
  );
}

/** Words that a line does not break inside of, such as --budget. */
function whole(text: string): Child[] {
  return text.split(' ').flatMap(word => [el('span', { class: 'mleelab-whole' }, word), ' ']);
}

/** How far what is shown is from what is so; empty: it is live. */
export function standing(state: NotebookState, say: Say): string {
  if (state.trouble) {
    return state.trouble;
  }
  const { snapshot, source, keptAt } = state;
  if (!snapshot?.board) {
    return '';
  }
  const at = keptAt ? momentText(keptAt) : '';
  if (source === 'saved') {
    if (state.connected) {
      return say('As it was at %1. No experiment is open in this kernel.', at);
    }
    return state.hasKernel
      ? say('As it was at %1. Run %2 to see it live.', at, LOAD)
      : say('As it was at %1; no kernel runs.', at);
  }
  return snapshot.open
    ? ''
    : say('Read from the store: the experiment is not open in this kernel. Run the cell that starts it.');
}
