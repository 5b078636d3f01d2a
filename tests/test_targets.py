"""A target is where its metric can be, and in scikit-learn's sign where the metric was named so."""

from __future__ import annotations

import json

import numpy as np
import pytest

import mlee_jupyter as mlee
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.metrics.catalogue import found_metrics
from tests.conftest import Shell

DICE = np.random.default_rng(0)
TRUTH = DICE.normal(50, 10, 200)
NEAR = TRUTH + DICE.normal(0, 1, 200)
LOSSES = sorted(
    one.name.replace("pinball", "pinball_0.9")
    for family in found_metrics()
    for one in family
    if one.needs == "numbers" and not one.higher_is_better
)


pytestmark = pytest.mark.usefixtures("alone")


def truth_of(metric: str) -> np.ndarray:
    return TRUTH > 50 if metric in ("accuracy", "roc_auc") else TRUTH


def test_there_are_losses() -> None:
    assert len(LOSSES) >= 5


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize(("target", "word"), [(1e9, "Yes, in this test. "), (1e-9, "No, not yet. ")])
def test_a_loss_with_the_sign_turned_is_the_same_target(name: str, target: float, word: str) -> None:
    said = []
    for metric, wanted in ((name, target), (f"neg_{name}", -target), (f"neg_{name}", target)):
        handle = mlee.start(f"{metric} {wanted}", truth=TRUTH, metric=metric, must_reach=wanted)
        handle.record("near", NEAR, quiet=True)
        (first, *_) = json.loads(handle.brief("json"))["answers"]
        said.append((first["text"], handle.board()["experiment"]["must_reach"]))
    assert said[0] == said[1] == said[2]
    assert said[0][0].startswith(word)


@pytest.mark.parametrize(
    ("metric", "target"),
    [("mae", -2.0), ("rmse", -1e-9), ("r2", 90.0), ("accuracy", -1.0), ("roc_auc", 1.5), ("accuracy", 95.0)],
)
def test_what_no_score_can_be_is_refused(metric: str, target: float) -> None:
    with pytest.raises(MleeError, match="must_reach = "):
        mlee.start("x", truth=truth_of(metric), metric=metric, must_reach=target)


@pytest.mark.parametrize(("metric", "target"), [("r2", -3.0), ("r2", 1.0), ("mae", 0.0), ("accuracy", 1.0)])
def test_what_a_score_can_be_is_taken(metric: str, target: float) -> None:
    assert (
        mlee.start("x", truth=truth_of(metric), metric=metric, must_reach=target).board()["experiment"]["must_reach"]
        == target
    )


def test_a_changed_target_too(shell: Shell) -> None:
    shell.names["y"] = TRUTH
    shell.run("%%mlee_experiment start x --truth y\nmetric = 'neg_mean_absolute_error'\nmust_reach = -2.0")
    assert "must_reach 2" in shell.run('%mlee_experiment change must_reach=-3.0 --because "they can live with it"')
    shell.names["p"] = NEAR
    assert "reaches 3" in shell.run("%%mlee_candidate near\np")
