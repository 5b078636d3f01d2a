"""A race on Dask: two real processes give what loky gives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.neighbors import KNeighborsClassifier

import mlee_jupyter as mlee

distributed = pytest.importorskip("distributed")
pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.slow]  # of what Dask says while workers come and go

X, Y = make_classification(120, 5, random_state=0)
CV = StratifiedKFold(5, shuffle=True, random_state=1)


@pytest.fixture
def cluster() -> Iterator[Any]:
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs="CRITICAL"
        ) as made,
        distributed.Client(made),
    ):
        yield made


@pytest.fixture
def experiment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    from mlee_jupyter.session import current

    monkeypatch.chdir(tmp_path)
    yield mlee.start("ring", metric="accuracy", budget="8h")
    current.forget_session()


def test_dask_gives_what_loky_gives(experiment: Any, cluster: Any) -> None:
    models = {"knn": [KNeighborsClassifier(3), KNeighborsClassifier(9)], "logreg": LogisticRegression()}
    there = experiment.race(models, X, Y, minutes=20, cv=CV, backend="dask", jobs=2)
    here = experiment.race(models, X, Y, minutes=20, cv=CV, backend="loky", jobs=2)
    assert there.scores.keys() == here.scores.keys()
    for key, scores in here.scores.items():
        assert there.scores[key] == pytest.approx(scores)
    assert not there.unfinished
