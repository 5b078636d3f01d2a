"""Names can be anything; the page shows them as text, keeps its shape, and runs none of them."""

from __future__ import annotations

from typing import Any

from .lab import Lab
from .stories import LOAD, shot

NAMES = {
    "html": "<img src=x onerror=alert(1)><b>bold</b>",
    "script": "</td><script>window.hacked = 1</script>",
    "right to left": "\u202etxt.exe שלום العربية",
    "long": "x" * 500,
    "long words": "wort " * 99,
    "quotes": "a\"b'c`d\\e",
    "line breaks": "one\ntwo\r\nthree",
    "emoji": "👩‍👩‍👧‍👦 ñ 中文",
}

RECORD = f"""
import mlee_jupyter as mlee
names = {NAMES!r}
e = mlee.start('<i>shelf</i> \\u202egnp', budget='2h', truth=y_test, metric='accuracy', useful_gain=0.02,
               question='<script>window.hacked = 1</script>' + ' which?' * 1500, owner='y' * 10_000)
for i, one in enumerate(names.values()):
    with e.candidate(one, quiet=True) as run:
        run.record(np.roll(good, i))
e.ignore('MLE201', because='<img src=x onerror="window.hacked=1">' + 'because ' * 1250)
e.decide(names['script'], because='</dd><script>window.hacked = 1</script>')
"""


def test_hostile_names_stay_text(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    name = notebook("hostile.ipynb", LOAD, RECORD)
    lab.open(name)
    lab.run_all(name)
    panel = lab.show_panel()
    expect(panel).to_contain_text("</td><script>window.hacked = 1</script>")
    expect(panel.get_by_role("heading")).to_contain_text("<i>shelf</i>")
    panel.locator("summary").evaluate_all("folds => folds.forEach(fold => { fold.parentElement.open = true; })")
    assert panel.locator("tbody tr").count() >= len(NAMES)
    assert panel.locator("img, script, i, b").count() == 0
    assert lab.page.evaluate("() => window.hacked") is None
    shot(lab, "hostile")
    wide = panel.evaluate("node => node.scrollWidth - node.clientWidth")
    assert wide <= 1, f"the panel is {wide} pixels wider than it should be"
    tall = panel.locator("tbody tr").evaluate_all("rows => Math.max(...rows.map(row => row.offsetHeight))")
    assert tall < 250, f"one row is {tall} pixels high"
    bar = lab.status.evaluate("node => node.offsetWidth")
    assert bar < 640
    assert lab.errors == []


def test_five_thousand_candidates_are_sorted_and_two_hundred_drawn(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    many = (
        "%%mlee_experiment start many\n"
        "candidates = [" + ", ".join(f'"c{number}"' for number in range(3000)) + "]"
    )  # fmt: skip
    name = notebook("many.ipynb", LOAD, many)
    lab.open(name)
    lab.run_all(name)
    panel = lab.show_panel()
    expect(panel.locator("tbody tr")).to_have_count(200)
    expect(panel.locator(".mleelab-count")).to_contain_text("2,800 more")
    panel.get_by_label("Filter candidates").fill("c77")
    expect(panel.locator("tbody tr")).to_have_count(11)
