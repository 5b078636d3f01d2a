from __future__ import annotations

from tests.builders import evidence
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold
from tests.notebooks import seen

CASES = {
    "the last true values": (
        FINDING,
        seen("y_test = [1]", "out = inverse_difference(y_test, pred)"),
        "Cell 2: inverse_difference is given y_test",
    ),
    "step by step": (FINDING, seen("for k in steps:\n    m.forecast(y_test[k])"), "forecast is given y_test"),
    "a length": (OK, seen("m.forecast(len(y_test))", "m.forecast(steps=y_test.shape[0])"), ""),
    "known future inputs": (OK, seen("m.forecast(12, exog=X_test)"), ""),
    "from training values": (OK, seen("inverse_difference(y_train, pred)"), ""),
    "no forecast": (NOT_APPLICABLE, seen("a = 1"), "forecasts nothing"),
    "an honest experiment": (NOT_APPLICABLE, evidence(), "mlee check NOTEBOOK.ipynb"),
    "an empty notebook": (NOT_APPLICABLE, seen(), ""),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE411", case)
