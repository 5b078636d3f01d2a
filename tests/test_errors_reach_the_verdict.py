"""While an error stands, no candidate it touches is best, suggested or real progress, on any surface."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import mlee_jupyter as mlee
from mlee_jupyter import report
from mlee_jupyter.experiment.handle import ExperimentHandle
from mlee_jupyter.panel.snapshot import snapshot
from mlee_jupyter.session import boards, current

from .conftest import Shell

N = 600
RANDOM = np.random.default_rng(0)
TRUTH = RANDOM.integers(0, 3, N)
X = pd.DataFrame(
    {
        "a": RANDOM.normal(size=N),
        "b": RANDOM.normal(size=N),
        "day": pd.date_range("2024-01-01", periods=N),
        "patient": np.arange(N) // 4,
    }
)
OTHERS = X.assign(a=RANDOM.normal(size=N), b=RANDOM.normal(size=N), patient=X["patient"] + 10_000)


def wrong(many: int, shift: int = 1) -> np.ndarray:
    predicted = TRUTH.copy()
    predicted[:many] = (TRUTH[:many] + shift) % 3
    return predicted


def record(here: ExperimentHandle, svm: Any = None) -> ExperimentHandle:
    """A clear winner, then something simple."""
    here.record("svm", wrong(12) if svm is None else svm, simplicity=3)
    here.record("knn", wrong(200, 2), simplicity=1)
    return here


def begin(features: pd.DataFrame = X, **charter: Any) -> ExperimentHandle:
    return mlee.start("held", truth=TRUTH, features=features, metric="accuracy", useful_gain=0.02, **charter)


def other_truth() -> ExperimentHandle:
    here = record(begin())
    current.session().given["y_other"] = np.roll(TRUTH, 7)
    here.record("forest", np.roll(TRUTH, 7), truth="y_other")
    here.record("tree", wrong(300), truth="y_other")
    return here


def _four_of_each() -> pd.DataFrame:
    """Rows that stand four times each where their answer is the same, as after an oversampling."""
    place = np.arange(N)
    for label in range(3):
        own = np.flatnonzero(label == TRUTH)
        place[own] = own[np.arange(len(own)) // 4 * 4]
    return X.drop(columns="patient").iloc[place].reset_index(drop=True).assign(day=X["day"].iloc[place].to_numpy())


KINDS: dict[str, tuple[str, Callable[[], ExperimentHandle]]] = {
    "another truth": ("MLE401", other_truth),
    "labels of another coding": ("MLE402", lambda: record(begin(), np.where(np.arange(N) < 400, TRUTH + 10, TRUTH))),
    "a score that is not ours": ("MLE402", lambda: record(begin(), {"predictions": wrong(12), "accuracy": 0.71})),
    "rows in train": ("MLE407", lambda: record(begin(train=pd.concat([OTHERS, X.iloc[:50]])))),
    "groups in train": (
        "MLE407",
        lambda: record(begin(groups="patient", train=OTHERS.assign(patient=X["patient"]))),
    ),
    "later rows in train": (
        "MLE408",
        lambda: record(begin(time="day", train=OTHERS.assign(day=X["day"] + pd.Timedelta(days=9)))),
    ),
    "copies in the test rows": ("MLE205", lambda: record(begin(features=_four_of_each()))),
    "a copy of the answers": ("MLE409", lambda: record(begin(features=X.assign(outcome=TRUTH * 7)))),
}


@pytest.mark.parametrize("kind", KINDS)
def test_no_surface_crowns_what_an_error_touches(kind: str, shell: Shell) -> None:
    rule, made = KINDS[kind]
    here = made()
    board = here.board()
    errors = [one["rule"] for one in board["findings"]["errors"]]
    assert rule in errors
    parts = board["boards"]
    assert all(rule in part["words"][0] for part in parts), "the headline says first what is wrong"
    for part in parts:
        assert part["winner"] is None
        assert part["recommended"] is None
        states = {row["candidate"]: row["state"] for row in part["rows"]}
        assert "best" not in states.values()
        for name in states:
            assert name not in ("forest", "svm") or states[name] != "as good"
        said = " ".join(part["words"])
        assert "is best" not in said
        assert "real progress" not in said
    evidence = current.session().evidence()
    findings = current.session().findings(evidence)
    panel = snapshot(evidence, findings)
    surfaces = {
        "text": report.text(board),
        "html": report.html(board),
        "markdown": report.markdown(board),
        "json": json.dumps(board),
        "panel": json.dumps(panel),
        "why": str(here.explain()),
        "brief": report.text(board),
    }
    for name, shown in surfaces.items():
        assert rule in shown, name
        assert "svm is best" not in shown, name
        assert "forest is best" not in shown, name
        assert "svm is suggested" not in shown, name
        assert not any(word in shown for word in ("You can stop",)), name
    assert not any(part["winner"] or part["recommended"] for part in here.board("balanced_accuracy")["boards"])
    assert "best" not in set(here.scoreboard()["state"])
    assert not any(judgement.winner or judgement.recommended for judgement in boards.judgements_of(current.session()))


def test_without_an_error_the_winner_stands(shell: Shell) -> None:
    here = record(begin())
    assert here.board()["boards"][0]["winner"] == here.board("balanced_accuracy")["boards"][0]["winner"] == "svm"


def test_an_ignored_error_holds_nothing(shell: Shell) -> None:
    here = KINDS["a copy of the answers"][1]()
    here.ignore("MLE409", because="the column is known beforehand")
    assert here.board()["boards"][0]["winner"] == "svm"


def test_numbers_met_to_the_last_digit_are_an_error(shell: Shell) -> None:
    truth = RANDOM.normal(size=200)
    here = mlee.start("copied", truth=truth, metric="rmse")
    here.record("leak", truth.copy())
    here.record("honest", truth + RANDOM.normal(0, 0.1, 200))
    part = here.board()["boards"][0]
    assert part["winner"] is None
    assert "MLE409" in part["words"][0]
