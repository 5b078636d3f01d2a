"""Functions have names that are true, and docstrings that say more than the name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mlee_jupyter.convert.plan.planning import plan_notebook
from mlee_jupyter.convert.types import Plan

from .makers import write_notebook

START = (
    "import numpy as np\nimport pandas as pd\nimport matplotlib.pyplot as plt\nfrom sklearn.linear_model import Ridge"
)
CASES: dict[str, tuple[str, ...]] = {
    "headings that promise": (
        "#md ## Load the data", "x = np.arange(9.0).reshape(-1, 1)\ny = x.ravel()",
        "#md ## Plotting", "top = y.max()", "#md ## Train", "z = y * top",
    ),
    "two pictures": ("s = np.arange(9)", "plt.plot(s)\nplt.title('a')", "t = s * 2", "plt.plot(t)\nplt.title('b')"),
    "a model": (
        "x = np.arange(9.0).reshape(-1, 1)", "#md ## Model", "model = Ridge().fit(x, x.ravel())", "model.score(x, x)",
    ),
    "no headings": ("a = pd.read_csv('a.csv')", "b = a.dropna()", "b['c'] = b.sum()", "d = b.c.mean()"),
}  # fmt: skip
CLAIMS = {
    "load": r"read_|load_|fetch_|open\(", "fit": r"\.fit\(", "train": r"\.fit\(", "plot": r"plt\.|\.plot\(",
    "split": r"train_test_split|Fold", "evaluate": r"score|error|metric",
}  # fmt: skip


def code(plan: Plan, stage: int) -> str:
    return "\n".join(plan.facts.statements[i].code for i in plan.stages[stage].statements)


@pytest.mark.parametrize("cells", CASES.values(), ids=CASES)
def test_names_are_true(cells: tuple[str, ...], tmp_path: Path) -> None:
    plan = plan_notebook(write_notebook(tmp_path, START, *cells))
    assert len({s.name for s in plan.stages}) == len(plan.stages)
    for place, stage in enumerate(plan.stages):
        assert not re.search(r"_\d+$|_stage|^run_", stage.name), stage.name
        claim = CLAIMS.get(stage.name.partition("_")[0])
        assert claim is None or re.search(claim, code(plan, place)), stage.name
        said = set(re.findall(r"[a-z]+", stage.doc.lower()))
        assert not said or not said <= set(stage.name.split("_")), (stage.name, stage.doc)
        assert "gives" not in stage.doc


def test_prose_is_kept_as_a_docstring(tmp_path: Path) -> None:
    cells = ("#md ## Data\n\nThe office counts these houses once a year.", "n = sum([1, 2])\nm = n * 2")
    plan = plan_notebook(write_notebook(tmp_path, *cells))
    assert plan.stages[0].doc == "The office counts these houses once a year."
