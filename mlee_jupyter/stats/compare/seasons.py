"""What was known at the end of training: its answers, oldest first, and the season before each test row."""

from __future__ import annotations

import warnings
from contextlib import suppress
from typing import Any

import numpy as np

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.rows.columns import as_column
from mlee_jupyter.stats.rows.times import read_times

from .baselines import Past

SEASONS = {"Y": 1, "A": 1, "Q": 4, "M": 12, "W": 52, "D": 7, "B": 5, "h": 24, "H": 24, "min": 60, "T": 60}


def read_past(answers: Any, times: Any, test_times: Any) -> Past | None:
    """The past of a test, or None where it is no column of answers from before it.

    Args:
        answers: of the training rows, one each.
        times: when they were, one each; None: they are in time order as they stand.
        test_times: when the test rows are; None: nobody knows, and no season is offered.
    """
    with suppress(MleeError):
        column = as_column(answers, "train")
        if times is None:
            return Past(answers=column)
        when = read_times(times, "train's time").values
        if len(when) != len(column):
            return None
        order = np.argsort(when, kind="stable")
        season = None if test_times is None else _season(when[order], read_times(test_times), len(column))
        return Past(answers=column[order], season=season)
    return None


def _season(when: np.ndarray, test: Any, known: int) -> np.ndarray | None:
    """The place in the past of each test row's season; None where steps are uneven or the past is too short."""
    import pandas as pd

    ours = np.unique(test.values)
    together = np.concatenate((when, ours))
    if not test.are_dates or len(np.unique(when)) != known or np.any(np.diff(together) <= 0):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas is about to hand back an offset instead of its text
        found = pd.infer_freq(pd.DatetimeIndex(together.astype("datetime64[ns]")))
    step = str(getattr(found, "freqstr", found or "")).partition("-")[0]
    base = next((unit for unit in ("min", "W", "Q", "Y", "A", "M", "D", "B", "h", "H", "T") if unit in step), None)
    if base is None or step[:1].isdigit():
        return None
    length = SEASONS[base]
    if length < 2 or known < length:
        return None
    ahead = np.searchsorted(ours, test.values)
    return np.asarray(known - length + ahead % length)
