/** A button that waits for the kernel, and the way to take back what was clicked. */

import { Waits } from './desk.js';
import { el } from './dom.js';
import { Say } from './format.js';

/** The button as it is; where it waits it says so, cannot be pressed again, and has a Cancel beside it. */
export function waiting(button: HTMLButtonElement, waits: Waits, cancel: () => void, say: Say): HTMLElement {
  if (waits === 'no') {
    return button;
  }
  const text = button.textContent;
  button.disabled = true;
  button.setAttribute('aria-busy', 'true');
  button.removeAttribute('aria-label');
  button.textContent = say('%1 waits for the kernel', text.replace('…', ''));
  if (waits === 'sent') {
    return button;
  }
  const key = `cancel ${button.dataset.key ?? ''}`;
  const stop = el(
    'button',
    { type: 'button', class: 'mleelab-action', 'aria-label': say('Cancel: %1', text), 'data-key': key, click: cancel },
    say('Cancel')
  );
  return el('span', { class: 'mleelab-waits', role: 'status' }, button, ' ', stop);
}
