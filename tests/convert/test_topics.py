"""Which modules a notebook's cells go to."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mlee_jupyter.convert.plan.planning import plan_notebook

from .makers import write_notebook

IMPORTS = (
    "import pandas as pd\nfrom sklearn.linear_model import Ridge\nfrom sklearn.model_selection import train_test_split"
)
LOAD = "df = pd.read_csv('houses.csv')"
SPLIT = "train, test = train_test_split(df)"
FIT = "model = Ridge().fit(train[['a']], train['b'])"
SCORE = "score = model.score(test[['a']], test['b'])"
FUNCTIONS = ("def one(x):\n    return x + 1", "def two(x):\n    return one(x) * 2")

CASES = {
    "a title over everything": (("#md # Houses and data", IMPORTS, LOAD, SPLIT, FIT), ["data", "split", "model"]),
    "no heading": ((IMPORTS, LOAD, SPLIT, FIT, SCORE), ["data", "split", "model", "evaluate"]),
    "headings of one role": (
        ("#md # Manifold learning", LOAD, "#md # Learning of digits", "rows = df.shape[0]\nprint(rows)"),
        ["manifold_learning", "learning_digits"],
    ),
    "headings of two roles": (("#md # Load", IMPORTS, LOAD, "#md # Train", SPLIT, FIT), ["data", "model"]),
    "one section that does one thing": (
        ("#md # Load the data", IMPORTS, LOAD, "more = pd.read_csv('b.csv')"),
        ["data"],
    ),
    "functions beside one stage": ((*FUNCTIONS, "print(two(1))\nvalue = two(2)"), ["data", "functions"]),
    "one function beside one stage": ((FUNCTIONS[0], "print(one(1))\nvalue = one(2)"), ["data"]),
}


@pytest.mark.parametrize("case", CASES)
def test_modules(tmp_path: Path, case: str) -> None:
    cells, modules = CASES[case]
    assert list(plan_notebook(write_notebook(tmp_path, *cells)).modules) == modules


TIES = (
    "import numpy as np\nfrom sklearn.linear_model import Ridge",
    "X, y, z, w = np.eye(4), np.ones(4), np.zeros(4), np.ones(4)",
    "fitted = Ridge().fit(X, y)\nscore = fitted.score(X, y)",
    "low, high, middle = np.quantile(y, [0.1, 0.9, 0.5])",
)


def test_a_plan_does_not_depend_on_the_seed_of_hashes(tmp_path: Path) -> None:
    path = write_notebook(tmp_path, *TIES)
    code = (
        "import sys, pathlib\nfrom mlee_jupyter.convert.write.emit import emit\n"
        "from mlee_jupyter.convert.plan.planning import plan_notebook\n"
        "written = emit(plan_notebook(sys.argv[1]), pathlib.Path('nowhere'), lint=False)\n"
        "print(dict(written.files))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code, str(path)],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in range(1, 6)
    }
    assert len(found) == 1
