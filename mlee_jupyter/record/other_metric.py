"""Scores that nobody named and that look like another metric's."""

from __future__ import annotations

import numpy as np

from mlee_jupyter.domain import ResultKind, Truth
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.judge.entries import baseline_score, measure
from mlee_jupyter.stats.metrics.catalogue import metric_facts
from mlee_jupyter.stats.metrics.traits import MetricFacts

from .cell_output import Handed

FAR_BELOW = 0.05  # of the error of the mean as a forecast; an R2 of 0.9975


def demand_own_metric(scores: np.ndarray, metric: str, handed: Handed, truth: Truth | None) -> None:
    """Refuse fold scores that look like another metric's.

    Raises:
        MleeError: fold scores that nobody named are far too small for this metric on such a truth.
    """
    facts = metric_facts(metric)
    if handed.metric is not None or truth is None:
        return
    mean = float(np.mean(scores))
    these = "These fold scores look like" if len(scores) > 1 else "This score looks like"
    if _may_be_r2(mean, facts, truth):
        named = f"{these} R2: guessing the mean errs {1 / FAR_BELOW:.0f} times as much and more."
        raise MleeError(named, _named_way_out("R2", facts))
    if (guess := _may_be_accuracy(mean, facts, truth)) is not None:
        named = f"{these} accuracy: guessing alone has a {facts.label} of {guess:.3g}, and less is better."
        raise MleeError(named, _named_way_out("accuracy", facts))


def _named_way_out(what: str, facts: MetricFacts) -> str:
    return (
        f'score() and cross_val_score give {what} unless told scoring="{facts.scorer}". If it is right, hand over '
        f'predictions, cross_validate\'s answer, which names its metric, or {{"{facts.name}": ...}}.'
    )


def _may_be_r2(mean: float, facts: MetricFacts, truth: Truth) -> bool:
    """Whether fold scores of an error metric are as small as R2, and far below what the mean as a forecast gives."""
    if facts.higher_is_better or facts.needs != "numbers" or truth.rows is None or not 0 < mean <= 1:
        return False
    answers = np.asarray(truth.rows, np.float64)
    guess = measure(answers, np.full(len(answers), answers.mean()), ResultKind.PREDICTIONS, metric=facts.name)
    return guess.value is not None and mean < FAR_BELOW * guess.value


def _may_be_accuracy(mean: float, facts: MetricFacts, truth: Truth) -> float | None:
    """What guessing the classes' shares scores, where a loss of probabilities is worse than it and may be a share."""
    if facts.higher_is_better or facts.needs != "scores" or truth.rows is None or not 0 < mean <= 1:
        return None
    try:
        guess = baseline_score(truth.rows, facts)
    except MleeError:
        return None
    return guess if guess is not None and mean > guess else None
