/** What kernel and page say to each other. The types are made of the JSON schemas, which are the contract. */

import type { Board as BoardPart, BoardVersion1 as Board } from '../types/board.js';
import type { LiveView } from '../types/live.js';
import type { ReplyVersion1 as Reply } from '../types/reply.js';
import type { SnapshotVersion1 } from '../types/snapshot.js';

export type { Row } from '../types/board.js';
export type { Board, BoardPart, LiveView, Reply };

export const TARGET = 'mlee';
export const VERSION = 1;

/** The snapshot's schema leaves its board to the board's own. */
export type Snapshot = Omit<SnapshotVersion1, 'board'> & { board: Board | null };
export type Status = NonNullable<Snapshot['status']>;
export type Segment = Snapshot['segments'][number];
export type BoardFigure = NonNullable<Snapshot['figures']>[number];
/** A candidate that runs, and since when by this page's clock, in milliseconds. */
export type Trial = Omit<NonNullable<Snapshot['running']>, 'seconds'> & { from: number };
export type KnownCandidate = Snapshot['candidates'][number];
export type Finding = Snapshot['findings'][number];
export type Level = Finding['level'];
export type TimelineEntry = Snapshot['timeline'][number];

export type LivePart = Pick<LiveView, 'fields'> & LiveView['parts'][number];

/** What a kernel says of a candidate that runs; null: none does. */
export function trialOf(told: Snapshot['running'], now: number): Trial | null {
  return told ? { candidate: told.candidate, label: told.label, from: now - 1000 * told.seconds } : null;
}

/** What a snapshot knows of a candidate's cells. */
export function knownOf(snapshot: Snapshot | null, candidate: string): KnownCandidate | undefined {
  return snapshot?.candidates.find(one => one.candidate === candidate);
}

/** A snapshot of this version; anything else (an older or newer kernel) is none. */
export function isSnapshot(value: unknown): value is Snapshot {
  const told = value as { [Key in keyof Snapshot]?: unknown } | null;
  return (
    typeof told === 'object' &&
    told !== null &&
    told.kind === 'snapshot' &&
    told.version === VERSION &&
    Array.isArray(told.findings) &&
    Array.isArray(told.answers) &&
    (told.board === null || (told.board as Board | undefined)?.version === VERSION)
  );
}
