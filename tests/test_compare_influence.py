"""Influence values alone are judged as the predictions they came from."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from mlee_jupyter.domain import Judgement, ResultKind
from mlee_jupyter.judge.entries import Entry, measure
from mlee_jupyter.judge.judging import judge

from .entries import entries


def _as_influence(truth: np.ndarray, tries: list[Entry], metric: str) -> list[Entry]:
    kept = []
    for entry in tries:
        found = measure(truth, entry.rows, entry.kind, metric=metric)
        kept.append(replace(entry, kind=ResultKind.INFLUENCE, rows=found.influence, value=found.value, df=found.df))
    return kept


@pytest.mark.parametrize(
    "metric", ["accuracy", "f1", "precision", "recall", "balanced_accuracy", "roc_auc", "log_loss", "mae", "rmse", "r2"]
)
def test_influence_values_are_judged_as_the_predictions_were(metric: str) -> None:
    random = np.random.default_rng(14)
    truth = (random.random(120) < 0.3).astype(int)
    if metric in ("roc_auc", "log_loss", "mae", "rmse", "r2"):
        columns = [np.clip(0.5 * truth + 0.5 * random.random(120), 0, 1) for _ in range(4)]
        kind = ResultKind.SCORES if metric in ("roc_auc", "log_loss") else ResultKind.PREDICTIONS
    else:
        columns = [np.where(random.random(120) < share, truth, 1 - truth) for share in (0.97, 0.9, 0.8)]
        columns.append(truth * 0)
        kind = ResultKind.PREDICTIONS
    tries = entries(columns, kind)
    whole = judge(truth, tries, metric=metric, baselines=False)
    kept = judge(None, _as_influence(truth, tries, metric), metric=metric)
    mixed = judge(truth, [*tries[:2], *_as_influence(truth, tries[2:], metric)], metric=metric, baselines=False)
    for other in (mixed,) if metric == "r2" else (kept, mixed):  # of R2 alone, without the truth's spread: below
        assert _numbers(other) == pytest.approx(_numbers(whole), rel=1e-9, abs=1e-12, nan_ok=True)
        assert [s.verdict for s in other.standings] == [s.verdict for s in whole.standings]
        assert (other.winner, other.best_set, other.recommended) == (whole.winner, whole.best_set, whole.recommended)
        assert other.no_winner_reason == whole.no_winner_reason


def test_influence_values_of_r2_without_the_truth_are_judged_by_their_linear_form() -> None:
    random = np.random.default_rng(15)
    truth = random.normal(size=120)
    tries = entries([truth + size * random.normal(size=120) for size in (0.3, 0.35, 1.0)])
    whole = judge(truth, tries, metric="r2", baselines=False)
    kept = judge(None, _as_influence(truth, tries, "r2"), metric="r2")
    assert [s.score for s in kept.standings] == pytest.approx([s.score for s in whole.standings])
    assert kept.best_set == whole.best_set == ("a", "b")
    assert [s.behind_high for s in kept.standings] == pytest.approx([s.behind_high for s in whole.standings], rel=0.2)


def _numbers(judgement: Judgement) -> list[float]:
    found: list[float] = [judgement.n, judgement.useful_gain, judgement.flattery, judgement.looks]
    for s in judgement.standings:
        found += [s.score, s.low, s.high, s.cost_bound, s.behind, s.behind_low, s.behind_high]
        found += [math.nan if v is None else float(v) for v in (s.p_value, s.rows_needed, s.disagreements)]
    return found


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"df": None}, "degrees of freedom"),
        ({"value": None}, "without a score"),
        ({"rows": np.zeros(7)}, "on 7 rows, the others on 120"),
        ({"rows": np.array(["a", "b"])}, "text"),
        ({"kind": ResultKind.PREDICTIONS}, "truth was not kept"),
    ],
)
def test_broken_influence_values_are_failed(change: dict[str, object], says: str) -> None:
    made = np.random.default_rng(2029).normal(size=120)
    fine = Entry(candidate="a", rows=made, kind=ResultKind.INFLUENCE, value=0.5, df=119)
    broken = replace(replace(fine, candidate="b"), **change)  # type: ignore[arg-type]
    judgement = judge(None, [fine, broken], metric="mae")
    assert says in judgement.failed["b"]
