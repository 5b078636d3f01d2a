"""What moves to the configuration, and under which names."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlee_jupyter.convert.plan.planning import plan_notebook

from .makers import write_notebook

LOGISTIC = "from sklearn.linear_model import LogisticRegression\nmodel = LogisticRegression(C=10)\nmodel.fit(X, y)"
PATSY = "import patsy\nX, y = patsy.dmatrices('y ~ {} + b', table)"
TABLE = "import pandas as pd\ntable = pd.read_csv('table.csv')"

CASES: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    # cells -> variable and its place in the configuration
    "a free name": ((TABLE, PATSY.format("a"), LOGISTIC), {"C": "model.C"}),
    "a formula means something by it": (
        (TABLE, PATSY.format("C(a)"), LOGISTIC),
        {"logistic_regression_C": "model.C"},
    ),
    "a variable has it": (
        (TABLE, "C = table.sum()", PATSY.format("a"), LOGISTIC),
        {"logistic_regression_C": "model.C"},
    ),
    "a list in two places": (
        (TABLE, "X = table[['a', 'b', 'c']]\ny = table['d']", "table[['a', 'b', 'c']].to_csv('out.csv')", "y2 = y"),
        {"columns": "features.columns"},
    ),
    "a list of whole and broken numbers in two places": (
        ("for a in [0.1, 1, 10]:\n    print(a)", "total = sum([0.1, 1, 10])"),
        {"values": "data.values"},
    ),
    "a list of numbers and words in two places": (("a = len([1, 'b', 2])", "b = sum(map(len, [[1, 'b', 2]]))"), {}),
    "a list of two in two places": ((TABLE, "X = table[['a', 'b']]", "y = table[['a', 'b']]"), {}),
}


@pytest.mark.parametrize("case", CASES)
def test_names(tmp_path: Path, case: str) -> None:
    cells, wanted = CASES[case]
    plan = plan_notebook(write_notebook(tmp_path, *cells))
    assert {n: one.dotted for n, one in plan.constants.items() if one.kind not in ("path",)} == wanted


def test_whole_and_broken_numbers_are_floats_to_a_reader(tmp_path: Path) -> None:
    from mlee_jupyter.convert.write.configuring import config_py

    plan = plan_notebook(write_notebook(tmp_path, "for a in [1, 0.1, 10]:\n    print(a)", "total = sum([1, 0.1, 10])"))
    assert "values: list[float]" in config_py(plan)
