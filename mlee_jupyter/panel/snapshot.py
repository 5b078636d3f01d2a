"""All that the panel shows, as one plain JSON value that arrives finished: the page draws it and does no statistics.

Version 1 is described in snapshot.schema.json.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from mlee_jupyter import report
from mlee_jupyter.domain import Evidence, Finding, Outcome, Result, RunOutcome, held, working_time
from mlee_jupyter.domain.text.names import label, whole
from mlee_jupyter.report.text.plain_json import iso
from mlee_jupyter.stats.metrics.metric_names import is_bounded

from .answers_for_payers import answers, needed
from .best_so_far import best_so_far
from .board_figure import charts, figures
from .places import where
from .said_once import said_once
from .time_bar import segments
from .timeline import timeline

JSON = dict[str, Any]

VERSION = 1
MOST_ROWS = 5000  # of one board; a page shows 200 of them at a time
MOST_CODES = 50  # of one candidate

Codes = Mapping[int, str]  # run -> fingerprint of its code
Cells = Mapping[str, tuple[str, str]]  # candidate -> id and fingerprint of a cell


def empty(now: datetime, findings: Sequence[Finding] = (), *, notebook: str | None = None) -> JSON:
    """What the panel shows of a notebook in which no experiment is open."""
    return {
        "version": VERSION,
        "kind": "snapshot",
        "now": iso(now),
        "notebook": notebook,
        "open": False,
        "status": None,
        "answers": [],
        "segments": [],
        "board": None,
        "figures": [],
        "best_so_far": None,
        "running": None,
        "candidates": [],
        "findings": open_findings(findings),
        "timeline": [],
    }


def snapshot(
    evidence: Evidence,
    findings: Sequence[Finding],
    *,
    is_open: bool = True,
    idle_limit: timedelta = working_time.IDLE_LIMIT,
    notebook: str | None = None,
    codes: Codes | None = None,
    cells: Cells | None = None,
    listed: Sequence[Finding] | None = None,
    notices: Sequence[str] = (),
) -> JSON:
    """What the panel shows of one experiment.

    Args:
        evidence: the experiment as it stands.
        findings: every rule's answer; the board is made from them, so it is the one of %mlee_scoreboard.
        is_open: whether the experiment is open in this kernel, or only read from the store.
        idle_limit: gaps from this on are not working time.
        notebook: the notebook's file, when it is known.
        codes: fingerprints of what was run, by run.
        cells: id and fingerprint of the cell that recorded a candidate last, by candidate, where this kernel knows it.
        listed: the answers that are listed, where the notebook's text was read as well; None: the same.
        notices: standing lines of the session.
    """
    board = report.board(evidence, findings, notices=notices)
    for part in board["boards"]:
        part["rows_hidden"] += max(0, len(part["rows"]) - MOST_ROWS)
        part["rows"] = part["rows"][:MOST_ROWS]
    shown = held(evidence, findings)
    drawn = charts(shown)
    return {
        **empty(evidence.now, findings if listed is None else listed, notebook=notebook),
        "open": is_open,
        "status": _status(evidence, board, idle_limit),
        "answers": answers(evidence, board),
        "segments": segments(evidence),
        "board": said_once(board, evidence),
        "figures": figures(shown, findings, board, drawn),
        "best_so_far": best_so_far(shown, drawn[0] if drawn else None, idle_limit),
        "candidates": _candidates(evidence, codes or {}, cells or {}),
        "timeline": timeline(evidence.records),
    }


def _status(evidence: Evidence, board: JSON, idle_limit: timedelta) -> JSON:
    """What the clock of the page needs to tick on by itself between two snapshots."""
    experiment, time = evidence.experiment, board["time"]
    last = max((span.end for span in evidence.records.spans), default=None)
    more = needed(evidence)
    return {
        "name": whole(experiment.name),
        "label": label(experiment.name, 60),
        "state": time["state"],
        "used_seconds": time["used_seconds"],
        "box_seconds": time["box_seconds"],
        "idle_seconds": idle_limit.total_seconds(),
        "quiet_seconds": None if last is None else max(0.0, (evidence.now - last).total_seconds()),
        "needed_seconds": None if more is None else more.total_seconds(),
    }


def _candidates(evidence: Evidence, codes: Codes, cells: Cells) -> list[JSON]:
    """When each candidate ran last, how that ended, what code of it was recorded and where: for the badges of cells."""
    recorded: dict[str, dict[str, Result]] = {}
    newest: dict[str, Result] = {}
    for result in evidence.records.results:
        newest[result.candidate] = result
        if result.outcome == RunOutcome.OK and (code := codes.get(result.run_id)):
            of_one = recorded.setdefault(result.candidate, {})
            earlier = of_one.get(code)
            if earlier is None or earlier.run_id != result.run_id:  # of one run the first result
                of_one.pop(code, None)
                of_one[code] = result
    known = []
    for candidate in evidence.records.candidates[:MOST_ROWS]:
        last = evidence.efforts[candidate.name].last_at
        known.append(
            {
                "candidate": whole(candidate.name),
                "last": None if last is None else iso(last),
                "failed": _failure(newest.get(candidate.name), codes),
                "cell": _cell(cells.get(candidate.name)),
                "codes": [
                    {"code": code, "at": iso(result.started_at), "score_text": _score(result)}
                    for code, result in list(recorded.get(candidate.name, {}).items())[-MOST_CODES:]
                ],
            }
        )
    return known


def _failure(newest: Result | None, codes: Codes) -> JSON | None:
    """How the newest run ended, if it failed, and its code."""
    if newest is None or newest.outcome == RunOutcome.OK:
        return None
    word = "failed" if newest.outcome == RunOutcome.ERROR else str(newest.outcome)
    return {"word": word, "at": iso(newest.started_at), "code": codes.get(newest.run_id)}


def _cell(place: tuple[str, str] | None) -> JSON | None:
    return None if place is None else {"id": place[0], "code": place[1]}


def _score(result: Result) -> str:
    if result.metric is None or result.value is None:
        return ""
    return report.score_text(result.value, is_bounded(result.metric))


def open_findings(findings: Sequence[Finding]) -> list[JSON]:
    """Findings as the panel lists them, with the places to go to; ignored ones too, with their reasons.

    A remedy does not name the magic that explains: a button beside it does.
    """
    return [
        {
            **report.finding_value(f),
            "remedy": f.remedy.removesuffix(f" %mlee_check {f.rule} explains"),
            "facts": {},
            "where": where(f),
        }
        for f in findings
        if f.outcome in (Outcome.FINDING, Outcome.IGNORED)
    ]
