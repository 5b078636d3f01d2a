from __future__ import annotations

from tests.builders import evidence
from tests.guardrails.table import FINDING, IGNORED, NOT_APPLICABLE, OK, Case, cases, hold
from tests.notebooks import seen

CASES = {
    "a cell ran before the one above": (
        FINDING,
        seen("a = 1", "b = a", "c = b", counts=[1, 3, 2]),
        "1 cell ran before a cell above it (in cell 3)",
    ),
    "two cells": (
        FINDING,
        seen("a = 1", "b = 2", "c = 3", counts=[9, 3, 2]),
        "2 cells ran before cells above them (in cells 2 and 3)",
    ),
    "in order, with gaps": (OK, seen("a = 1", "b = a", counts=[4, 9]), ""),
    "one cell was not run": (OK, seen("a = 1", "b = a", "c = 1", counts=[1, None, 2]), ""),
    "muted in its cell": (
        IGNORED,
        seen("a = 1", "b = a", "c = b  # mlee: ignore[out-of-order] shown twice on purpose", counts=[1, 3, 2]),
        "",
    ),
    "never run": (NOT_APPLICABLE, seen("a = 1", "b = a"), "no cell of the notebook has been run"),
    "an honest experiment": (NOT_APPLICABLE, evidence(), "mlee check NOTEBOOK.ipynb"),
    "an empty notebook": (NOT_APPLICABLE, seen(), ""),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE701", case)
