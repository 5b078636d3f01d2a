from __future__ import annotations

from tests.builders import evidence
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold
from tests.notebooks import seen

TEN = "\n".join(f"value_{k} = make({k})" for k in range(10))
SIX, FIVE = "\n".join(TEN.split("\n")[:6]), "\n".join(TEN.split("\n")[:5])
IMPORTS = "\n".join(f"import module_{k}" for k in range(8))
CASES = {
    "six lines": (FINDING, seen(SIX, "start = 1\n" + SIX), "6 lines of cell 2 stand in cell 1 already"),
    "comments between": (FINDING, seen(SIX, SIX.replace("\n", "\n\n# why\n")), "6 lines of cell 2"),
    "a longer run is one finding": (FINDING, seen(TEN, TEN), "10 lines of cell 2 stand in cell 1 already"),
    "twice in one cell": (FINDING, seen(SIX + "\n" + SIX), "stand in cell 1 already"),
    "five lines": (OK, seen(FIVE, FIVE), ""),
    "imports": (OK, seen(IMPORTS, IMPORTS), ""),
    "a run of one line": (OK, seen("\n".join(["x = 1"] * 7)), ""),
    "an honest experiment": (NOT_APPLICABLE, evidence(), "mlee check NOTEBOOK.ipynb"),
    "an empty notebook": (OK, seen(), ""),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE710", case)
