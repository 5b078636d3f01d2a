"""The plan for a terminal, and as HTML like a board."""

from __future__ import annotations

from collections.abc import Sequence

from mlee_jupyter.domain.text.names import columns, cut, pad, wrap
from mlee_jupyter.report.render.marks import name, safe
from mlee_jupyter.report.render.stylesheet import style
from mlee_jupyter.report.text.plain_json import JSON

from .plan_value import HEADS

MARK = "<!-- mlee plan -->"
_RIGHT = ("simplicity_text", "try_text", "spent_text", "build_text")
_WIDTH = 100


def plan_text(told: JSON) -> str:
    """Lines for a terminal."""
    clock = f"   {told['used_text']} of {told['box_text']}" if told["box_text"] else ""
    lines = [f"{cut(told['label'], 60)}: the plan{clock}"]
    keys = _needed(told["rows"])
    if told["rows"]:
        table = [[HEADS[key] for key in keys], *([cut(row[key], 32) for key in keys] for row in told["rows"])]
        sizes = [max(columns(line[place]) for line in table) for place in range(len(keys))]
        for line in table:
            cells = [pad(one, size, right=key in _RIGHT) for one, size, key in zip(line, sizes, keys, strict=True)]
            lines.append(cut(f"   {'  '.join(cells)}", _WIDTH))
    for said in told["words"]:
        lines += wrap(said, _WIDTH)
    if told["not_said"]:
        lines.append("What cannot be said:")
    for said in told["not_said"]:
        lines += wrap(said, _WIDTH, first="  - ", rest="    ")
    return "\n".join(line.rstrip() for line in lines)


def plan_html(told: JSON) -> str:
    """A fragment of HTML, complete with its style."""
    clock = f"{told['used_text']} of {told['box_text']}" if told["box_text"] else ""
    question = f'<span class="mlee-question">{safe(told["question"])}</span>' if told["question"] else ""
    head = (
        f'<div class="mlee-head"><strong class="mlee-title">{name(told["label"], 60)}</strong> {question} '
        f'<span class="mlee-clock">{safe(clock)}</span></div>'
    )
    missing = "".join(f"<li>{safe(one)}</li>" for one in told["not_said"])
    parts = [
        f"{MARK}<style>{style()}</style>",
        head,
        _table(told["rows"]) if told["rows"] else "",
        *(f"<p>{safe(one)}</p>" for one in told["words"]),
        f"<p>What cannot be said:</p><ul>{missing}</ul>" if missing else "",
    ]
    return f'<div class="mlee-board mathjax_ignore tex2jax_ignore">{"".join(parts)}</div>'


def _table(rows: Sequence[JSON]) -> str:
    keys = _needed(rows)
    heads = "".join(f'<th scope="col"{_kind(key)}>{safe(HEADS[key] or "state")}</th>' for key in keys)
    body = "".join(f"<tr>{''.join(_cell(row, key) for key in keys)}</tr>" for row in rows)
    return (
        '<div class="mlee-scroll"><table class="mlee-table"><caption style="text-align:left">planned, and what it took'
        f"</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cell(row: JSON, key: str) -> str:
    if key == "label":
        return f'<th scope="row" style="text-align:left">{name(row["label"])}</th>'
    return f"<td{_kind(key)}>{safe(row[key])}</td>"


def _kind(key: str) -> str:
    return ' class="mlee-number"' if key in _RIGHT else ' style="text-align:left"'


def _needed(rows: Sequence[JSON]) -> list[str]:
    """The columns of which a row has anything."""
    return [key for key in HEADS if key in ("label", "state_text") or any(row[key] for row in rows)]
