from __future__ import annotations

from tests.builders import evidence
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold
from tests.notebooks import seen

CASES = {
    "one number twice": (
        FINDING,
        seen("split(x, test_size=0.3)", "split(y, test_size=0.3)"),
        "test_size=0.3 is written 2 times, in cells 1 and 2",
    ),
    "two numbers": (
        FINDING,
        seen("m(n_estimators=50, lr=0.1)", "m(n_estimators=50, lr=0.1)", "m(lr=0.1)"),
        "lr=0.1 is written 3 times, in cells 1, 2 and 3; 1 other number too",
    ),
    "other numbers": (OK, seen("split(x, test_size=0.3)", "split(y, test_size=0.2)"), ""),
    "a drawing": (OK, seen("import matplotlib.pyplot as plt", "plt.plot(1, alpha=0.5)", "plt.plot(2, alpha=0.5)"), ""),
    "0 and 1": (OK, seen("f(alpha=1)", "f(alpha=1)"), ""),
    "from a variable": (OK, seen("SIZE = 0.3\nsplit(x, test_size=SIZE)", "split(y, test_size=SIZE)"), ""),
    "an honest experiment": (NOT_APPLICABLE, evidence(), "mlee check NOTEBOOK.ipynb"),
    "an empty notebook": (OK, seen(), ""),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE708", case)
