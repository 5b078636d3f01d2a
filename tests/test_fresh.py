"""The sealed second sample and the odometer, told through the doors on a real store."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import mlee_jupyter as mlee
from mlee_jupyter.cli import main
from mlee_jupyter.domain import Fresh
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.session import boards, current

from .conftest import Shell

N, M = 600, 200


def wrong_on(truth: np.ndarray, share: float, seed: int) -> np.ndarray:
    return np.where(np.random.default_rng(seed).random(len(truth)) < share, 1 - truth, truth)


@pytest.fixture
def data(shell: Shell) -> Shell:
    """A truth, a second one, and predictions of two candidates on both."""
    rng = np.random.default_rng(3)
    y_test, y_final = rng.integers(0, 2, N), rng.integers(0, 2, M)
    shell.names.update(y_test=y_test, y_final=y_final, np=np, pd=pd)
    for name, share, seed in (("knn", 0.1, 1), ("svm", 0.12, 2)):
        shell.names[f"{name}_test"] = wrong_on(y_test, share, seed)
        shell.names[f"{name}_final"] = wrong_on(y_final, share, 10 + seed)
    return shell


@pytest.fixture
def decided(data: Shell) -> Shell:
    data.run('%%mlee_experiment start shelf --truth y_test --fresh y_final\nmetric = "accuracy"\nuseful_gain = 0.05')
    for name in ("knn", "svm"):
        data.run(f"%mlee_candidate {name} --pred {name}_test")
    data.run('%mlee_experiment decide knn --because "simple"')
    return data


def fresh() -> Fresh:
    found = current.session().records().fresh
    assert found is not None
    return found


def test_it_is_sealed_early_judges_nobody_and_opens_once(decided: Shell) -> None:
    assert fresh().n == M
    board = boards.board_of(current.session())
    assert (len(board["boards"]), board["fresh"]["state"]) == (1, "sealed")
    printed = decided.run("%mlee_experiment confirm knn=knn_final svm=svm_final")
    score = float(np.mean(decided.names["knn_final"] == decided.names["y_final"]))
    assert f"On the sealed 200 rows of y_final, knn: {100 * score:.1f}%" in printed
    assert "on y_test" in printed
    assert [one.candidate for one in fresh().confirmed] == ["knn", "svm"]
    assert fresh().confirmed[0].score == pytest.approx(score)
    for text in (decided.run("%mlee_scoreboard --text"), decided.run("%mlee_experiment status")):
        assert "On the sealed 200 rows of y_final, knn" in " ".join(text.split())
    assert "opened before" in decided.run("%mlee_experiment confirm knn=knn_final")
    assert "opens once" in decided.refused("%mlee_experiment confirm knn=svm_final")
    decided.names["another"] = 1 - decided.names["y_final"]
    assert "opened already" in decided.refused("%mlee_experiment change --fresh another")
    assert current.session().store.looks(fresh().fingerprint or "") == 2


REFUSED = {
    "the same answers": ("", "%mlee_experiment start shelf --truth y_test --fresh y_test", "very answers"),
    "a part of them": ("part = y_test[:100]", "%mlee_experiment start shelf --truth y_test --fresh part", "share rows"),
    "rows with the same index": (
        "y_test = pd.Series(y_test, index=range(1000, 1600)); part = y_test.iloc[50:60].copy()",
        "%mlee_experiment start shelf --truth y_test --fresh part",
        "10 rows of part are in y_test too",
    ),
    "the same numbers": (
        "y_test = np.random.default_rng(1).normal(size=600); part = y_test[:50].copy()",
        "%mlee_experiment start shelf --truth y_test --fresh part",
        "50 of the 50 values",
    ),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_a_sample_that_is_not_fresh_is_refused(data: Shell, case: tuple[str, str, str]) -> None:
    before, line, says = case
    data.run(before)
    assert says in data.refused(line)
    assert current.session().records().fresh is None


def test_rows_of_other_customers_are_fresh(data: Shell) -> None:
    data.run(
        "y_test = pd.Series(y_test, index=range(1000, 1600)); y_final = pd.Series(y_final, index=range(5000, 5200))"
    )
    assert "y_final is sealed: 200 rows" in data.run("%mlee_experiment start shelf --truth y_test --fresh y_final")
    assert "sealed" not in data.run("%mlee_experiment start shelf --truth y_test --fresh y_final"), "said once"


def test_one_that_was_judged_on_before_is_refused(data: Shell) -> None:
    data.run("%mlee_experiment start other --truth y_final")
    data.run("%mlee_candidate knn --pred knn_final")
    assert "judged on already (1 look)" in data.refused("%mlee_experiment start shelf --truth y_test --fresh y_final")


SPOILT = {
    "another length": ("y_final = y_final[:150]", "150 rows now; 200 were sealed"),
    "changed values": ("y_final = 1 - y_final", "have changed since they were sealed"),
    "gone": ("del y_final", "no variable 'y_final'"),
}


@pytest.mark.parametrize("case", SPOILT.values(), ids=SPOILT)
def test_only_what_was_sealed_opens(decided: Shell, case: tuple[str, str]) -> None:
    decided.run(case[0])
    assert case[1] in decided.refused("%mlee_experiment confirm knn=knn_final")
    assert fresh().opened_at is None


ORDERS = {
    "the chosen one is missing": ("confirm svm=svm_final", "knn was chosen"),
    "nobody is named": ("confirm", "Which predictions?"),
    "an unknown candidate": ("confirm knn=knn_final tree=svm_final", "no candidate 'tree'"),
    "an unknown variable": ("confirm knn=nowhere", "names no candidate with a variable"),
    "too few rows": ("confirm knn=knn_test", "y_final stays sealed"),
    "a number": ("confirm knn=N", "needs one set of predictions"),
}


@pytest.mark.parametrize("case", ORDERS.values(), ids=ORDERS)
def test_a_wrong_order_opens_nothing(decided: Shell, case: tuple[str, str]) -> None:
    decided.names["N"] = 3.0
    assert case[1] in decided.refused(f"%mlee_experiment {case[0]}")
    assert fresh().opened_at is None


def test_nothing_opens_before_the_decision_and_candidates_are_kept_off(data: Shell) -> None:
    data.run("%mlee_experiment start shelf --truth y_test --fresh y_final")
    data.run("%mlee_candidate knn --pred knn_test")
    assert "opens after the decision" in data.refused("%mlee_experiment confirm knn=knn_final")
    assert "is the sealed sample" in data.refused("%mlee_candidate knn --pred knn_final --truth y_final")
    assert current.session().store.looks(fresh().fingerprint or "") == 0
    data.run("%mlee_experiment decide none --because x")
    assert "nothing to confirm" in data.refused("%mlee_experiment confirm knn=knn_final")


def test_a_seal_broken_by_another_experiment_is_said(decided: Shell) -> None:
    decided.run("%mlee_experiment start other --truth y_final")
    decided.run("%mlee_candidate knn --pred knn_final")
    decided.run("%mlee_experiment start shelf")
    assert "it is fresh no more" in decided.refused("%mlee_experiment confirm knn=knn_final")


def test_without_a_sealed_sample_there_is_nothing_to_open(data: Shell) -> None:
    data.run("%mlee_experiment start shelf --truth y_test")
    assert "No fresh sample is sealed" in data.refused("%mlee_experiment confirm knn=knn_final")


def test_what_is_not_there_yet_is_sealed_when_it_is(data: Shell) -> None:
    kept = data.names.pop("y_final")
    assert "not there yet" in data.run("%mlee_experiment start shelf --truth y_test --fresh y_final")
    data.run("%mlee_candidate knn --pred knn_test")
    assert fresh().fingerprint is None
    data.names["y_final"] = kept
    assert "y_final is sealed: 200 rows" in data.run("%mlee_candidate svm --pred svm_test")
    assert fresh().n == M


def test_it_outlives_the_kernel(decided: Shell, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    current.forget_session()
    decided.run("%mlee_experiment start shelf --truth y_test --fresh y_final")
    assert fresh().sealed_at is not None
    decided.run("%mlee_experiment confirm knn=knn_final")
    current.forget_session()
    decided.run("%mlee_experiment start shelf")
    assert "opens once" in decided.refused("%mlee_experiment confirm knn=svm_final")
    capsys.readouterr()
    assert main.main(["status", "shelf"]) == 0
    assert "On the sealed 200 rows of y_final, knn" in " ".join(capsys.readouterr().out.split())


def test_plain_python_does_the_same(data: Shell) -> None:
    y_test, y_final = data.names["y_test"], data.names["y_final"]
    shelf = mlee.start("shelf", truth=y_test, metric="accuracy")
    shelf.seal(y_final)
    shelf.record("knn", data.names["knn_test"])
    with pytest.raises(MleeError, match="after the decision"):
        shelf.confirm({"knn": data.names["knn_final"]})
    shelf.decide("knn", because="simple")
    found = shelf.confirm({"knn": data.names["knn_final"]})
    assert found.confirmed[0].score == pytest.approx(np.mean(data.names["knn_final"] == y_final))
    with pytest.raises(MleeError, match="opens once"):
        shelf.confirm({"knn": data.names["svm_final"]})


def test_the_odometer_counts_over_experiments_and_deletions(data: Shell) -> None:
    data.run('%%mlee_experiment start first --truth y_test\nmetric = "accuracy"')
    for seed in range(4):
        data.names["tried"] = wrong_on(data.names["y_test"], 0.1, 100 + seed)
        data.run("%mlee_candidate svm --pred tried")
    data.run('%mlee_experiment delete first --because "start anew"')
    current.forget_session()  # the kernel that saw them is gone
    data.run('%%mlee_experiment start second --truth y_test\nmetric = "accuracy"')
    data.run("%mlee_candidate knn --pred knn_test")
    data.run("%mlee_candidate knn --pred knn_test")
    judgement = current.session().evidence().judgement
    assert judgement is not None
    assert judgement.wear is not None
    assert (judgement.wear.looks, judgement.wear.steered) == (5, 4)
    assert judgement.wear.estimated == 4, "deleted rows cannot be measured: their error is taken as large as can be"
    assert judgement.wear.gain is None
    assert "5 looks at y_test" in " ".join(data.run("%mlee_scoreboard --text").split())


def test_what_is_handed_over_together_first_wears_nothing_out(data: Shell) -> None:
    data.names["N"] = N
    data.run('%%mlee_experiment start shelf --truth y_test\nmetric = "accuracy"')
    data.run(
        "%%mlee_candidate svm\n{f'C={c}': np.where(np.arange(N) % (7 + c) == 0, 1 - y_test, y_test) for c in range(9)}"
    )
    judgement = current.session().evidence().judgement
    assert judgement is not None
    assert judgement.wear is not None
    assert (judgement.wear.looks, judgement.wear.steered, judgement.wear.expected_luck) == (9, 0, 0.0)
    assert "steered" not in data.run("%mlee_scoreboard --text")
