"""The brief as one JSON value; every form of it is drawn from that."""

from __future__ import annotations

from collections.abc import Sequence

from mlee_jupyter.domain import Evidence, Finding
from mlee_jupyter.domain.text.names import clean, label, line_or_none, whole
from mlee_jupyter.report.text.plain_json import JSON, iso

from .brief_answers import accepted, answers, not_said, open_risks

VERSION = 1
KIND = "mlee brief"
MOST_ROWS = 8
HEADS = {  # of the table of numbers, by the key of a board's row
    "label": "approach",
    "score_text": "score",
    "range_text": "95% range",
    "against_text": "against the best",
}


def brief(evidence: Evidence, findings: Sequence[Finding], board: JSON) -> JSON:
    """What one page says of an experiment.

    Args:
        evidence: the experiment as it stands.
        findings: every rule's answer.
        board: its board, made of the same.
    """
    charter, part = evidence.charter, board["boards"][0]
    rows = [row for row in part["rows"] if row["score"] is not None]
    return {
        "kind": KIND,
        "version": VERSION,
        "name": whole(evidence.experiment.name),
        "label": label(evidence.experiment.name, 80),
        "question": line_or_none(charter.question),
        "decision": line_or_none(charter.decision),
        "owner": line_or_none(charter.owner),
        "at": iso(evidence.now),
        "at_text": f"{evidence.now.astimezone():%d %b %Y}",
        "answers": answers(evidence, findings, board),
        "risks": open_risks(findings),
        "accepted": accepted(evidence, findings),
        "not_said": not_said(evidence),
        "numbers": {
            "metric": clean(part["metric"]["label"], 60) if part["metric"]["name"] else "",
            "direction": part["metric"]["direction"],
            "cases": part["n_text"],
            "useful_gain": part["useful_gain_text"],
            "rows": [{key: row[key] for key in HEADS} for row in rows[:MOST_ROWS]],
            "rows_left": max(0, len(rows) - MOST_ROWS),
        },
    }
