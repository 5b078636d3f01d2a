"""The panel's board as one figure: one line a candidate, one axis for all, and a row that unfolds in its place."""

from __future__ import annotations

import re
from typing import Any

import pytest

from .axe import grave
from .lab import Lab
from .stories import shot
from .test_answers import start as begin
from .test_strangers import NAMES

LOAD = """%load_ext mlee_jupyter
import numpy as np
import mlee_jupyter as mlee
rng = np.random.default_rng(3)
y_test = np.arange(228) % 2
def recorded(name, wrong, **more):
    with e.candidate(name, quiet=True, **more) as run:
        answers = y_test.copy()
        answers[rng.permutation(228)[:wrong]] ^= 1
        run.record(answers)
def start(**more):
    return mlee.start('triage', budget='30m', truth=y_test, metric='accuracy', useful_gain=0.02, must_reach=0.95,
                      question='Can the form be triaged without a nurse?', **more)"""
FIVE = """e = start()
for name, wrong in {'logistic': 8, 'svm': 8, 'knn': 11, 'forest': 12, 'tree': 14}.items():
    recorded(name, wrong, simplicity=len(name) % 5 + 1)
for variant in range(11):
    recorded('svm', 9 + variant, variant=f'C={variant}')"""
ALL_SORTS = """e = start(candidates=['by hand'])
for place, name in enumerate({names!r}):
    recorded(name, 8 + place)
recorded('hopeless', 150)
for name in ('broken', 'stopped'):
    try:
        with e.candidate(name, quiet=True):
            raise ValueError('no such file') if name == 'broken' else KeyboardInterrupt
    except (ValueError, KeyboardInterrupt):
        pass"""
TWO = """e = start()
recorded('tree', 14)
recorded('logistic', 8)"""
LOSS = """y = y_test + rng.normal(size=228)
e = mlee.start('minutes', truth=y, metric='neg_mean_absolute_error', useful_gain=0.05, must_reach=0.7)
for name, noise in {'ridge': 0.8, 'tree': 0.85}.items():
    e.record(name, y + noise * rng.normal(size=228))"""
# where the parts of the panel end, in pixels from its top; which cells are wider than they may be
ENDS = """panel => {
  const top = panel.getBoundingClientRect().top - panel.scrollTop;
  return part => panel.querySelector(part).getBoundingClientRect().bottom - top;
}"""
CUT = """table => [...table.querySelectorAll('td, thead th')]
  .filter(one => one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)
  .map(one => one.textContent)"""
SMALL = """panel => [...panel.querySelectorAll('button, summary, input')]
  .filter(one => one.offsetHeight && one.offsetHeight < 24).map(one => one.outerHTML)"""


def opened(lab: Lab, notebook: Any, *cells: str) -> Any:
    """The panel beside a notebook that has run."""
    name = notebook("triage.ipynb", LOAD, *cells)
    lab.open(name)
    lab.run_all(name)
    panel = lab.show_panel()
    panel.get_by_role("table").wait_for()
    return panel


def point(panel: Any, name: str) -> float:
    """Where a candidate's dot stands, in per cent of the axis."""
    row = panel.locator(f"tr[data-row='{name}']")
    return float(row.locator("circle").get_attribute("cx").removesuffix("%"))


def test_chips_board_and_first_warning_fit_in_700_pixels(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    panel = opened(lab, notebook, FIVE)
    lab.widen_panel(320)
    assert abs(panel.evaluate("node => node.offsetWidth") - 320) <= 2
    expect(panel.locator(".mleelab-blocks .mleelab-finding")).to_have_count(4)
    expect(panel.locator(".mleelab-live")).to_have_text("4 warnings")
    expect(panel.locator("tr[data-row]")).to_have_count(6)  # with a free baseline
    best = panel.get_by_role("img", name="16 looks; the best one so far is logistic 96.5%")
    expect(best.locator("circle")).to_have_count(16)
    expect(best.locator(".mlee-first circle")).to_have_count(1)  # the colour of its row
    shot(lab, "figure_five")
    first = panel.evaluate(f"panel => ({ENDS})(panel)('.mleelab-finding')")
    assert first <= 700
    heights = panel.locator("tbody tr").evaluate_all("rows => rows.map(row => row.offsetHeight)")
    assert max(heights) <= 29
    assert lab.errors == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nothing_is_cut_or_too_small_whatever_the_names_and_the_width(lab: Lab, notebook: Any, dark: bool) -> None:
    from playwright.sync_api import expect

    panel = opened(lab, notebook, ALL_SORTS.format(names=list(NAMES.values())))
    lab.theme(dark)
    table, look = panel.get_by_role("table"), "dark" if dark else "light"
    for name, word in {
        "broken": "failed",
        "stopped": "interrupted",
        "by hand": "not tried",
        "hopeless": "worse",
    }.items():
        expect(table.get_by_role("row").filter(has_text=re.compile(f"{name}.*{word}$"))).to_have_count(1)
    arrow = table.get_by_role("row").filter(has_text="hopeless").locator(".mlee-off")
    expect(arrow).to_have_count(1)
    for width in (260, 320, 480):
        lab.widen_panel(width)
        panel.evaluate("node => { node.scrollTop = 0; }")
        shot(lab, f"figure_all_{width}_{look}")
        assert panel.evaluate("node => node.scrollWidth - node.clientWidth") <= 0
        assert table.evaluate(CUT) == []
        assert max(table.locator("tbody tr").evaluate_all("rows => rows.map(row => row.offsetHeight)")) <= 41
    assert panel.evaluate(SMALL) == []
    table.get_by_role("rowheader").first.click()
    shot(lab, f"figure_unfolded_{look}")
    said = grave(lab.page, "#mlee-panel")
    lab.theme(False)
    assert said == []
    assert lab.errors == []


def test_a_row_unfolds_in_its_place_also_while_the_kernel_is_busy(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    panel = opened(lab, notebook, TWO)
    begin(lab, "import time\ntime.sleep(600)")
    names, why = panel.get_by_role("rowheader"), panel.locator(".mlee-why")
    tree = panel.get_by_role("rowheader", name="tree").get_by_role("button")
    expect(tree).to_have_attribute("aria-expanded", "false")
    tree.press("Enter")
    expect(tree).to_have_attribute("aria-expanded", "true")
    expect(why).to_contain_text("tree is right on 214 of 228 cases")
    expect(tree).to_be_focused()
    names.filter(has_text="logistic").click()
    expect(why).to_have_count(1)
    expect(why).to_contain_text("logistic is right on 220 of 228 cases")
    why.get_by_role("button", name="Go to cell: logistic").click()
    lab.wait_until(lambda: lab.active_cell() == 1)
    why.get_by_role("button", name="Decide for this…: logistic").click()
    dialog = lab.page.get_by_role("dialog")
    picked = dialog.get_by_label("Candidate").evaluate("one => one.selectedOptions[0].textContent")
    assert picked == "logistic"
    lab.page.keyboard.press("Escape")
    names.filter(has_text="logistic").click()
    expect(why).to_have_count(0)
    lab.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.interrupt()")
    assert lab.errors == []


def test_the_first_row_is_three_tab_stops_away_and_the_heads_lie_above_it(lab: Lab, notebook: Any) -> None:
    panel = opened(lab, notebook, TWO)
    focused = "() => document.activeElement.textContent"
    panel.get_by_role("button", name="Decide…").focus()
    seen = [lab.page.evaluate(focused)]
    while seen[-1] != "logistic":
        lab.page.keyboard.press("Tab")
        seen.append(lab.page.evaluate(focused))
        assert len(seen) <= 3, seen
    lab.page.keyboard.press("ArrowUp")
    lab.page.keyboard.press("ArrowRight")
    lab.page.keyboard.press("Enter")
    assert panel.get_by_role("columnheader", name="Score").get_attribute("aria-sort") == "descending"
    lab.page.keyboard.press("ArrowDown")
    lab.page.keyboard.press("ArrowDown")
    assert lab.page.evaluate(focused) == "tree"


def test_right_is_better_for_a_gain_and_for_a_loss(lab: Lab, notebook: Any) -> None:
    panel = opened(lab, notebook, TWO)
    assert point(panel, "tree") < point(panel, "logistic")
    lab.insert_and_run(LOSS)
    panel.get_by_role("rowheader", name="ridge").wait_for()
    assert point(panel, "tree") < point(panel, "ridge")


def test_the_top_stays_in_sight_and_never_covers_what_has_the_focus(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    panel = opened(lab, notebook, FIVE)
    lab.widen_panel(320)
    panel.evaluate("node => { node.scrollTop = node.scrollHeight; }")
    for part in (panel.locator(".mleelab-chip").first, panel.get_by_role("button", name="Package…")):
        expect(part).to_be_in_viewport(ratio=1)
    panel.get_by_role("rowheader", name="logistic").get_by_role("button").focus()
    row, top = panel.locator("tr[data-row]").first.bounding_box(), panel.locator(".mleelab-top").bounding_box()
    assert row["y"] >= top["y"] + top["height"] - 1
    lab.page.set_viewport_size({"width": 1280, "height": 400})
    panel.evaluate("node => { node.scrollTop = node.scrollHeight; }")
    expect(panel.locator(".mleelab-chip").first).not_to_be_in_viewport()  # there it would hide the rest


def test_a_candidate_that_runs_is_a_row_with_its_time(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    panel = opened(lab, notebook, TWO)
    begin(lab, "%%mlee_candidate boosting\nimport time\nfor _ in range(600): time.sleep(0.1)\ny_test")
    row = panel.locator("tr[data-row]").filter(has_text="boosting")
    expect(row).to_contain_text(re.compile("running [1-9]\\d* s"))
    expect(panel.locator("tr[data-row]")).to_have_count(4)  # two, a free baseline, and this one
    before = row.inner_text()
    lab.wait_until(lambda: row.inner_text() != before)  # it ticks
    row.click()
    expect(panel.locator(".mlee-why")).to_contain_text("It runs, and nothing is recorded of it yet.")
    shot(lab, "figure_running")
    lab.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.interrupt()")
    expect(row).to_contain_text("interrupted")
    expect(row).not_to_contain_text("running")
    assert lab.errors == []
