"""The way to each screen, from the one before it: together they are the story of one experiment."""

from __future__ import annotations

import re
from typing import Any

from nbformat.v4 import new_code_cell

from tests.browser.lab import Lab

from .stage import SPENT, aside, dialog_of, notebook, quickstart, show_cell, spend

STUDY, NEW, PLAIN = "quickstart.ipynb", "new.ipynb", "plain.ipynb"
STAY = ".Toastify__progress-bar { animation-play-state: paused !important; }"  # a toast goes when its bar is through


def _panel(lab: Lab) -> Any:
    return lab.page.locator("#mlee-panel")


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
    dialog = dialog_of(lab)
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
    dialog_of(lab)


def ignore(lab: Lab) -> None:
    _close(lab)
    _panel(lab).get_by_role("button", name="Ignore…: MLE508").click()
    dialog_of(lab).get_by_label("Because").fill("no more rows this year")


def decide(lab: Lab) -> None:
    _close(lab)
    lab.command("mlee:decide")
    dialog_of(lab).get_by_label("Because").fill("as good as svm, and there is nothing to train")


def late(lab: Lab) -> None:
    _close(lab)
    spend(lab, {"svm": 47}, hours=4)
    lab.page.locator(".mleelab-status[data-mood='late']").wait_for()
    lab.page.wait_for_timeout(1_500)
    _top(lab)


def live(lab: Lab) -> None:
    lab.insert_and_run("%mlee_scoreboard --live")
    board = lab.page.locator(".mlee-live")
    board.get_by_role("rowheader").filter(has_text="knn").get_by_role("button").click()
    board.locator(".mlee-why").get_by_text("knn").first.wait_for()
    show_cell(lab, "--live")


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


def settings(lab: Lab) -> None:
    lab.page.keyboard.press("Escape")
    lab.command("settingeditor:open", query="mlee")
    lab.page.get_by_text("Idle limit in minutes").first.wait_for()
    lab.command_done("application:toggle-left-area")


def form(lab: Lab) -> None:
    notebook(lab, PLAIN, [new_code_cell("%load_ext mlee_jupyter"), new_code_cell("%mlee_experiment start --form")])
    lab.open(PLAIN)
    lab.run_all(PLAIN)
    lab.page.get_by_role("button", name="Write the cell").wait_for()
    show_cell(lab, "--form")


def notebook7(lab: Lab) -> None:
    notebook(lab, NEW, quickstart())
    lab.open_in_notebook7(NEW)
    lab.run_all(NEW)
    lab.status.click()
    _panel(lab).get_by_role("heading", name="postcodes").wait_for()
    show_cell(lab, "mlee_candidate average")
