/** Where the notebooks are kept together, as one of them (an `Of`) sees it. */

import { Say } from './format.js';
import { Finding } from './messages.js';
import { Saved } from './saved.js';

export interface Settings {
  idleMinutes: number | null;
  toasts: readonly string[];
}

export interface Home<Of> {
  readonly settings: Settings;
  readonly saved: Saved;
  readonly say: Say;
  changed(state: Of): void;
  renewed(state: Of): void; // by a snapshot
  announce(state: Of, finding: Finding): void;
}
