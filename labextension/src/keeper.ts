/** Keeps the newest snapshot of one notebook: twice a second at most, and once more as the page goes. */

import { Kept, Saved } from './saved.js';

const SAVE_AFTER = 500; // milliseconds

export class Keeper {
  private _timer = 0;

  constructor(
    private readonly saved: Saved,
    private readonly path: () => string,
    private readonly newest: () => Kept | null
  ) {
    window.addEventListener('pagehide', this._leave);
  }

  /** There is something new. */
  soon(): void {
    this._timer ||= window.setTimeout(() => {
      this._timer = 0;
      const kept = this.newest();
      if (kept) {
        void this.saved.write(this.path(), kept).catch(() => undefined);
      }
    }, SAVE_AFTER);
  }

  dispose(): void {
    window.clearTimeout(this._timer);
    window.removeEventListener('pagehide', this._leave);
  }

  private _leave = (): void => {
    const kept = this.newest();
    if (kept) {
      this.saved.handOver(this.path(), kept);
    }
  };
}
