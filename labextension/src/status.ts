/** The item in the status bar (in Notebook 7 at the top): where the time box stands, and what was found. */

import { Widget } from '@lumino/widgets';
import { el } from './dom.js';
import { foundText, Say, statusLine } from './format.js';
import { Snapshot } from './messages.js';
import { Model } from './model.js';

export class StatusItem extends Widget {
  private readonly _button: HTMLButtonElement;
  private readonly _label = el('bdi');
  private readonly _time = el('span');
  private readonly _text = el('span');
  private _timer = 0;
  private _snapshot: Snapshot | null = null;

  constructor(
    private readonly model: Model,
    open: () => void,
    private readonly say: Say
  ) {
    super();
    this.id = 'mlee-status';
    this.addClass('mleelab-status');
    const parts = [this._label, this._time, this._text];
    this._button = el('button', { type: 'button', class: 'mleelab-status-button', click: open }, ...parts);
    this.node.append(this._button);
    model.stateChanged.connect(this._renew, this);
    this._timer = window.setInterval(() => this._draw(), 1000);
    this._renew();
  }

  override dispose(): void {
    window.clearInterval(this._timer);
    super.dispose();
  }

  /** What is counted changes when the panel does; between, only the time goes on. */
  private _renew(): void {
    this._snapshot = this.model.current?.snapshot ?? null;
    this._draw();
  }

  private _draw(): void {
    const state = this.model.current;
    const snapshot = this._snapshot;
    const status = snapshot?.status;
    if (!state || !snapshot || !status) {
      this.node.hidden = true;
      return;
    }
    const used = state.clock.isSet ? state.clock.usedSeconds : status.used_seconds;
    const line = statusLine(status, used, foundText(snapshot.findings, snapshot.board, this.say), this.say);
    const away = state.source !== 'live' ? this.say('(saved)') : snapshot.open ? '' : this.say('(not open here)');
    const text = [line.text, away].map(words => words && `  ${words}`).join('');
    if (this._button.textContent !== `${line.label} ${line.time}${text}`) {
      this._label.textContent = `${line.label} `;
      this._time.textContent = line.time;
      this._text.textContent = text;
      this._button.title = line.title;
    }
    this.node.dataset.mood = line.mood;
    this.node.hidden = false;
  }
}
