"""Whether a value is a search or a study, whose tries become variants of one candidate.

What reads them is loaded when something of their look is handed over, as hardly any run does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from mlee_jupyter.domain.audits import Tried
from mlee_jupyter.domain.errors import MleeError


def holds_tries(value: Any) -> bool:
    """Whether it is one of them.

    Args:
        value: what a run handed over.
    """
    if not _may_hold_tries(value):
        return False
    from mlee_jupyter.bridges import optuna_trials, searches

    return optuna_trials.is_study(value) or searches.is_searched(value)


def read_tries(value: Any, metric: str | None) -> Tried:
    """What was tried.

    Args:
        value: of which `holds_tries` is true.
        metric: of the experiment.

    Raises:
        MleeError: nothing that can be recorded, or not by this metric.
    """
    from mlee_jupyter.bridges import optuna_trials, searches

    if not optuna_trials.is_study(value):
        return searches.tried_by_search(value, metric)
    found = optuna_trials.tried_in_study(value, optuna_trials.finished_trials(value), metric)
    if not found.tries:
        raise MleeError("The study has no trial that ended.", "Hand it over after study.optimize(...).")
    return found


def _may_hold_tries(value: Any) -> bool:
    """Whether a closer look is worth it."""
    of_table = isinstance(value, pd.DataFrame | Mapping) and "params" in value
    return of_table or hasattr(value, "cv_results_") or hasattr(value, "get_trials")
