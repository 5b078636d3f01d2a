/** What can be done with an experiment, at the top of the panel. */

import { CommandRegistry } from '@lumino/commands';
import { Actions } from './actions.js';
import { el, refill } from './dom.js';
import { LATE, Say } from './format.js';
import { Snapshot } from './messages.js';
import { NotebookState } from './state.js';
import { waiting } from './waiting.js';

export function drawButtons(
  holder: HTMLElement,
  state: NotebookState | null,
  { board, open: isOpen, status }: Snapshot,
  actions: Actions,
  commands: CommandRegistry,
  say: Say
): void {
  const button = (label: string, key: string, enabled: boolean, click: () => void, kind = '') =>
    waiting(
      el(
        'button',
        { type: 'button', class: `jp-mod-styled ${kind}`, disabled: !enabled, 'data-key': key, click },
        label
      ),
      state?.desk.of(key) ?? 'no',
      () => state?.desk.cancel(key),
      say
    );
  const run = (command: string) => () => void commands.execute(command);
  const open = (state?.connected ?? false) && isOpen;
  const decided = Boolean(board?.decided);
  const box = status?.state === 'open' ? status.box_seconds : null;
  const late = box !== null && status !== null && status.used_seconds >= LATE * box;
  refill(
    holder,
    button(decided ? say('Decide again…') : say('Decide…'), 'decide', open, run('mlee:decide'), 'jp-mod-accept'),
    decided && button(say('Undo the decision'), 'undo', open, () => state && void actions.undo(state)),
    late && button(say('Extend…'), 'extend', open, () => state && void actions.extend(state)),
    button(say('Package…'), 'convert', true, run('mlee:convert'))
  );
}
