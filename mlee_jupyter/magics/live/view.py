"""What the live scoreboard draws: the board's own texts and bars, one short list a row, so that all rows fit.

Every row is in the page and at most 200 of them are drawn: while a candidate runs the kernel cannot be asked, and
sorting and filtering must work just then. For the same reason the first rows bring along why they stand where they do;
the others are asked for. A view stays below what Jupyter's server lets through at once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

from mlee_jupyter.domain.text.names import clean, cut, sentences
from mlee_jupyter.report.render.as_text import found_text
from mlee_jupyter.report.render.board_columns import columns_of
from mlee_jupyter.report.render.captions import caption_text, clock_text, legend_text

JSON = dict[str, Any]

MOST_BYTES = 2_000_000  # of one view; Jupyter's server drops what is above 3,000,000 in three seconds
MOST_WHYS = 50  # rows of one board that bring their explanation along
_NAME, _NOTE = 120, 160  # columns

FIELDS = (
    *("candidate", "label", "symbol", "state", "mark", "recommended", "variant", "notes", "score", "score_text"),
    *("range_text", "bar", "reason", "against_text", "because", "simplicity", "simplicity_text", "answer_ms"),
    *("answer_text", "spent_seconds", "spent_text", "variants", "variants_text", "why"),
)
_BY = {
    **{"label": "label", "score_text": "score", "against_text": "against_text", "simplicity_text": "simplicity"},
    **{"answer_text": "answer_ms", "spent_text": "spent_seconds"},
}
_DOWN = ("score_text", "spent_text")  # the first click puts the largest on top


def view(board: JSON, why: Callable[[str], str]) -> JSON:
    """The board as the page draws it; `why` explains a judged candidate."""
    experiment, findings = board["experiment"], board["findings"]
    said = [*board["words"], *([board["decided"]["text"]] if board["decided"] else [])]
    return {
        "fields": FIELDS,
        "title": experiment["label"],
        "question": cut(experiment["question"] or "", 300),
        "clock": clock_text(board["time"]),
        "over": (board["time"]["share"] or 0) > 1,
        "errors": [_finding(found) for found in findings["errors"]],
        "found_text": found_text({**findings, "errors": []}),
        "found": [_finding(found) for found in (*findings["warnings"], *findings["advice"])],
        "parts": [_part(board, part, why) for part in board["boards"]],
        "words": [sentences([line]) for line in said],
        "notices": board["notices"],
    }


def as_text(shown: JSON) -> str:
    """The view as it is sent; where it is too large, the last rows are left out and counted."""
    text = json.dumps(shown, ensure_ascii=False, separators=(",", ":"))
    size = len(text.encode("utf-8", "replace"))
    if size <= MOST_BYTES or not any(part["rows"] for part in shown["parts"]):
        return text
    parts = []
    for part in shown["parts"]:
        rows = part["rows"][: max(0, len(part["rows"]) * MOST_BYTES // size - 1)]
        parts.append({**part, "rows": rows, "hidden": part["hidden"] + len(part["rows"]) - len(rows)})
    return as_text({**shown, "parts": parts})


def key(candidate: str) -> str:
    """A candidate's name as the page says it, however long the name is."""
    return hashlib.blake2b(candidate.encode("utf-8", "replace"), digest_size=6).hexdigest()


def candidates(board: JSON) -> Iterator[str]:
    """Every name on the board."""
    return (row["candidate"] for part in board["boards"] for row in part["rows"])


def _part(board: JSON, part: JSON, why: Callable[[str], str]) -> JSON:
    rows = [
        [*_row(row), why(row["candidate"]) if place < MOST_WHYS and _is_judged(row) else None]
        for place, row in enumerate(part["rows"])
    ]
    band = part["axis"]["band"] if part["axis"] is not None else None
    return {
        "caption": caption_text(board, part),
        "legend": legend_text(part),
        "band": band,
        "columns": [
            {"of": one.key, "head": one.head, "kind": one.kind, "by": _BY.get(one.key), "down": one.key in _DOWN}
            for one in columns_of(part["rows"])
        ],
        "rows": rows,
        "hidden": part["rows_hidden"],
        "words": sentences(part["words"]),
    }


def _row(row: JSON) -> list[Any]:
    """The fields of one row, but for the last; texts of strangers are cut, a name is said by its key."""
    short = {
        "candidate": key(row["candidate"]),
        "label": cut(clean(row["label"]), _NAME),
        "variant": row["variant"] and cut(row["variant"], _NAME),
        "notes": [cut(note, _NOTE) for note in row["notes"] if note != row["reason"]],
        "reason": row["reason"] and cut(row["reason"], _NOTE),
        "because": row["because"] and cut(row["because"], _NOTE),
    }
    return [short[field] if field in short else row[field] for field in FIELDS[:-1]]


def _is_judged(row: JSON) -> bool:
    return row["verdict"] is not None or row["kind"] == "baseline"


def _finding(found: JSON) -> JSON:
    return {field: found[field] for field in ("level", "rule", "message", "remedy")}
