"""The board as Markdown, for a report or a pull request: one pipe table a board."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mlee_jupyter.domain.text.names import clean, cut, sentences
from mlee_jupyter.report.text.plain_json import JSON

from .board_columns import COLUMNS, page_of
from .captions import caption_text, hidden_text
from .marks import SHAPES

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$&:@])")
_HEADS = ("", *(column.head for column in COLUMNS), "variants", "notes")
_RULE = ("---", *("---:" if column.is_number else "---" for column in COLUMNS), "---:", "---")


def markdown(board: JSON) -> str:
    """The board as GitHub-flavoured Markdown; names cannot start a link, a tag, a table cell or a formula."""
    experiment, time = board["experiment"], board["time"]
    lines = [f"### {literal(cut(experiment['label'], 80))}", ""]
    if experiment["question"]:
        lines += [literal(experiment["question"]), ""]
    for part in board["boards"]:
        lines += [literal(caption_text(board, part)), "", *_table(part), ""]
        if part["words"]:
            lines += [literal(sentences(part["words"])), ""]
    for said in (*board["words"], *(d["text"] for d in [board["decided"]] if d)):
        lines += [literal(sentences([said])), ""]
    state = "" if time["state"] == "open" else f", {time['state']}"
    left = f", {time['left_text']}" if time["left_text"] else ""
    lines += [literal(f"Time: {time['text']} used{left}{state}."), ""]
    for group in ("errors", "warnings", "advice"):
        for found in board["findings"][group]:
            lines.append(
                f"- **{found['level']} {found['rule']}** {literal(sentences([found['message'], found['remedy']]))}"
            )
    if lines[-1]:
        lines.append("")
    for notice in board["notices"]:
        lines += [literal(notice), ""]
    return "\n".join(lines).rstrip() + "\n"


def literal(text: str) -> str:
    """Text that Markdown shows as it is: only what could begin a construct is escaped."""
    escaped = _SPECIAL.sub(r"\\\1", clean(text, 2000))
    return _at_ease(escaped)


def _at_ease(escaped: str) -> str:
    """Dots, dashes and brackets in the middle of ordinary words need no backslash; leave them readable."""
    return re.sub(r"(?<=[\w,)%\"' ])\\([.\-():+!])", r"\1", escaped) if not escaped.startswith("\\") else escaped


def _table(part: JSON) -> list[str]:
    shown, hidden = page_of(part)
    lines = [_line(_HEADS), _line(_RULE)]
    for row in shown:
        cells = [SHAPES[row["symbol"]], *(cut(row[c.key], 60) if c.key == "label" else row[c.key] for c in COLUMNS)]
        cells += [str(row["variants"] or ""), "; ".join(row["notes"])]
        lines.append(_line([literal(cell) for cell in cells]))
    return [*lines, "", hidden_text(hidden)] if hidden else lines


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
