"""The range that the board will give a score, where rows hang together or have weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from mlee_jupyter.domain import Charter, ResultKind, Truth
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.judge.entries import Entry
from mlee_jupyter.judge.judging import judge
from mlee_jupyter.stats.own_scores.row_score import row_score_facts

if TYPE_CHECKING:
    from .scored_run import ScoredRun


def as_judged(scored: ScoredRun, truth: Truth, charter: Charter, hanging: Mapping[str, np.ndarray]) -> ScoredRun:
    """The same score with the range that the board will give it, where rows hang together or have weights.

    Args:
        scored: as it was written.
        truth: with its rows.
        charter: as it stands.
        hanging: groups, time or weights of the rows, as they are known.
    """
    measured = scored.measured
    if not hanging or measured.rows is None or measured.truth is None:
        return scored
    of_rows = measured.kind is ResultKind.ROW_SCORES
    metric = row_score_facts(measured.metric, charter.higher_is_better) if of_rows else measured.metric
    entry = Entry(candidate="", rows=measured.rows, kind=measured.kind, df=measured.df, value=measured.value)
    try:
        standing = judge(
            truth.rows,
            [entry],
            metric=metric,
            positive=charter.positive,
            average=charter.average,
            baselines=False,
            groups=hanging.get("groups"),
            time=hanging.get("time"),
            weights=hanging.get("weights"),
        ).standings[0]
    except MleeError:
        return scored  # the board says why
    return replace(scored, measured=replace(measured, value=standing.score), low=standing.low, high=standing.high)
