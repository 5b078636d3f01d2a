/** The form that asks for the decision: nothing is picked that nobody suggests, and what is wrong with a candidate is said first. */

import { Notification } from '@jupyterlab/apputils';
import { askFor } from './dialogs.js';
import { Say } from './format.js';
import { NotebookState } from './state.js';
import { warningsOf } from './warnings.js';

export interface Choice {
  candidate: string | null; // null: none of them
  label: string;
  because: string;
}

const NONE = 'none';

/** Ask, with one picked where the reader came from its row; null: nothing was decided. */
export async function askToDecide(state: NotebookState, picked: string | undefined, say: Say): Promise<Choice | null> {
  const rows = (state.snapshot?.board?.boards ?? []).flatMap(part => part.rows);
  const names = new Map(rows.filter(row => row.symbol !== '.').map(row => [row.candidate, row.label]));
  if (!names.size) {
    Notification.info(say('There is no candidate to decide for yet.'), { autoClose: 5000 });
    return null;
  }
  const keys = [...names.keys()];
  const suggested = rows.find(row => row.recommended);
  const first = picked ?? suggested?.candidate;
  const none = say('none of them');
  const asked = await askFor(
    say,
    say('Decide'),
    [
      {
        key: 'candidate',
        label: say('Candidate'),
        value: first !== undefined && names.has(first) ? String(keys.indexOf(first)) : '',
        options: [
          ...(suggested ? [] : [['', say('nothing is suggested: choose')] as [string, string]]),
          ...keys.map((key, i): [string, string] => [String(i), names.get(key) ?? key]),
          [NONE, none]
        ]
      },
      { key: 'because', label: say('Because'), kind: 'long', hint: say('The reason goes to the record.') }
    ],
    [say('Decide')],
    values => (values.candidate ? '' : say('Choose a candidate, or none of them.')),
    '',
    values => warningsOf(keys[Number(values.candidate || NaN)], state.snapshot?.findings ?? [])
  );
  if (!asked) {
    return null;
  }
  const { candidate, because } = asked.values;
  const key = candidate === NONE ? null : (keys[Number(candidate)] ?? null);
  return { candidate: key, label: key === null ? none : (names.get(key) ?? key), because };
}
