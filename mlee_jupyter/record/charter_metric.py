"""What a charter says of its metric, held against what that metric can be."""

from __future__ import annotations

from mlee_jupyter.domain import Charter, Truth
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.judge.entries import class_looked_at
from mlee_jupyter.stats.metrics.catalogue import metric_facts
from mlee_jupyter.stats.metrics.metric_names import meant_in_points, target_as_shown
from mlee_jupyter.stats.metrics.traits import MetricFacts

MOSTLY = 0.8  # share of the rows from which a class is not likely the one looked for


def is_known(metric: str) -> bool:
    """Whether we can compute this metric ourselves."""
    try:
        metric_facts(metric)
    except MleeError:
        return False
    return True


def demand_scale(charter: Charter, facts: MetricFacts) -> None:
    """A score in 0..1 has gains and targets in 0..1, and a target lies where the metric can be.

    Raises:
        MleeError: a value that was meant in points, or that no score can reach or miss.
    """
    gain, target = charter.useful_gain, target_as_shown(charter.must_reach, charter.metric)
    if facts.bounded and gain is not None and gain >= 1:
        raise meant_in_points("useful_gain", gain, facts.label, " = ")
    if facts.bounded and target is not None and target > 1:
        raise meant_in_points("must_reach", target, facts.label, " = ")
    least, most = facts.limits
    if target is not None and not least <= target <= most:
        side = f"is at least {least:g}" if target < least else f"is at most {most:g}"
        raise MleeError(f"must_reach = {target:g}, but {facts.label} {side}.", "Write it as the board shows the score.")


def rare_class(truth: Truth | None, charter: Charter) -> str | None:
    """Whether the rare class is the one that matters, asked where a metric of one class takes the frequent one."""
    if truth is None or truth.rows is None or charter.positive is not None or len(truth.classes) != 2:
        return None
    facts = metric_facts(charter.metric) if charter.metric is not None and is_known(charter.metric) else None
    taken = None if facts is None else class_looked_at(truth.rows, facts)
    if taken is None or truth.classes[taken] < MOSTLY * truth.n:
        return None
    rare = next(label for label in truth.classes if label != taken)
    share = 100 * truth.classes[taken] / truth.n
    return (
        f"{taken[:40]!r} is {share:.0f}% of the rows; is {rare[:40]!r} the one that matters? "
        f"%mlee_experiment change positive={rare[:40]}"
    )
