"""Our own score of what a run handed over, on the declared truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from mlee_jupyter.domain import Charter, Measured, ResultKind, Truth
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.judge.by_scores import impossible_share
from mlee_jupyter.judge.entries import class_scores, measure
from mlee_jupyter.stats.compare.folds import read_folds
from mlee_jupyter.stats.metrics.catalogue import metric_facts
from mlee_jupyter.stats.rows.row_index import index_contradicts, index_mismatch

from .cell_output import Handed
from .charter_metric import is_known
from .other_metric import demand_own_metric
from .row_score_record import measured_rows
from .scored_run import ScoredRun

LIKELY_TRUTHS = ("y_test", "y_valid", "y_val", "y_true", "y_holdout", "y")


def score(
    handed: Handed,
    truth: Truth | None,
    charter: Charter,
    metric: str | None,
    names: Mapping[str, Any],
    *,
    keep_rows: bool,
) -> ScoredRun:
    """Judge one thing that was handed over.

    Raises:
        MleeError: it cannot be judged, or does not fit the truth.
    """
    if handed.kind is ResultKind.NUMBER:
        named = handed.metric or metric or "score"
        _demand_range(named, handed.number)
        _demand_share(named, handed)
        if handed.number is not None and is_known(named) and metric_facts(named).own is None:
            demand_own_metric(np.array([abs(handed.number)]), metric_facts(named).name, handed, truth)
        return ScoredRun(
            measured=Measured(metric=named, kind=handed.kind, value=handed.number, n=handed.n), variant=handed.variant
        )
    rows = handed.rows
    if rows is None:
        raise MleeError("Nothing was handed over.", "End the cell with the predictions.")
    if handed.kind is ResultKind.ROW_SCORES and truth is not None:
        measured, low, high = measured_rows(handed, truth, metric, charter)
        return ScoredRun(measured=measured, variant=handed.variant, low=low, high=high)
    if handed.kind is ResultKind.FOLDS:
        facts = metric_facts(metric) if metric is not None and is_known(metric) else None
        scores = read_folds(rows, facts).scores
        if facts is not None:
            demand_own_metric(scores, facts.name, handed, truth)
        mean = float(np.mean(scores))
        measured = Measured(metric=metric or "score", kind=handed.kind, value=mean, n=len(rows), rows=rows)
        return ScoredRun(measured=measured, variant=handed.variant)
    if truth is None:
        raise MleeError(
            "No truth is declared, so predictions cannot be judged.", f"Add --truth NAME.{_likely(names, len(rows))}"
        )
    _demand_fit(handed, rows, truth, names.get(truth.name))
    if metric is None or not is_known(metric):
        raise MleeError(
            f"{metric!r} is your own metric, so predictions cannot be scored here.",
            "Register it with mlee_jupyter.metric(name, function, higher_is_better=...), or give a number.",
        )
    if handed.kind is ResultKind.SCORES:
        facts = metric_facts(metric, charter.average)
        rows = class_scores(truth.rows, rows, handed.classes, facts, charter.positive, of_estimator=handed.of_estimator)
    found = measure(truth.rows, rows, handed.kind, metric=metric, positive=charter.positive, average=charter.average)
    measured = Measured(
        metric=metric,
        kind=handed.kind if keep_rows else ResultKind.INFLUENCE,
        value=found.value,
        n=found.n,
        truth=truth.fingerprint,
        rows=rows if keep_rows else found.influence,
        df=found.df,
        claimed=handed.claimed,
    )
    return ScoredRun(
        measured=measured, variant=handed.variant, low=found.low, high=found.high, answer_seconds=handed.answer_seconds
    )


def scored_again(scored: ScoredRun, measured: Measured, truth: Truth | None, charter: Charter) -> ScoredRun:
    """The score of the rows as they were first given, so that a repeat has the very same one.

    Beside a score of the user's own, who took it of the rows at hand, ours is of those as well.

    Args:
        scored: of the rows at hand.
        measured: the same result with the rows given first, which differ in their last bits at the most.
        truth: of both.
        charter: as it stands.
    """
    if measured is scored.measured or measured.claimed is not None:
        return replace(scored, measured=measured)
    if measured.kind is ResultKind.FOLDS:
        facts = metric_facts(measured.metric) if is_known(measured.metric) else None
        value = float(np.mean(read_folds(measured.rows, facts).scores))
        return replace(scored, measured=replace(measured, value=value))
    if truth is None or measured.kind in (ResultKind.INFLUENCE, ResultKind.ROW_SCORES):
        return replace(scored, measured=measured)
    found = measure(
        truth.rows,
        measured.rows,
        measured.kind,
        metric=measured.metric,
        positive=charter.positive,
        average=charter.average,
    )
    return replace(scored, measured=replace(measured, value=found.value, df=found.df), low=found.low, high=found.high)


def _demand_range(metric: str, number: float | None) -> None:
    if number is None or not is_known(metric) or not metric_facts(metric).bounded or 0 <= number <= 1:
        return
    label = metric_facts(metric).label
    per_cent = f"If it is per cent, hand over {number / 100:g}." if 1 < number <= 100 else "Look at how it was made."
    raise MleeError(f"{number:g} is no {label}, which lies between 0 and 1.", per_cent)


def _demand_share(metric: str, handed: Handed) -> None:
    if handed.n is None or handed.number is None or not is_known(metric) or not metric_facts(metric).counts_right_rows:
        return
    if (fault := impossible_share(handed.number, handed.n)) is not None:
        raise fault


def _demand_fit(handed: Handed, rows: np.ndarray, truth: Truth, answers: Any) -> None:
    if len(rows) != truth.n:
        raise MleeError(
            f"{len(rows)} predictions for {truth.n} rows of {truth.name}; nothing was recorded.",
            f"Predict on the rows that {truth.name} holds the answers of.",
        )
    if index_mismatch(answers, handed.value):
        raise MleeError(
            f"The predictions' index is not the index of {truth.name}; nothing was recorded.",
            f"Align them: predictions.loc[{truth.name}.index]; or hand over plain values if the order is right.",
        )
    if index_contradicts(answers, handed.beside):
        raise MleeError(
            f"The features' rows are not those of {truth.name}, or in another order; nothing was recorded.",
            f"Align them: features.loc[{truth.name}.index]; or predict yourself if the order is right.",
        )


def _likely(names: Mapping[str, Any], length: int) -> str:
    """Variables that could be the truth: a usual name and the right length."""
    fits = [name for name in LIKELY_TRUTHS if getattr(names.get(name), "__len__", None) and len(names[name]) == length]
    return f" It could be {' or '.join(fits[:2])}." if fits else ""
