"""Whether a value is a search or a study, whose tries become variants of one candidate."""

from __future__ import annotations

from typing import Any

from mlee_jupyter.bridges import optuna_trials, searches
from mlee_jupyter.domain.audits import Tried
from mlee_jupyter.domain.errors import MleeError


def holds_tries(value: Any) -> bool:
    """Whether it is one of them.

    Args:
        value: what a run handed over.
    """
    return optuna_trials.is_study(value) or searches.is_searched(value)


def read_tries(value: Any, metric: str | None) -> Tried:
    """What was tried.

    Args:
        value: of which `holds_tries` is true.
        metric: of the experiment.

    Raises:
        MleeError: nothing that can be recorded, or not by this metric.
    """
    if not optuna_trials.is_study(value):
        return searches.tried_by_search(value, metric)
    found = optuna_trials.tried_in_study(value, optuna_trials.finished_trials(value), metric)
    if not found.tries:
        raise MleeError("The study has no trial that ended.", "Hand it over after study.optimize(...).")
    return found
