/** A dialog that says what is being done, and can be cancelled. */

import { Dialog } from '@jupyterlab/apputils';
import { Widget } from '@lumino/widgets';
import { el } from './dom.js';

export class Progress {
  private readonly _lines = el('ul', { class: 'mleelab-progress' });
  private readonly _dialog: Dialog<unknown>;
  private _step = '';
  private _far = el('span');
  private _closed = false;
  private _cancelled = false;
  readonly stopped: Promise<void>;

  constructor(title: string, cancel: string) {
    const log = el('div', { role: 'log', 'aria-label': title }, this._lines);
    const spinner = el('div', { class: 'mleelab-spinner', 'aria-hidden': 'true' });
    this._dialog = new Dialog({
      title,
      body: new Widget({ node: el('div', { class: 'mleelab-progress-body' }, spinner, log) }),
      buttons: [Dialog.cancelButton({ label: cancel })],
      hasClose: false
    });
    const done = this._dialog.launch();
    this.stopped = new Promise(resolve => {
      void done.then(() => {
        this._cancelled = !this._closed;
        if (this._cancelled) {
          resolve();
        }
      });
    });
  }

  get cancelled(): boolean {
    return this._cancelled;
  }

  /** A line for each step; how far it is, behind the comma, changes in its line and is not read out. */
  said(text: string): void {
    const comma = text.indexOf(', cell '); // the kernel's word
    const step = comma < 0 ? text : text.slice(0, comma);
    if (step !== this._step) {
      this._step = step;
      this._far = el('span', { 'aria-hidden': 'true' });
      this._lines.append(el('li', {}, step, this._far));
      this._lines.lastElementChild?.scrollIntoView({ block: 'nearest' });
    }
    this._far.textContent = text.slice(step.length);
  }

  close(): void {
    this._closed = true;
    if (!this._dialog.isDisposed) {
      this._dialog.reject();
    }
  }
}
