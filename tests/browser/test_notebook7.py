"""Notebook 7 has no status bar and other panels: the same extension, found there too."""

from __future__ import annotations

from typing import Any

import pytest

from .lab import Lab
from .stories import STORY, shot


def test_status_panel_and_badges_in_notebook_7(lab: Lab, notebook: Any) -> None:
    from playwright.sync_api import expect

    pytest.importorskip("notebook", reason="Notebook 7 is not installed: pip install '.[browser]'")
    name = notebook("shelf.ipynb", *STORY)
    lab.open_in_notebook7(name)
    lab.run_all(name)
    expect(lab.status).to_contain_text("shelf")
    expect(lab.page.locator(".mleelab-badge")).to_contain_text("92.0")
    lab.status.click()
    panel = lab.page.locator("#mlee-panel")
    expect(panel).to_be_visible()
    expect(panel.get_by_role("rowheader", name="knn")).to_be_visible()
    shot(lab, "notebook7")
    panel.get_by_role("button", name="Package…").click()
    expect(lab.page.get_by_role("dialog").get_by_label("Name of the package")).to_have_value("shelf")
    lab.page.keyboard.press("Escape")
    lab.save()
    lab.open_in_notebook7(name)  # a reload
    expect(lab.status).to_contain_text("shelf")
    expect(lab.page.locator(".mleelab-badge")).to_have_attribute("data-state", "fresh")
    assert lab.errors == []
