"""Which of the numbers that a tool kept is the score, and which metric it is: said by its name, or asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from mlee_jupyter.domain.audits import Asked
from mlee_jupyter.domain.errors import MleeError, did_you_mean
from mlee_jupyter.domain.text.names import listed
from mlee_jupyter.stats.metrics.catalogue import metric_facts
from mlee_jupyter.stats.metrics.fold_tables import is_known

_BEFORE = re.compile(
    r"^(mean_test|public|private|validation|valid|val|test|testing|eval|evaluation|holdout|dev)[_/. -]+"
)
_TRAIN = re.compile(r"(^|[_/. -])(train|training|fit)([_/. -]|$)")
_AFTER = re.compile(r"([_/. -](test|val|valid|validation|eval|score|mean))+$")
_PLAIN = {"acc": "accuracy", "accuracy_score": "accuracy", "auroc": "roc_auc", "rocauc": "roc_auc"}


class Score(NamedTuple):
    """The number that is the score."""

    name: str  # as the tool has it
    metric: str | None  # what it is; None: its name does not say


def metric_in(name: str) -> str | None:
    """The metric that a name says: "val_acc", "test/roc_auc", "mean_test_f1"; None for another name.

    Args:
        name: of a column or of a logged number.
    """
    for one in _readings(name):
        plain = _PLAIN.get(one, one)
        if is_known(plain):
            return metric_facts(plain).name
    return None


def _readings(name: str) -> list[str]:
    low = name.strip().lower()
    bare = _BEFORE.sub("", low)
    return list(dict.fromkeys([low, bare, _AFTER.sub("", bare), _AFTER.sub("", low)]))


def find_score(names: Sequence[str], asked: Asked, thing: str) -> Score:
    """The one that is meant.

    Args:
        names: of all numbers that are kept.
        asked: what was typed.
        thing: what a try is called.

    Raises:
        MleeError: none, or several; the ones there are are named.
    """
    metric = metric_facts(asked.metric).name if asked.metric and is_known(asked.metric) else asked.metric
    if asked.score is not None:
        if asked.score not in names:
            near = did_you_mean(asked.score, names) or _there(names)
            raise MleeError(f"No {thing} has a number {asked.score[:40]!r}.", f"{near}Write --score NAME.")
        return Score(asked.score, metric or metric_in(asked.score))
    readings = {name: metric_in(name) for name in names if not _TRAIN.search(name.lower())}
    meant = [name for name, found in readings.items() if found is not None and (metric is None or found == metric)]
    if len(meant) == 1:
        (name,) = meant
        return Score(name, readings[name])
    if len(names) == 1:
        return Score(names[0], metric)
    what = f"Several numbers may be {metric}" if meant and metric else "It is not clear which number is the score"
    there = _there(meant or list(names))
    raise MleeError(f"{what}.", f"{there}Write --score NAME, and --metric METRIC if the name does not say it.")


def _there(names: Sequence[str]) -> str:
    return f"There are {listed(sorted(names), most=8)}. " if names else "There are none. "
