/** What a kernel was asked and has not answered yet. */

import { Reply } from './messages.js';

interface Waiting {
  resolve: (reply: Reply) => void;
  progress: (text: string) => void;
}

export class Replies {
  private _asked = 0;
  private readonly _waiting = new Map<number, Waiting>();

  /** Number a question, send it, and wait. */
  ask(send: (id: number) => void, progress: (text: string) => void): Promise<Reply> {
    const id = ++this._asked;
    return new Promise(resolve => {
      this._waiting.set(id, { resolve, progress });
      send(id);
    });
  }

  progress(id: number, text: string): void {
    this._waiting.get(id)?.progress(text);
  }

  came(id: number, reply: Reply): void {
    const waiting = this._waiting.get(id);
    this._waiting.delete(id);
    waiting?.resolve(reply);
  }

  /** Nobody answers any longer: each is told so. */
  drop(line: string): void {
    for (const { resolve } of this._waiting.values()) {
      resolve({ ok: false, lines: [line] });
    }
    this._waiting.clear();
  }
}
