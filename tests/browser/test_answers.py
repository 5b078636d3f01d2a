"""What the panel answers to a click, and what it shows while the kernel is busy."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any

from .lab import Lab
from .stories import KNN, LOAD, SHELF, STORY, shot

LOOP = """import time
import mlee_jupyter as mlee
e = mlee.start("shelf")
for i in range(12):
    time.sleep(1)
    with e.candidate(f"c{i}", quiet=True) as run:
        run.record(np.roll(good, i))"""
SLEEP = "import time\ntime.sleep({})"
# rows and counts on panel, status item and live board, all read in one go
SEEN = """() => {
  const rows = place => [...document.querySelectorAll(place + ' tbody tr[data-row] th bdi')]
    .map(one => one.textContent).filter(name => /^c\\d+$/.test(name)).sort().join();
  const count = text => /(\\d+) warning/.exec(text ?? '')?.[1] ?? '0';
  return {
    panel: rows('#mlee-panel'), live: rows('.mlee-live'),
    counts: ['.mleelab-live', '.mleelab-status-button', '.mlee-live'].map(
      place => count(document.querySelector(place)?.textContent))
  };
}"""


def start(lab: Lab, source: str) -> None:
    """Begin a cell at the end of the notebook and do not wait for it."""
    lab.page.evaluate(
        """source => {
        const { content } = window.jupyterapp.shell.currentWidget;
        content.model.sharedModel.addCell({ cell_type: 'code', source });
        content.activeCellIndex = content.model.cells.length - 1;
        void window.jupyterapp.commands.execute('notebook:run-cell');
    }""",
        source,
    )


def test_panel_status_and_live_board_agree_while_a_loop_runs(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    name = notebook("shelf.ipynb", LOAD, SHELF, "%mlee_scoreboard --live")
    lab.open(name)
    lab.run_all(name)
    panel = lab.show_panel()
    expect(lab.page.locator(".mlee-live")).not_to_be_empty()
    start(lab, LOOP)
    expect(panel.get_by_role("rowheader").filter(has_text=re.compile("c0"))).to_be_visible()
    seen: list[dict[str, Any]] = []
    while len(seen) < 80:
        seen.append(lab.page.evaluate(SEEN))
        lab.page.wait_for_timeout(100)
    apart = [one for one in seen if one["panel"] != one["live"] or len(set(one["counts"])) > 1]
    # what two messages bring is painted in two frames, a moment apart where the machine has other work
    runs = [len(list(group)) for differ, group in groupby(seen, apart.__contains__) if differ]
    assert all(run < 5 for run in runs), apart  # half a second: less than until the next update
    assert len(apart) <= len(seen) / 4, apart
    assert len({one["panel"] for one in seen}) >= 6, "the panel follows"
    badge = lab.page.locator(".mleelab-badge")
    expect(badge).to_contain_text(re.compile(r"\d+ candidates, best"))
    lab.wait_for_kernel(name)
    expect(badge).to_contain_text("12 candidates, best")
    lab.page.evaluate("() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 0; }")
    panel.get_by_role("rowheader").filter(has_text="c0").get_by_role("button").first.click()
    panel.get_by_role("button", name="Go to cell: c0").click()
    lab.page.wait_for_function("() => window.jupyterapp.shell.currentWidget.content.activeCellIndex === 3")
    baseline = panel.get_by_role("rowheader").filter(has_text="most frequent")
    baseline.click()
    expect(panel.locator(".mlee-why")).to_contain_text("is a free baseline")
    expect(panel.get_by_role("button", name="Go to cell: most frequent")).to_have_count(0)
    shot(lab, "followed")
    assert lab.errors == []


def test_a_page_loaded_anew_while_a_cell_runs_says_that_the_kernel_is_busy(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    name = notebook("shelf.ipynb", *STORY)
    lab.open(name)
    lab.run_all(name)
    panel = lab.show_panel()
    expect(panel.get_by_role("rowheader", name="knn")).to_be_visible()
    start(lab, LOOP.replace("range(12)", "range(30)"))
    expect(panel.get_by_role("rowheader").filter(has_text="c1")).to_be_visible()
    lab.save()
    lab.page.reload(wait_until="domcontentloaded")
    lab.ready()
    panel = lab.show_panel()
    state = panel.locator(".mleelab-state")
    expect(state).to_contain_text("the kernel is busy")
    expect(panel).not_to_contain_text("%load_ext")
    expect(panel.get_by_role("rowheader").filter(has_text="c1").first).to_be_visible()
    shot(lab, "busy_reload")
    expect(panel.get_by_role("rowheader").filter(has_text=re.compile("c1[0-9]")).first).to_be_visible()
    expect(state).to_be_visible()
    lab.wait_for_kernel(name)
    expect(state).to_be_hidden()
    assert lab.errors == []


def test_a_notebook_that_ran_an_experiment_is_loaded_and_resumed_by_one_click(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    name = notebook("shelf.ipynb", *STORY)
    lab.open(name)
    lab.run_all(name)
    expect(lab.status).to_contain_text("shelf")
    lab.save()
    lab.shut_kernels()
    lab.open(name)
    lab.wait_for_kernel(name)
    panel = lab.show_panel()
    expect(panel).to_contain_text("This notebook runs shelf.")
    shot(lab, "resume")
    panel.get_by_role("button", name="Load and resume").click()
    expect(panel.get_by_role("rowheader", name="knn")).to_be_visible()
    expect(panel.get_by_role("button", name="Decide…")).to_be_enabled()
    expect(panel.get_by_role("button", name="Load and resume")).to_have_count(0)
    assert lab.errors == []


def test_a_click_while_the_kernel_is_busy_waits_once_and_can_be_taken_back(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    name = notebook("shelf.ipynb", *STORY)
    lab.open(name)
    lab.run_all(name)
    panel = lab.show_panel()
    small = panel.locator(".mleelab-finding").filter(has_text="MLE201")
    expect(small).to_be_visible()
    start(lab, SLEEP.format(600))
    lab.page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'busy'"
    )
    small.get_by_role("button", name="Explain: MLE201").click()
    dialog = lab.page.get_by_role("dialog")
    expect(dialog.locator(".mleelab-page strong").filter(has_text="Why it misleads")).to_be_visible()
    shot(lab, "rule_page")
    dialog.get_by_role("button", name="Close").click()

    small.get_by_role("button", name="Ignore…: MLE201").click()
    dialog.get_by_label("Because").fill("no more labels")
    dialog.get_by_role("button", name="Ignore").click()
    waits = small.get_by_role("button", name="Ignore waits for the kernel")
    expect(waits).to_be_disabled()
    panel.get_by_role("button", name="Decide…").click()
    expect(dialog.get_by_label("Candidate")).to_have_value("")  # one candidate alone is suggested by nobody
    dialog.get_by_role("button", name="Decide").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Choose a candidate")
    dialog.get_by_label("Candidate").select_option(label="knn")
    dialog.get_by_role("button", name="Decide").click()
    expect(panel.get_by_role("button", name="Decide waits for the kernel")).to_be_disabled()
    shot(lab, "waiting")
    panel.get_by_role("button", name="Cancel: Ignore…").click()
    expect(small.get_by_role("button", name="Ignore…: MLE201")).to_be_enabled()
    lab.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.interrupt()")
    toast = lab.page.locator(".Toastify__toast").filter(has_text="Decided: knn")
    expect(toast).to_be_visible()
    expect(lab.status).to_contain_text("decided")
    expect(small).to_be_visible()
    shot(lab, "decided")
    toast.get_by_role("button", name="Undo").click()
    expect(lab.status).not_to_contain_text("decided")
    expect(panel.get_by_role("button", name="Decide…")).to_be_enabled()
    assert lab.errors == []


TWO = """e = __import__("mlee_jupyter").start("shelf")
for i in range(21):
    with e.candidate("tuned", variant=f"C={i}", quiet=True) as run:
        p = good.copy(); p[i] ^= 1; run.record(p)"""


def test_what_speaks_against_a_candidate_stands_beside_the_choice(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    broken = KNN.replace("knn", "broken").replace("good", "raise ValueError('no')")
    name = notebook("shelf.ipynb", LOAD, SHELF, TWO, KNN.replace("good", "1 - good"), broken)
    lab.open(name)
    lab.run_all(name)
    panel = lab.show_panel()
    expect(panel.locator(".mleelab-finding").filter(has_text="MLE302")).to_be_visible()
    panel.get_by_role("button", name="Decide…").click()
    dialog = lab.page.get_by_role("dialog")
    dialog.get_by_label("Candidate").select_option(label="tuned")
    expect(dialog.locator(".mleelab-beside")).to_contain_text("MLE302")
    dialog.get_by_label("Candidate").select_option(label="knn")
    expect(dialog.locator(".mleelab-beside")).not_to_contain_text("MLE302")
    shot(lab, "decide_warned")
    dialog.get_by_role("button", name="Cancel").click()
    expect(lab.page.locator(".mleelab-badge[data-state='failed']")).to_contain_text("failed")
    expect(panel.get_by_role("rowheader").filter(has_text="broken")).to_be_visible()
    expect(panel).not_to_contain_text("Not tried yet: broken")
    assert lab.errors == []
