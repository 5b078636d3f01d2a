/** The form that writes the cell which starts an experiment into the notebook, so that git sees it. */

import { NotebookActions, NotebookPanel } from '@jupyterlab/notebook';
import { askFor, Field } from './dialogs.js';
import { Say } from './format.js';
import { METRICS } from './metrics.js';
import { Charter, complaint, startCell } from './starting.js';

const LOAD = '%load_ext mlee_jupyter';

/** Ask for the charter, insert the cells, and run them if that is wanted; gives back whether anything was inserted. */
export async function startWizard(panel: NotebookPanel, say: Say): Promise<boolean> {
  const [insert, andRun] = [say('Insert'), say('Insert and run')];
  const asked = await askFor(say, say('Start an experiment'), fields(say), [insert, andRun], values =>
    complaint(values, say)
  );
  const model = panel.content.model;
  if (!asked || !model) {
    return false;
  }
  const there = [...model.cells].map(cell => cell.sharedModel.getSource());
  const loads = there.some(source => source.includes(LOAD));
  const cells = [...(loads ? [] : [LOAD]), startCell(asked.values)];
  const at = panel.content.activeCellIndex + 1;
  model.sharedModel.insertCells(
    at,
    cells.map(source => ({ cell_type: 'code', source }))
  );
  for (let i = 0; i < cells.length; i++) {
    panel.content.activeCellIndex = at + i;
    panel.content.deselectAll();
    if (asked.button === andRun) {
      await NotebookActions.run(panel.content, panel.sessionContext);
    }
  }
  return true;
}

function fields(say: Say): Field<keyof Charter>[] {
  return [
    { key: 'name', label: say('Name'), placeholder: 'shelf' },
    {
      key: 'question',
      label: say('Question'),
      kind: 'long',
      placeholder: say('Can a camera tell which product is on the shelf?')
    },
    {
      half: true,
      key: 'decision',
      label: say('What will be decided'),
      placeholder: say('Build it, or keep what we have')
    },
    { half: true, key: 'owner', label: say('Who decides') },
    {
      half: true,
      key: 'budget',
      label: say('Working time'),
      value: '6h',
      hint: say('90m, 6h, 1h30m or 3d; breaks do not count.')
    },
    { half: true, key: 'truth', label: say('Variable with the right answers'), placeholder: 'y_test' },
    {
      half: true,
      key: 'features',
      label: say('Variable to predict on'),
      placeholder: 'X_test',
      hint: say('For cells that end with a fitted model.')
    },
    {
      half: true,
      key: 'metric',
      label: say('Metric'),
      suggestions: METRICS,
      hint: say('Empty: chosen from the right answers.')
    },
    {
      half: true,
      key: 'usefulGain',
      label: say('Useful gain'),
      placeholder: '0.02',
      hint: say('Smaller differences would not change the decision.')
    },
    { half: true, key: 'mustReach', label: say('Must reach'), placeholder: '0.95' },
    {
      half: true,
      key: 'candidates',
      label: say('Approaches to try'),
      placeholder: say('knn, forest'),
      hint: say('Names with commas between them.')
    }
  ];
}
