"""What users see: evidence and findings as a Board (plain JSON), and the board as text, HTML, Markdown, a table.

A wing: it knows the words of the project and nothing of the store, the rules or IPython.
"""

from __future__ import annotations

from .as_frame import frame
from .as_html import html
from .as_markdown import markdown
from .as_text import text
from .bundles import BOARD_MIME, bundle
from .contents import board, finding_value
from .explanation import explanation, of_comparison
from .figures import gain_text, score_text
from .findings import cell_lines, finding_lines, findings_text, ignore_line
from .findings_html import findings_html
from .fresh import fresh_lines
from .help_page import help_text
from .lists import ExperimentRow, experiments_text
from .opening import opening_lines
from .picture import Picture, figure, figure_bundle
from .recorded import recorded_line
from .runs import history_frame, history_text
from .said import Said
from .sarif import sarif
from .status import status_line, status_text

__all__ = [
    "BOARD_MIME",
    "ExperimentRow",
    "Picture",
    "Said",
    "board",
    "bundle",
    "cell_lines",
    "experiments_text",
    "explanation",
    "figure",
    "figure_bundle",
    "finding_lines",
    "finding_value",
    "findings_html",
    "findings_text",
    "frame",
    "fresh_lines",
    "gain_text",
    "help_text",
    "history_frame",
    "history_text",
    "html",
    "ignore_line",
    "markdown",
    "of_comparison",
    "opening_lines",
    "recorded_line",
    "sarif",
    "score_text",
    "status_line",
    "status_text",
    "text",
]
