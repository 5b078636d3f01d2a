/** The last snapshot of each notebook, kept by the browser page itself: what a reader sees when no kernel runs. */

import { IStateDB } from '@jupyterlab/statedb';
import { ReadonlyPartialJSONValue } from '@lumino/coreutils';
import { isSnapshot, Snapshot } from './messages.js';

const KEY = 'mlee-jupyter:last:';
const INDEX = 'mlee-jupyter:notebooks';
const MOST_NOTEBOOKS = 20;
const MOST_ROWS = 200;

export interface Kept {
  snapshot: Snapshot;
  at: string; // when it came
  told: string[]; // findings that were announced already
}

export class Saved {
  constructor(private readonly state: IStateDB | null) {}

  async read(path: string): Promise<Kept | null> {
    const handed = handedOver(path);
    const kept = await this._fetch(KEY + path).catch(() => null);
    const found = [handed, kept].map(checked).filter(one => one !== null);
    return found.sort((a, b) => Date.parse(b.at) - Date.parse(a.at))[0] ?? null;
  }

  /** For the page that this one is loaded anew as; what takes longer would be lost now. */
  handOver(path: string, kept: Kept): void {
    try {
      window.sessionStorage.setItem(KEY + path, JSON.stringify(shortened(kept)));
    } catch {
      return; // it is too large, or the browser keeps nothing
    }
  }

  /** Keep a snapshot; beyond twenty notebooks the one that was kept longest ago goes. */
  async write(path: string, kept: Kept): Promise<void> {
    const known = ((await this._fetch(INDEX)) as string[] | undefined) ?? [];
    const paths = [path, ...(Array.isArray(known) ? known : []).filter(one => one !== path)];
    await this._put(KEY + path, shortened(kept) as unknown as ReadonlyPartialJSONValue);
    for (const old of paths.slice(MOST_NOTEBOOKS)) {
      await this._remove(KEY + old);
    }
    await this._put(INDEX, paths.slice(0, MOST_NOTEBOOKS));
  }

  /** A notebook was renamed: its snapshot goes with it. */
  async move(from: string, to: string): Promise<void> {
    const kept = await this.read(from);
    if (kept) {
      await this.write(to, kept);
      await this._remove(KEY + from);
    }
  }

  /** The experiment was deleted: nothing of it stays here. */
  async forget(path: string): Promise<void> {
    await this._remove(KEY + path);
  }

  private async _fetch(key: string): Promise<unknown> {
    if (this.state) {
      return this.state.fetch(key);
    }
    const text = window.localStorage.getItem(key);
    return text === null ? undefined : JSON.parse(text);
  }

  private async _put(key: string, value: ReadonlyPartialJSONValue): Promise<void> {
    if (this.state) {
      await this.state.save(key, value);
    } else {
      window.localStorage.setItem(key, JSON.stringify(value));
    }
  }

  private async _remove(key: string): Promise<void> {
    if (this.state) {
      await this.state.remove(key);
    } else {
      window.localStorage.removeItem(key);
    }
  }
}

function shortened(kept: Kept): Kept {
  const board = kept.snapshot.board;
  const boards = board?.boards.map(part => ({ ...part, rows: part.rows.slice(0, MOST_ROWS) }));
  return { ...kept, snapshot: { ...kept.snapshot, board: board && boards ? { ...board, boards } : null } };
}

function checked(value: unknown): Kept | null {
  const found = value as Kept | null | undefined;
  return found && isSnapshot(found.snapshot) && typeof found.at === 'string'
    ? { ...found, told: Array.isArray(found.told) ? found.told : [] }
    : null;
}

/** What the page before this one handed over; once. */
function handedOver(path: string): unknown {
  try {
    const text = window.sessionStorage.getItem(KEY + path);
    window.sessionStorage.removeItem(KEY + path);
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
