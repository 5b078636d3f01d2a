from __future__ import annotations

from tests.builders import evidence
from tests.guardrails.table import FINDING, IGNORED, NOT_APPLICABLE, OK, Case, cases, hold
from tests.notebooks import seen

CASES = {
    "the same list": (
        FINDING,
        seen("a = ['age', 'rooms', 'tax']", "b = ['age', 'rooms', 'tax']"),
        "The same 3 names (age and 2 more) stand 2 times, in cells 1 and 2",
    ),
    "another order": (FINDING, seen("a = ['age', 'rooms', 'tax']", "b = ('tax', 'age', 'rooms')"), "nearly same"),
    "four of five": (
        FINDING,
        seen("a = ['age', 'rooms', 'tax', 'city', 'year']", "b = ['age', 'rooms', 'tax', 'city']"),
        "nearly same",
    ),
    "inside a call": (
        FINDING,
        seen("df = {}\nf(df[['age', 'tax', 'zip']])", "g(df[['age', 'tax', 'zip']])"),
        "3 names",
    ),
    "two of three": (OK, seen("a = ['age', 'rooms', 'tax']", "b = ['age', 'rooms', 'city']"), ""),
    "colours": (OK, seen("a = ['r', 'g', 'b']", "b = ['r', 'g', 'b']"), ""),
    "numbers": (OK, seen("a = [1, 2, 3]", "b = [1, 2, 3]"), ""),
    "two names": (OK, seen("a = ['age', 'tax']", "b = ['age', 'tax']"), ""),
    "both muted": (
        IGNORED,
        seen(
            "a = ['age', 'rooms', 'tax']  # mlee: ignore[repeated-features] shown to the reader",
            "b = ['age', 'rooms', 'tax']  # mlee: ignore[repeated-features] shown to the reader",
        ),
        "",
    ),
    "an honest experiment": (NOT_APPLICABLE, evidence(), "mlee check NOTEBOOK.ipynb"),
    "an empty notebook": (OK, seen(), ""),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE707", case)
