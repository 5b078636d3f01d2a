/** A panel's top that stays in sight while the rest scrolls, where it leaves most of the panel to the rest. */

const MOST_OF_PANEL = 0.45;

/** Returns what ends it. */
export function staying(top: HTMLElement, panel: HTMLElement): () => void {
  const sizes = new ResizeObserver(() => {
    const high = top.offsetHeight;
    const stays = high > 0 && high < MOST_OF_PANEL * panel.clientHeight;
    top.classList.toggle('mleelab-stays', stays);
    panel.style.scrollPaddingTop = stays ? `${high}px` : ''; // what gets the focus is not below it
  });
  sizes.observe(top);
  sizes.observe(panel);
  return () => sizes.disconnect();
}
