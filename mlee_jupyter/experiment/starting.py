"""Open an experiment in plain Python."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from mlee_jupyter.domain import charter_toml, durations
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.session.current import session
from mlee_jupyter.session.door_lines import opening_lines
from mlee_jupyter.session.given import name_given, population_given
from mlee_jupyter.stats.metrics.registered import registered_name

from .handle import ExperimentHandle

if TYPE_CHECKING:
    pass


def start(
    name: str,
    *,
    budget: str | timedelta | None = None,
    deadline: date | None = None,
    truth: Any = None,
    features: Any = None,
    fresh: Any = None,
    train: Any = None,
    groups: Any = None,
    time: Any = None,
    weights: Any = None,
    **charter: Any,
) -> ExperimentHandle:
    """Open an experiment, or resume the one of that name.

    Args:
        name: the experiment.
        budget: active working time, as "90m", "6h", "3d" or a timedelta.
        deadline: a calendar date, apart from the budget.
        truth: the right answers, or the name of the variable that holds them.
        features: what estimators predict on, or the variable's name.
        fresh: right answers of a second sample, or the variable's name; sealed until `confirm`.
        train: the training rows, or the variable's name: rules look for rows on both sides, and for time travel.
        groups: one label per row of the truth, where rows of one customer, patient or document may be alike; or the
            name of a variable or of a column of the features.
        time: one sortable value per row, where rows near in time may be alike; or a name likewise.
        weights: one number per row, 0 or more; or a name likewise.
        **charter: question, decision, owner, metric (a name, or a function together with higher_is_better),
            useful_gain, must_reach, population (a frame of all rows, or {"column": ..., "kinds": ..., "frame": ...,
            "weight": ...}), serving, candidates, horizon (rows that a truth which grows is to have at its end), ...

    Raises:
        MleeError: a value that a charter cannot hold.
    """
    here = session()
    if callable(charter.get("metric")):
        charter["metric"] = registered_name(charter["metric"], charter.get("higher_is_better"))
    if charter.get("population") is not None:
        charter["population"] = population_given(here, charter["population"])
    for key, value in (("train", train), ("groups", groups), ("time", time), ("weights", weights)):
        if (named := name_given(here, value, key)) is not None:
            charter[key] = named
    if not isinstance(budget, str | timedelta | None):
        raise MleeError(f"budget = {str(budget)[:40]} has no unit.", 'Write budget="90m", "6h" or "3d".')
    if isinstance(deadline, datetime) or not isinstance(deadline, date | None):
        raise MleeError(f"deadline = {str(deadline)[:40]} is no day.", "Write deadline=date(2027, 1, 31).")
    opening = here.start(
        name,
        charter_toml.from_table(charter) if charter else None,
        budget=durations.parse(budget, here.settings.hours_a_day) if isinstance(budget, str) else budget,
        deadline=deadline,
        truth_name=name_given(here, truth, "truth"),
        features_name=name_given(here, features, "features"),
        fresh_name=name_given(here, fresh, "fresh"),
    )
    for line in opening_lines(here, opening):
        print(line)
    return ExperimentHandle(name, here)
