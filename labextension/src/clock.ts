/** The time of one notebook's experiment as this page ticks it on, between two snapshots. */

import { Snapshot, Trial, trialOf } from './messages.js';
import * as ticking from './ticking.js';

export class Clock {
  trial: Trial | null = null; // the candidate that runs
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

  set({ status, open, running: told }: Snapshot, running: boolean): void {
    this.runs(told);
    this._tick = status && ticking.set(status, open, Date.now(), running);
  }

  /** A candidate has run for a moment, or none has. */
  runs(told: Snapshot['running']): void {
    this.trial = trialOf(told, Date.now());
  }

  /** A cell began or ended; returns whether that ended a candidate's run. */
  cell(running: boolean): boolean {
    const ended = !running && this.trial !== null;
    this.trial = ended ? null : this.trial;
    if (this._tick) {
      this._tick = running ? ticking.began(this._tick, Date.now()) : ticking.ended(this._tick, Date.now());
    }
    return ended;
  }

  stop(): void {
    this.trial = null;
    this._tick = null;
  }
}
