/** Whether a notebook's cells are those of its file: fresh outputs alone are no edits. */

import { JupyterFrontEnd } from '@jupyterlab/application';
import { INotebookModel } from '@jupyterlab/notebook';

interface CellOnDisk {
  cell_type?: unknown;
  source?: unknown; // a text, or its lines
}

export async function isAsSaved(app: JupyterFrontEnd, model: INotebookModel, path: string): Promise<boolean> {
  const file = await app.serviceManager.contents.get(path, { content: true, type: 'notebook' }).catch(() => null);
  const there = (file?.content as { cells?: CellOnDisk[] } | undefined)?.cells;
  const here = [...model.cells];
  return (
    there?.length === here.length &&
    here.every((cell, i) => cell.type === there[i]?.cell_type && cell.sharedModel.getSource() === textOf(there[i]))
  );
}

function textOf(cell: CellOnDisk): string {
  return Array.isArray(cell.source) ? cell.source.join('') : String(cell.source);
}
