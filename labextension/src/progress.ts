/** A dialog that says what is being done, and can be cancelled. */

import { Dialog } from '@jupyterlab/apputils';
import { Widget } from '@lumino/widgets';
import { el } from './dom.js';

export class Progress {
  private readonly _lines = el('ul', { class: 'mleelab-progress', role: 'log', 'aria-live': 'polite' });
  private readonly _dialog: Dialog<unknown>;
  private _closed = false;
  private _cancelled = false;
  readonly stopped: Promise<void>;

  constructor(title: string, cancel: string) {
    const spinner = el('div', { class: 'mleelab-spinner', 'aria-hidden': 'true' });
    this._dialog = new Dialog({
      title,
      body: new Widget({ node: el('div', { class: 'mleelab-progress-body' }, spinner, this._lines) }),
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

  said(text: string): void {
    this._lines.append(el('li', {}, text));
    this._lines.lastElementChild?.scrollIntoView({ block: 'nearest' });
  }

  close(): void {
    this._closed = true;
    if (!this._dialog.isDisposed) {
      this._dialog.reject();
    }
  }
}
