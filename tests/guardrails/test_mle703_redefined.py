from __future__ import annotations

from tests.builders import evidence
from tests.guardrails.table import FINDING, IGNORED, NOT_APPLICABLE, OK, Case, cases, hold
from tests.notebooks import seen

CASES = {
    "another body": (
        FINDING,
        seen("def load(p):\n    return p", "def load(p):\n    return p + 1"),
        "Cell 2: load is defined again, unlike in cell 1",
    ),
    "two of three": (
        FINDING,
        seen("def f(): return 1", "def f(): return 2", "class K: a = 1", "class K: a = 2"),
        "(and 1 more place)",
    ),
    "the same body, another comment": (
        OK,
        seen("def load(p):\n    return p", 'def load(p):\n    """Doc."""\n    # why\n    return p'),
        "",
    ),
    "a class that extends itself": (OK, seen("class Net: a = 1", "class Net(Net): b = 2"), ""),
    "overloads": (
        OK,
        seen("import typing", "@typing.overload\ndef f(a: int): ...", "def f(a): return a"),
        "",
    ),
    "muted by code": (
        IGNORED,
        seen("def f(): return 1", "def f(): return 2  # mlee: ignore[MLE703] the second attempt"),
        "",
    ),
    "no functions": (NOT_APPLICABLE, seen("a = 1"), "defines no function"),
    "an honest experiment": (NOT_APPLICABLE, evidence(), "mlee check NOTEBOOK.ipynb"),
    "an empty notebook": (NOT_APPLICABLE, seen(), ""),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE703", case)
