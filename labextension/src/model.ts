/** All open notebooks, and which of them is in front. */

import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { ISignal, Signal } from '@lumino/signaling';
import { Say } from './format.js';
import { Home, Settings } from './home.js';
import { Finding } from './messages.js';
import { Pace } from './pace.js';
import { Saved } from './saved.js';
import { NotebookState } from './state.js';

const PAINT_EVERY = 900; // a kernel sends once a second: what it sends is painted as it comes

export class Model implements Home<NotebookState> {
  settings: Settings = { idleMinutes: null, toasts: ['error'] };
  private _states = new Map<NotebookPanel, NotebookState>();
  private _stateChanged = new Signal<this, NotebookState | null>(this);
  private _announced = new Signal<this, { state: NotebookState; finding: Finding }>(this);
  private _pace = new Pace<NotebookState>(PAINT_EVERY, state => this.changed(state));

  constructor(
    readonly tracker: INotebookTracker,
    readonly saved: Saved,
    readonly say: Say
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

  /** The open notebook of a path, if there is one. */
  at(path: string): NotebookState | undefined {
    return [...this._states.values()].find(state => state.path === path);
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
