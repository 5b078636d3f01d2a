"""A short recording: the quickstart runs, a warning appears, to its cell and back, a decision, the conversion."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from tests.browser.lab import Lab

from .stage import notebook, quickstart, show_cell, stage

WIDTH, HEIGHT, STRIP = 1120, 700, 40
NAME = "quickstart.ipynb"
CLICK = (255, 120, 0)


class Film:
    """Frames with how long each is shown, a caption under them and a ring where something is clicked."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._frames: list[Image.Image] = []
        self._times: list[int] = []
        self.caption = ""

    def hold(self, seconds: float, around: Any = None) -> None:
        """One frame."""
        shot = Image.open(io.BytesIO(self._lab.page.screenshot())).convert("RGB")
        frame = Image.new("RGB", (WIDTH, HEIGHT + STRIP), (32, 33, 36))
        frame.paste(shot, (0, 0))
        drawing = ImageDraw.Draw(frame)
        font = ImageFont.load_default(size=18)
        drawing.text((20, HEIGHT + STRIP // 2), self.caption, fill="white", font=font, anchor="lm")
        box = around.bounding_box() if around is not None else None
        if box:
            x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
            drawing.ellipse((x - 16, y - 16, x + 16, y + 16), outline=CLICK, width=4)
        self._frames.append(frame.resize((WIDTH * 4 // 5, (HEIGHT + STRIP) * 4 // 5), Image.Resampling.LANCZOS))
        self._times.append(round(1000 * seconds))

    def click(self, part: Any, before: float = 0.9) -> None:
        """Show where, then click."""
        self.hold(before, part)
        part.click()

    def save(self, file: Path) -> float:
        """Write it; gives back how many seconds it lasts."""
        first, *rest = self._frames
        first.save(
            file,
            save_all=True,
            append_images=rest,
            duration=self._times,
            loop=0,
            quality=60,
            method=6,
            minimize_size=True,
        )
        return sum(self._times) / 1000


def record(file: Path) -> None:
    """Record it."""
    with stage("tour", WIDTH, HEIGHT) as lab:
        lab.set("mlee-jupyter:plugin", {"toasts": ["error", "warning"]})
        notebook(lab, NAME, quickstart())
        lab.open(NAME)
        lab.wait_for_kernel(NAME)
        film, panel = Film(lab), lab.show_panel()
        run(lab, film, panel)
        decide(lab, film, panel)
        convert(lab, film, panel)
        lasts = film.save(file)
        print(f"{file.name}: {lasts:.0f} s, {file.stat().st_size / 1e6:.1f} MB")


def run(lab: Lab, film: Film, panel: Any) -> None:
    """The charter, then one candidate after the other."""
    film.caption = "A notebook with a question and a time box"
    show_cell(lab, "%%mlee_experiment start")
    film.hold(1.2)
    lab.run_cell(1)
    lab.run_cell(3)
    panel.get_by_role("heading", name="postcodes").wait_for()
    lab.page.locator(".Toastify__toast").first.wait_for()
    lab.page.wait_for_timeout(700)
    film.caption = "A warning, before anything is trained: too few rows to tell small differences"
    film.hold(1.8)
    film.caption = "Every finding leads to its cell"
    go = panel.get_by_role("button", name="Go to cell: MLE201")
    go.scroll_into_view_if_needed()
    film.click(go)
    lab.page.wait_for_timeout(500)
    film.hold(1.2)
    film.caption = "Candidates run, the board follows"
    for index, name in ((5, "average"), (6, "knn"), (8, "forest"), (9, "svm")):
        lab.run_cell(index)
        panel.get_by_role("rowheader", name=name).wait_for()
        lab.page.wait_for_timeout(300)
        film.hold(0.8)
    panel.evaluate("node => { node.scrollTop = document.querySelector('.mleelab-board').offsetTop - 20; }")
    lab.page.wait_for_timeout(300)
    film.caption = "svm scored best; knn is as good, and simpler"
    film.hold(1.8)


def decide(lab: Lab, film: Film, panel: Any) -> None:
    """The decision."""
    film.caption = "Decide, with a reason that is kept"
    button = panel.get_by_role("button", name="Decide…")
    button.scroll_into_view_if_needed()
    film.click(button)
    dialog = lab.page.get_by_role("dialog")
    dialog.get_by_label("Because").fill("as good as svm, and there is nothing to train")
    lab.page.wait_for_timeout(300)
    film.hold(1.2)
    film.click(dialog.get_by_role("button", name="Decide", exact=True), 0.5)
    panel.get_by_text("Decided: knn").first.wait_for()
    lab.page.wait_for_timeout(400)
    film.hold(1.2)


def convert(lab: Lab, film: Film, panel: Any) -> None:
    """The package, proven."""
    film.caption = "Convert the notebook to a package: the plan, the proof, the report"
    lab.command_done("docmanager:save")
    package = panel.get_by_role("button", name="Package…")
    package.scroll_into_view_if_needed()
    film.click(package)
    dialog = lab.page.get_by_role("dialog")
    dialog.get_by_role("button", name="Show the plan").wait_for()
    film.click(dialog.get_by_role("button", name="Show the plan"), 0.8)
    lab.page.locator(".mleelab-text").wait_for(timeout=120_000)
    lab.page.wait_for_timeout(300)
    film.hold(1.3)
    film.click(lab.page.get_by_role("dialog").get_by_role("button", name="Write the package"), 0.5)
    lab.page.locator(".mleelab-progress li").first.wait_for()
    film.hold(0.8)
    lab.page.get_by_role("tab", name="report.md").wait_for(timeout=240_000)
    lab.page.wait_for_timeout(1_200)
    film.hold(2.5)
