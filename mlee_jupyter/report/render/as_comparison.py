"""A comparison without an experiment, as text and as HTML: the tables are those of a board."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mlee_jupyter.domain import Judgement
from mlee_jupyter.report.board.compared import compared
from mlee_jupyter.report.text.plain_json import JSON

from .as_html import table_html
from .as_text import table_lines
from .board_columns import COLUMNS, Column
from .marks import safe

_SHOWN = ("label", "score_text", "range_text")
_VERDICT = Column("state", "verdict")  # how far behind: `explain` and `table` say it
_WIDTH = 100


def comparison_text(judgement: Judgement, remarks: Sequence[str] = ()) -> str:
    """Lines for a terminal; no row is left out."""
    told = compared(judgement, remarks)
    table = table_lines(told["rows"], _WIDTH, fields=_columns(told), is_whole=True)
    lines = (told["caption"], *(line.removeprefix(" ") for line in table), *told["words"])
    return "\n".join(line.rstrip() for line in lines)


def comparison_html(judgement: Judgement, remarks: Sequence[str] = ()) -> str:
    """A table for a page, without a style sheet of its own."""
    told = compared(judgement, remarks)
    words = "".join(f"<p>{safe(line)}</p>" for line in told["words"])
    return f"{table_html(told['caption'], _columns(told), told['rows'])}{words}"


def _columns(told: JSON) -> tuple[Column, ...]:
    heads = {"range_text": told["range_head"]}
    return *(replace(one, head=heads.get(one.key, one.head)) for one in COLUMNS if one.key in _SHOWN), _VERDICT
