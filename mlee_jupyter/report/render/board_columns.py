"""The columns of a board: which field of a row stands under which head, for every renderer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mlee_jupyter.report.text.plain_json import JSON

PAGE_ROWS = 200  # rows of one board that are shown; a line says how many are not


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        key: the field of a row that is shown; it arrives as text.
        head: what stands above it.
        kind: classes of its cells on a page.
        right: aligned to the right in lines of text.
        give_up: columns with the highest number go first where a line is narrow; 0 stays.
    """

    key: str
    head: str
    kind: str = ""
    right: bool = False
    give_up: int = 0

    @property
    def is_number(self) -> bool:
        """Whether a page and Markdown align it to the right."""
        return "mlee-number" in self.kind


NAME = Column("label", "candidate")
COLUMNS = (
    NAME,
    Column("score_text", "score", "mlee-number"),
    Column("range_text", "95% range", "mlee-range", give_up=1),
    Column("against_text", "against the best"),
    Column("simplicity_text", "simple", "mlee-number mlee-second", right=True, give_up=4),
    Column("answer_text", "answer", "mlee-number mlee-third", right=True, give_up=3),
    Column("spent_text", "spent", "mlee-number mlee-second", right=True, give_up=2),
)
_OPTIONAL = ("simplicity_text", "answer_text")  # left out where no row has one


def columns_of(rows: Iterable[JSON]) -> tuple[Column, ...]:
    """The columns that these rows need on a page."""
    needed = {key for row in rows for key in _OPTIONAL if row[key]}
    return tuple(column for column in COLUMNS if column.key not in _OPTIONAL or column.key in needed)


def page_of(part: JSON) -> tuple[Sequence[JSON], int]:
    """The rows of one board that are shown, and how many are not."""
    return part["rows"][:PAGE_ROWS], part["rows_hidden"] + max(0, len(part["rows"]) - PAGE_ROWS)
