"""Reload, restart, two notebooks, rename, close and open again: the panel never shows what is not so."""

from __future__ import annotations

from typing import Any

from .lab import Lab
from .stories import KNN, LOAD, STORY, other, shot


def edit(lab: Lab, cell: int, source: str) -> None:
    """Type into a cell."""
    lab.page.evaluate(
        """([cell, source]) => {
        window.jupyterapp.shell.currentWidget.content.widgets[cell].model.sharedModel.setSource(source);
    }""",
        [cell, source],
    )


def test_a_reload_brings_everything_back(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    name = notebook("shelf.ipynb", *STORY)
    lab.open(name)
    lab.run_all(name)
    expect(lab.status).to_contain_text("shelf")
    lab.save()
    lab.open(name)
    lab.wait_for_kernel(name)
    panel = lab.show_panel()
    expect(panel.get_by_role("rowheader", name="knn")).to_be_visible()
    expect(panel.locator(".mleelab-state")).to_be_hidden()
    expect(lab.toasts).to_have_count(0)
    badge = lab.page.locator(".mleelab-badge")
    expect(badge).to_contain_text("92.0")
    expect(badge).to_have_attribute("data-state", "fresh")
    edit(lab, 2, KNN.replace("good", "good.copy()"))
    expect(badge).to_contain_text("changed since")


def test_what_runs_while_no_page_is_open_is_not_lost(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    slow = "%%mlee_candidate svm --simplicity 2\nimport time; time.sleep(5)\nnp.roll(good, 1)"
    name = notebook("shelf.ipynb", *STORY, slow)
    lab.open(name)
    lab.wait_for_kernel(name)
    lab.command("notebook:run-all-cells")
    expect(lab.page.locator(".mleelab-badge").first).to_contain_text("92.0")
    lab.save()
    lab.page.goto("about:blank")
    lab.wait_until(lambda: [one["kernel"]["execution_state"] for one in lab.sessions()] == ["idle"])
    lab.open(name)
    panel = lab.show_panel()
    expect(panel.get_by_role("rowheader", name="svm")).to_be_visible()
    expect(panel.locator(".mleelab-state")).to_be_hidden()
    assert lab.errors == []


def test_a_restart_keeps_the_last_board_and_says_so(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    name = notebook("shelf.ipynb", *STORY)
    lab.open(name)
    lab.run_all(name)
    panel = lab.show_panel()
    expect(panel.get_by_role("rowheader", name="knn")).to_be_visible()
    lab.restart()
    expect(panel.locator(".mleelab-state")).to_contain_text("As it was at")
    expect(panel.get_by_role("rowheader", name="knn")).to_be_visible()
    expect(lab.status).to_contain_text("(saved)")
    expect(panel.get_by_role("button", name="Decide…")).to_be_disabled()
    shot(lab, "restarted")
    lab.wait_for_kernel(name)
    lab.run_cell(0)
    expect(panel.locator(".mleelab-state")).to_contain_text("not open in this kernel")
    badge = lab.page.locator(".mleelab-badge")
    expect(badge).to_have_attribute("data-state", "fresh")  # of a run of the kernel before
    edit(lab, 2, KNN.replace("good", "good.copy()"))
    expect(badge).to_contain_text("changed since")
    edit(lab, 2, KNN)
    expect(badge).to_have_attribute("data-state", "fresh")
    lab.run_all(name)
    expect(panel.locator(".mleelab-state")).to_be_hidden()
    expect(panel.get_by_role("button", name="Decide…")).to_be_enabled()
    assert lab.errors == []


def test_two_notebooks_are_told_apart(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    first, second = notebook("one.ipynb", *STORY), notebook("two.ipynb", LOAD, other("cellar"), KNN)
    lab.open(first)
    lab.run_all(first)
    expect(lab.status).to_contain_text("shelf")
    lab.command_done("docmanager:open", path=lab.path(second))
    lab.run_all(second)
    expect(lab.status).to_contain_text("cellar")
    panel = lab.show_panel()
    expect(panel.get_by_role("heading", name="cellar")).to_be_visible()
    lab.page.get_by_role("tab", name="one.ipynb").click()
    expect(panel.get_by_role("heading", name="shelf")).to_be_visible()
    expect(lab.status).to_contain_text("shelf")


def test_a_renamed_notebook_keeps_its_experiment(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    name = notebook("shelf.ipynb", *STORY)
    lab.open(name)
    lab.run_all(name)
    panel = lab.show_panel()
    expect(panel.get_by_role("rowheader", name="knn")).to_be_visible()
    lab.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.rename('rack.ipynb')")
    lab.wait_for_kernel("rack.ipynb")
    expect(panel.get_by_role("rowheader", name="knn")).to_be_visible()
    lab.insert_and_run("from mlee_jupyter.session import current\nprint('file', current.session().notebook)")
    expect(lab.page.locator(".jp-OutputArea-output").filter(has_text="file")).to_contain_text("rack.ipynb")


def test_a_notebook_opened_without_a_kernel_shows_its_last_board(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    name = notebook("shelf.ipynb", *STORY)
    lab.open(name)
    lab.run_all(name)
    expect(lab.status).to_contain_text("shelf")
    lab.save()
    lab.wait_until(lambda: f"mlee-jupyter:last:{lab.path(name)}" in lab.workspace())
    lab.shut_kernels()
    lab.no_kernel(name)
    lab.open(name, reset=False)
    lab.page.get_by_role("dialog").get_by_role("button", name="No Kernel").click()
    panel = lab.show_panel()
    expect(panel.get_by_role("rowheader", name="knn")).to_be_visible()
    expect(panel.locator(".mleelab-state")).to_contain_text("no kernel runs")
    expect(panel.get_by_role("button", name="Decide…")).to_be_disabled()
    expect(lab.page.locator(".mleelab-badge")).to_contain_text("92.0")
    shot(lab, "no_kernel")
    assert lab.errors == []


def test_a_deleted_experiment_is_gone_from_the_page_too(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    name = notebook("shelf.ipynb", *STORY)
    lab.open(name)
    lab.run_all(name)
    panel = lab.show_panel()
    expect(panel.get_by_role("rowheader", name="knn")).to_be_visible()
    kept = f"mlee-jupyter:last:{lab.path(name)}"
    lab.wait_until(lambda: kept in lab.workspace())
    lab.insert_and_run('%mlee_experiment delete shelf --because "a trial"')
    expect(panel.get_by_role("button", name="Start an experiment…")).to_be_visible()
    lab.wait_until(lambda: kept not in lab.workspace())
