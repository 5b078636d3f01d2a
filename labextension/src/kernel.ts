/** What the kernel behind a notebook does just now. */

import { PageConfig } from '@jupyterlab/coreutils';
import { NotebookPanel } from '@jupyterlab/notebook';
import { Kernel, KernelAPI } from '@jupyterlab/services';
import { JSONObject } from '@lumino/coreutils';

export function statusOf(panel: NotebookPanel): Kernel.Status | undefined {
  return panel.sessionContext.session?.kernel?.status;
}

/** Whether it works, or cells of this notebook wait for it. */
export function isBusy(panel: NotebookPanel): boolean {
  return statusOf(panel) === 'busy' || panel.content.widgets.some(isRunning);
}

/** A cell that runs, or waits to be run. */
function isRunning(cell: { model: object }): boolean {
  return 'executionState' in cell.model && cell.model.executionState === 'running';
}

/** Whether the server saw the kernel work last. */
export async function busyByServer(kernel: Kernel.IKernelConnection): Promise<boolean> {
  const model = await KernelAPI.getKernelModel(kernel.id, kernel.serverSettings).catch(() => undefined);
  return model !== undefined && 'execution_state' in model && model.execution_state === 'busy';
}

/** What a page says of itself. */
export function greeting(path: string, experiment: string | null, idleMinutes: number | null): JSONObject {
  return { path, root: PageConfig.getOption('serverRoot') || null, experiment, idle_minutes: idleMinutes };
}
