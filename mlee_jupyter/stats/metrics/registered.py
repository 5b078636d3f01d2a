"""A user's own function made a metric, under a name that a charter can hold."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.rows.columns import shown

from .catalogue import REGISTERED, metric_facts, metrics
from .expected import Expected
from .own import OwnMetric, own_influence
from .row_losses import loss_spread
from .scored import Scored
from .traits import MetricFacts, Target

MOST_LETTERS = 60


def metric(
    name: str, function: Callable[[Any, Any], Any], *, higher_is_better: bool | None = None, by_row: bool | None = None
) -> str:
    """Make a function a metric of this kernel, to be named in `compare`, `start` and charters.

    Args:
        name: what the metric is called; not the name of one that is known already.
        function: called with the truth and a candidate's predictions as numpy arrays. It gives one value per row,
            whose mean is the score (sharper and faster), or one number for all rows; the same in any order of rows.
        higher_is_better: the direction, which must be told.
        by_row: which of the two it is; None: as its answer says.

    Returns:
        The name.

    Raises:
        MleeError: no name, no function, no direction, or a name that is taken by a metric of ours.
    """
    facts = own_facts(function, higher_is_better, name=name, by_row=by_row)
    REGISTERED[facts.name] = facts
    return facts.name


def registered_name(function: Callable[[Any, Any], Any], higher_is_better: bool | None) -> str:
    """The name under which a function is a metric; scikit-learn's own functions have ours.

    Args:
        function: of (truth, predictions), or a scorer of scikit-learn's.
        higher_is_better: its direction; a scorer tells it itself.

    Raises:
        MleeError: see `metric`.
    """
    facts = facts_of(function, higher_is_better=higher_is_better)
    if facts.own is not None:
        REGISTERED[facts.name] = facts
    return facts.name


def own_facts(
    function: Callable[[Any, Any], Any],
    higher_is_better: bool | None,
    name: str | None = None,
    by_row: bool | None = None,
) -> MetricFacts:
    """What is known of a function used as a metric.

    Args:
        function: of (truth, predictions), each an array with a row per case.
        higher_is_better: its direction.
        name: under which it is registered; None: the function's own.
        by_row: whether it gives one value per row; None: as its answer says.

    Raises:
        MleeError: as `metric`.
    """
    called = name if name is not None else str(getattr(function, "__name__", type(function).__name__))
    if not isinstance(called, str) or not called.strip() or len(called) > MOST_LETTERS or not called.isprintable():
        raise MleeError(f"{shown(repr(called), 30)} is no name for a metric.", f"Give 1 to {MOST_LETTERS} letters.")
    called = called.strip()
    if not callable(function):
        raise MleeError(
            f"The metric {shown(called)} is a {type(function).__name__}, not a function.",
            "Give a function of (truth, predictions).",
        )
    if name is not None and _is_ours(called):
        raise MleeError(f"{shown(called)} is a metric already.", "Give yours another name.")
    if not isinstance(higher_is_better, bool):
        raise MleeError(
            f"Which way is better of {shown(called)} was not told.", "Write higher_is_better=True or False."
        )
    if by_row is not None and not isinstance(by_row, bool):
        raise MleeError(f"by_row = {shown(repr(by_row), 20)} is neither True nor False.", "Leave it out.")
    return MetricFacts(
        name=called,
        label=called.replace("_", " "),
        higher_is_better=higher_is_better,
        limits=(-math.inf, math.inf),
        needs="anything",
        score=_score,
        spread=_spread if higher_is_better else loss_spread(),
        own=OwnMetric(name=called, function=function, by_row=by_row),
    )


def _score(target: Target, rows: np.ndarray) -> Scored:
    facts = target.facts
    assert facts.own is not None
    value, psi, df = own_influence(facts.own, target.truth, rows, target.codes)
    return Scored(theta=facts.sign * value, psi=facts.sign * psi, df=df)


def _spread(expected: Expected, score: float) -> float | None:
    """Of a pilot; nothing is known of how it changes with the score."""
    return expected.spread


def facts_of(metric: Any, average: str | None = None, higher_is_better: bool | None = None) -> MetricFacts:
    """What is known of a metric given by name or as a function; scikit-learn's own functions are the ones of ours.

    Args:
        metric: a name, a function, or a scorer of scikit-learn's.
        average: see `metric_facts`.
        higher_is_better: the direction of a function.

    Raises:
        MleeError: see `metric_facts` and `metric`.
    """
    if not callable(metric):
        return metric_facts(metric, average)
    if hasattr(metric, "_score_func"):
        return _of_scorer(metric, average, higher_is_better)
    if hasattr(metric, "_scorers"):
        raise MleeError("This scorer gives several scores.", "Name one of them, as metric='accuracy'.")
    if str(getattr(metric, "__module__", "")).startswith("sklearn.metrics"):
        try:
            return metric_facts(str(getattr(metric, "__name__", "")), average)
        except MleeError:
            pass  # one we do not know; judged as any function
    if average is not None:
        raise MleeError("A function of your own averages by itself.", "Leave average out.")
    return own_facts(metric, higher_is_better)


def _of_scorer(scorer: Any, average: str | None, higher_is_better: bool | None) -> MetricFacts:
    """What scikit-learn's make_scorer wrapped: its function with its options, and by its sign which way is better.

    A function that we know, with options that we know, is ours.
    """
    function, options = scorer._score_func, dict(getattr(scorer, "_kwargs", {}))
    better = getattr(scorer, "_sign", 1) > 0
    if higher_is_better is not None and higher_is_better is not better:
        raise MleeError(
            f"This scorer says that {'more' if better else 'less'} is better.", "Leave higher_is_better out."
        )
    named = options.get("average", average)
    rest = {key: value for key, value in options.items() if key != "average" and value is not None}
    if not rest and str(getattr(function, "__module__", "")).startswith("sklearn.metrics"):
        try:
            return metric_facts(str(getattr(function, "__name__", "")), named)
        except MleeError:
            pass  # one we do not know; judged as any function
    elif average is not None:
        raise MleeError("A scorer averages by itself.", "Leave average out.")
    own = functools.partial(function, **options)
    functools.update_wrapper(own, function)
    return own_facts(own, better)


def _is_ours(name: str) -> bool:
    if name in REGISTERED:
        return False
    try:
        metric_facts(name)
    except MleeError:
        return name in metrics()
    return True
