"""A search of scikit-learn that is at hand: fitted, or its cv_results_; test scores of its folds, nothing else.

Times and training scores stay out. A halving search fits its first rounds on fewer rows, and says on how many.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pandas as pd

from mlee_jupyter.domain.audits import Asked, Tried
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.domain.text.names import clean, cut, listed
from mlee_jupyter.stats.metrics.fold_tables import canonical, scorer

from .score_names import metric_in
from .score_tables import from_search, test_scores, unique

_ALONE = "score"  # what cv_results_ calls the only score of a search
_USUAL = {"classifier": "accuracy", "regressor": "r2"}  # score() of an estimator
_ON_ROWS = "n_samples"


def is_searched(value: Any) -> bool:
    """Whether it is a fitted search, its cv_results_ or a frame of that; nothing is made of any other table.

    Args:
        value: what a run handed over.
    """
    held = _held(value)
    return held is not None and "params" in held and bool(test_scores(name for name in held if isinstance(name, str)))


def _held(value: Any) -> pd.DataFrame | Mapping[str, Any] | None:
    held = value
    if hasattr(value, "fit") and not isinstance(value, type):
        held = getattr(value, "cv_results_", None)
    return held if isinstance(held, pd.DataFrame | Mapping) else None


def tried_by_search(value: Any, metric: str | None) -> Tried:
    """Its settings with their fold scores, in the order in which they were fitted.

    Args:
        value: that `is_searched`; a search says what it scored by, its cv_results_ do not.
        metric: of the experiment; None: that of the search's refit, or the only one.

    Raises:
        MleeError: no scores of that metric, or several of which none is named.
    """
    held = _held(value)
    table = held.reset_index(drop=True) if isinstance(held, pd.DataFrame) else pd.DataFrame(dict(held or {}))
    table = table[[name for name in table.columns if isinstance(name, str)]]
    names = list(test_scores(map(str, table.columns)))
    name = _wanted(names, metric, getattr(value, "refit", None))
    said = _scored_by(value) if name == _ALONE else metric_in(name)
    if name == _ALONE and None not in (said, metric) and canonical(metric) != canonical(said):
        raise MleeError(
            f"The search was scored by {said}, the experiment is judged by {str(metric)[:40]}.",
            f'Search with scoring="{scorer(str(metric))}", or hand over search.best_estimator_.',
        )
    found = from_search(table, Asked(score=name, metric=said), "", "search")
    rounds = table["iter"].tolist() if "iter" in table else [0] * len(table)
    sizes = _sizes(value, table)
    every = [_settings(params) for params in table["params"]]
    varied = [name for name in dict.fromkeys(key for one in every for key in one) if _varies(name, every)]
    tries = []
    for one, settings, place in zip(found.tries, every, range(len(every)), strict=True):
        scores = " ".join(f"{score:.11e}" for score in one.folds)
        key = "\n".join((*(f"{name}={value}" for name, value in settings.items()), str(rounds[place]), scores))
        size = sizes[place] if sizes else None
        said_of = [f"{name}={settings[name]}" for name in varied or settings if name in settings]
        said_of += [f"{size:,} rows"] if size is not None and size < max(sizes) else []
        label = cut(", ".join(said_of), 100) or one.name
        tries.append(replace(one, name=label, settings=settings, key=key, trained_on=size))
    return replace(found, tries=tuple(unique(tries)), metric=said, steered=False)


def _varies(name: str, every: list[dict[str, str]]) -> bool:
    return len({one.get(name) for one in every}) > 1


def _wanted(names: list[str], metric: str | None, refit: Any) -> str:
    """The score that is meant: of the metric, else what the search refits by, else the only one."""
    if names == [_ALONE]:
        return _ALONE
    meant = [name for name in names if metric is not None and canonical(metric) in (name, metric_in(name))]
    if len(meant) == 1:
        return meant[0]
    if metric is None and (refit in names or len(names) == 1):
        return str(refit) if refit in names else names[0]
    what = f"no scores of {str(metric)[:40]}" if metric is not None and not meant else "scores of several metrics"
    example = f'scoring="{scorer(metric)}"' if metric is not None else f'%mlee_experiment change metric="{names[0]}"'
    way = f"Search with {example}" if metric is not None else f"Say which one is meant: {example}"
    raise MleeError(f"The search has {what}: {clean(listed(names, most=6), 120)}.", f"{way}.")


def _scored_by(value: Any) -> str | None:
    """The metric of a search's only score; None where the search does not say, or it is none of ours."""
    if not hasattr(value, "cv_results_"):
        return None
    scoring = getattr(value, "scoring", None)
    if isinstance(scoring, str):
        return metric_in(scoring) or scoring
    if scoring is not None:
        function = getattr(scoring, "_score_func", scoring)
        return metric_in(str(getattr(function, "__name__", "")))
    kind = ""
    with suppress(AttributeError, TypeError, ValueError):
        kind = value.estimator.__sklearn_tags__().estimator_type or ""
    return _USUAL.get(kind or str(getattr(getattr(value, "estimator", None), "_estimator_type", "")))


def _sizes(value: Any, table: pd.DataFrame) -> list[int]:
    """Rows that each setting was searched on, where a halving search gave its rounds unlike many."""
    if "n_resources" not in table or getattr(value, "resource", _ON_ROWS) != _ON_ROWS:
        return []
    return [int(size) for size in table["n_resources"]]


def _settings(params: Any) -> dict[str, str]:
    """What was set, as text."""
    if not isinstance(params, Mapping):
        return {"params": clean(str(params), 500)}
    return {clean(str(name), 100): _text(value) for name, value in params.items()}


def _text(value: Any) -> str:
    if isinstance(value, float) and math.isfinite(value):
        return f"{value:.12g}"
    return clean(str(value), 500)
