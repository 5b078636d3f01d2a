/** The time of one notebook's experiment as this page ticks it on, between two snapshots. */

import { Snapshot } from './messages.js';
import * as ticking from './ticking.js';

export class Clock {
  private _tick: ticking.Tick | null = null;

  /** Whether a live snapshot set it. */
  get isSet(): boolean {
    return this._tick !== null;
  }

  get usedSeconds(): number {
    return this._tick ? ticking.usedAt(this._tick, Date.now()) : 0;
  }

  get resting(): boolean {
    return this._tick !== null && ticking.resting(this._tick, Date.now());
  }

  set({ status, open }: Snapshot, running: boolean): void {
    this._tick = status && ticking.set(status, open, Date.now(), running);
  }

  /** A cell began or ended. */
  cell(running: boolean): void {
    if (this._tick) {
      this._tick = running ? ticking.began(this._tick, Date.now()) : ticking.ended(this._tick, Date.now());
    }
  }

  stop(): void {
    this._tick = null;
  }
}
