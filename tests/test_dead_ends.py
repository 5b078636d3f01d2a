"""What used to hang, to crash or to say nothing: each ends in an answer or in one line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mlee_jupyter as mlee
from mlee_jupyter.cli import main
from mlee_jupyter.domain.errors import MleeError, did_you_mean
from mlee_jupyter.session import current
from tests.conftest import Shell

random = np.random.default_rng(0)
LABELS = random.integers(0, 2, 120)
NUMBERS = random.normal(size=120)
CLASSES = {
    "good": np.where(random.random(120) < 0.05, 1 - LABELS, LABELS),
    "bad": np.where(random.random(120) < 0.4, 1 - LABELS, LABELS),
}
VALUES = {"good": NUMBERS + random.normal(size=120) * 0.1, "bad": NUMBERS + random.normal(size=120)}


@pytest.mark.parametrize("alpha", [0.5, 0.4999, 0.3, 1e-6, 1e-12])
def test_every_alpha_has_an_answer(alpha: float) -> None:
    assert mlee.compare(LABELS, CLASSES, alpha=alpha).table.candidate[0] == "good"
    assert mlee.compare(NUMBERS, VALUES, metric="mae", alpha=alpha).table.candidate[0] == "good"


@pytest.mark.parametrize("alpha", [0, 0.51, 1, -1, float("nan"), "0.05", None])
def test_no_other_alpha_is_taken(alpha: Any) -> None:
    with pytest.raises(MleeError, match="alpha"):
        mlee.compare(LABELS, CLASSES, alpha=alpha)


@pytest.mark.parametrize("gain", [1, 2, 5.0, np.float64(2)])
def test_a_gain_in_points_is_refused_for_a_score_between_0_and_1(gain: float) -> None:
    with pytest.raises(MleeError, match=f"useful_gain={gain / 100:g}"):
        mlee.compare(LABELS, CLASSES, useful_gain=gain)
    mlee.compare(NUMBERS, VALUES, metric="mae", useful_gain=gain)


def scorers() -> dict[str, tuple[Any, str | None, bool]]:
    """By name: the scorer, our name of its metric where it is one of ours, whether its truth holds labels."""
    from sklearn.metrics import f1_score, fbeta_score, get_scorer, make_scorer, mean_pinball_loss, mean_squared_error

    return {
        "accuracy": (get_scorer("accuracy"), "accuracy", True),
        "f1_macro": (get_scorer("f1_macro"), "f1_macro", True),
        "a made one": (make_scorer(f1_score, average="macro"), "f1_macro", True),
        "rmse": (get_scorer("neg_root_mean_squared_error"), "rmse", False),
        "a made loss": (make_scorer(mean_squared_error, greater_is_better=False), "mse", False),
        "r2": (get_scorer("r2"), "r2", False),
        "one with an option": (make_scorer(fbeta_score, beta=2), None, True),
        "a loss that is not ours": (make_scorer(mean_pinball_loss, alpha=0.9, greater_is_better=False), None, False),
        "a function of one's own": (make_scorer(lambda t, p: float(np.mean(t == p))), None, True),
    }


@pytest.mark.parametrize("name", scorers())
def test_a_scorer_tells_its_name_and_direction(name: str) -> None:
    scorer, ours, labels = scorers()[name]
    truth, tries = (LABELS, CLASSES) if labels else (NUMBERS, VALUES)
    found = mlee.compare(truth, tries, metric=scorer)
    assert found.table.candidate[0] == "good"
    if ours is not None:
        assert found.table.score.tolist() == mlee.compare(truth, tries, metric=ours).table.score.tolist()


def test_a_charter_takes_a_scorer(shell: Shell) -> None:
    shell.run("import mlee_jupyter as mlee, numpy as np\nfrom sklearn.metrics import get_scorer")
    shell.run("y = np.arange(100.0); exp = mlee.start('s', truth=y, metric=get_scorer('neg_root_mean_squared_error'))")
    assert "root mean squared error" in shell.run("exp.record('a', y + np.sin(y))\nNone")


def test_a_scorer_of_several_scores_is_refused() -> None:
    from sklearn.metrics._scorer import _MultimetricScorer

    with pytest.raises(MleeError, match="several"):
        mlee.compare(LABELS, CLASSES, metric=_MultimetricScorer(scorers={}))
    with pytest.raises(MleeError, match="higher_is_better"):
        mlee.compare(NUMBERS, VALUES, metric=scorers()["rmse"][0], higher_is_better=True)


def test_a_block_that_hands_nothing_over_says_so(shell: Shell) -> None:
    shell.run("import mlee_jupyter as mlee\nexp = mlee.start('s')")
    said = shell.run("with exp.candidate('empty'): pass")
    assert said == "empty handed nothing over, so nothing is recorded. Call run.record(predictions) inside the block.\n"
    assert current.session().cells.candidate is None
    assert current.session().records().results == ()


def test_the_nearest_names_are_offered(shell: Shell) -> None:
    shell.run("import numpy as np\ny_test = np.arange(100) % 2; y_pred = y_test; X_test = y_test\n")
    assert "Did you mean y_pred?" in shell.refused("%mlee_candidate knn --pred y_perd --truth y_test")
    assert "Did you mean y_test" in shell.refused("%mlee_candidate knn --pred y_pred --truth y_tset")
    assert "Did you mean X_test" in shell.refused("%mlee_candidate knn --pred y_pred --truth y_test --features X_tset")
    shell.run("%mlee_candidate knn --pred y_pred --truth y_test")
    assert "Did you mean knn?" in shell.refused("%mlee_experiment park kmn")
    assert did_you_mean("zebra", ["y_test", 3, "_zebra"]) == ""


def test_the_command_line_says_its_own_fault_in_a_line(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_: object = None) -> None:
        raise RuntimeError("so\nbroken")

    monkeypatch.setattr(main, "_store", broken)
    monkeypatch.setattr(main.faults, "shield_faults", True)
    assert main.main(["status"]) == main.OUR_FAULT
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith("mlee met a fault of its own (RuntimeError: so broken)")
    assert "MLEE_TRACEBACK=1" in said[0]
    assert len(said) == 1
    monkeypatch.setenv("MLEE_TRACEBACK", "1")
    with pytest.raises(RuntimeError):
        main.main(["status"])

    def interrupted(_: object = None) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(main, "_store", interrupted)
    assert main.main(["status"]) == main.INTERRUPTED
    assert capsys.readouterr().err == "mlee: interrupted; nothing more is written.\n"


@pytest.mark.parametrize("arguments", [["status", "\udcff"], ["explain", "x" * 5000], ["import", "."], ["export", "/"]])
def test_no_argument_gives_a_traceback(arguments: list[str], project: Path) -> None:
    words = [argument.encode("utf-8", "surrogateescape") for argument in arguments]
    done = subprocess.run([sys.executable.encode(), b"-m", b"mlee_jupyter", *words], capture_output=True, check=False)
    assert done.returncode == main.REFUSED
    assert b"Traceback" not in done.stderr + done.stdout


MODEL = """
import numpy as np
class Model:
    def fit(self, X, y): return self
    def predict(self, X): return X
model, X_test = Model(), np.arange(100) % 2
y_test, X_train, y_train = X_test, X_test, X_test
"""
FORESEEN = {
    "no truth for predictions": ("", "", "model.predict(X_test)", "No truth is declared"),
    "no truth for a fit": ("", "", "model.fit(X_train, y_train)", "No truth is declared"),
    "no features": ("--truth y_test", "", "model.fit(X_train, y_train)", "nothing to predict on"),
    "a wrong truth": ("--truth y_tset", "", "model.predict(X_test)", "Did you mean y_test"),
    "wrong features": ("--truth y_test --features X_tset", "", "model.fit(X_train, y_train)", "Did you mean X_test"),
    "a wrong truth of the cell's": ("", "--truth y_tset", "X_test", "Did you mean y_test"),
}
RIGHT = {
    "all is there": ("--truth y_test --features X_test", "model.fit(X_train, y_train)"),
    "a number needs no truth": ("", "0.9"),
    "folds need none": ("", "[0.8, 0.9, 0.85, 0.8, 0.9]"),
    "predictions need no features": ("--truth y_test", "model.predict(X_test)"),
    "the cell defines the truth": ("--truth y_new", "y_new = y_test\nmodel.predict(X_test)"),
}


@pytest.mark.parametrize("name", FORESEEN)
def test_what_will_be_missing_is_said_before_the_cell_and_its_value_is_kept(shell: Shell, name: str) -> None:
    declared, line, body, said = FORESEEN[name]
    shell.run(MODEL)
    shell.run(f"%mlee_experiment start s {declared}")
    result, printed = shell.attempt(f"%%mlee_candidate m {line}\nprint('fitting')\n{body}")
    before, _, _ = printed.partition("fitting")
    assert said in before
    assert len(before.splitlines()) == 1
    assert "_mlee_value" in str(result.error_in_exec)
    assert "recorded" in shell.run("%mlee_candidate m --pred _mlee_value --truth y_test --features X_test")


@pytest.mark.parametrize("name", RIGHT)
def test_where_nothing_is_missing_nothing_is_said(shell: Shell, name: str) -> None:
    declared, body = RIGHT[name]
    shell.run(MODEL)
    shell.run(f"%mlee_experiment start s {declared}")
    printed = shell.run(f"%%mlee_candidate m\nprint('fitting')\n{body}")
    assert printed.startswith("fitting")
