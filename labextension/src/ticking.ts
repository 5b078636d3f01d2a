/**
 * The clock between two snapshots, by the kernel's own rule: cells that run count, and the gaps between them that are
 * shorter than the idle limit. A gap that has grown longer did not count from its beginning. Pure; times in
 * milliseconds of this page, durations in seconds.
 */

import type { Status } from './messages.js';

export interface Tick {
  readonly settled: number; // seconds counted up to the end of the last cell
  readonly lastEnd: number | null; // when that was; null: nothing ran yet
  readonly busyFrom: number | null; // a cell runs since then
  readonly idle: number; // seconds; gaps from this on do not count
  readonly runs: boolean; // false: paused, decided, closed or not open in this kernel
}

/** The clock as a snapshot sets it. */
export function set(status: Status, open: boolean, now: number, busy: boolean): Tick {
  const quiet = status.quiet_seconds;
  return {
    settled: status.used_seconds,
    lastEnd: quiet === null ? null : now - 1000 * quiet,
    busyFrom: busy ? now : null,
    idle: status.idle_seconds,
    runs: open && status.state === 'open'
  };
}

/** Seconds used at a moment. */
export function usedAt(tick: Tick, now: number): number {
  if (!tick.runs) {
    return tick.settled;
  }
  if (tick.busyFrom !== null) {
    return tick.settled + Math.max(0, now - tick.busyFrom) / 1000;
  }
  const gap = gapAt(tick, now);
  return tick.settled + (gap !== null && gap < tick.idle ? gap : 0);
}

/** Whether nothing has run for so long that the time stands. */
export function resting(tick: Tick, now: number): boolean {
  const gap = gapAt(tick, now);
  return tick.runs && tick.busyFrom === null && gap !== null && gap >= tick.idle;
}

/** A cell began. */
export function began(tick: Tick, now: number): Tick {
  return tick.busyFrom !== null ? tick : { ...tick, settled: usedAt(tick, now), busyFrom: now };
}

/** The cell ended. */
export function ended(tick: Tick, now: number): Tick {
  return tick.busyFrom === null ? tick : { ...tick, settled: usedAt(tick, now), busyFrom: null, lastEnd: now };
}

function gapAt(tick: Tick, now: number): number | null {
  return tick.lastEnd === null ? null : Math.max(0, now - tick.lastEnd) / 1000;
}
