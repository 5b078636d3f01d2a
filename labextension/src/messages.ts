/** What kernel and page say to each other; mlee_jupyter/panel/snapshot.schema.json is the contract. */

export const TARGET = 'mlee';
export const VERSION = 1;

export type Level = 'error' | 'warning' | 'advice';

export interface Metric {
  label: string;
  direction: string;
  unit: string;
}

export interface Bar {
  left: number;
  width: number;
  point: number;
}

export interface Row {
  candidate: string;
  label: string;
  symbol: string;
  state: string;
  mark: string | null;
  recommended: boolean;
  variant: string | null;
  score: number | null;
  score_text: string;
  range_text: string;
  bar: Bar | null;
  against_text: string;
  simplicity: number | null;
  simplicity_text: string;
  spent_seconds: number;
  spent_text: string;
  variants: number;
  variants_text: string;
  reason: string | null;
  because: string | null;
  notes: string[];
}

export interface BoardPart {
  source_text: string; // what was compared: "truth y_test", "own scores"
  metric: Metric;
  n_text: string;
  effective_n_text: string;
  useful_gain_text: string;
  axis: { low_text: string; high_text: string; band: { left: number; width: number } | null } | null;
  rows: Row[];
  rows_hidden: number;
  words: string[];
}

export interface Board {
  version: number;
  experiment: { name: string; label: string; question: string | null; candidates_text: string };
  decided: { candidate: string | null; text: string } | null;
  time: { text: string; share: number | null; share_text: string; left_text: string; deadline_text: string };
  boards: BoardPart[];
  words: string[];
  fresh: { text: string; words: string[] } | null; // the second sample
  notices: string[];
}

export type Place = { cell: number; line: number; text: string } | { candidate: string };

export interface Finding {
  rule: string;
  name: string;
  level: Level;
  outcome: 'finding' | 'ignored';
  message: string;
  remedy: string;
  ignored: { because: string | null; until: string | null; where: string } | null;
  where: Place[];
}

export interface Status {
  name: string;
  label: string;
  state: 'open' | 'paused' | 'decided' | 'closed';
  used_seconds: number;
  box_seconds: number | null;
  idle_seconds: number;
  quiet_seconds: number | null;
}

export interface Segment {
  kind: 'candidate' | 'others' | 'shared';
  candidate: string | null;
  label: string;
  text: string;
  width: number;
}

export interface KnownCandidate {
  candidate: string;
  last: string | null;
  codes: { code: string; at: string; score_text: string }[];
}

export interface TimelineEntry {
  at: string;
  at_text: string;
  kind: string;
  text: string;
}

export interface Snapshot {
  version: number;
  kind: 'snapshot';
  now: string;
  notebook: string | null;
  open: boolean;
  status: Status | null;
  answers: { question: string; answer: string }[];
  segments: Segment[];
  board: Board | null;
  candidates: KnownCandidate[];
  findings: Finding[];
  timeline: TimelineEntry[];
}

export interface Reply {
  ok: boolean;
  lines: string[];
  verdict?: string;
  report?: string | null;
}

/** A snapshot of this version; anything else (an older or newer kernel) is none. */
export function isSnapshot(value: unknown): value is Snapshot {
  const told = value as Partial<Snapshot> | null;
  return (
    typeof told === 'object' &&
    told !== null &&
    told.kind === 'snapshot' &&
    told.version === VERSION &&
    Array.isArray(told.findings) &&
    Array.isArray(told.answers) &&
    (told.board === null || told.board?.version === 1)
  );
}
