/** Where the notebooks are kept together, as one of them sees it. */

import { Say } from './format.js';
import { Finding } from './messages.js';
import { Saved } from './saved.js';
import { NotebookState } from './state.js';

export interface Settings {
  idleMinutes: number | null;
  toasts: readonly string[];
}

export interface Home {
  readonly settings: Settings;
  readonly saved: Saved;
  readonly say: Say;
  changed(state: NotebookState): void;
  renewed(state: NotebookState): void; // by a snapshot
  announce(state: NotebookState, finding: Finding): void;
}
