"""The board as Markdown, for a report or a pull request: one pipe table a board."""

from __future__ import annotations

import re

from mlee_jupyter.domain.text.names import clean, count, cut, sentences
from mlee_jupyter.report.text.plain_json import JSON

from .as_text import PAGE_ROWS
from .marks import SHAPES

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$&:@])")
_HEADS = (
    "",
    "candidate",
    "score",
    "95% range",
    "against the best",
    "simplicity",
    "answer",
    "spent",
    "variants",
    "notes",
)
_RIGHT = {2, 5, 6, 7, 8}


def markdown(board: JSON) -> str:
    """The board as GitHub-flavoured Markdown; names cannot start a link, a tag, a table cell or a formula."""
    experiment, time = board["experiment"], board["time"]
    lines = [f"### {literal(cut(experiment['label'], 80))}", ""]
    if experiment["question"]:
        lines += [literal(experiment["question"]), ""]
    several = len(board["boards"]) > 1
    for part in board["boards"]:
        lines += [literal(_caption(board, part, several)), "", *_table(part), ""]
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


def _caption(board: JSON, part: JSON, several: bool) -> str:
    metric = part["metric"]
    said = [metric["label"] + (" in %" if metric["unit"] else ""), metric["direction"]]
    if part["n_text"]:
        said.append(part["n_text"])
    if several:
        said.append(part["source_text"])
    else:
        said += [board["experiment"]["candidates_text"], board["experiment"]["variants_text"]]
    return ", ".join(said)


def _table(part: JSON) -> list[str]:
    rule = ["---:" if i in _RIGHT else "---" for i in range(len(_HEADS))]
    lines = [_line(list(_HEADS)), _line(rule)]
    for row in part["rows"][:PAGE_ROWS]:
        cells = [
            SHAPES[row["symbol"]],
            cut(row["label"], 60),
            row["score_text"],
            row["range_text"],
            row["against_text"],
        ]
        cells += [row["simplicity_text"], row["answer_text"], row["spent_text"], str(row["variants"] or "")]
        lines.append(_line([literal(cell) for cell in [*cells, "; ".join(row["notes"])]]))
    hidden = part["rows_hidden"] + max(0, len(part["rows"]) - PAGE_ROWS)
    return [*lines, "", f"{count(hidden, 'row')} more, not shown here."] if hidden else lines


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
