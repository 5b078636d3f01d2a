"""What rests on one row, or on none: labels that the truth lacks, and perfection on few rows."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.metrics import f1_score, precision_score, recall_score

import mlee_jupyter as mlee
from mlee_jupyter.stats.compare.confidence_set import unseen_spread

SAMPLES = 200
LIMIT = 0.05 + 2 * math.sqrt(0.05 * 0.95 / SAMPLES)


@pytest.mark.parametrize("metric", ["f1_macro", "precision_macro", "recall_macro"])
@pytest.mark.parametrize("n", [200, 600])
def test_a_label_that_the_truth_lacks_decides_nothing(metric: str, n: int) -> None:
    """Equal models, of which one says a word nobody knows once in 200 rows: false winners stay below 5%."""
    named = 0
    for seed in range(SAMPLES):
        random = np.random.default_rng(seed)
        truth = random.integers(0, 3, n)
        models = {}
        for name in ("plain", "strange"):
            wrong = random.random(n) < 0.2
            models[name] = np.where(wrong, (truth + random.integers(1, 3, n)) % 3, truth)
        models["strange"] = np.where(random.random(n) < 1 / 200, 7, models["strange"])
        named += mlee.compare(truth, models, metric=metric).winner is not None
    assert named / SAMPLES <= LIMIT


@pytest.mark.parametrize(
    ("metric", "ours"), [("f1_macro", f1_score), ("precision_macro", precision_score), ("recall_macro", recall_score)]
)
def test_its_score_stays_scikit_learns(metric: str, ours: object) -> None:
    random = np.random.default_rng(0)
    truth = random.integers(0, 3, 300)
    predicted = np.where(random.random(300) < 0.3, (truth + 1) % 3, truth)
    predicted[:4] = (7, 7, 8, 9)
    verdict = mlee.compare(truth, {"m": predicted}, metric=metric)
    expected = ours(truth, predicted, average="macro", zero_division=0)  # type: ignore[operator]
    assert verdict.table["score"][0] == pytest.approx(expected)


def test_many_such_rows_still_tell() -> None:
    random = np.random.default_rng(1)
    truth = random.integers(0, 3, 900)
    models = {name: np.where(random.random(900) < 0.2, (truth + 1) % 3, truth) for name in ("plain", "strange")}
    models["strange"][:90] = 7
    assert mlee.compare(truth, models, metric="f1_macro").winner == "plain"


def test_room_for_what_was_not_seen_by_hand() -> None:
    """Six rows and two added: sqrt(1/8^2 + 1/8^2) = 0.1768; of a column that is not perfect nothing is known here."""
    found = unseen_spread(np.array([1.0, 1.0, 0.8]), np.array([5.0, 5.0, 5.0]))
    assert found[0, 1] == pytest.approx(0.17678, abs=1e-5)
    assert found[0, 2] == found[1, 2] == 0


@pytest.mark.parametrize("metric", ["roc_auc", "average_precision", "f1", "balanced_accuracy", "precision", "recall"])
@pytest.mark.parametrize("positives", [5, 6, 10])
def test_perfect_scores_on_few_rows_are_no_proof(metric: str, positives: int) -> None:
    """A model that misses a fifth of the positives is perfect on six of them in a quarter of samples."""
    random = np.random.default_rng(2)
    truth = np.zeros(300, dtype=int)
    truth[:positives] = 1
    scores = {name: 0.4 * random.random(300) + 0.55 * truth for name in ("a", "b")}
    models = scores if metric in ("roc_auc", "average_precision") else {k: (v > 0.5) * 1 for k, v in scores.items()}
    verdict = mlee.compare(truth, models, metric=metric, useful_gain=0.02, simplicity={"a": 2, "b": 1})
    assert verdict.table["score"].tolist() == [1.0, 1.0]
    assert verdict.recommended is None
    assert set(verdict.table["verdict"]) == {"can't tell"} or "as_good" not in set(verdict.table["verdict"])
    assert (verdict.table["cost_bound"] > 1 / (positives + 2)).all()


def test_perfect_scores_on_many_rows_are() -> None:
    random = np.random.default_rng(3)
    truth = np.arange(4000) % 2
    models = {name: 0.4 * random.random(4000) + 0.55 * truth for name in ("a", "b")}
    verdict = mlee.compare(truth, models, metric="roc_auc", useful_gain=0.02, simplicity={"a": 2, "b": 1})
    assert verdict.recommended == "b"
