"""One output for every place: JSON for a panel, HTML for a page, text for a terminal."""

from __future__ import annotations

from typing import Any

from mlee_jupyter.report.text.plain_json import JSON

from .as_html import html
from .as_text import PAGE_ROWS, text

BOARD_MIME = "application/vnd.mlee.board.v1+json"


def bundle(board: JSON) -> dict[str, Any]:
    """A plain mimebundle; it is saved into the notebook, so no board in it has more rows than a page shows."""
    return {BOARD_MIME: _page(board), "text/html": html(board), "text/plain": text(board)}


def _page(board: JSON) -> JSON:
    if all(len(part["rows"]) <= PAGE_ROWS for part in board["boards"]):
        return board
    parts = [
        {
            **part,
            "rows": part["rows"][:PAGE_ROWS],
            "rows_hidden": part["rows_hidden"] + max(0, len(part["rows"]) - PAGE_ROWS),
        }
        for part in board["boards"]
    ]
    return {**board, "boards": parts}
