/** Small forms: labelled fields in, their values out. */

import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { Widget } from '@lumino/widgets';
import { el, refill } from './dom.js';
import { Say } from './format.js';

export interface Field<Key extends string = string> {
  key: Key;
  label: string;
  value?: string;
  hint?: string;
  placeholder?: string;
  options?: [value: string, label: string][]; // a choice
  suggestions?: string[];
  kind?: 'text' | 'date' | 'long';
  half?: boolean; // two of them stand side by side where there is room
}

/** Lines that belong to what is filled in just now. */
export type Beside<Key extends string> = (values: Values<Key>) => string[];

export type Values<Key extends string = string> = Record<Key, string>;

/** A form as a dialog's body. */
export class Form<Key extends string> extends Widget implements Dialog.IBodyWidget<Values<Key>> {
  private readonly _inputs = new Map<Key, HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>();
  private readonly _complaint = el('p', { class: 'mleelab-complaint', role: 'alert' });

  constructor(fields: Field<Key>[], intro = '', beside?: Beside<Key>) {
    super();
    this.addClass('mleelab-form');
    if (intro) {
      this.node.append(el('p', { class: 'mleelab-intro' }, intro));
    }
    fields.forEach(field => this.node.append(this._row(field)));
    if (beside) {
      const note = el('div', { class: 'mleelab-beside', role: 'status' });
      const renew = () => refill(note, ...beside(this.getValue()).map(line => el('p', {}, line)));
      this.node.addEventListener('input', renew);
      this.node.append(note);
      renew();
    }
    this.node.append(this._complaint);
  }

  getValue(): Values<Key> {
    return Object.fromEntries([...this._inputs].map(([key, input]) => [key, input.value])) as Values<Key>;
  }

  complain(text: string): void {
    this._complaint.textContent = text;
  }

  private _row(field: Field<Key>): HTMLElement {
    const id = `mleelab-field-${field.key}`;
    const hint = field.hint ? `${id}-hint` : null;
    const shared = { id, 'aria-describedby': hint, class: 'jp-mod-styled' };
    let input: HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
    if (field.options) {
      input = el('select', shared, ...field.options.map(([value, label]) => el('option', { value }, label)));
      input.value = field.value ?? field.options[0]?.[0] ?? '';
    } else if (field.kind === 'long') {
      input = el('textarea', { ...shared, rows: 2, placeholder: field.placeholder });
      input.value = field.value ?? '';
    } else {
      const list = field.suggestions ? `${id}-list` : null;
      input = el('input', { ...shared, type: field.kind ?? 'text', placeholder: field.placeholder, list });
      input.value = field.value ?? '';
    }
    this._inputs.set(field.key, input);
    return el(
      'div',
      { class: field.half ? 'mleelab-field mleelab-half' : 'mleelab-field' },
      el('label', { for: id }, field.label),
      input,
      field.suggestions &&
        el('datalist', { id: `${id}-list` }, ...field.suggestions.map(value => el('option', { value }))),
      field.hint && el('small', { id: hint }, field.hint)
    );
  }
}

/**
 * Ask for values until they are right or the user gives up.
 *
 * Returns the values and the label of the button, or null.
 */
export async function askFor<Key extends string>(
  say: Say,
  title: string,
  fields: Field<Key>[],
  buttons: string[],
  complaint: (values: Values<Key>) => string = () => '',
  intro = '',
  beside?: Beside<Key>
): Promise<{ values: Values<Key>; button: string } | null> {
  let filled = fields;
  let wrong = '';
  for (;;) {
    const body = new Form(filled, intro, beside);
    body.complain(wrong);
    const result = await showDialog({
      title,
      body,
      buttons: [
        Dialog.cancelButton({ label: say('Cancel') }),
        ...buttons.map((label, i) =>
          Dialog.okButton({ label, className: i < buttons.length - 1 ? 'mleelab-second' : '' })
        )
      ],
      defaultButton: buttons.length,
      focusNodeSelector: 'input, select, textarea'
    });
    if (!result.button.accept || !result.value) {
      return null;
    }
    const values = result.value;
    wrong = complaint(values);
    if (!wrong) {
      return { values, button: result.button.label };
    }
    filled = fields.map(field => ({ ...field, value: values[field.key] }));
  }
}

/** Show lines of text, as they are, or something drawn; gives back whether `button` was pressed, where there is one. */
export async function tell(say: Say, title: string, shown: string[] | Widget, button?: string): Promise<boolean> {
  const body = Array.isArray(shown)
    ? new Widget({ node: el('pre', { class: 'mleelab-text', tabindex: 0 }, shown.join('\n')) })
    : shown;
  const result = await showDialog({
    title,
    body,
    buttons:
      button === undefined
        ? [Dialog.cancelButton({ label: say('Close') })]
        : [Dialog.cancelButton({ label: say('Cancel') }), Dialog.okButton({ label: button })]
  });
  return result.button.accept;
}

/** Markdown as a dialog's body. */
export async function drawMarkdown(text: string, rendermime: IRenderMimeRegistry): Promise<Widget> {
  const renderer = rendermime.createRenderer('text/markdown');
  await renderer.renderModel(rendermime.createModel({ data: { 'text/markdown': text } }));
  const body = new Widget({ node: el('div', { class: 'mleelab-text mleelab-page', tabindex: 0 }) });
  body.node.append(renderer.node);
  return body;
}
