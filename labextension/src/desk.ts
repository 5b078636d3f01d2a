/** What was clicked and waits for the kernel: one request a button, sent only when nothing runs, so that it can be taken back. */

const POLL_EVERY = 100; // milliseconds

export type Waits = 'no' | 'waiting' | 'sent'; // only what is not sent yet can be taken back

export class Desk {
  private readonly _waiting = new Map<string, Waits>();

  constructor(
    private readonly busy: () => boolean,
    private readonly changed: () => void
  ) {}

  /** Each button that waits, for whoever draws them. */
  get keys(): [string, Waits][] {
    return [...this._waiting];
  }

  of(key: string): Waits {
    return this._waiting.get(key) ?? 'no';
  }

  /** Take back what is not sent yet. */
  cancel(key: string): void {
    if (this.of(key) === 'waiting') {
      this._set(key, 'no');
    }
  }

  /** Send when the kernel is free; null: it was taken back, or the button waits already. */
  async ask<Answer>(key: string, send: () => Promise<Answer>): Promise<Answer | null> {
    if (this.of(key) !== 'no') {
      return null;
    }
    this._set(key, 'waiting');
    while (this.busy()) {
      await new Promise(resolve => setTimeout(resolve, POLL_EVERY));
      if (this.of(key) === 'no') {
        return null;
      }
    }
    this._set(key, 'sent');
    try {
      return await send();
    } finally {
      this._set(key, 'no');
    }
  }

  private _set(key: string, waits: Waits): void {
    if (waits === 'no') {
      this._waiting.delete(key);
    } else {
      this._waiting.set(key, waits);
    }
    this.changed();
  }
}
