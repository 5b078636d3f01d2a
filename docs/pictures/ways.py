"""The way to each screen, from the one before it: together they are the story of one experiment."""

from __future__ import annotations

import re
from typing import Any

from tests.browser.lab import Lab

from .stage import SPENT, aside, notebook, quickstart, show_cell, spend

STUDY, NEW, SHORT = "quickstart.ipynb", "new.ipynb", "shelf study.ipynb"
STAY = ".Toastify__progress-bar { animation-play-state: paused !important; }"  # a toast goes when its bar is through
CELLS = (
    "import time\n\nimport numpy as np",
    "rows = np.arange(12.0)\nfactor = 2\ntime.sleep(8)",
    "scaled = rows * factor",
    "print(scaled.mean())",
)


def _panel(lab: Lab) -> Any:
    return lab.page.locator("#mlee-panel")


def _dialog(lab: Lab) -> Any:
    dialog = lab.page.get_by_role("dialog")
    dialog.wait_for()
    lab.page.wait_for_timeout(300)
    return dialog


def _close(lab: Lab) -> None:
    lab.page.keyboard.press("Escape")
    lab.page.get_by_role("dialog").wait_for(state="detached")


def _scroll(lab: Lab, selector: str) -> None:
    """Bring something of the panel to its upper edge."""
    lab.page.evaluate(
        """selector => document.querySelector(`#mlee-panel ${selector}`).scrollIntoView({ block: 'start' })""", selector
    )


def _top(lab: Lab) -> None:
    _panel(lab).evaluate("node => { node.scrollTop = 0; }")


def empty(lab: Lab) -> None:
    lab.set("mlee-jupyter:plugin", {"toasts": ["error", "warning"]})
    lab.set("@jupyterlab/docmanager-extension:plugin", {"autosave": False})
    notebook(lab, STUDY, quickstart())
    lab.open(STUDY)
    lab.wait_for_kernel(STUDY)
    lab.show_panel()


def start(lab: Lab) -> None:
    lab.command("mlee:start")
    dialog = _dialog(lab)
    dialog.get_by_label("Name", exact=True).fill("shelf")
    dialog.get_by_label("Question").fill("Can a camera tell which product is on the shelf?")


def warning(lab: Lab) -> None:
    _close(lab)
    lab.page.add_style_tag(content=STAY)
    lab.run_cell(1)
    lab.run_cell(3)
    _panel(lab).get_by_role("heading", name="postcodes").wait_for()
    show_cell(lab, "mlee_experiment start")
    lab.page.locator(".Toastify__toast").first.wait_for()


def running(lab: Lab) -> None:
    lab.page.evaluate("() => [...document.querySelectorAll('style')].pop().remove()")
    lab.run_all(STUDY)
    spend(lab, SPENT)
    _panel(lab).locator(".mleelab-used").get_by_text(re.compile("min of 2 h")).wait_for()
    lab.page.wait_for_timeout(2_500)
    show_cell(lab, "mlee_candidate average")
    _top(lab)
    lab.page.locator(".Toastify__toast").first.wait_for(state="detached")


def folds(lab: Lab) -> None:
    _panel(lab).locator("summary").evaluate_all("folds => folds.forEach(fold => { fold.parentElement.open = true; })")
    _scroll(lab, ".mleelab-findings")


def badges(lab: Lab) -> None:
    _top(lab)
    lab.page.evaluate(
        """() => {
        const cells = window.jupyterapp.shell.currentWidget.content.widgets.map(cell => cell.model.sharedModel);
        const knn = cells.find(cell => cell.getSource().startsWith('%%mlee_candidate knn'));
        knn.setSource(knn.getSource().replace('(3)', '(5)'));
    }"""
    )
    lab.page.locator(".mleelab-badge[data-state='stale']").wait_for()
    show_cell(lab, "mlee_candidate knn")


def explain(lab: Lab) -> None:
    _panel(lab).get_by_role("button", name="Explain: MLE508").click()
    _dialog(lab)


def ignore(lab: Lab) -> None:
    _close(lab)
    _panel(lab).get_by_role("button", name="Ignore…: MLE508").click()
    _dialog(lab).get_by_label("Because").fill("no more rows this year")


def decide(lab: Lab) -> None:
    _close(lab)
    lab.command("mlee:decide")
    _dialog(lab).get_by_label("Because").fill("as good as svm, and there is nothing to train")


def late(lab: Lab) -> None:
    _close(lab)
    spend(lab, {"svm": 47}, hours=4)
    lab.page.locator(".mleelab-status[data-mood='late']").wait_for()
    lab.page.wait_for_timeout(1_500)
    _top(lab)


def decided(lab: Lab) -> None:
    aside(lab, '%mlee_experiment decide knn --because "as good as svm, and there is nothing to train"')
    _panel(lab).get_by_text(re.compile("Decided: knn")).first.wait_for()
    _panel(lab).locator(".mleelab-timeline").evaluate("fold => { fold.open = true; }")
    _scroll(lab, ".mleelab-timeline")


def restarted(lab: Lab) -> None:
    lab.restart()
    _panel(lab).locator(".mleelab-state").get_by_text(re.compile("As it was at")).wait_for()
    _top(lab)
    lab.save()
    lab.wait_until(lambda: f"mlee-jupyter:last:{lab.path(STUDY)}" in lab.workspace())


def no_kernel(lab: Lab) -> None:
    lab.shut_kernels()
    lab.no_kernel(STUDY)
    lab.open(STUDY, reset=False)
    lab.page.get_by_role("dialog").get_by_role("button", name="No Kernel").click()
    lab.show_panel()
    _panel(lab).locator(".mleelab-state").get_by_text(re.compile("no kernel runs")).wait_for()
    _top(lab)
    show_cell(lab, "mlee_candidate average")


def convert_save(lab: Lab) -> None:
    from nbformat.v4 import new_code_cell

    notebook(lab, SHORT, [new_code_cell(cell) for cell in CELLS])
    lab.open(SHORT)
    lab.wait_for_kernel(SHORT)
    lab.page.evaluate(
        """() => window.jupyterapp.shell.currentWidget.content.widgets[3].model.sharedModel
        .setSource('print(scaled.mean().round(2))')"""
    )
    lab.command("mlee:convert")
    _dialog(lab)


def convert_form(lab: Lab) -> None:
    lab.page.get_by_role("dialog").get_by_role("button", name="Save and go on").click()
    lab.page.get_by_role("dialog").get_by_role("button", name="Show the plan").wait_for()


def convert_plan(lab: Lab) -> None:
    lab.page.get_by_role("dialog").get_by_role("button", name="Show the plan").click()
    lab.page.locator(".mleelab-text").wait_for(timeout=120_000)


def convert_progress(lab: Lab) -> None:
    lab.page.get_by_role("dialog").get_by_role("button", name="Write the package").click()
    lab.page.locator(".mleelab-progress li").first.wait_for()


def convert_report(lab: Lab) -> None:
    lab.page.get_by_role("tab", name="report.md").wait_for(timeout=180_000)
    lab.page.get_by_role("dialog").wait_for(state="detached")


def menu(lab: Lab) -> None:
    lab.page.goto(f"{lab.url}/lab/tree/{lab.folder.name}?token=t&reset")
    lab.ready()
    lab.page.locator(".jp-DirListing-item").filter(has_text=SHORT).click(button="right")
    lab.page.get_by_role("menuitem", name="Convert notebook to package…").hover()


def settings(lab: Lab) -> None:
    lab.page.keyboard.press("Escape")
    lab.command("settingeditor:open", query="mlee")
    lab.page.get_by_text("Idle limit in minutes").first.wait_for()
    lab.command_done("application:toggle-left-area")


def notebook7(lab: Lab) -> None:
    notebook(lab, NEW, quickstart())
    lab.open_in_notebook7(NEW)
    lab.run_all(NEW)
    lab.status.click()
    _panel(lab).get_by_role("heading", name="postcodes").wait_for()
    show_cell(lab, "mlee_candidate average")
