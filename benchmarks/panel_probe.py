"""Stop watches inside the page: when a message arrived, when its changes were painted, how often, how much memory."""

from __future__ import annotations

from typing import Any

# Installed before the page's own code: keeps the last frames of every web socket with the time of their arrival, and
# the time of the last click as the browser saw it.
WATCH = """
(() => {
  const Plain = window.WebSocket;
  window.__frames = [];
  window.WebSocket = class extends Plain {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', event => {
        if (window.__keep) { window.__frames.push({ at: performance.now(), data: event.data }); }
      });
    }
  };
  window.addEventListener('click', event => { window.__clicked = event.timeStamp; }, true);
  window.__painted = () => new Promise(done =>
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))));
  window.__panel = () => [...window.jupyterapp.shell.widgets('left')].find(one => one.id === 'mlee-panel');
  window.__changed = () => new Promise(done => {
    const seen = new MutationObserver(() => { seen.disconnect(); done(window.__painted()); });
    seen.observe(document.querySelector('.mleelab-board'), { childList: true, subtree: true });
  });
  window.__arrived = before => {
    const text = new TextDecoder('latin1');
    const is = frame => (typeof frame.data === 'string' ? frame.data : text.decode(frame.data)).includes('"snapshot"');
    const found = window.__frames.filter(frame => frame.at < before && is(frame)).map(frame => frame.at);
    window.__frames = [];
    return found[found.length - 1];
  };
})();
"""

# From the web socket's message to the painted frame, the panel having been empty; milliseconds.
FIRST_PAINTS = """
async rounds => {
  const model = window.__panel().model, state = model.current, times = [];
  window.__keep = true;
  for (let i = 0; i < rounds; i++) {
    Object.assign(state, { snapshot: null, source: 'none' });
    model.changed(state);
    await new Promise(done => setTimeout(done, 1500));
    const changed = window.__changed();
    state.sayHello();
    const painted = await changed;
    times.push(painted - window.__arrived(painted));
  }
  window.__keep = false;
  return times;
}
"""

# The same of a message made here: the rows of the last one, repeated under other names; its parsing is counted.
FIRST_PAINTS_OF_ROWS = """
async ([rounds, wanted]) => {
  const model = window.__panel().model, state = model.current, times = [];
  const board = state.snapshot.board, rows = board.boards[0].rows;
  const many = Array.from({ length: wanted }, (_, i) => ({
    ...rows[i % rows.length], candidate: `made ${i}`, label: `made ${i}`, score: Math.random(), spent_seconds: i }));
  const text = JSON.stringify({ ...state.snapshot, board: { ...board, boards: [{ ...board.boards[0], rows: many }] } });
  for (let i = 0; i < rounds; i++) {
    Object.assign(state, { snapshot: null, source: 'none' });
    model.changed(state);
    await new Promise(done => setTimeout(done, 1500));
    const changed = window.__changed(), began = performance.now();
    state.snapshotCame(JSON.parse(text));
    times.push(await changed - began);
  }
  return times;
}
"""

# Paints of the board: frames in which something of it changed; their times, until nothing came for two seconds.
COUNT = """
() => {
  window.__paints = [];
  let due = false;
  window.__counter = new MutationObserver(() => {
    if (!due) { due = true; requestAnimationFrame(at => { due = false; window.__paints.push(at); }); }
  });
  const all = { childList: true, subtree: true, characterData: true };
  window.__counter.observe(document.querySelector('.mleelab-board'), all);
}
"""

COUNTED = "() => { window.__counter.disconnect(); return window.__paints; }"

# A thousand snapshots through the model, as fast as possible; milliseconds.
FLOOD = """
async count => {
  const state = window.__panel().model.current, last = state.snapshot, began = performance.now();
  for (let i = 1; i <= count; i++) {
    state.snapshotCame({ ...last, board: { ...last.board, words: [`update ${i}`] } });
  }
  return performance.now() - began;
}
"""


def clicked(page: Any, column: str) -> float:
    """Milliseconds from a click on a column's head, as the browser saw it, to the painted frame."""
    head = page.locator(".mleelab-board .mlee-table").get_by_role("columnheader", name=column).get_by_role("button")
    page.evaluate("() => { window.__sorted = window.__changed(); }")
    head.click()
    return float(page.evaluate("async () => await window.__sorted - window.__clicked"))


class Memory:
    """What a page holds, garbage collected first."""

    def __init__(self, page: Any) -> None:
        self._session = page.context.new_cdp_session(page)
        self._session.send("HeapProfiler.enable")

    def reading(self) -> tuple[float, int, int]:
        """Megabytes of the heap, DOM nodes, event listeners."""
        self._session.send("HeapProfiler.collectGarbage")
        heap = self._session.send("Runtime.getHeapUsage")["usedSize"] / 1e6
        counted = self._session.send("Memory.getDOMCounters")
        return heap, counted["nodes"], counted["jsEventListeners"]
