/** Walking a table's rows: one button of all is in the order of Tab, the keys go on from there. */

const BUTTONS = 'button.mlee-ask';

/** Up, Down, Home and End move between the rows' buttons. */
export function walk(event: KeyboardEvent): void {
  const body = event.currentTarget as HTMLElement;
  const buttons = [...body.querySelectorAll<HTMLElement>(BUTTONS)];
  const here = buttons.indexOf(document.activeElement as HTMLElement);
  const steps: Record<string, number> = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: buttons.length - 1 };
  const next = here < 0 ? undefined : buttons[steps[event.key] ?? -1];
  if (next) {
    event.preventDefault();
    next.focus();
    enter(body);
  }
}

/** Put the button that has the focus into the order of Tab, or the first where none of them has it. */
export function enter(body: HTMLElement): void {
  const buttons = [...body.querySelectorAll<HTMLElement>(BUTTONS)];
  const entry = buttons.find(one => one === document.activeElement) ?? buttons[0];
  for (const one of buttons) {
    one.tabIndex = one === entry ? 0 : -1;
  }
}
