/** The golden files that pytest writes: one board, one snapshot and one live view. */

import { readFileSync } from 'node:fs';
import { Board, LiveView, Snapshot, Status } from '../src/messages.js';

const golden = (name: string): unknown => JSON.parse(readFileSync(`../tests/golden/${name}.json`, 'utf-8'));

export const board = golden('board') as Board;
export const live = golden('live') as LiveView;
export const snapshot = { ...(golden('snapshot') as Snapshot), board };
export const rows = board.boards[0]!.rows;
export const status = snapshot.status as Status;
