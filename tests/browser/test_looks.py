"""Every screen fits: light and dark, a wide window and a narrow one. MLEE_SHOTS=FOLDER keeps pictures to look at."""

from __future__ import annotations

from typing import Any

import pytest

from .lab import Lab
from .stories import LOAD, shot

BOARD = """
import mlee_jupyter as mlee
e = mlee.start('shelf', budget='3s', truth=y_test, metric='accuracy', useful_gain=0.02, must_reach=0.9,
               question='Can a camera tell which product is on the shelf?', candidates=['knn', 'svm', 'by hand'])
for name, wrong in {'knn': 4, 'svm': 3, 'forest': 9, 'boosting with many trees': 30}.items():
    with e.candidate(name, simplicity=wrong % 5 + 1, quiet=True) as run:
        answers = y_test.copy()
        answers[:wrong] ^= 1
        run.record(answers)
"""
CELL = "%%mlee_candidate knn --simplicity 2\nimport time; time.sleep(2.6)\ngood"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 800])
def test_the_screens_fit(lab: Lab, notebook: Any, width: int, dark: bool) -> None:
    from playwright.sync_api import expect

    look = f"{width}_{'dark' if dark else 'light'}"
    lab.page.set_viewport_size({"width": width, "height": 900})
    name = notebook("shelf.ipynb", LOAD, BOARD, CELL)
    lab.open(name)
    lab.theme(dark)
    lab.wait_for_kernel(name)
    panel = lab.show_panel()
    shot(lab, f"empty_{look}")
    lab.run_all(name)
    expect(panel.get_by_role("rowheader", name="svm")).to_be_visible()
    expect(lab.status).to_contain_text("over by")
    expect(panel.locator(".mleelab-chip")).to_have_text(["Yes, in this test", "Over"])
    for part in ("#mlee-status", ".jp-Notification-Status"):  # ours gives way, and pushes nothing off the bar
        expect(lab.page.locator(part)).to_be_in_viewport(ratio=1)
    fits(panel)
    shot(lab, f"panel_{look}")
    panel.evaluate("node => { node.scrollTop = node.scrollHeight; }")
    panel.locator("summary").evaluate_all("folds => folds.forEach(fold => { fold.parentElement.open = true; })")
    fits(panel)
    shot(lab, f"panel_below_{look}")
    lab.save()  # converting asks about edits that are not saved
    for command, button in (
        ("mlee:start", "Insert and run"),
        ("mlee:decide", "Decide"),
        ("mlee:convert", "Show the plan"),
    ):
        lab.command(command)
        dialog = lab.page.get_by_role("dialog")
        expect(dialog.get_by_role("button", name=button)).to_be_in_viewport()
        fits(dialog)
        fits(dialog.locator(".mleelab-form"))
        shot(lab, f"{command.partition(':')[2]}_{look}")
        lab.page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
    lab.theme(False)


def fits(part: Any) -> None:
    """Nothing is wider than its holder."""
    assert part.evaluate("node => node.scrollWidth - node.clientWidth") <= 1
