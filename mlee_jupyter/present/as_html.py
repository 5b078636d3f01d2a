"""The board for a page: a semantic table that needs no script, in any theme, saved, printed or sanitised.

JupyterLab strips `<style>` and `<svg>` from notebooks it does not trust: every bar therefore stands beside its
numbers, every shape beside its word, and nothing is said by colour alone. MathJax is told to leave the page be,
since a name may hold dollar signs.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from .as_text import PAGE_ROWS
from .findings_html import errors_html, found_html
from .marks import bar, name, safe, shape, time_bar
from .states import State
from .values import JSON
from .wording import count, cut, sentences

_KIND = {
    State.BEST: "mlee-first",
    State.LEADER: "mlee-first",
    State.ONLY: "mlee-first",
    State.AS_GOOD: "mlee-good",
    State.CANT_TELL: "mlee-open",
    State.WORSE: "",
    State.FAILED: "mlee-bad",
}
_HEADS = (
    ("candidate", ""),
    ("score", "mlee-number"),
    ("95% range", "mlee-range"),
    ("against the best", ""),
    ("simple", "mlee-number mlee-second"),
    ("answer", "mlee-number mlee-third"),
    ("spent", "mlee-number mlee-second"),
)


_OPTIONAL = {"simple": "simplicity_text", "answer": "answer_text"}  # left out where no row has one
_NUMBERS = (
    ("simplicity_text", "mlee-number mlee-second"),
    ("answer_text", "mlee-number mlee-third"),
    ("spent_text", "mlee-number mlee-second"),
)
_LEFT = ' style="text-align:left"'  # the one style that must survive where the sheet is stripped


def html(board: JSON) -> str:
    """The board as a fragment of HTML, complete with its style."""
    parts = [f"<style>{style()}</style>", _head(board), errors_html(board["findings"])]
    several = len(board["boards"]) > 1
    for part in board["boards"]:
        parts.append(_table(board, part, several))
        parts.append(f"<p>{safe(sentences(part['words']))}</p>" if part["words"] else "")
    parts += [f"<p>{safe(sentences([line]))}</p>" for line in board["words"]]
    if board["decided"]:
        parts.append(f"<p><strong>{safe(sentences([board['decided']['text']]))}</strong></p>")
    parts.append(found_html(board["findings"]))
    parts += [f'<p role="note">{safe(notice)}</p>' for notice in board["notices"]]
    return f'<div class="mlee-board mathjax_ignore tex2jax_ignore">{"".join(parts)}</div>'


@cache
def style() -> str:
    """The style sheet, scoped under one class; comments and line breaks left out."""
    sheet = files(__package__).joinpath("style.css").read_text("utf-8")
    while "/*" in sheet:
        start = sheet.index("/*")
        sheet = sheet[:start] + sheet[sheet.index("*/", start) + 2 :]
    return " ".join(sheet.split())


def _head(board: JSON) -> str:
    experiment, time = board["experiment"], board["time"]
    question = f'<span class="mlee-question">{safe(experiment["question"])}</span>' if experiment["question"] else ""
    said = ", ".join(part for part in (time["text"], time["left_text"], time["deadline_text"]) if part)
    if time["state"] != "open":
        said += f", {time['state']}"
    over = " mlee-over" if (time["share"] or 0) > 1 else ""
    return (
        f'<div class="mlee-head"><strong class="mlee-title">{name(experiment["label"], 60)}</strong> {question} '
        f'<span class="mlee-clock{over}">{time_bar(time)} {safe(said)}</span></div>'
    )


def _table(board: JSON, part: JSON, several: bool) -> str:
    shown = part["rows"][:PAGE_ROWS]
    empty = {key for key in _OPTIONAL.values() if not any(row[key] for row in shown)}
    heads = "".join(
        f'<th scope="col"{_class(kind)}{"" if "mlee-number" in kind else _LEFT}>{safe(head)}</th>'
        for head, kind in _HEADS
        if _OPTIONAL.get(head) not in empty
    )
    body = "".join(_row(row, part["axis"], empty) for row in shown)
    hidden = part["rows_hidden"] + max(0, len(part["rows"]) - PAGE_ROWS)
    foot = ""
    if hidden:
        foot = f"<p>{safe(count(hidden, 'row'))} more, not shown here; exp.scoreboard() has all of them.</p>"
    if part["axis"] is not None and part["axis"]["band"] is not None:
        foot += f'<p class="mlee-legend">grey band: within your useful gain ({safe(part["useful_gain_text"])})</p>'
    return (
        f'<div class="mlee-scroll"><table class="mlee-table"><caption{_LEFT}>{_caption(board, part, several)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>{foot}"
    )


def _caption(board: JSON, part: JSON, several: bool) -> str:
    experiment, metric = board["experiment"], part["metric"]
    unit = " in %" if metric["unit"] else ""
    said = [f"{metric['label']}{unit}", metric["direction"]]
    if part["n_text"]:
        said.append(part["n_text"])
    if several:
        said.append(part["source_text"])
    else:
        said += [experiment["candidates_text"], experiment["variants_text"]]
    return safe(", ".join(said))


def _row(row: JSON, axis: JSON | None, empty: set[str]) -> str:
    state = State(row["state"])
    kinds = [_KIND.get(state, "mlee-grey")]
    if row["recommended"] or row["mark"] == "chosen":
        kinds.append("mlee-pick")
    drawn = bar(row, axis) if axis is not None else ""
    because = f' title="{safe(row["because"])}"' if row["because"] else ""
    named = f'<span class="mlee-name">{shape(row["symbol"])} <span>{name(row["label"])}{_notes(row)}</span></span>'
    interval = f'<span class="mlee-interval"><span>{safe(row["range_text"])}</span> {drawn}</span>'
    cells = (
        f'<th scope="row"{_LEFT}>{named}</th>',
        _cell(row["score_text"], "mlee-number"),
        f'<td class="mlee-range"{_LEFT}>{_reason(row)}{interval}</td>',
        f'<td class="mlee-word"{_LEFT}{because}>{safe(row["against_text"])}</td>',
        *(_cell(row[key], kind) for key, kind in _NUMBERS if key not in empty),
    )
    return f"<tr{_class(' '.join(k for k in kinds if k))}>{''.join(cells)}</tr>"


def _notes(row: JSON) -> str:
    notes = [note for note in row["notes"] if note != row["reason"]]
    if row["variants"] > 2:
        notes.append(row["variants_text"])
    return f' <small class="mlee-note">{safe(", ".join(notes))}</small>' if notes else ""


def _reason(row: JSON) -> str:
    """Why there is no range; it stands where the range would."""
    return f'<small class="mlee-reason">{safe(cut(row["reason"], 160))}</small>' if row["reason"] else ""


def _cell(text: str, kind: str) -> str:
    return f"<td{_class(kind)}>{safe(text)}</td>"


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""
