"""A race on real workers: recorded as they come, the same as one by one, and a fault costs its own fold alone."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.neighbors import KNeighborsClassifier

import mlee_jupyter as mlee
from mlee_jupyter.domain import Charter
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.session.race.fold_run import run_fold
from mlee_jupyter.session.race.race_course import ENDED, FAILED, STOPPED, RaceCourse
from mlee_jupyter.session.race.racing import settings_of

X, Y = make_classification(120, 5, random_state=0)


class Sleeps(KNeighborsClassifier):
    def fit(self, X: Any, y: Any) -> Any:
        time.sleep(600)


class Kills(KNeighborsClassifier):
    def fit(self, X: Any, y: Any) -> Any:
        os.kill(os.getpid(), signal.SIGKILL)


class Refuses(KNeighborsClassifier):
    def fit(self, X: Any, y: Any) -> Any:
        raise ValueError("no such\nthing")


@pytest.fixture
def experiment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    from mlee_jupyter.session import current

    monkeypatch.chdir(tmp_path)
    yield mlee.start("ring", metric="accuracy", budget="8h")
    current.forget_session()


def test_the_same_scores_as_one_by_one(experiment: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """On real workers, by scikit-learn's own folds; one of them is killed, one raises."""
    cv = StratifiedKFold(5, shuffle=True, random_state=1)
    models = {
        "knn": [KNeighborsClassifier(3), KNeighborsClassifier(9)],
        "logreg": LogisticRegression(),
        "kills": Kills(),
        "refuses": Refuses(),
    }
    result = experiment.race(models, X, Y, minutes=20, cv=cv, backend="loky", jobs=2)
    for key, model in {("knn", "1"): models["knn"][0], ("logreg", None): models["logreg"]}.items():  # type: ignore[index]
        assert result.scores[key] == pytest.approx(cross_val_score(model, X, Y, cv=cv))
    assert set(result.unfinished) == {("kills", None), ("refuses", None)}
    said = capsys.readouterr().out
    assert "refuses failed: ValueError: no such thing" in said
    assert "kills failed: its worker died" in said
    board = experiment.scoreboard().set_index("candidate")
    assert board.loc["logreg", "score"] == pytest.approx(np.mean(result.scores["logreg", None]))
    assert board.loc["knn", "variants"] == 2
    assert board.loc["kills", "state"] == board.loc["refuses", "state"] == "failed"


COURSE = RaceCourse(
    X=X, y=Y, folds=((np.arange(60), np.arange(60, 120)),), metric="accuracy", charter=Charter(metric="accuracy")
)


def test_a_fold_stops_itself_in_a_main_thread_and_beside_it() -> None:
    class Loops(KNeighborsClassifier):
        def fit(self, X: Any, y: Any) -> Any:
            while True:
                time.sleep(0.01)

    found = [run_fold(COURSE, "loops", None, Loops(), 0, 0.2)]
    beside = threading.Thread(target=lambda: found.append(run_fold(COURSE, "loops", None, Loops(), 0, 0.2)))
    beside.start()
    beside.join()
    assert [run.outcome for run in found] == [STOPPED, STOPPED]
    assert run_fold(COURSE, "knn", None, KNeighborsClassifier(), 0, 60.0).outcome == ENDED
    assert run_fold(COURSE, "refuses", None, Refuses(), 0, 60.0).outcome == FAILED
    assert run_fold(COURSE, "knn", None, KNeighborsClassifier(), 0, 0.0).outcome == STOPPED


def test_the_estimator_handed_over_stays_unfitted() -> None:
    model = LogisticRegression()
    run_fold(COURSE, "logreg", None, model, 0, 60.0)
    assert not hasattr(model, "coef_")


WRONG = {
    "no candidates": ({}, {}, "needs candidates by name"),
    "a class": ({"knn": KNeighborsClassifier}, {}, "is no estimator"),
    "no settings": ({"knn": []}, {}, "has no setting"),
    "no box": ({"knn": KNeighborsClassifier()}, {"minutes": 0}, "is no box"),
    "other rows": ({"knn": KNeighborsClassifier()}, {"y": Y[:-1]}, "X has 120 rows and y 119"),
    "no such workers": ({"knn": KNeighborsClassifier()}, {"backend": "elves"}, "no workers 'elves'"),
    "no folds": ({"knn": KNeighborsClassifier()}, {"cv": 1}, "makes no folds"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_would_fail_later_is_refused_before_the_first_fit(case: str, experiment: Any) -> None:
    models, other, said = WRONG[case]
    asked: dict[str, Any] = {"X": X, "y": Y, "minutes": 1, **other}
    with pytest.raises(MleeError, match=said):
        experiment.race(models, asked.pop("X"), asked.pop("y"), **asked)
    assert not len(experiment.history())


def test_groups_of_the_charter_are_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mlee_jupyter.session import current

    monkeypatch.chdir(tmp_path)
    handle = mlee.start("grouped", metric="accuracy", groups="customer")
    with pytest.raises(MleeError, match="rows have groups"):
        handle.race({"knn": KNeighborsClassifier()}, X, Y, minutes=1)
    current.forget_session()


def test_settings_by_name_by_place_and_alone() -> None:
    one = KNeighborsClassifier()
    assert list(settings_of({"a": one})["a"]) == [None]
    assert list(settings_of({"a": [one, one]})["a"]) == ["1", "2"]
    assert list(settings_of({"a": {"k=3": one}})["a"]) == ["k=3"]
