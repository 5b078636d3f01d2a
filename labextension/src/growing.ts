/** A long list of which as much is drawn as is about to be seen: the rest comes while the reader scrolls. */

export const FIRST = 30;
const STEP = 40;
const AHEAD = '800px';

/**
 * Draw the first items and go on whenever `end`, which follows them, comes near; `drawn` hears how many there are.
 *
 * Returns what stops it.
 */
export function growing<Of>(
  body: HTMLElement,
  end: Element,
  items: readonly Of[],
  make: (of: Of) => Node,
  drawn: (count: number) => void
): () => void {
  let at = body.childElementCount;
  if (at >= items.length) {
    return () => undefined;
  }
  const watcher = new IntersectionObserver(
    seen => {
      if (!seen.some(one => one.isIntersecting)) {
        return;
      }
      body.append(...items.slice(at, at + STEP).map(make));
      at = body.childElementCount;
      drawn(at);
      watcher.unobserve(end);
      if (at < items.length) {
        watcher.observe(end); // anew: it may still be near
      }
    },
    { rootMargin: AHEAD }
  );
  watcher.observe(end);
  return () => watcher.disconnect();
}
