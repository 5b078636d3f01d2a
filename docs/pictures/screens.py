"""Every screen of the extension, in the order of a story that reaches them: a name, what it shows, the way there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.browser.lab import Lab

from . import converting, ways
from .stage import LOOKS


@dataclass(frozen=True)
class Screen:
    """One screen."""

    name: str
    shows: str
    reach: Callable[[Lab], None]


SCREENS = (
    Screen("empty", "The panel of a notebook without an experiment", ways.empty),
    Screen("start", "The form that writes the cell which starts an experiment", ways.start),
    Screen("warning", "A finding pops up once, when it becomes true", ways.warning),
    Screen(
        "running", "A running experiment: the two questions, the time box, the board; status item; badges", ways.running
    ),
    Screen("folds", "Findings with their folds open, and what happened", ways.folds),
    Screen("badges", "Badges: one cell's code is not what was recorded", ways.badges),
    Screen("explain", "Explain: the page of a rule", ways.explain),
    Screen("ignore", "Ignore: a reason, and a day if wanted", ways.ignore),
    Screen("decide", "Decide", ways.decide),
    Screen("late", "80% of the time box are used", ways.late),
    Screen("live", "The live board, with why one candidate stands where it stands", ways.live),
    Screen("decided", "Decided, with the timeline", ways.decided),
    Screen("restarted", "After a restart of the kernel: the last board, and when it was so", ways.restarted),
    Screen("no_kernel", "Opened without a kernel: the saved board", ways.no_kernel),
    Screen("convert_save", "Converting takes the saved file: edits are asked about", converting.save),
    Screen("convert_form", "Convert notebook to package", converting.form),
    Screen("convert_plan", "The plan: where each cell goes", converting.plan),
    Screen("convert_progress", "Converting, with the proof", converting.progress),
    Screen("convert_report", "The report", converting.report),
    Screen("menu", "From the file browser", converting.menu),
    Screen("form", "The form for where there is no panel", ways.form),
    Screen("settings", "Settings", ways.settings),
    Screen("notebook7", "Notebook 7", ways.notebook7),
)


def file_name(screen: str, theme: str, width: int) -> str:
    """How a picture is called."""
    return f"{screen}_{theme}_{width}.webp"


def expected() -> list[str]:
    """Every picture that there should be."""
    return [file_name(screen.name, theme, width) for screen in SCREENS for theme, width in LOOKS]
