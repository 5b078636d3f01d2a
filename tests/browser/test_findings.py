"""Findings in the panel: said once, with a way to the cell, a page, and an ignore that needs a reason."""

from __future__ import annotations

from typing import Any

from .lab import Lab
from .stories import LOAD, STORY, shot
from .test_looks import BOARD

SMALL = "MLE201"


def test_a_warning_is_said_once_leads_to_its_cell_and_is_ignored_with_a_reason(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    lab.set("mlee-jupyter:plugin", {"toasts": ["error", "warning"]})
    name = notebook("shelf.ipynb", "# a note", *STORY)
    lab.open(name)
    lab.wait_for_kernel(name)
    panel = lab.show_panel()
    lab.run_all(name)
    finding = panel.get_by_role("listitem").filter(has_text=SMALL)
    expect(finding).to_be_visible()
    expect(lab.toasts.filter(has_text=SMALL)).to_have_count(1)
    expect(lab.status).to_contain_text("1 warning")
    shot(lab, "warning")
    lab.page.locator(".Toastify__toast").first.get_by_role("button", name="Show").click()
    expect(lab.toasts).to_have_count(0)
    lab.run_all(name)
    lab.insert_and_run("%%mlee_candidate knn --simplicity 1\ngood.copy()")
    fresh = lab.page.locator(".mleelab-badge[data-state='fresh']")
    expect(fresh).to_have_count(2)  # a snapshot after the second round is here
    expect(finding).to_be_visible()
    expect(lab.toasts.filter(has_text=SMALL)).to_have_count(0)

    finding.get_by_role("button", name=f"Go to cell: {SMALL}").click()
    lab.page.wait_for_function("() => window.jupyterapp.shell.currentWidget.content.activeCellIndex === 2")

    finding.get_by_role("button", name=f"Explain: {SMALL}").click()
    page = lab.page.get_by_role("dialog")
    expect(page).to_contain_text("Why it misleads")
    shot(lab, "explain")
    page.get_by_role("button", name="Close").click()

    finding.get_by_role("button", name=f"Ignore…: {SMALL}").click()
    dialog = lab.page.get_by_role("dialog")
    shot(lab, "ignore")
    dialog.get_by_role("button", name="Ignore").click()
    expect(lab.page.get_by_role("dialog").get_by_role("alert")).to_contain_text("needs a reason")
    dialog.get_by_label("Because").fill("no more labels <b>this year</b>")
    dialog.get_by_role("button", name="Ignore").click()
    fold = panel.get_by_text("Ignored (1)")
    expect(fold).to_be_visible()
    expect(lab.status).not_to_contain_text("warning")
    fold.click()
    expect(panel).to_contain_text("no more labels <b>this year</b>")
    panel.get_by_role("button", name=f"Heed again: {SMALL}").click()
    expect(lab.status).to_contain_text("1 warning")
    assert lab.errors == []


def test_what_a_finding_says_is_not_said_again_under_the_board(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    name = notebook("shelf.ipynb", LOAD, BOARD)
    lab.open(name)
    lab.run_all(name)
    panel = lab.show_panel()
    small = panel.get_by_role("listitem").filter(has_text=SMALL)
    expect(small).to_contain_text("cases would do")
    words = panel.locator(".mleelab-words")
    expect(words).to_contain_text("All from one split of one data set.")
    expect(words).not_to_contain_text("would settle")
    small.get_by_role("button", name=f"Ignore…: {SMALL}").click()
    dialog = lab.page.get_by_role("dialog")
    dialog.get_by_label("Because").fill("no more labels")
    dialog.get_by_role("button", name="Ignore").click()
    expect(words).to_contain_text("would settle")  # nobody else says it now
    assert lab.errors == []


def test_a_decision_in_the_panel_is_a_decision(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    name = notebook("shelf.ipynb", *STORY)
    lab.open(name)
    lab.wait_for_kernel(name)
    panel = lab.show_panel()
    lab.run_all(name)
    panel.get_by_role("button", name="Decide…").click()
    dialog = lab.page.get_by_role("dialog")
    dialog.get_by_label("Candidate").select_option(label="knn")
    dialog.get_by_label("Because").fill("nothing to train")
    shot(lab, "decide")
    dialog.get_by_role("button", name="Decide").click()
    expect(panel).to_contain_text("Decided: knn, because nothing to train")
    expect(lab.status).to_contain_text("decided")


def test_the_form_writes_the_cell_that_starts_an_experiment(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    name = notebook("new.ipynb", LOAD.replace("%load_ext mlee_jupyter\n", ""))
    lab.open(name)
    lab.run_all(name)
    panel = lab.show_panel()
    panel.get_by_role("button", name="Start an experiment…").click()
    dialog = lab.page.get_by_role("dialog")
    dialog.get_by_role("button", name="Insert", exact=True).click()
    expect(lab.page.get_by_role("dialog").get_by_role("alert")).to_contain_text("needs a name")
    dialog.get_by_label("Name", exact=True).fill('the "new" shelf')
    dialog.get_by_label("Question").fill("Which product?")
    dialog.get_by_label("Variable with the right answers").fill("y_test")
    shot(lab, "start")
    dialog.get_by_role("button", name="Insert and run").click()
    expect(panel.get_by_role("heading", name='the "new" shelf')).to_be_visible()
    cells = lab.page.evaluate(
        "() => [...window.jupyterapp.shell.currentWidget.content.model.cells].map(c => c.sharedModel.getSource())"
    )
    assert [cell.splitlines()[0] for cell in cells[1:3]] == [
        "%load_ext mlee_jupyter",
        '%%mlee_experiment start "the \\"new\\" shelf" --budget 6h --truth y_test',
    ]
    lab.save()
    assert "%%mlee_experiment start" in (lab.folder / name).read_text("utf-8"), "git sees what was filled in"
    expect(panel).to_contain_text("Which product?")
