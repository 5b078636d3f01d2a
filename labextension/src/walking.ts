/** Up, Down, Home and End move between the rows' buttons. */
export function walk(event: KeyboardEvent): void {
  const buttons = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('button.mleelab-link')];
  const here = buttons.indexOf(document.activeElement as HTMLElement);
  const steps: Record<string, number> = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: buttons.length - 1 };
  const next = here < 0 ? undefined : buttons[steps[event.key] ?? -1];
  if (next) {
    event.preventDefault();
    next.focus();
  }
}
