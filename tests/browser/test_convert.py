"""From a notebook to a package by command: the plan, the proof's progress, the report; and from the file browser."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

from .lab import Lab
from .stories import STORY, shot

CELLS = ("import numpy as np", "rows = np.arange(12.0)\nfactor = 2", "scaled = rows * factor", "print(scaled.mean())")

# the kernel works, but on no cell: so it does while a snapshot is made
A_MOMENT_OF_OURS = """() => {
  const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
  kernel.requestExecute({ code: 'import time; time.sleep(2)', silent: true, store_history: false });
}"""


def helpers(lab: Lab) -> list[Any]:
    """Kernels that convert."""
    return [session for session in lab.sessions() if "mlee-convert" in session["path"]]


def test_a_notebook_becomes_a_package_and_its_report_opens(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    name = notebook("shelf study.ipynb", *CELLS)
    lab.open(name)
    lab.wait_for_kernel(name)
    lab.command("mlee:convert")
    dialog = lab.page.get_by_role("dialog")
    expect(dialog.get_by_label("Name of the package")).to_have_value("shelf_study")
    shot(lab, "convert_form")
    dialog.get_by_role("button", name="Show the plan").click()
    expect(lab.page.locator(".mleelab-text")).to_contain_text("cell", timeout=120_000)
    shot(lab, "convert_plan")
    assert not (lab.folder / "shelf_study").exists(), "a plan writes nothing"
    lab.page.get_by_role("dialog").get_by_role("button", name="Write the package").click()
    expect(lab.page.locator(".mleelab-progress li").first).to_be_visible()
    shot(lab, "convert_progress")
    expect(lab.page.get_by_role("tab", name="report.md")).to_be_visible(timeout=180_000)
    assert (lab.folder / "shelf_study" / "report.md").is_file()
    shot(lab, "convert_report")
    lab.wait_until(lambda: not helpers(lab))
    assert lab.errors == []


def test_a_cancelled_conversion_writes_nothing(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    name = notebook("plain.ipynb", *CELLS)
    lab.open(name)
    lab.wait_for_kernel(name)
    lab.page.locator(".jp-NotebookPanel-toolbar [data-command='mlee:convert']").click()
    lab.page.get_by_role("dialog").get_by_role("button", name="Show the plan").click()
    expect(lab.page.locator(".mleelab-text")).to_be_visible(timeout=120_000)
    lab.page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    lab.wait_until(lambda: not helpers(lab))
    assert not (lab.folder / "plain").exists()


def test_from_the_file_browsers_menu_to_a_package_whose_tests_pass(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    notebook("study.ipynb", *CELLS)
    (lab.folder / "notes.txt").write_text("x")
    lab.page.goto(f"{lab.url}/lab/tree/{lab.folder.name}?token=t&reset")
    lab.ready()
    entries = lab.page.locator(".jp-DirListing-item")
    menu = lab.page.locator(".lm-Menu-content")
    entries.filter(has_text="notes.txt").click(button="right")
    expect(menu).to_be_visible()
    expect(menu).not_to_contain_text("Convert notebook")
    lab.page.keyboard.press("Escape")
    entries.filter(has_text="study.ipynb").click(button="right")
    lab.page.get_by_role("menuitem", name="Convert notebook to package…").click()
    dialog = lab.page.get_by_role("dialog")
    expect(dialog.get_by_label("Name of the package")).to_have_value("study")
    dialog.get_by_role("button", name="Show the plan").click()
    expect(lab.page.locator(".mleelab-text")).to_contain_text("cell", timeout=120_000)
    assert len(helpers(lab)) == 1, "no kernel runs for the notebook: a hidden one works"
    lab.page.get_by_role("dialog").get_by_role("button", name="Write the package").click()
    expect(lab.page.get_by_role("tab", name="report.md")).to_be_visible(timeout=180_000)
    expect(lab.page.locator(".jp-MarkdownViewer")).to_contain_text("identical", ignore_case=True)
    lab.wait_until(lambda: not lab.sessions())
    passed = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=lab.folder / "study",
        env={**os.environ, "PYTHONPATH": str(lab.folder / "study" / "src")},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert " passed" in passed.stdout
    assert lab.errors == []


def test_the_menu_of_a_file_converts_that_file_and_not_the_open_one(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    name = notebook("opened.ipynb", *CELLS)
    notebook("clicked.ipynb", *CELLS)
    lab.open(name)
    lab.wait_for_kernel(name)
    entries = lab.page.locator(".jp-DirListing-item")
    entries.filter(has_text="clicked.ipynb").click(button="right")
    lab.page.get_by_role("menuitem", name="Convert notebook to package…").click()
    dialog = lab.page.get_by_role("dialog")
    expect(dialog.get_by_label("Name of the package")).to_have_value("clicked")
    dialog.get_by_role("button", name="Cancel").click()
    lab.page.locator(".jp-Notebook").first.click()
    lab.command("mlee:convert")
    expect(dialog.get_by_label("Name of the package")).to_have_value("opened")
    assert lab.errors == []


def test_a_notebook_whose_kernel_has_the_extension_is_converted_there(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    name = notebook("shelf.ipynb", *STORY)
    lab.open(name)
    lab.run_all(name)
    expect(lab.status).to_contain_text("shelf")
    (mine,) = lab.sessions()
    lab.command("mlee:convert")  # its outputs are not saved yet; they are no edits
    dialog = lab.page.get_by_role("dialog")
    expect(dialog.get_by_label("Keep").get_by_role("option", name="knn")).to_be_attached()
    lab.page.evaluate(A_MOMENT_OF_OURS)
    dialog.get_by_role("button", name="Show the plan").click()
    expect(lab.page.locator(".mleelab-text")).to_contain_text("cell", timeout=60_000)
    assert [one["id"] for one in lab.sessions()] == [mine["id"]]
    lab.page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    lab.insert_and_run("print(good.sum())")
    expect(lab.page.locator(".jp-OutputArea-output").last).to_have_text("50")
    assert lab.errors == []


def test_a_kernel_that_is_busy_with_a_cell_is_not_waited_for(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    name = notebook("shelf.ipynb", *STORY, "import time\ntime.sleep(600)")
    lab.open(name)
    lab.wait_for_kernel(name)
    lab.command("notebook:run-all-cells")
    expect(lab.status).to_contain_text("shelf")
    lab.command("mlee:convert")
    lab.page.get_by_role("dialog").get_by_role("button", name="Show the plan").click()
    expect(lab.page.locator(".mleelab-text")).to_contain_text("cell", timeout=120_000)
    assert len(helpers(lab)) == 1
    lab.page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    lab.wait_until(lambda: not helpers(lab))
    assert lab.errors == []


def test_unsaved_edits_are_saved_only_if_the_user_says_so(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    name = notebook("study.ipynb", *CELLS)
    lab.open(name)
    lab.wait_for_kernel(name)
    lab.page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.content.widgets[1].model.sharedModel.setSource('rows = [1, 2]')"
    )
    lab.command("mlee:convert")
    dialog = lab.page.get_by_role("dialog")
    expect(dialog).to_contain_text("study.ipynb has edits that are not saved")
    shot(lab, "convert_save")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)
    assert "rows = [1, 2]" not in (lab.folder / name).read_text("utf-8")
    lab.command("mlee:convert")
    dialog.get_by_role("button", name="Save and go on").click()
    expect(dialog.get_by_label("Name of the package")).to_have_value("study")
    assert "rows = [1, 2]" in (lab.folder / name).read_text("utf-8")


def test_a_page_that_is_closed_leaves_no_hidden_kernel_behind(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    name = notebook("study.ipynb", *CELLS)
    lab.open(name)
    lab.wait_for_kernel(name)
    lab.command("mlee:convert")
    lab.page.get_by_role("dialog").get_by_role("button", name="Show the plan").click()
    expect(lab.page.locator(".mleelab-text")).to_be_visible(timeout=120_000)
    assert len(helpers(lab)) == 1
    lab.page.goto("about:blank")
    lab.wait_until(lambda: not helpers(lab))


def test_the_palette_knows_the_commands(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    name = notebook("study.ipynb", *CELLS)
    lab.open(name)
    lab.wait_for_kernel(name)  # a kernel that starts takes the focus, and the palette closes
    lab.command("apputils:activate-command-palette")
    lab.page.locator("#modal-command-palette input").fill("mlee")
    for label in ("Convert notebook to package…", "Start an experiment…", "Show the experiment"):
        expect(
            lab.page.locator("#modal-command-palette .lm-CommandPalette-itemLabel").filter(has_text=label)
        ).to_be_visible()
