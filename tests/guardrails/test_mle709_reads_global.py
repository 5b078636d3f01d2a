from __future__ import annotations

from tests.builders import evidence
from tests.guardrails.table import FINDING, IGNORED, NOT_APPLICABLE, OK, Case, cases, hold
from tests.notebooks import seen

CASES = {
    "a variable": (
        FINDING,
        seen("scaler = 1", "def scale(df):\n    return df * scaler"),
        "Cell 2: scale reads scaler of the notebook",
    ),
    "a method": (FINDING, seen("rate = 1", "class M:\n    def go(self):\n        return rate"), "M reads rate"),
    "made only below": (FINDING, seen("def f():\n    return late", "late = 1"), "f reads late"),
    "an argument": (OK, seen("scaler = 1", "def scale(df, scaler):\n    return df * scaler"), ""),
    "imports and functions": (OK, seen("import numpy as np\ndef g(): pass", "def f():\n    return np, g, len"), ""),
    "its own name": (OK, seen("x = 1", "def f():\n    x = 2\n    return x"), ""),
    "muted": (
        IGNORED,
        seen("k = 1", "# mlee: ignore[reads-global] a constant of nature\ndef f():\n    return k"),
        "",
    ),
    "no functions": (NOT_APPLICABLE, seen("a = 1"), "defines no function"),
    "an honest experiment": (NOT_APPLICABLE, evidence(), "mlee check NOTEBOOK.ipynb"),
    "an empty notebook": (NOT_APPLICABLE, seen(), ""),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE709", case)
