"""Settings that a person would write: what steers a result, under a name; no picture's values, no numbered keys."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mlee_jupyter.convert.plan.planning import plan_notebook

from .makers import both, same, write_notebook

START = "import numpy as np\nimport pandas as pd\nimport matplotlib.pyplot as plt"
MODELS = (
    "from sklearn.datasets import load_iris\nfrom sklearn.tree import DecisionTreeClassifier\n"
    "from sklearn.model_selection import cross_val_score\nX, y = load_iris(return_X_y=True)"
)


def tree(depth: int, cv: int = 3) -> str:
    return f"cross_val_score(DecisionTreeClassifier(max_depth={depth}, random_state=0), X, y, cv={cv})"


# name -> (cells, settings)
CASES: dict[str, tuple[tuple[str, ...], dict[str, object]]] = {
    "plain numbers": (
        ("n_groups = 30\ncutoff = 0.8\nshift = 1", "kept = [v + shift for v in range(n_groups) if v > cutoff]"),
        {"n_groups": 30, "cutoff": 0.8, "shift": 1},
    ),
    "limits of axes": (("s = np.arange(9)", "low = 3\nplt.plot(s)\nplt.xlim(low, 9)\nplt.axis([0, 9, 0, 9])"), {}),
    "the same limits twice": (
        ("s = np.arange(9)", "plt.plot(s)\nplt.axis([0, 9, 0, 9])", "plt.plot(s)\nplt.axis([0, 9, 0, 9])"),
        {},
    ),
    "colours": (("a = ['#fafab0', '#9898ff', '#a0faa0']", "b = ['#fafab0', '#9898ff', '#a0faa0']\nn = len(a + b)"), {}),
    "rows of a table": (
        ("a = pd.DataFrame({'x': [1, 2, 3]})", "b = pd.DataFrame({'z': [1, 2, 3]})\nc = a.join(b)"),
        {},
    ),
    "one value": ((MODELS, f"few = {tree(2)}", f"many = {tree(2)}"), {"max_depth": 2, "cv": 3, "seed": 0}),
    "several values, by what they make": (
        (MODELS, f"few = {tree(2)}", f"some = {tree(3)}", f"many = {tree(4, cv=5)}"),
        {"few_max_depth": 2, "some_max_depth": 3, "many_max_depth": 4, "cv": 3, "many_cv": 5, "seed": 0},
    ),
    "several values without a name": (
        (MODELS, f"found = sum([{tree(2)}, {tree(3)}, {tree(4)}, {tree(5)}])"),
        {"cv": 3, "seed": 0},
    ),
    "a number that changes": (("count = 0", "for row in range(4):\n    count += row", "total = count * 2"), {}),
    "how a metric averages": (
        ("from sklearn.metrics import f1_score", "found = f1_score([0, 1, 2], [0, 1, 1], average='macro')"),
        {},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("cells", "settings"), CASES.values(), ids=CASES)
def test_what_becomes_a_setting(cells: tuple[str, ...], settings: dict[str, object], tmp_path: Path) -> None:
    plan, original, found = both(write_notebook(tmp_path, START, *cells), tmp_path / "out")
    assert {one.key: one.value for one in plan.constants.values()} == settings
    assert not [one.key for one in plan.constants.values() if re.search(r"_\d+$", one.key)]
    for name in found.keys() & original.keys():
        assert same(found[name], original[name]), name


END = "total = sum([2])"
# name -> (cells, names that go)
EXPLORED: dict[str, tuple[tuple[str, ...], set[str]]] = {
    "joined for a look": (
        ("l = pd.DataFrame({'k': [1]})\nr = pd.DataFrame({'k': [2]})", "pd.merge(l, r)", END),
        {"l", "r"},
    ),
    "and again": (
        ("one = pd.DataFrame({'k': [1]})", "one.shape", "one = pd.DataFrame({'k': [3]})", "one.head()", END),
        {"one"},
    ),
    "a number that nobody reads": (("start = 0\ntotal = sum([2])",), {"start"}),
    "read later": (("one = pd.DataFrame({'k': [1]})", "one.shape", "total = one.k.sum()"), set()),
    "shown as it is": (("one = pd.DataFrame({'k': [1]})", "one", "total = sum([2])"), set()),
    "all there is": (("one = pd.DataFrame({'k': [1]})", "one.shape"), set()),
    "read in a function": (
        ("one = pd.DataFrame({'k': [1]})\ndef rows():\n    return len(one)", "one.shape", "total = rows()"),
        set(),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("cells", "gone"), EXPLORED.values(), ids=EXPLORED)
def test_exploration_goes_whole(cells: tuple[str, ...], gone: set[str], tmp_path: Path) -> None:
    plan = plan_notebook(write_notebook(tmp_path, START, *cells))
    bound = {n for i in plan.flow for n in plan.facts.statements[i].binds} | set(plan.constants)
    assert {n for n in plan.facts.bound if n not in ("np", "pd", "plt")} - bound == gone
    assert gone.isdisjoint(plan.results)


@pytest.mark.parametrize("value", ["3", "0.5", "'text'", "[1, 2, 3]"])
@pytest.mark.parametrize("name", ["n", "prix", "RATE", "max_depth"])
@pytest.mark.parametrize("wanted", [False, True])
def test_a_value_that_nobody_reads_stays_where_it_is_the_result(
    name: str, value: str, wanted: bool, tmp_path: Path
) -> None:
    """It is all that the notebook gives, or it was asked for by name."""
    cells = (f"{name} = {value}", "total = sum([2])") if wanted else (f"{name} = {value}", "!mkdir -p made")
    plan = plan_notebook(
        write_notebook(tmp_path, *cells), name="made_here", keep_variables=("total", name) if wanted else None
    )
    bound = {n for i in plan.flow for n in plan.facts.statements[i].binds} | set(plan.constants)
    assert plan.renames.get(name, name) in {plan.renames.get(n, n) for n in bound}
    assert {plan.renames.get(name, name)} <= set(plan.results)
