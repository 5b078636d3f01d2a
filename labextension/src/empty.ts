/** What the panel says where there is no board, and where the board is not live. */

import { CommandRegistry } from '@lumino/commands';
import { Child, el, name, refill } from './dom.js';
import { momentText, Say } from './format.js';
import { startedBy } from './resuming.js';
import { NotebookState } from './state.js';
import { waiting } from './waiting.js';

const NAME = '\u0000'; // where a name will stand
const LOAD = '%load_ext mlee_jupyter';

/** An invitation instead of a board, or the way back to an experiment that the kernel does not know of yet. */
export function drawEmpty(
  holder: HTMLElement,
  state: NotebookState | null,
  commands: CommandRegistry,
  resume: () => void,
  say: Say
): void {
  const board = state?.snapshot?.board ?? null;
  const found = state?.hasKernel && !state.connected && !state.seeking ? startedBy(state) : null;
  const started = found?.ran || board ? found : null;
  holder.hidden = state !== null && (board !== null || state.seeking) && !started;
  if (!state) {
    refill(holder, el('p', {}, say('Open a notebook to see its experiment here.')));
    return;
  }
  if (holder.hidden) {
    refill(holder);
    return;
  }
  const button = (label: string, key: string, click: () => void) =>
    el('button', { type: 'button', class: 'jp-mod-styled jp-mod-accept', 'data-key': key, click }, label);
  if (started) {
    const load = button(say('Load and resume'), 'resume', resume);
    refill(
      holder,
      el('p', {}, ...around(say('This notebook runs %1.', NAME), name(started.name))),
      waiting(load, state.desk.of('resume'), () => state.desk.cancel('resume'), say)
    );
    return;
  }
  refill(
    holder,
    el('p', {}, say('An experiment asks one question and ends on time.')),
    el('p', {}, say('It says which candidates can be told apart, and which cannot.')),
    button(say('Start an experiment…'), 'start', () => void commands.execute('mlee:start')),
    el(
      'p',
      { class: 'mleelab-quiet' },
      ...whole(say('Or in a cell: %1, then %2', LOAD, '%%mlee_experiment start NAME --budget 6h'))
    )
  );
}

/** A text with an element where its placeholder stands. */
function around(text: string, element: HTMLElement): Child[] {
  const [before, after] = text.split(NAME, 2);
  return [before, element, after];
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
  const connecting = state.seeking ? (state.running ? say('Connecting: the kernel is busy.') : say('Connecting…')) : '';
  if (!snapshot?.board) {
    return connecting;
  }
  const at = keptAt ? momentText(keptAt) : '';
  if (source === 'saved') {
    if (state.connected) {
      return say('As it was at %1. No experiment is open in this kernel.', at);
    }
    if (connecting) {
      return say('As it was at %1. %2', at, connecting);
    }
    return state.hasKernel
      ? say('As it was at %1. Run %2 to see it live.', at, LOAD)
      : say('As it was at %1; no kernel runs.', at);
  }
  if (connecting) {
    return connecting;
  }
  return snapshot.open
    ? ''
    : say('Read from the store: the experiment is not open in this kernel. Run the cell that starts it.');
}
