"""The pictures that README and docs show by themselves: the scoreboard under its cell, and the panel."""

from __future__ import annotations

from pathlib import Path

from .stage import SPENT, look, notebook, quickstart, show_cell, spend, stage
from .taking import save

BOARD = ".mlee-board:has(table)"
NAMES = ("scoreboard_light.png", "scoreboard_dark.png", "panel.png")


def take(folder: Path) -> None:
    """Take them."""
    folder.mkdir(parents=True, exist_ok=True)
    with stage(height=1400, scale=2) as lab:
        name = notebook(lab, "quickstart.ipynb", quickstart(whole=True))
        lab.open(name)
        lab.command_done("application:toggle-left-area")
        lab.run_all(name)
        for theme in ("light", "dark"):
            lab.theme(theme == "dark")
            lab.page.wait_for_timeout(1_500)
            cell = lab.page.locator(".jp-CodeCell", has=lab.page.locator(BOARD)).last
            cell.scroll_into_view_if_needed()
            save(cell.screenshot(), folder / f"scoreboard_{theme}.png", 128)
    with stage() as lab:
        name = notebook(lab, "quickstart.ipynb", quickstart())
        lab.open(name)
        lab.wait_for_kernel(name)  # a layout that is restored late would hide it again
        panel = lab.show_panel()
        lab.run_all(name)
        spend(lab, SPENT)
        panel.locator(".mleelab-used").get_by_text("min of 2 h").wait_for()
        look(lab, "light", 1280)
        show_cell(lab, "mlee_candidate average")
        lab.page.wait_for_timeout(1_500)
        save(lab.page.screenshot(), folder / "panel.png", 128)
