/** What is known of one open notebook, by its panel, so that a rename changes a path and loses nothing. */

import { NotebookPanel } from '@jupyterlab/notebook';
import { JSONObject } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';
import { withKnownCells } from './cells.js';
import { Clock } from './clock.js';
import { Desk } from './desk.js';
import { Home } from './home.js';
import { Keeper } from './keeper.js';
import { greeting, isBusy } from './kernel.js';
import { Link, Listener } from './link.js';
import { Reply, Snapshot } from './messages.js';
import { News } from './news.js';
import { Kept } from './saved.js';

export type Source = 'none' | 'live' | 'saved';

export class NotebookState implements Listener {
  snapshot: Snapshot | null = null;
  source: Source = 'none';
  keptAt: Date | null = null; // when the snapshot came
  trouble = '';
  readonly clock = new Clock();
  private readonly _news = new News();
  private _link: Link | null = null;
  private _running = false;
  private _path: string;
  readonly desk = new Desk(
    () => this.connected && isBusy(this.panel),
    () => this.home.changed(this)
  );
  private readonly _keeper: Keeper;

  constructor(
    readonly panel: NotebookPanel,
    private readonly home: Home<NotebookState>
  ) {
    this._path = panel.context.path;
    this._keeper = new Keeper(
      home.saved,
      () => this._path,
      () => this._newest()
    );
    panel.sessionContext.kernelChanged.connect(this._connect, this);
    panel.context.pathChanged.connect(this._renamed, this);
    panel.context.saveState.connect(this._savedFile, this);
    panel.disposed.connect(() => this.dispose());
    void this._restore().then(() => this._connect());
  }

  get path(): string {
    return this._path;
  }

  get connected(): boolean {
    return this._link?.connected ?? false;
  }

  /** Whether it is still open if the kernel has the extension. */
  get seeking(): boolean {
    return this._link?.seeking ?? false;
  }

  /** Whether a cell runs, as far as this page has seen. */
  get running(): boolean {
    return this._running || (this._link?.isBusy ?? false);
  }

  get hasKernel(): boolean {
    return Boolean(this.panel.sessionContext.session?.kernel);
  }

  ask(what: string, asked: JSONObject = {}, progress?: (text: string) => void): Promise<Reply> {
    return this._link
      ? this._link.ask(what, asked, progress)
      : Promise.resolve({ ok: false, lines: [this.home.say('No kernel runs for this notebook.')] });
  }

  sayHello(): void {
    this._link?.sayHello();
  }

  dispose(): void {
    this._keeper.dispose();
    this._link?.dispose();
    this._link = null;
    Signal.clearData(this);
  }

  // -- what the wire says

  loaded(): void {
    this._news.begin();
  }

  hello(): JSONObject {
    return greeting(this._path, this.snapshot?.status?.name ?? null, this.home.settings.idleMinutes);
  }

  /** A new snapshot replaces the last one; only an empty one of a new kernel leaves the last board standing. */
  snapshotCame(snapshot: Snapshot): void {
    this.trouble = '';
    if (!snapshot.board && this.snapshot?.board && this.source !== 'live') {
      this.snapshot = { ...this.snapshot, open: false };
      this.clock.stop();
      this.home.changed(this);
      return;
    }
    if (this.snapshot?.board && !snapshot.board) {
      void this.home.saved.forget(this._path).catch(() => undefined);
    }
    this.snapshot = withKnownCells(snapshot, this.snapshot);
    this.source = 'live';
    this.keptAt = new Date();
    this.clock.set(snapshot, this.running);
    this._news.of(snapshot).forEach(finding => this.home.announce(this, finding));
    this._keeper.soon();
    this.home.renewed(this);
  }

  runs(told: Snapshot['running']): void {
    this.clock.runs(told);
    this.home.changed(this);
  }

  troubleCame(text: string): void {
    this.trouble = text;
    this.home.changed(this);
  }

  cell(running: boolean): void {
    this._running = running;
    if (this.clock.cell(running)) {
      this.home.changed(this);
    }
  }

  lost(): void {
    this._running = false;
    if (this.snapshot) {
      this.source = 'saved';
      this.clock.stop();
    }
    this.home.changed(this);
  }

  sought(): void {
    this.home.changed(this);
  }

  private async _restore(): Promise<void> {
    const kept = await this.home.saved.read(this._path);
    if (kept && !this.snapshot) {
      this.snapshot = kept.snapshot;
      this.source = 'saved';
      this.keptAt = new Date(kept.at);
      this._news.begin(kept.told);
    }
    this.home.changed(this);
  }

  private _connect(): void {
    if (this.panel.isDisposed) {
      return;
    }
    const kernel = this.panel.sessionContext.session?.kernel;
    this._link?.dispose();
    this._link = null;
    if (kernel) {
      this._link = new Link(kernel, this, this.home.say);
      this.home.changed(this);
    } else {
      this.lost();
    }
  }

  private _renamed(): void {
    const from = this._path;
    this._path = this.panel.context.path;
    if (from !== this._path) {
      void this.home.saved.move(from, this._path);
      this.sayHello();
      this.home.changed(this);
    }
  }

  private _savedFile(_: unknown, state: string): void {
    if (state === 'completed') {
      this._link?.tell('saved');
    }
  }

  private _newest(): Kept | null {
    return this.snapshot?.board && this.source === 'live'
      ? { snapshot: this.snapshot, at: (this.keptAt ?? new Date()).toISOString(), told: this._news.told }
      : null;
  }
}
