/** A notebook that ran an experiment, in a kernel that does not know of it yet. */

import { NotebookActions } from '@jupyterlab/notebook';
import { experimentOf } from './cells.js';
import { Say } from './format.js';
import { NotebookState } from './state.js';

const LOAD = '%load_ext mlee_jupyter';

export interface Started {
  name: string;
  index: number; // of the cell
  line: string;
  ran: boolean; // the cell was run, by whatever kernel: what nobody ran is not resumed
}

/** The experiment that a notebook starts, by its first cell that does; null: none. */
export function startedBy(state: NotebookState): Started | null {
  for (const [index, cell] of [...(state.panel.content.model?.cells ?? [])].entries()) {
    const found = cell.type === 'code' ? experimentOf(cell.sharedModel.getSource()) : null;
    if (found) {
      return { ...found, index, ran: 'executionCount' in cell && cell.executionCount !== null };
    }
  }
  return null;
}

/** Load the extension, then run the cell that starts the experiment; gives back what went wrong, empty: nothing. */
export async function loadAndResume(state: NotebookState, say: Say): Promise<string> {
  const { content, sessionContext } = state.panel;
  const kernel = sessionContext.session?.kernel;
  const started = startedBy(state);
  if (!kernel || !started) {
    return say('No kernel runs for this notebook.');
  }
  const loaded = await kernel.requestExecute({ code: LOAD, store_history: false }).done;
  if (loaded.content.status !== 'ok') {
    return say('mlee_jupyter is not installed in the kernel of this notebook.');
  }
  if (started.line.startsWith('%%')) {
    content.activeCellIndex = started.index;
    content.deselectAll();
    await NotebookActions.run(content, sessionContext);
    return '';
  }
  const resumed = await kernel.requestExecute({ code: started.line, store_history: false }).done; // not what stands beside it
  return resumed.content.status === 'ok' ? '' : say('The experiment could not be resumed: run its cell.');
}
