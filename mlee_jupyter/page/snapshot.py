"""All that the panel shows, as one plain JSON value that arrives finished: the page draws it and does no statistics.

Version 1 is described in snapshot.schema.json.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from mlee_jupyter import clock, present
from mlee_jupyter.domain import Evidence, Finding, Measured, Outcome
from mlee_jupyter.present.figures import is_bounded
from mlee_jupyter.present.values import iso
from mlee_jupyter.present.wording import label, whole
from mlee_jupyter.session import Ran

from .sponsor import answers
from .timebar import segments
from .timeline import timeline
from .where import where

JSON = dict[str, Any]

VERSION = 1
MOST_ROWS = 5000  # of one board; a page shows 200 of them at a time
MOST_CODES = 50  # of one candidate

Codes = Mapping[str, Mapping[str, Ran]]  # candidate -> code as it was run in this kernel


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
        "candidates": [],
        "findings": open_findings(findings),
        "timeline": [],
    }


def snapshot(
    evidence: Evidence,
    findings: Sequence[Finding],
    *,
    is_open: bool = True,
    idle_limit: timedelta = clock.IDLE_LIMIT,
    notebook: str | None = None,
    codes: Codes | None = None,
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
        codes: what was run for each candidate in this kernel.
        listed: the answers that are listed, where the notebook's text was read as well; None: the same.
        notices: standing lines of the session.
    """
    board = present.board(evidence, findings, notices=notices)
    for part in board["boards"]:
        part["rows_hidden"] += max(0, len(part["rows"]) - MOST_ROWS)
        part["rows"] = part["rows"][:MOST_ROWS]
    return {
        **empty(evidence.now, findings if listed is None else listed, notebook=notebook),
        "open": is_open,
        "status": _status(evidence, board, idle_limit),
        "answers": answers(evidence, board),
        "segments": segments(evidence),
        "board": board,
        "candidates": _candidates(evidence, codes or {}),
        "timeline": timeline(evidence.records),
    }


def _status(evidence: Evidence, board: JSON, idle_limit: timedelta) -> JSON:
    """What the clock of the page needs to tick on by itself between two snapshots."""
    experiment, time = evidence.experiment, board["time"]
    last = max((span.end for span in evidence.records.spans), default=None)
    return {
        "name": whole(experiment.name),
        "label": label(experiment.name, 60),
        "state": time["state"],
        "used_seconds": time["used_seconds"],
        "box_seconds": time["box_seconds"],
        "idle_seconds": idle_limit.total_seconds(),
        "quiet_seconds": None if last is None else max(0.0, (evidence.now - last).total_seconds()),
    }


def _candidates(evidence: Evidence, codes: Codes) -> list[JSON]:
    """When each candidate ran last, and fingerprints of what was run here: a cell's badge shows its age from them."""
    known = []
    for candidate in evidence.records.candidates[:MOST_ROWS]:
        ran = sorted(codes.get(candidate.name, {}).items(), key=lambda item: item[1].at)[-MOST_CODES:]
        last = evidence.efforts[candidate.name].last_at
        known.append(
            {
                "candidate": whole(candidate.name),
                "last": None if last is None else iso(last),
                "codes": [
                    {"code": fingerprint(code), "at": iso(one.at), "score_text": _score(one.measured)}
                    for code, one in ran
                ],
            }
        )
    return known


def _score(measured: Measured) -> str:
    return "" if measured.value is None else present.score_text(measured.value, is_bounded(measured.metric))


def fingerprint(code: str) -> str:
    """Eight hexadecimal digits that the page computes of a cell too: CRC-32 of its lines without trailing blanks."""
    lines = [line.rstrip(" \t") for line in code.replace("\r\n", "\n").split("\n")]
    text = "\n".join(lines).strip("\n")
    return f"{zlib.crc32(text.encode('utf-8', 'replace')):08x}"


def open_findings(findings: Sequence[Finding]) -> list[JSON]:
    """Findings as the panel lists them, with the places to go to; ignored ones too, with their reasons."""
    return [
        {**present.finding_value(f), "facts": {}, "where": where(f)}
        for f in findings
        if f.outcome in (Outcome.FINDING, Outcome.IGNORED)
    ]
