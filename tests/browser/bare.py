"""The live board's script in a page that has nothing else: no server, no kernel, a model that a test fills."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

MODEL = """
window.heard = {};
window.model = {
  view: '', sent: [],
  get() { return this.view; },
  set(text) { this.view = text; (heard['change:view'] ?? (() => {}))(); },
  on(name, hear) { heard[name] = hear; },
  off(name) { delete heard[name]; },
  send(said) { this.sent.push(said); }
};
const painted = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
window.timed = async act => {
  const began = performance.now();
  act();
  document.body.offsetHeight;
  const took = performance.now() - began;
  await painted();
  return took;
};
window.start = async text => {
  document.body.replaceChildren();
  model.view = text;
  return timed(() => { window.leave = widget.render({ model, el: document.body }); });
};
"""


@contextmanager
def bare_page(browser: Any) -> Iterator[Any]:
    """`start(text)` shows a view, `model.set(text)` the next one, `model.sent` is what was said to the kernel."""
    from mlee_jupyter.magics.live.script import BUILT, MODULE
    from mlee_jupyter.magics.live.widget import LiveWidget

    context = browser.new_context(viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    opened.set_content("<!doctype html><body></body>")
    opened.add_style_tag(content=LiveWidget._css)
    opened.evaluate(
        """async source => {
        window.widget = (await import(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })))).default;
    }""",
        BUILT.joinpath(MODULE).read_text("utf-8"),
    )
    opened.evaluate(f"() => {{ {MODEL} }}")
    yield opened
    context.close()
