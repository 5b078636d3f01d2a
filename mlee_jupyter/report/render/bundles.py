"""One output for every place: JSON for a panel, HTML for a page, text for a terminal."""

from __future__ import annotations

from typing import Any

from mlee_jupyter.report.text.plain_json import JSON

from .as_html import html
from .as_text import text
from .board_columns import page_of

BOARD_MIME = "application/vnd.mlee.board.v1+json"


def bundle(board: JSON) -> dict[str, Any]:
    """A plain mimebundle; it is saved into the notebook, so no board in it has more rows than a page shows."""
    return {BOARD_MIME: _page(board), "text/html": html(board), "text/plain": text(board)}


def _page(board: JSON) -> JSON:
    pages = [(part, *page_of(part)) for part in board["boards"]]
    return {**board, "boards": [{**part, "rows": rows, "rows_hidden": hidden} for part, rows, hidden in pages]}
