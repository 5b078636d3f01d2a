/** Work that is asked for often and done seldom: at once, then once an interval for all that was asked meanwhile. */

export class Pace<Of> {
  private _waiting = new Set<Of>();
  private _timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly interval: number, // milliseconds
    private readonly work: (of: Of) => void
  ) {}

  /** Do it now, or with the others when the interval is over. */
  ask(of: Of): void {
    if (this._timer !== null) {
      this._waiting.add(of);
      return;
    }
    this._rest();
    this.work(of);
  }

  private _rest(): void {
    this._timer = setTimeout(() => {
      this._timer = null;
      const waiting = [...this._waiting];
      this._waiting.clear();
      if (waiting.length > 0) {
        this._rest();
        waiting.forEach(this.work);
      }
    }, this.interval);
  }
}
