"""What a notebook's live variables say of the test rows, through the magics and the Python door on a real store."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pandas as pd
import pytest

import mlee_jupyter as mlee
from mlee_jupyter.domain import Finding, Outcome, Population, SampleFacts
from mlee_jupyter.evidence.sampling.look import Sight
from mlee_jupyter.guardrails import find_rule
from mlee_jupyter.session import current

from .conftest import Shell

N = 600


@pytest.fixture
def data(shell: Shell) -> Shell:
    """A frame of 2,400 rows in time order, the newest 600 for the test; predictions that err at random."""
    rng = np.random.default_rng(11)
    frame = pd.DataFrame(
        {
            "date": pd.date_range("2024-01-01", periods=4 * N, freq="6h"),
            "patient": rng.permutation(np.arange(4 * N) // 4),
            "x": rng.standard_normal(4 * N),
            "z": rng.standard_normal(4 * N),
        }
    )
    truth = rng.integers(0, 3, N)
    shell.names.update(frame=frame, X_train=frame.iloc[: 3 * N], X_test=frame.iloc[3 * N :], y_test=truth)
    for name, wrong in (("good", 30), ("fair", 90)):
        predicted = truth.copy()
        at = rng.choice(N, wrong, replace=False)
        predicted[at] = (truth[at] + 1) % 3
        shell.names[name] = predicted
    return shell


def sample() -> SampleFacts:
    found = current.session().evidence().sample
    assert found is not None
    return found


def answer(rule: str) -> Finding:
    here = current.session()
    return next(one for one in here.findings(here.evidence()) if one.rule == rule)


def test_sound_rows_are_seen_and_nothing_is_said(data: Shell) -> None:
    data.run('%%mlee_experiment start shelf --truth y_test --features X_test --train X_train\ntime = "date"')
    assert data.run("%%mlee_candidate knn\ngood").count("\n") == 1
    assert sample().shared is not None
    assert sample().order is not None
    assert [answer(rule).outcome for rule in ("MLE205", "MLE407", "MLE408", "MLE409")] == [Outcome.OK] * 4


def test_rows_on_both_sides_are_said_when_the_experiment_starts(data: Shell) -> None:
    data.names["X_train"] = pd.concat([data.names["X_train"], data.names["X_test"].iloc[:20]])
    printed = data.run("%mlee_experiment start shelf --truth y_test --features X_test --train X_train")
    assert "MLE407" in printed
    assert "20 of 600 test rows are in X_train too" in printed


def test_the_usual_names_need_no_word(data: Shell) -> None:
    data.names["X_train"] = pd.concat([data.names["X_train"], data.names["X_test"].iloc[:20]])
    assert "MLE407" in data.run("%mlee_experiment start shelf --truth y_test")


def test_an_unrelated_variable_of_the_usual_name_is_left_alone(data: Shell) -> None:
    data.names["X_test"] = data.names["X_train"].iloc[:50]  # another length than the truth's
    data.run("%mlee_experiment start shelf --truth y_test")
    assert sample().shared is None
    assert answer("MLE407").outcome is Outcome.NOT_APPLICABLE


def test_train_can_be_named_later_and_is_no_change_of_the_goal(data: Shell) -> None:
    data.names["past"] = data.names.pop("X_train")
    data.run("%mlee_experiment start shelf --truth y_test --features X_test")
    data.run("%%mlee_candidate knn\ngood")
    assert answer("MLE407").outcome is Outcome.NOT_APPLICABLE
    data.run("%mlee_experiment change train=past")
    assert answer("MLE407").outcome is Outcome.OK
    data.run("%mlee_experiment start shelf --train past")
    assert current.session().experiment().charter.train == "past"
    assert answer("MLE604").outcome is Outcome.OK


def test_time_travel(data: Shell) -> None:
    mixed = data.names["frame"].sample(4 * N, random_state=1)
    data.names.update(X_train=mixed.iloc[: 3 * N], X_test=mixed.iloc[3 * N :])
    printed = data.run('%%mlee_experiment start shelf --truth y_test\ntime = "date"')
    assert "MLE408" in printed
    data.run("%mlee_experiment change time=when")  # a variable over all rows, matched by row labels
    assert answer("MLE408").outcome is Outcome.NOT_APPLICABLE
    data.names["when"] = data.names["frame"]["date"]
    assert answer("MLE408").outcome is Outcome.FINDING


def test_rows_of_one_patient_that_err_alike(data: Shell) -> None:
    patients = np.arange(N) // 10
    wrong = np.isin(patients, range(0, 60, 5))
    data.names["block"] = np.where(wrong, (data.names["y_test"] + 1) % 3, data.names["y_test"])
    order = np.random.default_rng(3).permutation(N)
    for name in ("block", "y_test"):
        data.names[name] = data.names[name][order]
    data.names["X_test"] = data.names["X_test"].assign(patient=patients[order])
    data.run('%%mlee_experiment start shelf --truth y_test --features X_test\ngroups = "patient"')
    data.run("%%mlee_candidate knn\nblock")
    found = [one for one in sample().alike or () if one.by == "patient"]
    assert len(found) == 1
    assert found[0].effective_n == pytest.approx(60, rel=0.3)


def test_a_column_that_gives_the_answer_away(data: Shell) -> None:
    data.names["X_test"] = data.names["X_test"].assign(outcome=data.names["y_test"] * 7)
    printed = data.run("%mlee_experiment start shelf --truth y_test --features X_test")
    assert "error   MLE409  outcome is a copy of the 600 answers" in printed


def test_a_frame_as_the_population(data: Shell) -> None:
    data.names["stores"] = pd.DataFrame({"kind": list("aabbbbbbcc"), "sales": [1, 1, 1, 1, 1, 1, 1, 1, 6, 6.0]})
    data.names["X_test"] = data.names["X_test"].assign(kind=["a", "b"] * (N // 2))
    start = "%%mlee_experiment start shelf --truth y_test --features X_test\n"
    printed = data.run(start + 'population = {column = "kind", frame = "stores", weight = "sales"}')
    assert "2 of the 3 kinds of kind: 40% of the population's weight" in printed
    assert answer("MLE203").outcome is Outcome.FINDING


def test_the_python_door_takes_the_things_themselves(data: Shell) -> None:
    held = data.names
    past = pd.concat([held["X_train"], held["X_test"].iloc[:20]])
    shelf = mlee.start(
        "shelf",
        truth=held["y_test"],
        features=held["X_test"],
        train=past,
        population={"column": "patient", "frame": held["frame"].copy()},
    )
    found = {one.rule: one.outcome for one in shelf.check()}
    assert found["MLE407"] is Outcome.FINDING
    assert current.session().experiment().charter.train == "train"
    assert current.session().evidence().coverage is not None


def test_a_frame_alone_is_a_population(data: Shell) -> None:
    held = data.names
    mlee.start("shelf", truth="y_test", features="X_test", population=held["frame"], time="date")
    assert current.session().experiment().charter.population == Population(frame="frame")
    assert sample().slices == ()
    mlee.start("town", truth="y_test", features="X_test", population={"column": "patient", "kinds": 7})
    assert current.session().experiment().charter.population == Population(column="patient", kinds=7)
    with pytest.raises(mlee.MleeError):
        mlee.start("village", truth="y_test", population={"colum": "patient"})


# ---------------------------------------------------------------- learning curves


def test_a_learning_curve_stays_off_the_board_but_for_its_last_point(data: Shell) -> None:
    data.run("%mlee_experiment start shelf --truth y_test")
    data.run("%%mlee_candidate knn --trained-on 500\nfair")
    assert [s.score for s in current.session().evidence().judgements[0].standings] == [0.85]
    data.run("%%mlee_candidate knn --trained-on 1000\ngood")
    evidence = current.session().evidence()
    assert [s.score for s in evidence.judgements[0].standings] == [0.95]
    assert (len(evidence.on_board), evidence.efforts["knn"].variants) == (1, 1)
    (step,) = sample().learning
    assert (step.small, step.large, step.gain) == (500, 1000, pytest.approx(0.1))
    assert 0.05 < step.low < step.gain < step.high < 0.15
    assert find_rule("MLE206").check(evidence).outcome is Outcome.FINDING
    assert answer("MLE206").message == "a preview, off by default"


def test_a_learning_curve_in_plain_python(data: Shell) -> None:
    shelf = mlee.start("shelf", truth="y_test")
    with shelf.candidate("knn", quiet=True) as run:
        run.record(data.names["fair"], trained_on=500)
        run.record(data.names["good"], trained_on=1000)
    shelf.record("svm", data.names["fair"], trained_on=np.int64(1000))
    assert [s.candidate for s in current.session().evidence().judgements[0].standings] == ["knn", "svm"]
    assert len(sample().learning) == 1


@pytest.mark.parametrize("rows", ["0", "-5", "many"])
def test_training_rows_that_are_none(data: Shell, rows: str) -> None:
    data.run("%mlee_experiment start shelf --truth y_test")
    data.refused(f"%%mlee_candidate knn --trained-on {rows}\ngood")
    assert current.session().records().results == ()


@pytest.mark.parametrize("rows", [0, 2.5, True, 10**20])
def test_training_rows_that_are_none_in_python(data: Shell, rows: Any) -> None:
    shelf = mlee.start("shelf", truth="y_test")
    with pytest.raises(mlee.MleeError):
        shelf.record("knn", data.names["good"], trained_on=rows)


# ---------------------------------------------------------------- cost and harm


def test_a_second_look_costs_next_to_nothing(data: Shell) -> None:
    big = np.random.default_rng(0).standard_normal((60_000, 50))
    data.names.update(X_test=big[:20_000], X_train=big[20_000:], y_test=np.arange(20_000) % 2)
    data.run("%mlee_experiment start shelf --truth y_test")
    here = current.session()
    here._overview._sight = Sight()
    first = _seconds(here.evidence)
    again = min(_seconds(here.evidence) for _ in range(3))
    assert sample().shared is not None
    assert again < first / 3, (first, again)


def test_a_changed_table_is_looked_at_again(data: Shell) -> None:
    big = np.random.default_rng(0).standard_normal((1000, 5))
    data.names.update(X_test=big[:N].copy(), X_train=big[N:].copy())
    data.run("%mlee_experiment start shelf --truth y_test")
    assert sample().shared.shared == 0  # type: ignore[union-attr]
    data.names["X_train"][:] = big[: 1000 - N]
    assert sample().shared.shared == 400  # type: ignore[union-attr]


class Rude:
    """A table that raises whatever it is asked for."""

    shape = (N, 2)
    columns = ("a", "b")

    def __getitem__(self, key: object) -> object:
        raise RuntimeError("no")


ODD = {
    "rude": Rude(),
    "text": "text",
    "a number": 7,
    "ragged": [[1, 2], [3]],
    "an object": object(),
    "empty": {},
    "one value": {"a": 1},
}


@pytest.mark.parametrize("layout", ['time = "a"', 'groups = "b"'])
@pytest.mark.parametrize("table", ODD.values(), ids=ODD)
def test_odd_variables_break_nothing(data: Shell, table: Any, layout: str) -> None:
    data.names.update(X_train=table, X_test=table)
    data.run(f"%%mlee_experiment start shelf --truth y_test\n{layout}")
    assert data.run("%%mlee_candidate knn\ngood").startswith("knn recorded")


def _seconds(work: Any) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
