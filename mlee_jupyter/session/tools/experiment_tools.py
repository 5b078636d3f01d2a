"""The tools on an experiment in this project's own store."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlee_jupyter.domain import Outcome, ResultKind, charter_toml, durations
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.record.scored_run import Run
from mlee_jupyter.session import boards, door_lines
from mlee_jupyter.wire.tool import NAMES, NUMBER, ROWS, TEXT, WHOLE, Tool

from .text_tools import checked_notebook, plan_tool, said_of_findings
from .tool_files import rows_told

if TYPE_CHECKING:
    from mlee_jupyter.session.session import Session

ABOUT = (
    "Experiments judged honestly. start one with its truth, record each candidate's predictions, then ask scoreboard"
    " and why. Every answer has a sentence under said. Nothing that you send is executed."
)
TRUTH = "truth"
_CHARTER = ("question", "decision", "owner", "metric", "useful_gain", "must_reach", "candidates", "positive")
_MOST_CANDIDATES = 50


def _with(kind: Mapping[str, Any], about: str) -> dict[str, Any]:
    return {**kind, "description": about}


class Desk:
    """What the tools do.

    Args:
        session: this process's session, made when it is first needed.
        folder: in which named files lie.
    """

    def __init__(self, session: Callable[[], Session], folder: Path) -> None:
        self._session = session
        self._folder = folder

    def start(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """Open an experiment, or take it up again."""
        here = self._session()
        truth = rows_told(told, self._folder, "truth", "truth_file", "truth_column")
        if truth is not None:
            here.given[TRUTH] = truth
        charter = {key: told[key] for key in _CHARTER if key in told}
        budget = told.get("budget")
        opening = here.start(
            told["name"],
            charter_toml.from_table(charter) if charter else None,
            budget=durations.parse(budget, here.settings.hours_a_day) if budget else None,
            truth_name=TRUTH if truth is not None else None,
        )
        self._take_up_truth(here)
        found = here.declared.truth_if_there(opening.experiment)
        rows = "no truth is declared yet" if found is None else f"candidates are judged on {found.n:,} rows"
        state = "taken up again" if opening.resumed else "open"
        return {
            "experiment": told["name"],
            "resumed": opening.resumed,
            "rows": None if found is None else found.n,
            "remarks": list(opening.remarks)[:4],
            "said": f"{told['name']} is {state}; {rows}.",
        }

    def record(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """Judge and keep the predictions of one candidate."""
        here = self._open()
        rows = rows_told(told, self._folder, "predictions", "file", "column")
        if rows is None:
            raise MleeError("There are no predictions.", "Pass predictions, or file.")
        kind = told.get("kind", "predictions")
        if kind not in ("predictions", "scores", "folds"):
            raise MleeError(f"There is no kind {kind[:30]!r}.", "Kinds: predictions, scores, folds.")
        run = Run(
            started_at=here.now(),
            duration=timedelta(),
            variant=told.get("variant"),
            simplicity=told.get("simplicity"),
            idea=told.get("idea"),
        )
        done = here.record(told["candidate"], here.read(rows, None, kind=ResultKind(kind)), run)
        evidence, fresh = here.news()
        lines = door_lines.recorded_lines(done[0], evidence)
        return {
            "candidate": told["candidate"],
            "score": done[0].first.measured.value,
            "findings": said_of_findings(fresh)[:2],
            "said": lines[0],
        }

    def scoreboard(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """The candidates against the best."""
        board = boards.board_of(self._session() if "experiment" in told else self._open(), told.get("experiment"))
        shown = board["boards"]
        words = (
            [line for one in shown for line in one["words"][:1]] or list(board["words"]) or ["Nothing is recorded yet."]
        )
        return {
            "experiment": board["experiment"]["name"],
            "boards": [_short(one) for one in shown[:4]],
            "said": words[0],
        }

    def why(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """Why a candidate stands where it does."""
        said = boards.explanation_of(self._open(), why=told.get("name"))
        return {"name": told.get("name"), "said": str(said)}

    def check(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """What misleads, in the experiment or in a notebook."""
        if "notebook" in told:
            return checked_notebook(self._folder, told["notebook"])
        here = self._open()
        found = said_of_findings([f for f in here.findings(here.evidence()) if f.outcome is Outcome.FINDING])
        first = f" The first: {found[0]['message']}." if found else ""
        return {"findings": found[:20], "said": f"{len(found) or 'No'} finding{'' if len(found) == 1 else 's'}.{first}"}

    def _open(self) -> Session:
        here = self._session()
        if here.current is None:
            raise MleeError("No experiment is open.", "Call start with its name; the same name takes one up again.")
        return here

    def _take_up_truth(self, here: Session) -> None:
        """The truth of an experiment that was started before: the store's newest."""
        records = here.records()
        if records.experiment.truth_name in (None, *here.names) or not records.truths:
            return
        rows = here.store.truth_rows(list(records.truths)[-1])
        if rows is not None:
            here.given[str(records.experiment.truth_name)] = rows


def _short(board: Mapping[str, Any]) -> dict[str, Any]:
    """A board as a client needs it."""
    keys = ("candidate", "score", "low", "high", "verdict", "against_text", "variants")
    return {
        "metric": board["metric"]["name"],
        "rows": board["n"],
        "winner": board["winner"],
        "recommended": board["recommended"],
        "best_set": board["best_set"],
        "candidates": [{key: row[key] for key in keys} for row in board["rows"][:_MOST_CANDIDATES]],
    }


def tools(session: Callable[[], Session], folder: Path) -> list[Tool]:
    """The table.

    Args:
        session: see `Desk`.
        folder: see `Desk`.
    """
    desk = Desk(session, folder)
    return [
        Tool(
            name="start",
            about="Open an experiment, or take up the one of that name. Pass the right answers of the test rows once,"
            " as truth or as truth_file (csv, tsv, json, parquet in the server's folder).",
            run=desk.start,
            takes={
                "name": _with(TEXT, "of the experiment"),
                "truth": _with(ROWS, "right answers, one for each row"),
                "truth_file": _with(TEXT, "a table that holds them"),
                "truth_column": _with(TEXT, "its column"),
                "metric": _with(TEXT, "accuracy, f1, roc_auc, log_loss, mae, rmse, ..."),
                "useful_gain": _with(NUMBER, "the smallest difference that would change the decision, 0.02"),
                "must_reach": _with(NUMBER, "the score below which nothing is used"),
                "question": _with(TEXT, "what is asked"),
                "decision": _with(TEXT, "what hangs on the answer"),
                "owner": _with(TEXT, "whose decision it is"),
                "positive": _with(TEXT, "the positive class"),
                "candidates": _with(NAMES, "names of the approaches that are planned"),
                "budget": _with(TEXT, "working time: 90m, 6h, 3d"),
            },
            needs=("name",),
            writes=True,
        ),
        Tool(
            name="record",
            about="Judge a candidate's predictions on the test rows and keep them. The score is ours, never yours.",
            run=desk.record,
            takes={
                "candidate": _with(TEXT, "name of the approach"),
                "predictions": _with(ROWS, "one for each row, in order; for kind scores a list of lists may stand"),
                "file": _with(TEXT, "a table that holds them"),
                "column": _with(TEXT, "its column"),
                "kind": _with(TEXT, "predictions (the default), scores (probabilities) or folds (scores of folds)"),
                "variant": _with(TEXT, "the setting tried, C=10"),
                "simplicity": _with(WHOLE, "1 is simplest"),
                "idea": _with(TEXT, "where the idea came from"),
            },
            needs=("candidate",),
            writes=True,
        ),
        Tool(
            name="scoreboard",
            about="The candidates, best first: score, 95% range, and whether the rows can tell each from the best.",
            run=desk.scoreboard,
            takes={"experiment": _with(TEXT, "another one than the open one")},
        ),
        Tool(
            name="why",
            about="In plain words why a candidate stands where it does, what a number of the board means, or without"
            " a name why there is a winner or none.",
            run=desk.why,
            takes={"name": _with(TEXT, "a candidate, or: score, range, behind, luck, ...")},
        ),
        Tool(
            name="check",
            about="What misleads in the open experiment, or in the text of a notebook, which is read and not run.",
            run=desk.check,
            takes={"notebook": _with(TEXT, "a .ipynb file in the server's folder")},
        ),
        plan_tool(),
    ]
