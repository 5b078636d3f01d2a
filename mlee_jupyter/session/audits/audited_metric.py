"""Which metric the scores of a search are of, in which direction and on which scale; nothing is guessed in silence."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from mlee_jupyter.domain.audits import Asked, Tried, Try
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.domain.text.names import clean
from mlee_jupyter.stats.metrics.catalogue import default_metric, metric_facts
from mlee_jupyter.stats.metrics.fold_tables import is_known
from mlee_jupyter.stats.metrics.registered import own_facts
from mlee_jupyter.stats.metrics.traits import MetricFacts
from mlee_jupyter.stats.rows.columns import as_column

MOST_ROWS = 10**12


def checked(asked: Asked) -> None:
    """Refuse numbers that cannot be meant.

    Args:
        asked: what was typed.

    Raises:
        MleeError: rows that are no number of rows, or a gain below 0.
    """
    if asked.rows is not None and not 2 <= asked.rows <= MOST_ROWS:
        raise MleeError(f"--rows {asked.rows} is no number of rows.", "Write --rows 1000.")
    if asked.useful_gain is not None and not 0 <= asked.useful_gain < math.inf:
        raise MleeError(f"--useful-gain {asked.useful_gain:g} is not 0 or more.", "Write --useful-gain 0.02.")


def facts_of_search(tried: Tried, asked: Asked) -> tuple[MetricFacts, Tried]:
    """What is known of the metric, and the search with what was taken for what.

    Args:
        tried: what was read.
        asked: what was typed.

    Raises:
        MleeError: nobody says which metric it is, or two directions contradict each other.
    """
    name = asked.metric or tried.metric
    if name is None and tried.truth is not None:
        name = default_metric(as_column(tried.truth, "the truth"))
        tried = replace(tried, remarks=(*tried.remarks, f"No metric was named: {name} was taken"))
    said = asked.higher_is_better if asked.higher_is_better is not None else tried.higher_is_better
    if name is None or not is_known(name):
        facts = _foreign(name, tried, said)
    else:
        facts = metric_facts(name)
        if said is not None and said != facts.higher_is_better and not (said and _is_negated(tried)):
            wanted = "the higher" if facts.higher_is_better else "the lower"
            raise MleeError(
                f"{clean(tried.name, 40)} wants {'most' if said else 'least'}, and {facts.label} is better {wanted}.",
                "Name the metric that the number is with --metric, or another number with --score.",
            )
    gain = asked.useful_gain
    if facts.bounded and gain is not None and gain >= 1:
        raise MleeError(f"--useful-gain {gain:g} of {facts.label}.", f"For {gain:g} points write {gain / 100:g}.")
    return facts, tried


def _foreign(name: str | None, tried: Tried, higher: bool | None) -> MetricFacts:
    called = name or (tried.score if tried.score not in ("score", "value") else None)
    if name is not None and higher is None:
        metric_facts(name)  # says which names are near
    if called is None or higher is None or tried.truth is not None:
        what = clean(tried.score, 40) or "the score"
        raise MleeError(
            f"Nobody says which metric {what} is.",
            "Write --metric accuracy; a name of your own also needs --higher-is-better or --lower-is-better.",
        )
    return own_facts(_never_called, higher, name=clean(called, 60))


def _never_called(truth: Any, predicted: Any) -> float:
    raise AssertionError(truth, predicted)  # only its name and its direction are needed


def _is_negated(tried: Tried) -> bool:
    """Scores of a loss with scikit-learn's minus sign, so that they are to be the highest."""
    numbers = [value for one in tried.tries for value in (*one.folds, one.score) if value is not None]
    return bool(numbers) and max(numbers) <= 0


def turned(tried: Tried, facts: MetricFacts, asked: Asked) -> Tried:
    """The scores in the metric's own direction and scale.

    Args:
        tried: what was read.
        facts: the metric.
        asked: what was typed.

    Raises:
        MleeError: per cent that nobody announced.
    """
    sign = -1.0 if not facts.higher_is_better and facts.own is None and _is_negated(tried) else 1.0
    scale = sign / (100 if asked.percent else 1)
    numbers = [scale * value for one in tried.tries for value in (*one.folds, one.score) if value is not None]
    if facts.bounded and numbers and 1 < max(numbers) <= 100 and not asked.percent:
        raise MleeError(
            f"Scores run to {max(numbers):.6g}, and {facts.label} lies between 0 and 1.",
            "If per cent are meant: --percent",
        )
    least, most = facts.limits
    outside = [value for value in numbers if not least <= value <= most]
    if outside:
        raise MleeError(
            f"A score of {outside[0]:.6g} is no {facts.label}, which lies in {least:g} to {most:g}.",
            "Check --metric and --score.",
        )
    return tried if scale == 1 else replace(tried, tries=tuple(_scaled(one, scale) for one in tried.tries))


def _scaled(one: Try, scale: float) -> Try:
    score = None if one.score is None else scale * one.score
    return replace(one, score=score, folds=tuple(scale * value for value in one.folds))
