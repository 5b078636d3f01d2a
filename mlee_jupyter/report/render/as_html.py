"""The board for a page: a semantic table that needs no script, in any theme, saved, printed or sanitised.

JupyterLab strips `<style>` and `<svg>` from notebooks it does not trust: every bar therefore stands beside its
numbers, every shape beside its word, and nothing is said by colour alone. MathJax is told to leave the page be,
since a name may hold dollar signs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mlee_jupyter.domain.text.names import cut, sentences
from mlee_jupyter.report.text.plain_json import JSON
from mlee_jupyter.report.text.states import State

from .board_columns import Column, columns_of, page_of
from .captions import caption_text, clock_text, hidden_text, legend_text, notes_text
from .findings_html import errors_html, found_html
from .marks import bar, name, safe, shape, time_bar
from .stylesheet import style

_KIND = {
    State.BEST: "mlee-first",
    State.LEADER: "mlee-first",
    State.ONLY: "mlee-first",
    State.AS_GOOD: "mlee-good",
    State.CANT_TELL: "mlee-open",
    State.WORSE: "",
    State.FAILED: "mlee-bad",
}
_LEFT = ' style="text-align:left"'  # the one style that must survive where the sheet is stripped


def html(board: JSON) -> str:
    """The board as a fragment of HTML, complete with its style."""
    parts = [f"<style>{style()}</style>", _head(board), errors_html(board["findings"])]
    for part in board["boards"]:
        parts.append(_table(board, part))
        parts.append(f"<p>{safe(sentences(part['words']))}</p>" if part["words"] else "")
    parts += [f"<p>{safe(sentences([line]))}</p>" for line in board["words"]]
    if board["decided"]:
        parts.append(f"<p><strong>{safe(sentences([board['decided']['text']]))}</strong></p>")
    parts.append(found_html(board["findings"]))
    parts += [f'<p role="note">{safe(notice)}</p>' for notice in board["notices"]]
    return f'<div class="mlee-board mathjax_ignore tex2jax_ignore">{"".join(parts)}</div>'


def _head(board: JSON) -> str:
    experiment, time = board["experiment"], board["time"]
    question = f'<span class="mlee-question">{safe(experiment["question"])}</span>' if experiment["question"] else ""
    over = " mlee-over" if (time["share"] or 0) > 1 else ""
    return (
        f'<div class="mlee-head"><strong class="mlee-title">{name(experiment["label"], 60)}</strong> {question} '
        f'<span class="mlee-clock{over}">{time_bar(time)} {safe(clock_text(time))}</span></div>'
    )


def _table(board: JSON, part: JSON) -> str:
    shown, hidden = page_of(part)
    foot = f"<p>{safe(hidden_text(hidden))}</p>" if hidden else ""
    if legend := legend_text(part):
        foot += f'<p class="mlee-legend">{safe(legend)}</p>'
    drawn = table_html(caption_text(board, part), columns_of(shown), shown, part["axis"], _row_kind)
    return f'<div class="mlee-scroll">{drawn}</div>{foot}'


def table_html(
    caption: str,
    columns: Sequence[Column],
    rows: Sequence[JSON],
    axis: JSON | None = None,
    kind_of: Callable[[JSON], str] = lambda _: "",
) -> str:
    """A table of candidates.

    Args:
        caption: what stands above it.
        columns: which of a row's fields.
        rows: rows of a board.
        axis: on which the ranges are drawn; None: numbers alone.
        kind_of: a row's classes.
    """
    heads = "".join(
        f'<th scope="col"{_class(column.kind)}{"" if column.is_number else _LEFT}>{safe(column.head)}</th>'
        for column in columns
    )
    body = "".join(
        f"<tr{_class(kind_of(row))}>{''.join(_cell(row, column, axis) for column in columns)}</tr>" for row in rows
    )
    return (
        f'<table class="mlee-table"><caption{_LEFT}>{safe(caption)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    )


def _cell(row: JSON, column: Column, axis: JSON | None) -> str:
    """A cell as its column wants it: three hold more than their text."""
    if column.key == "label":
        named = f'<span class="mlee-name">{shape(row["symbol"])} <span>{name(row["label"])}{_notes(row)}</span></span>'
        return f'<th scope="row"{_LEFT}>{named}</th>'
    if column.key == "range_text":
        drawn = bar(row, axis) if axis is not None else ""
        interval = f'<span class="mlee-interval"><span>{safe(row["range_text"])}</span> {drawn}</span>'
        return f'<td class="mlee-range"{_LEFT}>{_reason(row)}{interval}</td>'
    if column.key == "against_text":
        because = f' title="{safe(row["because"])}"' if row["because"] else ""
        return f'<td class="mlee-word"{_LEFT}{because}>{safe(row["against_text"])}</td>'
    return f"<td{_class(column.kind)}>{safe(row[column.key])}</td>"


def _row_kind(row: JSON) -> str:
    """The classes of a row: its mood, and whether it is the one to take."""
    kinds = [_KIND.get(State(row["state"]), "mlee-grey")]
    if row["recommended"] or row["mark"] == "chosen":
        kinds.append("mlee-pick")
    return " ".join(kind for kind in kinds if kind)


def _notes(row: JSON) -> str:
    notes = notes_text(row)
    return f' <small class="mlee-note">{safe(notes)}</small>' if notes else ""


def _reason(row: JSON) -> str:
    """Why there is no range; it stands where the range would."""
    return f'<small class="mlee-reason">{safe(cut(row["reason"], 160))}</small>' if row["reason"] else ""


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""
