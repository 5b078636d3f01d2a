"""The clock in the page: it runs while cells run and while someone thinks, and stands where nobody is there."""

from __future__ import annotations

import re
from typing import Any

from .lab import Lab
from .stories import STORY

SECONDS = re.compile(r"shelf (?:(\d+)min)?(?:(\d+)s)?/2h")


def shown(lab: Lab) -> int:
    """Seconds in the status item."""
    said = lab.status.text_content()
    found = SECONDS.search(said)
    assert found, said
    return 60 * int(found[1] or 0) + int(found[2] or 0)


def test_time_runs_on_and_idle_time_is_not_counted(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    (lab.folder / "pyproject.toml").write_text('[tool.mlee]\nidle_limit = "5s"\n')
    name = notebook("shelf.ipynb", *STORY)
    lab.open(name)
    panel = lab.show_panel()
    lab.run_all(name)
    expect(panel.get_by_role("rowheader", name="knn")).to_be_visible()
    first = shown(lab)
    lab.wait_until(lambda: shown(lab) >= first + 2)  # thinking counts, second by second, without a word from the kernel
    resting = panel.get_by_text("the time rests until the next cell")
    expect(resting).to_be_visible()
    rested = shown(lab)
    assert rested < first + 2, "the gap did not count from its beginning"

    lab.page.wait_for_timeout(4000)  # nobody is there: this is what is measured
    assert shown(lab) == rested
    lab.insert_and_run("%%mlee_candidate svm --simplicity 2\nimport time; time.sleep(4)\ngood")
    expect(panel.get_by_role("rowheader", name="svm")).to_be_visible()
    expect(resting).to_be_hidden()
    lab.wait_until(lambda: shown(lab) >= rested + 4)  # the cell counts
    used = shown(lab)
    assert used <= rested + 9, "the nine idle seconds before the cell do not count"
    lab.insert_and_run(
        "from mlee_jupyter.session.current import session\nprint('counted', session().evidence().used.total_seconds())"
    )
    said = lab.page.locator(".jp-OutputArea-output").filter(has_text="counted")
    expect(said).to_be_visible()
    counted = float(said.inner_text().split()[-1])
    assert abs(counted - used) < 5, "page and kernel count by one rule"


def test_the_time_is_said_once_and_two_chips_say_how_it_stands(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    name = notebook("shelf.ipynb", *STORY)
    lab.open(name)
    panel = lab.show_panel()
    lab.run_all(name)
    expect(panel.get_by_role("rowheader", name="knn")).to_be_visible()
    chips = panel.locator(".mleelab-chip")
    expect(chips).to_have_text(["Can't tell yet", "In time"])
    expect(panel.locator(".mleelab-answers")).to_contain_text("knn 92.0% is the only one scored")
    expect(panel.locator(".mleelab-answers strong")).to_have_text("knn 92.0%")
    said = panel.inner_text()
    assert (said.count(" of 2 h"), said.count(" left")) == (1, 1), said
    expect(panel.locator(".mleelab-time")).to_contain_text("Not tried yet: svm.")
    lab.insert_and_run('%mlee_experiment decide knn --because "nothing to train"')
    expect(chips).to_have_text(["Can't tell", "Decided"])
    assert lab.errors == []


def test_a_cell_that_runs_counts_while_it_runs(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    (lab.folder / "pyproject.toml").write_text('[tool.mlee]\nidle_limit = "2s"\n')
    name = notebook("shelf.ipynb", *STORY, "import time; time.sleep(600)")
    lab.open(name)
    lab.wait_for_kernel(name)
    lab.command("notebook:run-all-cells")
    expect(lab.status).to_contain_text("shelf")
    began = shown(lab)
    lab.wait_until(lambda: shown(lab) >= began + 6)  # far beyond the idle limit
    lab.command("notebook:interrupt-kernel")
    lab.wait_for_kernel(name)


def test_settings_move_the_item_choose_the_toasts_and_reach_the_kernel(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    lab.set("mlee-jupyter:plugin", {"toasts": [], "statusPosition": "hidden", "idleMinutes": 3})
    name = notebook("shelf.ipynb", *STORY)
    lab.open(name)
    panel = lab.show_panel()
    lab.run_all(name)
    expect(panel.get_by_role("listitem").filter(has_text="MLE201")).to_be_visible()
    lab.insert_and_run("from mlee_jupyter.session.current import session\nprint(session().settings.idle_limit)")
    expect(lab.page.locator(".jp-OutputArea-output").filter(has_text="0:03:00")).to_be_visible()
    expect(lab.toasts).to_have_count(0)
    expect(lab.status).to_have_count(0)
