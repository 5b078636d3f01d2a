"""A bare number that may be no score, and a few numbers that may be no fold scores, are asked about in one line."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import mlee_jupyter as mlee
from mlee_jupyter.domain import ResultKind
from mlee_jupyter.record.cell_output import read
from mlee_jupyter.session import current

from .conftest import Shell

NOT_MEANT = {
    "a counter": "z = 1",
    "a length": "n_rows = len(y_test)",
    "a setting": "threshold = 0.5",
    "a setting by name": "alpha = 0.3\nalpha",
    "a seed": "seed = 0",
    "a weight": "w = [0.2, 0.8]\nw[0]",
    "a coefficient": "import math\nmath.sqrt(0.25)",
    "a whole number": "1",
    "zeros": "import numpy as np\nnp.zeros(5)",
    "ones": "import numpy as np\nnp.ones(10)",
    "labels of other rows": "import numpy as np\nnp.array([0.0, 1, 1, 0, 1])",
    "three shares": "[0.2, 0.3, 0.5]",
    "four weights": "weights = [0.1, 0.2, 0.3, 0.4]",
    "probabilities of other rows": "import numpy as np\nnp.linspace(0.01, 0.99, 44)",
    "probabilities of a quarter": "import numpy as np\nnp.linspace(0.01, 0.99, 25)",
}
MEANT = {
    "a score": "score = 0.91",
    "its metric": "acc = 0.91",
    "score()": "class M:\n    def score(self, X, y): return 0.91\nM().score(None, y_test)",
    "a typed number": "0.91",
    "a perfect score": "accuracy = 1.0",
    "a mean of comparisons": "(y_test == y_test).mean()",
    "named": '{"accuracy": 1}',
    "five folds": "[0.9, 0.91, 0.92, 0.9, 0.93]",
    "three folds that are named": '{"folds": [0.9, 0.91, 0.92]}',
    "three folds of cross_val_score": "def cross_val_score(*a): return [0.9, 0.91, 0.92]\ncross_val_score()",
    "perfect folds of cross_val_score": "import numpy as np\ncv_scores = np.ones(5)",
    "repeated folds": "import numpy as np\nfold_scores = np.linspace(0.8, 0.9, 50)",
}


@pytest.mark.parametrize("rows", [89, 177])
@pytest.mark.parametrize("case", NOT_MEANT)
def test_what_may_not_be_meant_is_asked(shell: Shell, case: str, rows: int) -> None:
    shell.names["y_test"] = np.arange(rows) % 2
    shell.run('%%mlee_experiment start it --truth y_test\nmetric = "accuracy"')
    said = shell.refused(f"%%mlee_candidate a\n{NOT_MEANT[case]}")
    assert "?" in said or "lies between" in said
    assert "\n" not in said.strip()
    assert current.session().records().results == ()


@pytest.mark.parametrize("case", MEANT)
def test_what_is_meant_is_recorded(shell: Shell, case: str) -> None:
    shell.names["y_test"] = np.arange(177) % 2
    shell.run('%%mlee_experiment start it --truth y_test\nmetric = "accuracy"')
    assert "a recorded" in shell.run(f"%%mlee_candidate a\n{MEANT[case]}")


@pytest.mark.parametrize("value", [1, 0, np.int64(1), np.array(1)])
@pytest.mark.parametrize("metric", ["accuracy", "f1", "mae", None])
def test_a_whole_number_is_asked_about_through_every_door(value: Any, metric: str | None) -> None:
    with pytest.raises(mlee.MleeError, match="whole number"):
        read(value, n=100, needs="labels", metric=metric)


def test_a_whole_number_of_a_metric_of_ones_own_is_one() -> None:
    (handed,) = read(1200, n=100, needs="labels", metric="profit in euros")
    assert handed.number == 1200


@pytest.mark.parametrize("made", [np.array, list, pd.Series])
@pytest.mark.parametrize("count", [2, 3, 4, 11, 44])
def test_what_to_type_is_taken(made: Any, count: int) -> None:
    scores = made(np.linspace(0.8, 0.9, count).tolist())
    with pytest.raises(mlee.MleeError, match="folds"):
        read(scores, n=177, needs="labels", metric="accuracy")
    (handed,) = read({"folds": scores}, n=177, needs="labels", metric="accuracy")
    assert handed.kind is ResultKind.FOLDS
    assert handed.rows == pytest.approx(np.linspace(0.8, 0.9, count))
