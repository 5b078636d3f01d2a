"""The same tools where a referee alone knows the truth: what is recorded goes there, and what it shows comes back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlee_jupyter.domain.errors import MleeError, did_you_mean
from mlee_jupyter.wire.referee_client import RefereeClient
from mlee_jupyter.wire.tool import ROWS, TEXT, Tool

from .text_tools import checked_notebook, plan_tool
from .tool_files import rows_told

ABOUT = (
    "An experiment whose truth a referee alone knows. start tells the rules, record hands a candidate's predictions in,"
    " scoreboard shows what was shown. A score is shown, rounded, where it is ahead of the best one shown by a step."
)


class RefereedDesk:
    """What the tools do.

    Args:
        referee: the client of it.
        folder: in which named files lie.
    """

    def __init__(self, referee: RefereeClient, folder: Path) -> None:
        self._referee = referee
        self._folder = folder

    def start(self, _: Mapping[str, Any]) -> dict[str, Any]:
        """What is taken; the referee has started it."""
        return self._referee.rules()

    def record(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """Hand predictions in."""
        rows = rows_told(told, self._folder, "predictions", "file", "column")
        if rows is None:
            raise MleeError("There are no predictions.", "Pass predictions, or file.")
        return self._referee.hand_in(told["candidate"], rows, variant=told.get("variant"))

    def scoreboard(self, _: Mapping[str, Any]) -> dict[str, Any]:
        """All that was shown."""
        return self._referee.board()

    def why(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """What was shown of one candidate."""
        board, name = self._referee.board(), told.get("name")
        if name is None:
            return {"name": None, "said": board["said"]}
        if name not in board["handed_in"]:
            near = did_you_mean(name, board["handed_in"])
            raise MleeError(f"Nothing of the name {name[:40]!r} was handed in.", f"{near}scoreboard has the names.")
        shown = [one for one in board["shown"] if one["candidate"] == name]
        looks = board["handed_in"][name]
        times = "once" if looks == 1 else f"{looks} times"
        said = f"{name} was handed in {times}, and shown {len(shown)} of them. {board['said']}"
        return {"name": name, "shown": shown, "said": said}

    def check(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """What misleads in a notebook's text; of the experiment the verdict."""
        if "notebook" in told:
            return checked_notebook(self._folder, told["notebook"])
        return {"findings": [], "said": self._referee.board()["said"]}


def refereed_tools(referee: RefereeClient, folder: Path) -> list[Tool]:
    """The table.

    Args:
        referee: see `RefereedDesk`.
        folder: see `RefereedDesk`.
    """
    desk = RefereedDesk(referee, folder)
    name = {"name": {**TEXT, "description": "a candidate"}}
    return [
        Tool(name="start", about="What the referee takes: rows, kind of answers, metric.", run=desk.start),
        Tool(
            name="record",
            about="Hand a candidate's predictions in. Its score is shown if it is ahead of the best by a step.",
            run=desk.record,
            takes={
                "candidate": {**TEXT, "description": "name of the approach"},
                "predictions": {**ROWS, "description": "one for each row, in order"},
                "file": {**TEXT, "description": "a table in the server's folder that holds them"},
                "column": {**TEXT, "description": "its column"},
                "variant": {**TEXT, "description": "the setting tried, C=10"},
            },
            needs=("candidate",),
            writes=True,
        ),
        Tool(name="scoreboard", about="Every score that was shown, and who leads.", run=desk.scoreboard),
        Tool(
            name="why", about="What was shown of a candidate, or who leads and by how much.", run=desk.why, takes=name
        ),
        Tool(
            name="check",
            about="What misleads in the text of a notebook, which is read and not run; without one, the verdict.",
            run=desk.check,
            takes={"notebook": {**TEXT, "description": "a .ipynb file in the server's folder"}},
        ),
        plan_tool(),
    ]
