"""A board by another metric than the agreed one: it says so first, suggests nobody, and is counted as a look."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mlee_jupyter as mlee
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.evidence.looks import built_on
from mlee_jupyter.session import current
from mlee_jupyter.store import open_store

from .conftest import Shell

N = 600
TRUTH = np.random.default_rng(1).integers(0, 2, N)


def answers(share: float, seed: int) -> np.ndarray:
    """Answers of which that share is right."""
    return np.where(np.random.default_rng(seed).random(N) < share, TRUTH, 1 - TRUTH)


@pytest.fixture
def shelf(alone: None) -> Any:
    """An experiment by accuracy, with three candidates of predictions and one of fold scores."""
    experiment = mlee.start("shelf", metric="accuracy", truth=TRUTH, positive=1, useful_gain=0.05)
    for number, (name, share) in enumerate((("knn", 0.86), ("svm", 0.85), ("weak", 0.6))):
        experiment.record(name, answers(share, number), simplicity=number + 1)
    experiment.record("folded", [0.8, 0.82, 0.79, 0.8, 0.81])
    return experiment


def looks() -> int:
    """How often the truth was looked at by now."""
    here = current.session()
    truth = here.evidence().declared_truth
    assert truth is not None
    return here.store.looks(truth.fingerprint)


def test_it_says_what_it_is_and_suggests_nobody(shelf: Any) -> None:
    assert shelf.board()["boards"][0]["recommended"] is not None
    side = shelf.board("f1")["boards"][0]
    assert side["metric"]["label"] == "F1"
    assert side["words"][0] == "A side view by F1, not what was agreed on (accuracy)."
    assert side["words"][2] == "Without their predictions, and so not here: folded."
    assert side["recommended"] is None
    assert {row["candidate"] for row in side["rows"] if row["runs"]} == {"knn", "svm", "weak"}


def test_it_is_counted_once_and_leaves_the_board_as_it_was(shelf: Any) -> None:
    before, standing = looks(), current.session().evidence().judgements[0]
    shelf.board()
    assert looks() == before, "the agreed board is no new look"
    shelf.board("f1")
    assert looks() == before + 3
    shelf.board("f1")
    shelf.board("F1")
    assert looks() == before + 3, "again is no new look"
    after = current.session().evidence().judgements[0]
    assert after.standings == standing.standings
    assert after.wear is not None
    assert standing.wear is not None
    assert (after.wear.looks, after.wear.steered) == (before + 3, standing.wear.steered + 3)
    assert after.wear.budget >= standing.wear.budget > 0
    assert after.wear.gain == standing.wear.gain


def test_what_was_handed_over_together_is_not_built_on_by_a_side_view() -> None:
    batch = {"batch": [0.01, 0.02, 0.03]}
    assert built_on({**batch, "side:1": [0.02]}, {"side:1"}) == [[0.01, 0.02, 0.03], [0.02]]
    assert built_on({**batch, "next": [0.02]}, {"side:1"}) == [[0.01], [0.02], [0.03], [0.02]]


def test_what_cannot_be_shown_is_one_line_and_no_look(shelf: Any) -> None:
    before = looks()
    for metric, said in (
        ("accuracy", "The board is by accuracy already"),
        ("acuracy", "There is no metric 'acuracy'. Did you mean accuracy"),
        ("", "There is no metric"),
        ("log_loss", "No answer here can be scored by log loss: it needs probabilities"),
        ("rmse_log", "There is no metric"),
    ):
        with pytest.raises(MleeError, match=said) as refusal:
            shelf.board(metric)
        assert "\n" not in str(refusal.value)
    assert looks() == before


def test_without_predictions_there_is_no_side_view(alone: None) -> None:
    experiment = mlee.start("folds alone", metric="accuracy")
    experiment.record("a", {"folds": [0.8, 0.9, 0.7]})
    with pytest.raises(MleeError, match="no candidate's predictions are kept"):
        experiment.scoreboard("f1")


def test_the_magic_and_its_twin(shell: Shell) -> None:
    shell.names.update(y=TRUTH, p=answers(0.9, 1), q=answers(0.8, 2))
    shell.run('%%mlee_experiment start shelf --truth y\nmetric = "accuracy"\npositive = 1')
    shell.run("%mlee_candidate a --pred p")
    shell.run("%mlee_candidate b --pred q")
    assert "A side view by F1" in shell.run("%mlee_scoreboard --text --metric f1").replace("\n", " ")
    assert "side view" not in shell.run("%mlee_scoreboard --text")
    assert "side view" in shell.refused("%mlee_scoreboard --metric f1 --figure")


def test_looks_aside_travel_with_an_export(shelf: Any, tmp_path: Path) -> None:
    shelf.board("f1")
    here = current.session()
    truth = here.evidence().declared_truth
    assert truth is not None
    with open_store(str(tmp_path / "other.db")) as other:
        other.import_(json.loads(json.dumps(here.store.export())), rename=False)
        assert other.looks(truth.fingerprint) == looks()
