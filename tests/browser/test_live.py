"""`%mlee_scoreboard --live` in a real JupyterLab: it follows a loop, sorts, filters, answers, and runs no name."""

from __future__ import annotations

import re
from typing import Any

import pytest

from .lab import Lab
from .stories import LOAD, SHELF, shot
from .test_strangers import NAMES

LIVE = "%mlee_scoreboard --live"
LOOP = """import time
import mlee_jupyter as mlee
e = mlee.start("shelf")
for i in range(20):
    time.sleep(0.25)
    with e.candidate(f"c{i:02}", quiet=True) as run:
        p = y_test.copy(); p[:5 + i] ^= 1
        run.record(p)"""
# every update of a view as it arrives, whoever asked for it
SPY = """() => {
  window.updates = [];
  const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
  kernel.iopubMessage.connect((_, message) => {
    if (message.header.msg_type === 'comm_msg' && message.content.data.method === 'update') {
      window.updates.push(performance.now());
    }
  });
}"""


@pytest.fixture
def live(lab: Lab) -> Any:
    return lab.page.locator(".mlee-live")


def opened(lab: Lab, notebook: Any, file: str, *cells: str) -> str:
    """A notebook, run, whose last cell shows the live board."""
    from playwright.sync_api import expect

    name: str = notebook(file, *cells, LIVE)
    lab.open(name)
    lab.run_all(name)
    expect(lab.page.locator(".mlee-live")).not_to_be_empty()
    return name


def test_it_follows_a_loop_and_is_used_by_keyboard(lab: Lab, notebook: Any, live: Any) -> None:
    from playwright.sync_api import expect

    name = opened(lab, notebook, "shelf.ipynb", LOAD, SHELF)
    lab.page.evaluate(SPY)
    lab.page.evaluate(
        """source => {
        const { content } = window.jupyterapp.shell.currentWidget;
        content.model.sharedModel.addCell({ cell_type: 'code', source });
        content.activeCellIndex = content.model.cells.length - 1;
    }""",
        LOOP,
    )
    lab.command("notebook:run-cell")
    rows = live.get_by_role("rowheader").filter(has_text=re.compile(r"c\d\d"))
    expect(rows.nth(2)).to_be_visible()
    rows.first.get_by_role("button").click()
    expect(live.locator(".mlee-why")).to_contain_text("c00")
    assert rows.count() < 20, "it shows the first ones, and says why, while the others are still to come"
    live.locator(".mlee-why").page.keyboard.press("Enter")
    expect(live.locator(".mlee-why")).to_have_count(0)
    lab.wait_for_kernel(name)
    expect(rows).to_have_count(20)
    lab.page.wait_for_timeout(1500)
    updates = lab.page.evaluate("() => window.updates")
    assert len(updates) >= 3, updates
    # one a second by the kernel's clock; on its way here a message may catch up with the one before
    assert len(updates) <= 2 + (updates[-1] - updates[0]) / 1000, updates
    shot(lab, "live")

    score = live.get_by_role("columnheader", name="score")
    expect(score).to_have_attribute("aria-sort", "none")
    score.get_by_role("button").click()
    expect(score).to_have_attribute("aria-sort", "descending")
    score.get_by_role("button").press("Enter")
    expect(score).to_have_attribute("aria-sort", "ascending")
    expect(score.get_by_role("button")).to_be_focused()
    expect(live.get_by_role("rowheader").first).to_contain_text("most frequent")
    score.get_by_role("button").press("Enter")
    expect(live.get_by_role("rowheader").first).to_contain_text("c00")

    cells = lab.page.evaluate("() => window.jupyterapp.shell.currentWidget.content.model.cells.length")
    field = live.get_by_label("Filter candidates")
    field.click()
    field.press_sequentially("c0dd")  # "d d" deletes a cell where the notebook gets it
    expect(live.get_by_role("rowheader")).to_have_count(0)
    field.fill("C0")
    expect(live.get_by_role("rowheader")).to_have_count(10)
    expect(live.get_by_role("status").filter(has_text="10 of 23")).to_be_visible()
    first = live.get_by_role("rowheader").first.get_by_role("button")
    first.focus()
    lab.page.keyboard.press("ArrowDown")
    second = live.get_by_role("rowheader").nth(1).get_by_role("button")
    expect(second).to_be_focused()
    lab.page.keyboard.press("Enter")
    expect(second).to_have_attribute("aria-expanded", "true")
    why = live.locator(".mlee-why")
    expect(why).to_contain_text("c01")
    expect(second).to_be_focused()
    told = lab.page.evaluate("() => document.querySelector('.mlee-live .mlee-why').textContent").strip()
    lab.insert_and_run("%mlee_scoreboard --why c01")
    printed = lab.page.locator(".jp-OutputArea-output pre").last
    expect(printed).to_contain_text("c01")
    assert printed.inner_text().split() == told.split()
    second.press("Enter")
    expect(why).to_have_count(0)
    assert lab.page.evaluate("() => window.jupyterapp.shell.currentWidget.content.model.cells.length") == cells + 1
    lab.theme(dark=True)
    live.scroll_into_view_if_needed()
    shot(lab, "live_dark")
    assert lab.errors == []


HOSTILE = f"""import mlee_jupyter as mlee
names = {NAMES!r}
e = mlee.start('<i>shelf</i> \\u202egnp', budget='2h', truth=y_test, metric='accuracy', useful_gain=0.02,
               question='<script>window.hacked = 1</script>' + ' which?' * 1500)
for i, one in enumerate(names.values()):
    with e.candidate(one, quiet=True) as run:
        run.record(np.roll(good, i))
e.decide(names['script'], because='</dd><script>window.hacked = 1</script>')"""


def test_hostile_names_stay_text_on_the_live_board(lab: Lab, notebook: Any, live: Any) -> None:
    from playwright.sync_api import expect

    opened(lab, notebook, "hostile.ipynb", LOAD, HOSTILE)
    expect(live).to_contain_text("</td><script>window.hacked = 1</script>")
    expect(live.get_by_role("rowheader")).to_have_count(len(NAMES) + 1)
    for row in range(3):
        live.get_by_role("rowheader").nth(row).get_by_role("button").click()
        expect(live.locator(".mlee-why")).not_to_contain_text("Asked.")
    assert live.locator("img, script, i, b").count() == 0
    assert lab.page.evaluate("() => window.hacked") is None
    shot(lab, "live_hostile")
    wide = live.evaluate("node => node.scrollWidth - node.clientWidth")
    assert wide <= 1, f"the board is {wide} pixels wider than its place"
    assert lab.errors == []


MANY = "%%mlee_experiment start many\ncandidates = [" + ", ".join(f'"c{number}"' for number in range(3000)) + "]"


def test_of_three_thousand_rows_two_hundred_are_drawn_and_all_are_searched(lab: Lab, notebook: Any, live: Any) -> None:
    from playwright.sync_api import expect

    opened(lab, notebook, "many.ipynb", LOAD, MANY)
    expect(live.locator("tbody tr")).to_have_count(200)
    expect(live.get_by_role("status").filter(has_text="2,800 more")).to_be_visible()
    field = live.get_by_label("Filter candidates")
    field.fill("c77")
    expect(live.locator("tbody tr")).to_have_count(11)
    field.fill("")
    expect(live.locator("tbody tr")).to_have_count(200)
    live.get_by_role("columnheader", name="candidate").get_by_role("button").click()
    live.get_by_role("columnheader", name="candidate").get_by_role("button").click()
    expect(live.get_by_role("rowheader").first).to_contain_text("c999")
    assert lab.errors == []


def test_nobody_looking_means_nothing_sent(lab: Lab, notebook: Any, live: Any) -> None:
    from playwright.sync_api import expect

    opened(lab, notebook, "gone.ipynb", LOAD, SHELF)
    lab.page.evaluate(SPY)
    lab.insert_and_run("%%mlee_candidate knn\ngood")
    lab.wait_until(lambda: lab.page.evaluate("() => window.updates.length") >= 1)
    lab.page.evaluate(
        """() => {
        const { content } = window.jupyterapp.shell.currentWidget;
        content.model.sharedModel.deleteCell(2);
    }"""
    )
    expect(live).to_have_count(0)
    lab.page.wait_for_timeout(2500)  # what was on its way arrives
    sent = lab.page.evaluate("() => window.updates.length")
    lab.insert_and_run("%%mlee_candidate svm\ngood")
    lab.page.wait_for_timeout(2500)
    assert lab.page.evaluate("() => window.updates.length") == sent
    lab.insert_and_run(LIVE)
    expect(live).to_contain_text("svm")
    assert lab.errors == []


def test_a_reload_brings_it_back_and_a_restart_says_so(lab: Lab, notebook: Any, live: Any) -> None:
    from playwright.sync_api import expect

    name = opened(lab, notebook, "life.ipynb", LOAD, SHELF)
    lab.save()
    lab.open(name, reset=False)
    lab.wait_for_kernel(name)
    expect(live).to_contain_text("shelf")
    lab.insert_and_run("%%mlee_candidate knn\ngood")
    expect(live.get_by_role("rowheader").first).to_contain_text("knn")
    lab.restart()
    expect(live.get_by_role("status").filter(has_text="The kernel is gone")).to_be_visible()
    expect(live.get_by_role("rowheader").first).to_contain_text("knn")
    assert lab.errors == []
