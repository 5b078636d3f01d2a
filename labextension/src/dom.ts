/** Elements without HTML: every text is a text node, so a name can be anything and stays a name. */

export type Child = Node | string | null | undefined | false;
export type Attributes = Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>;

/**
 * An element.
 *
 * `class`, `role`, `aria-*` and so on become attributes (false, null and undefined: none); a function under a name
 * such as `click` listens to that event.
 */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return filled(document.createElement(tag), attributes, children);
}

/** The same for a drawing. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

function filled<E extends Element>(made: E, attributes: Attributes, children: readonly Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') {
      made.addEventListener(name, value);
    } else if (value === true) {
      made.setAttribute(name, '');
    } else if (value !== false && value !== null && value !== undefined) {
      made.setAttribute(name, String(value));
    }
  }
  made.append(...children.filter(isThere));
  return made;
}

function isThere(child: Child): child is Node | string {
  return child !== null && child !== undefined && child !== false;
}

/** A stranger's name: its direction is its own, whatever script it is written in. */
export function name(text: string, attributes: Attributes = {}): HTMLElement {
  return el('bdi', { class: 'mleelab-name', title: text.length > 60 ? text : null, ...attributes }, text);
}

/** Replace what an element holds, keeping the keyboard where it was: by the `data-key` of the focused element. */
export function refill(holder: HTMLElement, ...children: Child[]): void {
  const focused = document.activeElement;
  const key = focused instanceof HTMLElement && holder.contains(focused) ? focused.dataset.key : undefined;
  holder.replaceChildren(...children.filter(isThere));
  if (key !== undefined) {
    const again = [...holder.querySelectorAll<HTMLElement>('[data-key]')].find(node => node.dataset.key === key);
    again?.focus({ preventScroll: true });
  }
}
