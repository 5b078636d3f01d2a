/** What is known of each open notebook, by its panel, so that a rename changes a path and loses nothing. */

import { PageConfig } from '@jupyterlab/coreutils';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { JSONObject } from '@lumino/coreutils';
import { ISignal, Signal } from '@lumino/signaling';
import { Link, Listener } from './link.js';
import { Finding, KnownCandidate, Reply, Snapshot } from './messages.js';
import { Pace } from './pace.js';
import { Codes, Kept, Saved } from './saved.js';
import * as ticking from './ticking.js';

const SAVE_AFTER = 1000; // milliseconds
const PAINT_EVERY = 1000;

export type Source = 'none' | 'live' | 'saved';

export interface Settings {
  idleMinutes: number | null;
  toasts: readonly string[];
}

/** One open notebook. */
export class NotebookState implements Listener {
  snapshot: Snapshot | null = null;
  source: Source = 'none';
  keptAt: Date | null = null; // when the snapshot came
  trouble = '';
  tick: ticking.Tick | null = null;
  private _link: Link | null = null;
  private _codes: Codes = {};
  private _told: string[] | null = null; // null: no snapshot seen yet
  private _running = false;
  private _timer = 0;
  private _path: string;

  constructor(
    readonly panel: NotebookPanel,
    private readonly model: Model
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

  get hasKernel(): boolean {
    return Boolean(this.panel.sessionContext.session?.kernel);
  }

  get usedSeconds(): number {
    return this.tick ? ticking.usedAt(this.tick, Date.now()) : 0;
  }

  get resting(): boolean {
    return this.tick !== null && ticking.resting(this.tick, Date.now());
  }

  /** What ran of a candidate, from this kernel and from those before that this page saw. */
  known(candidate: string): KnownCandidate | undefined {
    const found = this.snapshot?.candidates.find(one => one.candidate === candidate);
    const codes = this._codes[this.snapshot?.status?.name ?? '']?.[candidate] ?? [];
    return found && { ...found, codes };
  }

  ask(what: string, asked: JSONObject = {}, progress?: (text: string) => void): Promise<Reply> {
    return this._link
      ? this._link.ask(what, asked, progress)
      : Promise.resolve({ ok: false, lines: ['No kernel runs for this notebook.'] });
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

  /** From here on every finding is news: nothing was there before. */
  loaded(): void {
    this._told ??= [];
  }

  hello(): JSONObject {
    const root = PageConfig.getOption('serverRoot');
    return {
      path: this._path,
      root: root || null,
      experiment: this.snapshot?.status?.name ?? null,
      idle_minutes: this.model.settings.idleMinutes
    };
  }

  /** A new snapshot replaces the last one; only an empty one of a new kernel leaves the last board standing. */
  snapshotCame(snapshot: Snapshot): void {
    this.trouble = '';
    if (!snapshot.board && this.snapshot?.board && this.source !== 'live') {
      this.snapshot = { ...this.snapshot, open: false };
      this.tick = null;
      this.model.changed(this);
      return;
    }
    if (this.snapshot?.board && !snapshot.board) {
      this._codes = {};
      void this.model.saved.forget(this._path).catch(() => undefined);
    }
    this._remember(snapshot);
    this.snapshot = snapshot;
    this.source = 'live';
    this.keptAt = new Date();
    const { status } = snapshot;
    this.tick = status && ticking.set(status, snapshot.open, Date.now(), this._running);
    this._announce(snapshot);
    this._save();
    this.model.renewed(this);
  }

  troubleCame(text: string): void {
    this.trouble = text;
    this.model.changed(this);
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
    this.model.changed(this);
  }

  // -- inside

  private async _restore(): Promise<void> {
    const kept = await this.model.saved.read(this._path);
    if (kept && !this.snapshot) {
      this.snapshot = kept.snapshot;
      this.source = 'saved';
      this.keptAt = new Date(kept.at);
      this._codes = kept.codes;
      this._told = kept.told;
    }
    this.model.changed(this);
  }

  private _connect(): void {
    if (this.panel.isDisposed) {
      return;
    }
    const kernel = this.panel.sessionContext.session?.kernel;
    this._link?.dispose();
    this._link = null;
    if (kernel) {
      this._link = new Link(kernel, this);
      this.model.changed(this);
    } else {
      this.lost();
    }
  }

  private _renamed(): void {
    const from = this._path;
    this._path = this.panel.context.path;
    if (from !== this._path) {
      void this.model.saved.move(from, this._path);
      this.sayHello();
      this.model.changed(this);
    }
  }

  private _savedFile(_: unknown, state: string): void {
    if (state === 'completed') {
      this._link?.say('saved');
    }
  }

  private _remember(snapshot: Snapshot): void {
    const experiment = snapshot.status?.name;
    if (experiment === undefined) {
      return;
    }
    const mine = (this._codes[experiment] ??= {});
    for (const { candidate, codes } of snapshot.candidates) {
      const there = new Map((mine[candidate] ?? []).map(one => [one.code, one]));
      codes.forEach(one => there.set(one.code, one));
      mine[candidate] = [...there.values()].slice(-50);
    }
  }

  /** Each finding is announced once; a page that opens upon a running experiment only takes in what is known. */
  private _announce(snapshot: Snapshot): void {
    const open = snapshot.findings.filter(finding => finding.outcome === 'finding');
    const key = (finding: Finding) => `${snapshot.status?.name ?? ''}/${finding.rule}`;
    const told = this._told;
    this._told = [...new Set([...(told ?? []), ...open.map(key)])].slice(-500);
    if (told !== null) {
      open.filter(finding => !told.includes(key(finding))).forEach(finding => this.model.announce(this, finding));
    }
  }

  private _save(): void {
    window.clearTimeout(this._timer);
    this._timer = window.setTimeout(() => {
      if (this.snapshot?.board && this.source === 'live') {
        const at = (this.keptAt ?? new Date()).toISOString();
        const kept: Kept = { snapshot: this.snapshot, at, codes: this._codes, told: this._told ?? [] };
        void this.model.saved.write(this._path, kept).catch(() => undefined);
      }
    }, SAVE_AFTER);
  }
}

/** All open notebooks, and which of them is in front. */
export class Model {
  settings: Settings = { idleMinutes: null, toasts: ['error'] };
  private _states = new Map<NotebookPanel, NotebookState>();
  private _stateChanged = new Signal<this, NotebookState | null>(this);
  private _announced = new Signal<this, { state: NotebookState; finding: Finding }>(this);
  private _pace = new Pace<NotebookState>(PAINT_EVERY, state => this.changed(state));

  constructor(
    readonly tracker: INotebookTracker,
    readonly saved: Saved
  ) {
    tracker.forEach(panel => this._add(panel));
    tracker.widgetAdded.connect((_, panel) => this._add(panel));
    tracker.currentChanged.connect(() => {
      this._stateChanged.emit(this.current);
      this.current?.sayHello(); // another notebook of the same experiment may have gone on
    });
  }

  /** The notebook in front changed, or what is known of any of them. */
  get stateChanged(): ISignal<this, NotebookState | null> {
    return this._stateChanged;
  }

  get announced(): ISignal<this, { state: NotebookState; finding: Finding }> {
    return this._announced;
  }

  get current(): NotebookState | null {
    const panel = this.tracker.currentWidget;
    return (panel && this._states.get(panel)) ?? null;
  }

  stateOf(panel: NotebookPanel): NotebookState | undefined {
    return this._states.get(panel);
  }

  changed(state: NotebookState): void {
    this._stateChanged.emit(state);
  }

  /** A snapshot came; a kernel that sends many has them painted once a second. */
  renewed(state: NotebookState): void {
    this._pace.ask(state);
  }

  announce(state: NotebookState, finding: Finding): void {
    this._announced.emit({ state, finding });
  }

  set(settings: Settings): void {
    const idle = settings.idleMinutes !== this.settings.idleMinutes;
    this.settings = settings;
    if (idle) {
      this._states.forEach(state => state.sayHello());
    }
  }

  private _add(panel: NotebookPanel): void {
    if (this._states.has(panel)) {
      return;
    }
    void panel.context.ready.then(() => {
      if (!panel.isDisposed && !this._states.has(panel)) {
        this._states.set(panel, new NotebookState(panel, this));
        panel.disposed.connect(() => {
          this._states.delete(panel);
          this._stateChanged.emit(this.current);
        });
      }
    });
  }
}
