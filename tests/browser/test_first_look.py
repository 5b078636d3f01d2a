"""The quickstart as a user meets it: an empty panel that invites, then board, clock, findings and badges."""

from __future__ import annotations

import shutil
from pathlib import Path

from .lab import Lab
from .stories import shot

QUICKSTART = Path(__file__).parents[2] / "example_notebooks" / "quickstart.ipynb"


def test_the_quickstart_shows_board_clock_and_panel(lab: Lab) -> None:
    from playwright.sync_api import expect

    shutil.copy(QUICKSTART, lab.folder)
    lab.open("quickstart.ipynb")
    lab.wait_for_kernel("quickstart.ipynb")
    panel = lab.show_panel()
    expect(panel.get_by_role("button", name="Start an experiment…")).to_be_visible()
    expect(lab.status).to_be_hidden()
    shot(lab, "empty")
    lab.run_all("quickstart.ipynb")
    expect(lab.status).to_contain_text("postcodes", timeout=60_000)
    expect(panel.get_by_role("heading", name="postcodes")).to_be_visible()
    expect(panel).to_contain_text("Decided: knn")
    table = panel.get_by_role("table")
    expect(table.get_by_role("row").filter(has_text="svm")).to_contain_text("best score")
    expect(table.get_by_role("row").filter(has_text="knn")).to_contain_text("as good")
    shot(lab, "quickstart")

    score = table.get_by_role("columnheader", name="Score")
    expect(score).to_have_attribute("aria-sort", "none")
    score.get_by_role("button").click()
    expect(score).to_have_attribute("aria-sort", "descending")
    score.get_by_role("button").press("Enter")
    expect(score).to_have_attribute("aria-sort", "ascending")
    names = table.get_by_role("rowheader")
    expect(names.first).to_contain_text("most frequent")
    names.first.get_by_role("button").click()
    expect(table).to_contain_text("is a free baseline")
    expect(table.get_by_role("button", name="Go to cell")).to_have_count(0)  # it has none
    names.nth(1).get_by_role("button").focus()
    lab.page.keyboard.press("ArrowDown")
    expect(names.nth(2).get_by_role("button")).to_be_focused()

    panel.get_by_role("rowheader", name="knn").click()
    table.get_by_role("button", name="Go to cell: knn").click()
    lab.page.wait_for_function("() => window.jupyterapp.shell.currentWidget.content.activeCellIndex === 6")
    badge = lab.page.locator(".mleelab-badge").filter(has_text="as good")
    expect(badge).to_have_attribute("data-state", "fresh")
    shot(lab, "badge")
    lab.page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel.updateSource(0, 0, ' ')"
    )
    lab.page.evaluate(
        """() => {
        const cell = window.jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel;
        cell.setSource(cell.getSource().trim().replace('(3)', '(5)'));
    }"""
    )
    expect(lab.page.locator(".mleelab-badge[data-state='stale']")).to_contain_text("changed since")
    assert lab.errors == []
