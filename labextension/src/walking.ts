/** Walking a table: one button of its rows is in the order of Tab, the keys go on from there. */

const ROWS = 'tbody button.mlee-ask';

/** Up, Down, Home and End move between the rows, and up from the first one to the heads that sort; Left and Right there. */
export function walk(event: KeyboardEvent): void {
  const table = event.currentTarget as HTMLElement;
  const rows = all(table, ROWS);
  const heads = all(table, 'thead button');
  const [row, head] = [rows, heads].map(those => those.indexOf(document.activeElement as HTMLElement)) as [
    number,
    number
  ];
  const ways: Record<string, HTMLElement | undefined> =
    row >= 0
      ? { ArrowDown: rows[row + 1], ArrowUp: rows[row - 1] ?? heads[0], Home: rows[0], End: rows[rows.length - 1] }
      : head >= 0
        ? { ArrowRight: heads[head + 1], ArrowLeft: heads[head - 1], ArrowDown: rows[0] }
        : {};
  const next = ways[event.key];
  if (next) {
    event.preventDefault();
    next.focus();
    enter(table);
  }
}

/** Put the row that has the focus into the order of Tab, or the first; the heads, where there is no row. */
export function enter(table: HTMLElement): void {
  const rows = all(table, ROWS);
  const entry = rows.find(one => one === document.activeElement) ?? rows[0];
  for (const one of [...rows, ...all(table, 'thead button')]) {
    one.tabIndex = one === entry || !entry ? 0 : -1;
  }
}

function all(table: HTMLElement, which: string): HTMLElement[] {
  return [...table.querySelectorAll<HTMLElement>(which)];
}
