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
from mlee_jupyter.report.render.as_html import HEADS, row_kind
from mlee_jupyter.report.render.as_text import found_text
from mlee_jupyter.report.render.captions import caption_text, clock_text, legend_text, notes_text
from mlee_jupyter.report.render.marks import SHAPES

JSON = dict[str, Any]

VERSION = 1
MOST_BYTES = 2_000_000  # of one view; Jupyter's server drops what is above 3,000,000 in three seconds
MOST_WHYS = 50  # rows of one board that bring their explanation along
_NAME, _NOTE = 120, 160  # columns

FIELDS = (
    *("key", "label", "shape", "kind", "state", "notes", "score", "range", "bar", "reason", "against", "because"),
    *("simple", "answer", "spent", "by_score", "by_simple", "by_answer", "by_spent", "why"),
)
_COLUMNS = dict(zip(("candidate", "score", "range", "against", "simple", "answer", "spent"), HEADS, strict=True))
_LEFT_OUT = ("simple", "answer")  # where no row has one
_BY = {"candidate": "label", "against": "against"} | {of: f"by_{of}" for of in ("score", "simple", "answer", "spent")}
_DOWN = ("score", "spent")  # the first click puts the largest on top


def view(board: JSON, why: Callable[[str], str]) -> JSON:
    """The board as the page draws it; `why` explains a judged candidate."""
    experiment, findings = board["experiment"], board["findings"]
    said = [*board["words"], *([board["decided"]["text"]] if board["decided"] else [])]
    return {
        "version": VERSION,
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
    empty = [of for of in _LEFT_OUT if not any(row[FIELDS.index(of)] for row in rows)]
    band = part["axis"]["band"] if part["axis"] is not None else None
    return {
        "caption": caption_text(board, part),
        "legend": legend_text(part),
        "band": None if band is None else [band["left"], band["width"]],
        "columns": [
            {"of": of, "head": head, "kind": kind, "by": _BY.get(of), "down": of in _DOWN}
            for of, (head, kind) in _COLUMNS.items()
            if of not in empty
        ],
        "rows": rows,
        "hidden": part["rows_hidden"],
        "words": sentences(part["words"]),
    }


def _row(row: JSON) -> list[Any]:
    bar = row["bar"]
    return [
        key(row["candidate"]),
        cut(clean(row["label"]), _NAME),
        SHAPES.get(row["symbol"], row["symbol"]),
        row_kind(row),
        row["state"],
        cut(notes_text(row), _NOTE),
        row["score_text"],
        row["range_text"],
        None if bar is None else [bar["left"], bar["width"], bar["point"], bar["clipped"]],
        cut(row["reason"] or "", _NOTE),
        row["against_text"],
        cut(row["because"] or "", _NOTE),
        row["simplicity_text"],
        row["answer_text"],
        row["spent_text"],
        row["score"],
        row["simplicity"],
        row["answer_ms"],
        row["spent_seconds"],
    ]


def _is_judged(row: JSON) -> bool:
    return row["verdict"] is not None or row["kind"] == "baseline"


def _finding(found: JSON) -> list[str]:
    kind = {"error": "mlee-bad", "warning": "mlee-open"}.get(found["level"], "mlee-first")
    return [kind, found["level"], found["rule"], found["message"], found["remedy"]]
