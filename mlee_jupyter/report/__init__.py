"""What users see: evidence and findings as a Board (plain JSON), and the board as text, HTML, Markdown, a table.

A wing: it knows the words of the project and nothing of the store, the rules or IPython.
"""

from __future__ import annotations

from mlee_jupyter.domain.text.numbers import gain_text, score_text

from .board.board_findings import finding_value
from .board.contents import board, side_board
from .board.second_sample_words import fresh_lines
from .brief.as_lines import brief_markdown, brief_text
from .brief.as_page import brief_html
from .brief.brief_value import brief
from .explain.explanation import explanation, of_comparison
from .figure.picture import Picture, figure, figure_bundle
from .lines.finding_lines import cell_lines, finding_lines, findings_text, ignore_line
from .lines.help_page import help_text
from .lines.lists import ExperimentRow, experiments_text
from .lines.many_experiments import overview_lines
from .lines.opened import opening_lines
from .lines.recorded import folded_line, recorded_line, tries_line, tuned_line
from .lines.runs import history_frame, history_text
from .lines.said import Said
from .lines.serving_lines import serving_lines
from .lines.standing import status_line, status_text
from .plan.box_forecast import box_forecast
from .plan.plan_page import plan_html, plan_text
from .plan.plan_value import plan
from .plan.plan_words import forecast_text
from .render.as_comparison import comparison_html, comparison_text
from .render.as_frame import frame
from .render.as_html import html
from .render.as_markdown import markdown
from .render.as_text import text
from .render.bundles import BOARD_MIME, bundle
from .render.findings_html import findings_html
from .render.sarif import sarif

__all__ = [
    "BOARD_MIME",
    "ExperimentRow",
    "Picture",
    "Said",
    "board",
    "box_forecast",
    "brief",
    "brief_html",
    "brief_markdown",
    "brief_text",
    "bundle",
    "cell_lines",
    "comparison_html",
    "comparison_text",
    "experiments_text",
    "explanation",
    "figure",
    "figure_bundle",
    "finding_lines",
    "finding_value",
    "findings_html",
    "findings_text",
    "folded_line",
    "forecast_text",
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
    "overview_lines",
    "plan",
    "plan_html",
    "plan_text",
    "recorded_line",
    "sarif",
    "score_text",
    "serving_lines",
    "side_board",
    "status_line",
    "status_text",
    "text",
    "tries_line",
    "tuned_line",
]
