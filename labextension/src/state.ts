/** What is known of one open notebook, by its panel, so that a rename changes a path and loses nothing. */

import { PageConfig } from '@jupyterlab/coreutils';
import { NotebookPanel } from '@jupyterlab/notebook';
import { JSONObject } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';
import { Home } from './home.js';
import { Link, Listener } from './link.js';
import { KnownCandidate, Reply, Snapshot } from './messages.js';
import { News } from './news.js';
import * as ticking from './ticking.js';

const SAVE_AFTER = 1000; // milliseconds

export type Source = 'none' | 'live' | 'saved';

export class NotebookState implements Listener {
  snapshot: Snapshot | null = null;
  source: Source = 'none';
  keptAt: Date | null = null; // when the snapshot came
  trouble = '';
  tick: ticking.Tick | null = null;
  private readonly _news = new News();
  private _link: Link | null = null;
  private _running = false;
  private _timer = 0;
  private _path: string;

  constructor(
    readonly panel: NotebookPanel,
    private readonly home: Home<NotebookState>
  ) {
    this._path = panel.context.path;
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

  /** Whether a cell runs, as far as this page has seen. */
  get running(): boolean {
    return this._running;
  }

  get hasKernel(): boolean {
    return Boolean(this.panel.sessionContext.session?.kernel);
  }

  get usedSeconds(): number {
    return this.tick ? ticking.usedAt(this.tick, Date.now()) : 0;
  }

  get resting(): boolean {
    return this.tick !== null && ticking.resting(this.tick, Date.now());
  }

  known(candidate: string): KnownCandidate | undefined {
    return this.snapshot?.candidates.find(one => one.candidate === candidate);
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
    window.clearTimeout(this._timer);
    this._link?.dispose();
    this._link = null;
    Signal.clearData(this);
  }

  // -- what the wire says

  loaded(): void {
    this._news.begin();
  }

  hello(): JSONObject {
    const root = PageConfig.getOption('serverRoot');
    return {
      path: this._path,
      root: root || null,
      experiment: this.snapshot?.status?.name ?? null,
      idle_minutes: this.home.settings.idleMinutes
    };
  }

  /** A new snapshot replaces the last one; only an empty one of a new kernel leaves the last board standing. */
  snapshotCame(snapshot: Snapshot): void {
    this.trouble = '';
    if (!snapshot.board && this.snapshot?.board && this.source !== 'live') {
      this.snapshot = { ...this.snapshot, open: false };
      this.tick = null;
      this.home.changed(this);
      return;
    }
    if (this.snapshot?.board && !snapshot.board) {
      void this.home.saved.forget(this._path).catch(() => undefined);
    }
    this.snapshot = snapshot;
    this.source = 'live';
    this.keptAt = new Date();
    const { status } = snapshot;
    this.tick = status && ticking.set(status, snapshot.open, Date.now(), this._running);
    this._news.of(snapshot).forEach(finding => this.home.announce(this, finding));
    this._save();
    this.home.renewed(this);
  }

  troubleCame(text: string): void {
    this.trouble = text;
    this.home.changed(this);
  }

  cell(running: boolean): void {
    this._running = running;
    if (this.tick) {
      this.tick = running ? ticking.began(this.tick, Date.now()) : ticking.ended(this.tick, Date.now());
    }
  }

  lost(): void {
    this._running = false;
    if (this.snapshot) {
      this.source = 'saved';
      this.tick = null;
    }
    this.home.changed(this);
  }

  // -- inside

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

  private _save(): void {
    window.clearTimeout(this._timer);
    this._timer = window.setTimeout(() => {
      if (this.snapshot?.board && this.source === 'live') {
        const at = (this.keptAt ?? new Date()).toISOString();
        const kept = { snapshot: this.snapshot, at, told: this._news.told };
        void this.home.saved.write(this._path, kept).catch(() => undefined);
      }
    }, SAVE_AFTER);
  }
}
