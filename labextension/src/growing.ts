/** A long list of which as much is drawn as is about to be seen: the rest comes while the reader scrolls. */

const STEP = 40;
const AHEAD = '800px';

/**
 * Go on with the items from `at` whenever `end`, which follows them, comes near; `drawn` hears how many there are.
 *
 * Returns what stops it.
 */
export function growing<Of>(
  body: HTMLElement,
  end: Element,
  items: readonly Of[],
  at: number,
  make: (of: Of) => readonly Node[],
  drawn: (count: number) => void
): () => void {
  if (at >= items.length) {
    return () => undefined;
  }
  let next = at;
  const watcher = new IntersectionObserver(
    seen => {
      if (!seen.some(one => one.isIntersecting)) {
        return;
      }
      body.append(...items.slice(next, next + STEP).flatMap(make));
      next = Math.min(items.length, next + STEP);
      drawn(next);
      watcher.unobserve(end);
      if (next < items.length) {
        watcher.observe(end); // anew: it may still be near
      }
    },
    { rootMargin: AHEAD }
  );
  watcher.observe(end);
  return () => watcher.disconnect();
}
