"""Tools that need no experiment: how many rows it takes, and what a notebook's text shows."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mlee_jupyter.domain import Finding, Outcome
from mlee_jupyter.domain.text.numbers import rows_text
from mlee_jupyter.session.notebook_check import check_notebooks
from mlee_jupyter.stats.size.rows_needed import rows_needed
from mlee_jupyter.wire.tool import NUMBER, TEXT, WHOLE, Tool

from .tool_files import inside

_PLANNED = frozenset(inspect.signature(rows_needed).parameters)


def said_of_findings(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings as short values; a remedy that is a magic is of no use here.

    Args:
        findings: any.
    """
    return [
        {"rule": f.rule, "level": str(f.level), "message": f.message, "remedy": "" if "%" in f.remedy else f.remedy}
        for f in findings
    ]


def checked_notebook(folder: Path, name: str) -> dict[str, Any]:
    """What the rules find in a notebook's text; nothing is run.

    Args:
        folder: the server's.
        name: of the file.

    Raises:
        MleeError: it cannot be read.
    """
    checked = check_notebooks([str(inside(folder, name))])
    for fault in (*checked.refused.values(), *checked.skipped.values()):
        raise fault
    answers = [f for found in checked.findings.values() for f in found if f.outcome is Outcome.FINDING]
    found = said_of_findings(answers)
    first = f" The first: {found[0]['message']}." if found else ""
    said = f"{len(found) or 'No'} finding{'' if len(found) == 1 else 's'} in {name}.{first}"
    return {"findings": found[:20], "said": said}


def _plan(told: Mapping[str, Any]) -> dict[str, Any]:
    rows = rows_needed(**{key: value for key, value in told.items() if key in _PLANNED})
    metric = told.get("metric", "accuracy")
    return {
        "rows": rows,
        "said": f"About {rows_text(rows)} rows show a difference of {told['useful_gain']:g} in {metric}, 4 times in 5.",
    }


def plan_tool() -> Tool:
    """How many rows it takes."""
    about: dict[str, dict[str, Any]] = {
        "useful_gain": {**NUMBER, "description": "the smallest difference that matters, 0.02"},
        "metric": {**TEXT, "description": "accuracy where it is left out"},
        "expected_score": {**NUMBER, "description": "what the better one may score"},
        "expected_disagreement": {**NUMBER, "description": "accuracy: share of rows on which just one of two is right"},
        "expected_correlation": {**NUMBER, "description": "of what two candidates get right"},
        "expected_spread": {**NUMBER, "description": "losses: standard deviation of a row's difference"},
        "positives": {**NUMBER, "description": "share of the positive class"},
        "candidates": {**WHOLE, "description": "how many are compared, 2 or more"},
    }
    return Tool(
        name="plan",
        about="How many test rows it takes to tell two candidates apart, before there are any.",
        run=_plan,
        takes=about,
        needs=("useful_gain",),
    )
