"""The metrics we judge by, under scikit-learn's names: every file below this folder that holds a METRIC.

A score is shown as it is, a loss as a positive number where lower is better: `neg_log_loss` is accepted and shown
as `log_loss`. Inside the engine every metric is turned so that higher is better.
"""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import MappingProxyType

import numpy as np

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.rows.columns import shown

from .refused import REFUSED
from .traits import MetricFacts
from .truth_kinds import truth_kind

FOLDERS = ("of_labels", "of_scores", "of_numbers")
LAST = 1000  # place of what the start forms do not offer

REGISTERED: dict[str, MetricFacts] = {}  # the user's own, by name


@cache
def found_metrics() -> tuple[tuple[MetricFacts, ...], ...]:
    """Every metric there is, each with its variants after it; of labels, scores, numbers, the usual ones first."""
    found = []
    for folder in FOLDERS:
        of_folder = []
        for module in pkgutil.iter_modules([str(Path(__file__).parent / folder)]):
            loaded = importlib.import_module(f"{__package__}.{folder}.{module.name}")
            about = (loaded.__doc__ or "").strip().partition("\n")[0]
            of_folder.append((replace(loaded.METRIC, about=about), *getattr(loaded, "VARIANTS", ())))
        found += sorted(of_folder, key=lambda one: (LAST if one[0].usual is None else one[0].usual, one[0].name))
    return tuple(found)


@cache
def metrics() -> Mapping[str, MetricFacts]:
    """Every metric whose name says all, by its name; one that takes a level is none before it is given one."""
    return MappingProxyType({one.name: one for group in found_metrics() for one in group if not one.takes_level})


@cache
def _names() -> Mapping[str, str]:
    """What a metric may be called, and its name; a loss's own with "neg_" as well."""
    names = {called: facts.name for facts in metrics().values() for called in (facts.name, facts.scorer)}
    for facts in metrics().values():
        names |= dict.fromkeys(facts.also, facts.name)
    return names


@cache
def _with_levels() -> tuple[tuple[str, MetricFacts], ...]:
    """What metrics may be called that take a level, the longest names first."""
    taking = [facts for group in found_metrics() for facts in group if facts.takes_level]
    called = [
        (prefix + name, facts) for facts in taking for name in (facts.name, *facts.also) for prefix in _signs(facts)
    ]
    return tuple(sorted(called, key=lambda one: -len(one[0])))


def _signs(facts: MetricFacts) -> tuple[str, ...]:
    return ("",) if facts.higher_is_better else ("", "neg_")


def known_names() -> str:
    """The metrics in one line, each under its shortest name, averages as an example."""
    said = []
    for facts, *variants in found_metrics():
        name = f"{facts.name}_0.9" if facts.takes_level else facts.short or facts.name
        others = [one.name for one in variants][:1] + ["..."] * (len(variants) > 1)
        said.append(f"{name} (or {', '.join(others)})" if variants else name)
    return ", ".join(said)


def offered_metrics() -> tuple[str, ...]:
    """What the start forms offer, the usual ones first, as scikit-learn's `scoring=` has them."""
    usual = [(facts.usual, facts.scorer) for facts in metrics().values() if facts.usual is not None]
    return tuple(scorer for _, scorer in sorted(usual))


def metric_facts(name: str | MetricFacts, average: str | None = None) -> MetricFacts:
    """What is known of a metric.

    Args:
        name: a scikit-learn scorer's name, a loss with or without "neg_", a short form (mae, mse, rmse, auc, brier,
            mape), "pinball_0.9" for the pinball loss of the 90% quantile, "spearman", "pearson", or a name that was
            given to a function of one's own; facts are handed back.
        average: scikit-learn's averaging for f1, precision and recall: binary, macro, micro or weighted.

    Raises:
        MleeError: no such metric (the nearest names are given), or no such averaging.
    """
    if isinstance(name, MetricFacts):
        return name
    if not isinstance(name, str):
        raise MleeError(f"The metric is a {type(name).__name__}, not a name.", 'Write metric="accuracy".')
    own = REGISTERED.get(name.strip())
    if own is not None:
        if average is not None:
            raise MleeError(f"{shown(name)} is a function of your own, which averages by itself.", "Leave average out.")
        return own
    key = "_".join(name.strip().lower().replace("-", "_").split())
    if key not in _names():
        return _with_level(key, average)
    facts = metrics()[_names()[key]]
    if average is None or average == (facts.average or "binary"):
        return facts
    if not facts.averages:
        raise MleeError(f"{facts.label} has no averaging {shown(average)!r}.", "Leave average out.")
    if average not in facts.averages or facts.average is not None:
        raise MleeError(
            f"{facts.name} cannot be averaged as {shown(average)!r}.",
            f"Choose {', '.join(['binary', *facts.averages[:-1]])} or {facts.averages[-1]}, and name it once.",
        )
    return metrics()[f"{facts.name}_{average}"]


def _with_level(key: str, average: str | None) -> MetricFacts:
    """A metric that is named with its level; of any other name what to write instead."""
    for called, facts in _with_levels():
        if key == called:
            label = facts.label[:1].upper() + facts.label[1:]
            raise MleeError(
                f"{label} needs the quantile that is predicted.", f"Write {facts.name}_0.9 for the 90% quantile."
            )
        if key.startswith(f"{called}_"):
            return _at_level(facts, key.removeprefix(f"{called}_"), average)
    if key.removeprefix("neg_") in REFUSED:
        raise MleeError(*REFUSED[key.removeprefix("neg_")])
    near = difflib.get_close_matches(key[:60], _names(), n=3, cutoff=0.5)
    known = f"Did you mean {' or '.join(near)}?" if near else f"Known: {known_names()}."
    raise MleeError(f"There is no metric {shown(key)!r}.", known)


def _at_level(facts: MetricFacts, level: str, average: str | None) -> MetricFacts:
    try:
        quantile = float(level)
    except ValueError:
        quantile = 0.0
    if not 0 < quantile < 1:
        raise MleeError(
            f"The quantile {shown(level, 20)!r} of {facts.label} is not between 0 and 1.", f"Write {facts.name}_0.9."
        )
    if average is not None:
        raise MleeError(f"{facts.label[:1].upper()}{facts.label[1:]} has no averaging.", "Leave average out.")
    return replace(facts, name=f"{facts.name}_{quantile:g}", label=f"{facts.label} at {quantile:g}", level=quantile)


def averaged_over_truths(facts: MetricFacts, multioutput: str) -> MetricFacts:
    """The metric as the plain mean over several truths, scikit-learn's multioutput="uniform_average".

    Args:
        facts: the metric.
        multioutput: scikit-learn's name of the averaging.

    Raises:
        MleeError: another way of averaging, or a metric that is no mean over rows.
    """
    if multioutput != "uniform_average":
        raise MleeError(
            f"multioutput = {shown(repr(multioutput), 30)} is not known here.", 'Write multioutput="uniform_average".'
        )
    if facts.needs != "numbers" or not facts.is_row_mean:
        raise MleeError(
            f"{facts.label} is no mean over rows, for which alone several truths are averaged.",
            "Choose mae or mse, or compare one truth at a time.",
        )
    return replace(facts, several=True)


def default_metric(truth: np.ndarray) -> str:
    """The name of the metric for a truth (n,) that nobody named one for.

    Args:
        truth: (n,) canonical.
    """
    kind = truth_kind(truth)
    return next(facts.name for facts in metrics().values() if facts.default_for == kind)
