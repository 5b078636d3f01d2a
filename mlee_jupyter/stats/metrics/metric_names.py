"""What a metric is called, and what its name alone tells of its scores."""

from __future__ import annotations

from functools import cache

from mlee_jupyter.domain.errors import MleeError

from .catalogue import REGISTERED, MetricFacts, metric_facts

_OTHER_SHARES = ("average_precision", "jaccard", "top_k_accuracy")  # bounded scores we do not judge by
_LOSSES = ("loss", "error", "deviance", "brier")


def _facts(metric: str) -> MetricFacts | None:
    """What the engine knows of a metric; None for a number of the user's own."""
    return REGISTERED.get(metric) or _known_facts(metric)


@cache
def _known_facts(metric: str) -> MetricFacts | None:
    try:
        return metric_facts(metric)
    except MleeError:
        return None


def metric_label(metric: str | None) -> str:
    """A metric's name in words: "ROC AUC", "balanced accuracy", "log loss"."""
    if not metric:
        return "score"
    facts = _facts(metric)
    return facts.label if facts else metric.removeprefix("neg_").replace("_", " ")


def is_bounded(metric: str | None) -> bool:
    """Whether a metric's scores lie in 0..1, by its name; a judgement's own word goes first. R² may be negative."""
    if not metric:
        return False
    facts = _facts(metric)
    return facts.bounded if facts else metric.startswith(_OTHER_SHARES)


def is_higher_better(metric: str | None) -> bool:
    """The direction of a metric by its name, where nothing was judged yet."""
    facts = _facts(metric) if metric else None
    return facts.higher_is_better if facts else not any(word in (metric or "").split("_") for word in _LOSSES)


def without_minus(value: float | None, metric: str | None) -> float | None:
    """A score handed over as a number, as the board shows it: scikit-learn's scorers give a loss a minus sign."""
    facts = _facts(metric) if metric else None
    if value is None or facts is None or facts.higher_is_better or facts.own is not None:
        return value
    return abs(value) if value < 0 else value
