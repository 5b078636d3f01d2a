"""The slice keeps what a result needs, through definitions, changes in place, seeds and files, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlee_jupyter.convert.package import plan_notebook
from mlee_jupyter.convert.types import Plan

from .makers import both, write_notebook


def kept_code(plan: Plan) -> str:
    return "\n".join(plan.facts.statements[i].code for i in plan.flow)


EVERYTHING = None
# name -> (cells, what is wanted, text that must be there, text of the cells that must not; EVERYTHING: nothing leaves)
CASES: dict[str, tuple[tuple[str, ...], str, str, str | None]] = {
    "a loser": (("a = 1", "loser = a + 2", "winner = a + 3"), "winner", "a = 1", "loser"),
    "changed in place": (("xs = [1]", "xs.append(2)", "n = len(xs)"), "n", "xs.append(2)", EVERYTHING),
    "changed after": (("xs = [1]", "n = len(xs)", "xs.append(2)"), "n", "n = len", "append"),
    "changed under another name": (("a = [1]\nb = a", "b.append(2)", "n = len(a)"), "n", "b.append(2)", EVERYTHING),
    "changed through a loop": (
        ("models = [[1], [2]]", "for m in models:\n    m.append(0)", "n = sum(map(len, models))"),
        "n",
        "m.append(0)",
        EVERYTHING,
    ),
    "held inside": (
        ("inner = [1]\nouter = {'a': inner}", "inner.append(2)", "n = len(outer['a'])"),
        "n",
        "append(2)",
        EVERYTHING,
    ),
    "changed by a function": (
        ("def grow(xs):\n    xs.append(1)", "xs = []\nys = []", "grow(xs)", "grow(ys)", "n = len(xs)"),
        "n",
        "grow(xs)",
        "grow(ys)",
    ),
    "a function that leaves it alone": (
        ("def look(xs):\n    return len(xs)", "xs = [1]", "seen = look(xs)", "n = sum(xs)"),
        "n",
        "xs = [1]",
        "look",
    ),
    "a seed and the draws before": (
        ("import random\nrandom.seed(1)", "loser = random.random()", "winner = random.random()"),
        "winner",
        "loser = random.random()",
        EVERYTHING,
    ),
    "a draw after": (
        ("import random\nrandom.seed(1)", "winner = random.random()", "loser = random.random()"),
        "winner",
        "random.seed(",
        "loser",
    ),
    "a generator of its own": (
        ("import numpy as np\nrng = np.random.default_rng(1)", "loser = rng.normal()", "winner = rng.normal()"),
        "winner",
        "loser = rng.normal()",
        EVERYTHING,
    ),
    "a redefinition": (("x = 1\nold = x", "x = 2", "n = x"), "n", "x = 2", "x = 1"),
    "a branch may leave the old": (("x = 1", "if len('a') > 3:\n    x = 2", "n = x"), "n", "x = 1", EVERYTHING),
    "an option": (
        ("import pandas as pd\npd.set_option('mode.sim_interactive', False)", "n = 1"),
        "n",
        "set_option",
        EVERYTHING,
    ),
    "an option of plots": (
        ("import matplotlib.pyplot as plt\nplt.rcParams['figure.dpi'] = 50", "n = 1"),
        "n",
        "n = 1",
        "rcParams",
    ),
    "a file written and read": (
        ("from pathlib import Path\nPath('f.txt').write_text('1')", "n = int(Path('f.txt').read_text())"),
        "n",
        "write_text",
        EVERYTHING,
    ),
    "a plot": (("import matplotlib.pyplot as plt\nn = 1", "plt.plot([1, 2])\nplt.show()"), "n", "n = 1", "plt.plot("),
    "a print": (("n = 1", "print(n)", "m = n + 1"), "m", "n = 1", "print"),
    "a formula": (("k = 3\nunused = 4", "n = eval('k + 1')"), "n", "k = 3", "unused"),
    "an unknown module may change its argument": (
        ("import copy\nxs = [1]", "copy.copy(xs)", "n = len(xs)"),
        "n",
        "copy.copy(xs)",
        EVERYTHING,
    ),
}


@pytest.mark.parametrize(("cells", "wanted", "there", "gone"), CASES.values(), ids=CASES)
def test_what_is_kept(
    cells: tuple[str, ...], wanted: str, there: str, gone: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = write_notebook(tmp_path, *cells)
    plan, original, found = both(path, tmp_path / "package", keep_variables=(wanted,))
    lifted = [f"{one.variable} = {one.value}" for one in plan.lifted]
    assert there in "\n".join([kept_code(plan), *lifted])
    if gone is EVERYTHING:
        assert [d.code for d in plan.dropped] == []
    else:
        assert gone in "\n".join(cells)
        assert gone not in kept_code(plan)
    assert found[wanted] == original[wanted]


EIGHT = (
    "import numpy as np\nfrom sklearn.datasets import load_iris\nfrom sklearn.model_selection import train_test_split",
    "%%mlee_experiment start iris --truth y_test\nmetric = 'accuracy'",
    "X, y = load_iris(return_X_y=True)\nX_train, X_test, y_train, y_test = train_test_split(X, y, random_state=3)",
    "from sklearn.dummy import DummyClassifier\nfrom sklearn.naive_bayes import GaussianNB",
    "from sklearn.neighbors import KNeighborsClassifier, NearestCentroid\nfrom sklearn.svm import SVC",
    "from sklearn.tree import DecisionTreeClassifier",
    "from sklearn.linear_model import LogisticRegression, RidgeClassifier",
    "%%mlee_candidate dummy\nDummyClassifier().fit(X_train, y_train).predict(X_test)",
    "%%mlee_candidate bayes\nGaussianNB().fit(X_train, y_train).predict(X_test)",
    "%%mlee_candidate knn\n# third of eight\nKNeighborsClassifier().fit(X_train, y_train).predict(X_test)",
    "%%mlee_candidate centroid\nNearestCentroid().fit(X_train, y_train).predict(X_test)",
    "%%mlee_candidate svm\nSVC(C=2.0).fit(X_train, y_train).predict(X_test)",
    "%%mlee_candidate tree\nDecisionTreeClassifier(random_state=0).fit(X_train, y_train).predict(X_test)",
    "%%mlee_candidate logreg\nLogisticRegression(max_iter=300).fit(X_train, y_train).predict(X_test)",
    "%%mlee_candidate ridge\nRidgeClassifier().fit(X_train, y_train).predict(X_test)",
    "%mlee_scoreboard",
)


def test_the_third_of_eight_candidates_and_nothing_of_the_others(tmp_path: Path) -> None:
    from sklearn.metrics import accuracy_score

    path = write_notebook(tmp_path, *EIGHT)
    plan, original, found = both(path, tmp_path / "package", keep="knn")
    source = "".join(p.read_text("utf-8") for p in (tmp_path / "package").rglob("*.py"))
    for word in ("Dummy", "GaussianNB", "Centroid", "SVC", "Tree", "Logistic", "Ridge", "mlee"):
        assert word not in source, word
    assert "# third of eight" in source
    assert plan.results == ("knn_predictions",)
    recorded = accuracy_score(original["y_test"], original["knn_predictions"])
    assert accuracy_score(found["y_test"], found["knn_predictions"]) == recorded
    assert [d.cell for d in plan.dropped if d.cell in (8, 9, 11, 12, 13, 14, 15)] == [8, 9, 11, 12, 13, 14, 15]


def test_without_a_choice_everything_that_is_bound_stays(tmp_path: Path) -> None:
    plan = plan_notebook(write_notebook(tmp_path, "a = [1][0]", "loser = a + 2", "winner = a + 3"))
    assert plan.results == ("loser", "winner")
