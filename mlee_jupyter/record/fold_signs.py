"""Fold scores of an error have one sign: scikit-learn's scorers give it with a minus, metrics without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mlee_jupyter.domain import ResultKind
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.judge.by_folds import of_two_signs
from mlee_jupyter.judge.entries import Entry
from mlee_jupyter.stats.metrics.catalogue import metric_facts

from .cell_output import Handed
from .charter_metric import is_known


def of_one_sign(handed: Handed, metric: str | None, others: Sequence[np.ndarray]) -> Handed:
    """Fold scores of an error with the sign that the others' have, where their metric was named.

    Args:
        handed: about to be recorded.
        metric: of the experiment.
        others: fold scores of the other candidates, as they came.

    Raises:
        MleeError: nobody named them, their sign is another, and they may be R2.
    """
    if handed.rows is None or metric is None or not is_known(metric) or metric_facts(metric).higher_is_better:
        return handed
    if handed.metric is not None and metric_facts(metric).own is None:
        minus = any(rows.max() <= 0 for rows in others) or (not others and handed.rows.max() <= 0)
        return replace(handed, rows=-np.abs(handed.rows) if minus else np.abs(handed.rows))
    mine = Entry(candidate="", rows=handed.rows, kind=ResultKind.FOLDS)
    rest = [Entry(candidate=str(place), rows=rows, kind=ResultKind.FOLDS) for place, rows in enumerate(others)]
    if (why := of_two_signs([mine, *rest], metric_facts(metric)).get(mine)) is not None:
        raise MleeError(why, "Or hand over cross_validate's answer, which names its metric.")
    return handed
