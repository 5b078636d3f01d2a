"""Real studies in real storages."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.tree import DecisionTreeClassifier

from tests.store.conftest import server_place as server_place

from .asking import answer, refused, told

optuna = pytest.importorskip("optuna", reason='pip install "mlee_jupyter[optuna]"')
optuna.logging.set_verbosity(optuna.logging.ERROR)
X, Y = load_digits(return_X_y=True)
HALF = len(Y) // 2
ROWS = len(Y) - HALF


def objective(trial: Any) -> float:
    if trial.number == 5:
        raise optuna.TrialPruned
    model = DecisionTreeClassifier(max_depth=trial.suggest_int("depth", 1, 15), random_state=trial.number)
    score = float((model.fit(X[:HALF], Y[:HALF]).predict(X[HALF:]) == Y[HALF:]).mean())
    trial.set_user_attr("val_accuracy", score)
    return score


@contextmanager
def storage_of(url: str) -> Iterator[Any]:
    """A storage whose connections are closed at the end."""
    storage = optuna.storages.RDBStorage(url)
    try:
        yield storage
    finally:
        storage.remove_session()
        storage.engine.dispose()


def studied(url: str, direction: str = "maximize", sampler: Any = None, trials: int = 20) -> tuple[Any, list[Any]]:
    """The best trial of a study, and all."""
    sampler = sampler or optuna.samplers.RandomSampler(seed=0)
    sign = 1 if direction == "maximize" else -1
    with storage_of(url) as storage:
        study = optuna.create_study(storage=storage, study_name="digits", direction=direction, sampler=sampler)
        study.optimize(lambda trial: sign * objective(trial), n_trials=trials)
        return study.best_trial, study.trials


@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_study(kind: str, request: pytest.FixtureRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if kind == "postgresql":
        place = request.getfixturevalue("server_place")
        url = place.replace("postgresql://", "postgresql+psycopg://")
    else:
        url = place = f"sqlite:///{tmp_path / 'study.db'}"
    best_trial, trials = studied(url)
    found = told(capsys, f"optuna:{place}", "--metric", "accuracy", "--rows", ROWS, "--tried", "steered")
    assert (found["kind"], found["tries"], found["judged"]) == ("Optuna study", 20, 19)
    assert found["lacking"] == {"pruned": 1}
    assert found["best"] == f"trial {best_trial.number}"
    assert found["best_score"] == pytest.approx(best_trial.value)
    values = [trial.value for trial in trials if trial.value is not None]
    assert sorted((row["score"] for row in found["rows"]), reverse=True) == pytest.approx(sorted(values, reverse=True))
    # steering, trial after trial
    best, errors = values[0], []
    for value in values[1:]:
        share = [(v * ROWS + 1) / (ROWS + 2) for v in (best, value)]
        error = float(np.sqrt(sum(p * (1 - p) / (ROWS + 2) for p in share)))
        errors.append(0.0 if value - best < -3 * error else error)
        best = max(best, value)
    luck = max(0.02, 1.6449 * np.mean([e for e in errors if e]))
    expected = next((p + 2 for p, s in enumerate(np.cumsum(errors) / np.sqrt(2 * np.pi)) if s > luck), None)
    assert found["tuning"]["steered_from"] == expected
    assert ("MLE306" in [one["rule"] for one in found["findings"]]) == (expected is not None)
    by_name = told(capsys, f"optuna:{place}", "--score", "val_accuracy", "--rows", ROWS)
    assert by_name["best_score"] == found["best_score"]


@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_what_a_study_does_not_say_is_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"sqlite:///{tmp_path / 'study.db'}"
    studied(url, "minimize", trials=6)
    assert "--metric" in refused(capsys, f"optuna:{url}")
    assert "better the higher" in refused(capsys, f"optuna:{url}", "--metric", "accuracy")
    assert "Did you mean digits?" in refused(capsys, f"optuna:{url}", "--name", "digit")
    with storage_of(url) as storage:
        optuna.create_study(storage=storage, study_name="empty")
    assert "there are digits and empty" in refused(capsys, f"optuna:{url}")
    assert "no trials" in refused(capsys, f"optuna:{url}", "--name", "empty")


@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_a_grid_was_fixed_beforehand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"sqlite:///{tmp_path / 'study.db'}"
    studied(url, sampler=optuna.samplers.GridSampler({"depth": [8, 9, 10]}), trials=3)
    found = told(capsys, f"optuna:{url}", "--metric", "accuracy", "--rows", ROWS)
    assert found["tuning"]["steered"] is False
    assert answer(found, "Tuning") == ""


def test_what_is_no_storage_of_optuna_is_left_as_it_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    absent = tmp_path / "absent.db"
    assert "There is no file" in refused(capsys, f"optuna:sqlite:///{absent}")
    assert not absent.exists()
    import sqlite3

    other = tmp_path / "other.db"
    with sqlite3.connect(other) as file:
        file.execute("CREATE TABLE shelf (a INTEGER)")
    file.close()
    before = other.read_bytes()
    assert "no store of Optuna" in refused(capsys, f"optuna:sqlite:///{other}")
    assert other.read_bytes() == before
    text = refused(capsys, f"optuna:postgresql://me:{uuid.uuid4().hex}@127.0.0.1:9/none")
    assert "me:***@127.0.0.1:9" in text
