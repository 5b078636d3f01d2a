/** The golden files that pytest writes: one board and one snapshot. */

import { readFileSync } from 'node:fs';
import { Board, Snapshot, Status } from '../src/messages.js';

const golden = (name: string): unknown => JSON.parse(readFileSync(`../tests/golden/${name}.json`, 'utf-8'));

export const board = golden('board') as Board;
export const snapshot = { ...(golden('snapshot') as Snapshot), board };
export const rows = board.boards[0]!.rows;
export const status = snapshot.status as Status;
