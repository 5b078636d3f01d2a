"""From a notebook to a package by command: the plan, the proof's progress, the report; and from the file browser."""

from __future__ import annotations

from typing import Any

from .lab import Lab
from .stories import shot

CELLS = ("import numpy as np", "rows = np.arange(12.0)\nfactor = 2", "scaled = rows * factor", "print(scaled.mean())")


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


def test_the_file_browser_offers_it_for_notebooks_only(lab: Lab, notebook: Any) -> None:
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
    expect(lab.page.get_by_role("dialog").get_by_label("Name of the package")).to_have_value("study")
