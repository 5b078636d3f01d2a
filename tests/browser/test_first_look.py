"""The quickstart as a user meets it: board, clock, panel, badges, findings; and the way from a finding to its cell."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from .lab import Lab

QUICKSTART = Path(__file__).parents[2] / "example_notebooks" / "quickstart.ipynb"
SHOTS = os.environ.get("MLEE_SHOTS")


def shot(lab: Lab, name: str) -> None:
    if SHOTS:
        Path(SHOTS).mkdir(exist_ok=True, parents=True)
        lab.page.screenshot(path=str(Path(SHOTS, f"{name}.png")))


def test_the_quickstart_shows_board_clock_and_panel(lab: Lab) -> None:
    from playwright.sync_api import expect

    shutil.copy(QUICKSTART, lab.folder)
    lab.open("quickstart.ipynb")
    lab.wait_for_kernel("quickstart.ipynb")
    panel = lab.show_panel()
    expect(panel.get_by_role("button", name="Start an experiment…")).to_be_visible()
    shot(lab, "empty")
    lab.run_all("quickstart.ipynb")
    expect(lab.status).to_contain_text("postcodes", timeout=60_000)
    expect(panel.get_by_role("heading", name="postcodes")).to_be_visible()
    expect(panel).to_contain_text("Decided: knn")
    rows = panel.locator("tbody tr")
    expect(rows.filter(has_text="svm")).to_contain_text("best score")
    expect(rows.filter(has_text="knn")).to_contain_text("AS GOOD")
    shot(lab, "quickstart")
    badge = lab.page.locator(".mlee-badge").filter(has_text="AS GOOD")
    expect(badge).to_have_attribute("data-state", "fresh")
    assert lab.errors == []
