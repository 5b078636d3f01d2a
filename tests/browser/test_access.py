"""For everyone: axe-core finds nothing serious in anything of ours, in light and dark."""

from __future__ import annotations

from typing import Any

import pytest

from .axe import grave
from .lab import Lab
from .stories import LOAD, SHELF
from .test_looks import BOARD, CELL

FAILS = "%%mlee_candidate broken\nraise ValueError('no such file')"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_serious(lab: Lab, notebook: Any, dark: bool) -> None:
    from playwright.sync_api import expect

    lab.set("mlee-jupyter:plugin", {"toasts": ["error", "warning", "advice"]})
    name = notebook("shelf.ipynb", LOAD, BOARD, CELL, "%%mlee_candidate svm\ngood", "%%mlee_candidate never\ngood")
    lab.open(name)
    lab.theme(dark)
    lab.wait_for_kernel(name)
    panel = lab.show_panel()
    said = grave(lab.page, "#mlee-panel")
    lab.run_all(name)
    expect(panel.get_by_role("rowheader", name="svm")).to_be_visible()
    expect(lab.status).to_contain_text("over by")
    expect(lab.page.locator(".mleelab-badge")).to_have_count(4)  # one of them for the loop that recorded four
    panel.locator("summary").evaluate_all("folds => folds.forEach(fold => { fold.parentElement.open = true; })")
    said += grave(lab.page, "#mlee-panel", "#mlee-status", ".mleelab-badge")
    expect(lab.toasts.first).to_be_visible()
    said += grave(lab.page, ".Toastify__toast-body")
    change = (
        "() => window.jupyterapp.shell.currentWidget.content.widgets[2].model.sharedModel.updateSource(40, 40, '#')"
    )
    lab.page.evaluate(change)
    expect(lab.page.locator(".mleelab-badge[data-state='stale']")).to_be_visible()
    said += grave(lab.page, ".mleelab-badge")
    dialog = lab.page.get_by_role("dialog")
    lab.command("mlee:start")
    dialog.get_by_role("button", name="Insert and run").click()
    expect(dialog.get_by_role("alert")).to_contain_text("needs a name")
    said += grave(lab.page, ".jp-Dialog")
    lab.page.keyboard.press("Escape")
    lab.command("mlee:decide")
    expect(dialog.get_by_label("Candidate")).to_be_visible()
    said += grave(lab.page, ".jp-Dialog")
    lab.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    panel.get_by_role("button", name="Explain").first.click()
    expect(lab.page.locator(".mleelab-text")).to_be_visible()
    said += grave(lab.page, ".jp-Dialog")
    lab.page.keyboard.press("Escape")
    panel.get_by_role("button", name="Ignore…").first.click()
    lab.page.get_by_role("dialog").get_by_role("button", name="Ignore").click()
    expect(dialog.get_by_role("alert")).to_contain_text("needs a reason")
    said += grave(lab.page, ".jp-Dialog")
    lab.page.keyboard.press("Escape")
    lab.restart()
    expect(panel.locator(".mleelab-state")).to_contain_text("As it was at")
    said += grave(lab.page, "#mlee-panel", "#mlee-status")
    lab.theme(False)
    assert said == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_serious_in_a_conversion(lab: Lab, notebook: Any, dark: bool) -> None:
    from playwright.sync_api import expect

    name = notebook("shelf.ipynb", "import numpy as np", "rows = np.arange(12.0)", "scaled = 2 * rows", "scaled.mean()")
    lab.open(name)
    lab.theme(dark)
    lab.wait_for_kernel(name)
    lab.insert_and_run("scaled.max()")
    lab.command("mlee:convert")
    expect(lab.page.locator(".mleelab-save")).to_be_visible()
    said = grave(lab.page, ".jp-Dialog")
    lab.page.locator(".mleelab-save").click()
    form = lab.page.get_by_role("dialog")
    expect(form.get_by_role("button", name="Show the plan")).to_be_visible()
    said += grave(lab.page, ".jp-Dialog")
    form.get_by_role("button", name="Show the plan").click()
    expect(lab.page.locator(".mleelab-text")).to_contain_text("cell", timeout=120_000)
    said += grave(lab.page, ".jp-Dialog")
    lab.page.get_by_role("dialog").get_by_role("button", name="Write the package").click()
    expect(lab.page.locator(".mleelab-progress li").first).to_be_visible()
    said += grave(lab.page, ".jp-Dialog")
    report = lab.page.locator(".jp-MarkdownViewer")
    expect(report).to_contain_text("shelf", timeout=180_000)
    said += grave(lab.page, ".jp-MarkdownViewer .jp-RenderedMarkdown")
    lab.theme(False)
    assert said == []


def test_axe_can_find_something(lab: Lab, notebook: Any) -> None:
    """The other tests of this file pass for a reason."""
    lab.open(notebook("shelf.ipynb", LOAD, SHELF))
    panel = lab.show_panel()
    assert grave(lab.page, "#mlee-panel") == []
    panel.evaluate("node => node.append(document.createElement('button'))")
    (said,) = grave(lab.page, "#mlee-panel")
    assert said.startswith("critical button-name")
