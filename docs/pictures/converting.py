"""The way from a notebook to a package, screen by screen."""

from __future__ import annotations

from nbformat.v4 import new_code_cell

from tests.browser.lab import Lab

from .stage import dialog_of, notebook

SHORT = "shelf study.ipynb"
CELLS = (
    "import time\n\nimport numpy as np",
    "rows = np.arange(12.0)\nfactor = 2\ntime.sleep(8)",
    "scaled = rows * factor",
    "print(scaled.mean())",
)


def save(lab: Lab) -> None:
    notebook(lab, SHORT, [new_code_cell(cell) for cell in CELLS])
    lab.open(SHORT)
    lab.wait_for_kernel(SHORT)
    lab.page.evaluate(
        """() => window.jupyterapp.shell.currentWidget.content.widgets[3].model.sharedModel
        .setSource('print(scaled.mean().round(2))')"""
    )
    lab.command("mlee:convert")
    dialog_of(lab)


def form(lab: Lab) -> None:
    lab.page.get_by_role("dialog").get_by_role("button", name="Save and go on").click()
    lab.page.get_by_role("dialog").get_by_role("button", name="Show the plan").wait_for()


def plan(lab: Lab) -> None:
    lab.page.get_by_role("dialog").get_by_role("button", name="Show the plan").click()
    lab.page.locator(".mleelab-text").wait_for(timeout=120_000)


def progress(lab: Lab) -> None:
    lab.page.get_by_role("dialog").get_by_role("button", name="Write the package").click()
    lab.page.locator(".mleelab-progress li").first.wait_for()


def report(lab: Lab) -> None:
    lab.page.get_by_role("tab", name="report.md").wait_for(timeout=180_000)
    lab.page.get_by_role("dialog").wait_for(state="detached")


def menu(lab: Lab) -> None:
    lab.page.goto(f"{lab.url}/lab/tree/{lab.folder.name}?token=t&reset")
    lab.ready()
    lab.page.locator(".jp-DirListing-item").filter(has_text=SHORT).click(button="right")
    lab.page.get_by_role("menuitem", name="Convert notebook to package…").hover()
