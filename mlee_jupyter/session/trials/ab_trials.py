"""A/B tests from any door: planned, read, the look remembered, and what the rules find."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from mlee_jupyter import guardrails
from mlee_jupyter.abtest.arm_table import Columns, arm_table
from mlee_jupyter.abtest.plan_file import read_plan, save_plan, write_plan
from mlee_jupyter.abtest.reading_words import reading_lines
from mlee_jupyter.abtest.trial_plan import TrialPlan, make_plan
from mlee_jupyter.abtest.trial_reading import OPEN, TrialReading, read_trial
from mlee_jupyter.domain import Charter, Evidence, Experiment, Finding, Outcome, Records, TrialFacts
from mlee_jupyter.domain import settings as project
from mlee_jupyter.domain.errors import MleeError

BROKEN = "MLE607"  # with it no effect is read
RULES = ("MLE606", BROKEN)


def ab_plan(
    *,
    baseline: float,
    useful_gain: float | None = None,
    relative_gain: float | None = None,
    sd: float | None = None,
    design: str = "fixed",
    looks: int = 5,
    alpha: float = 0.05,
    power: float = 0.8,
    share: float = 0.5,
    correlation: float = 0.0,
    units_per_week: float | None = None,
    weeks: float | None = None,
    higher_is_better: bool = True,
    save: Path | str | None = None,
) -> TrialPlan:
    """How many units an A/B test needs, by how it will be looked at.

    `fixed` looks once, at the end. `looks` may end at any of a few looks, each with a bar of its own (Lan and DeMets
    1983, in the shape of O'Brien and Fleming 1979). `always` may end at any look at all (the asymptotic confidence
    sequence of Waudby-Smith and others 2024), and needs most units.

    Args:
        baseline: the metric without the change; a rate in 0..1 needs no sd.
        useful_gain: the smallest difference that matters, above 0, in the metric's units: 0.01 is a point of a rate.
        relative_gain: the same as a share of the baseline, in its place.
        sd: standard deviation of one unit's metric, above 0; where the metric is to rise, it is taken to grow in
            proportion, as sums of money do. Of a ratio: of one unit's numerator minus ratio times
            denominator, over the mean denominator.
        design: fixed, looks or always.
        looks: that a design with looks counts on, 1 to 50; others may be taken.
        alpha: chance that a change without effect is called one, in (0, 0.5).
        power: chance of seeing the useful gain, in [0.5, 1).
        share: of units that get the change, in (0, 1).
        correlation: of the metric with the same unit's value from before, in (-1, 1), if that will be used.
        units_per_week: that come in, both arms together, above 0.
        weeks: the time there is, above 0.
        higher_is_better: whether a gain is upward.
        save: a file to keep the plan in; `ab_read` remembers the looks there.

    Returns:
        A plan, which prints as plain words.

    Raises:
        MleeError: a number out of its bounds, or a file that cannot be written.
    """
    plan = make_plan(
        useful_gain=useful_gain,
        relative_gain=relative_gain,
        baseline=baseline,
        sd=sd,
        design=design,
        looks=looks,
        alpha=alpha,
        power=power,
        share=share,
        correlation=correlation,
        units_per_week=units_per_week,
        weeks=weeks,
        higher_is_better=higher_is_better,
    )
    if save is not None:
        save_plan(plan, save)
    return replace(plan, findings=_findings(plan.facts()))


def ab_read(
    table: Any,
    *,
    arm: str,
    metric: str,
    unit: str | None = None,
    per: str | None = None,
    plan: TrialPlan | Path | str | None = None,
    over: str | Mapping[str, str] | None = None,
    before: str | Mapping[str, str] | None = None,
    also: Sequence[str] = (),
    guards: Sequence[str] = (),
    control: Any = None,
    treatment: Any = None,
    useful_gain: float | None = None,
    higher_is_better: bool = True,
    worth: float | None = None,
    record: bool = True,
) -> TrialReading:
    """What an A/B test says, by the design that was planned.

    First the split: with arms that are not as they were to be, no effect is shown (MLE607). Then the primary metric
    with its range. After an early end the difference is the median-unbiased one, since the plain one is too large.

    Args:
        table: a DataFrame (pandas, polars, pyarrow), a dict of columns, a relation of DuckDB or a table of Ibis; of a
            database only sums leave it.
        arm: the column that says which arm a row belongs to.
        metric: the column of the primary metric: numbers, or yes and no.
        unit: the column that says who was assigned, as a customer; None: every row is a unit, which is not checked.
        per: row or unit: what the metric is a mean of, where units have several rows. Errors are those of units.
        plan: a plan, or its file; None: this is the only look, at an end that was fixed beforehand.
        over: the denominator's column, if the metric is a ratio; for several metrics by their names.
        before: a column with the same unit's value from before the test, which takes away scatter (CUPED).
        also: further metrics; together as sure as the primary one (Holm 1979).
        guards: metrics that must not fall.
        control: the arm without the change; None: the one called control, A, 0 or the like.
        treatment: the arm with it; None: the only other one.
        useful_gain: without a plan, the smallest difference that matters, in the metric's units.
        higher_is_better: without a plan, whether a gain is upward.
        worth: money that one more of the metric is worth, for one unit.
        record: whether the look is written to the plan's file.

    Returns:
        A reading, which prints as plain words; its `plan` holds this look.

    Raises:
        MleeError: a column or an arm that is not there, rows without numbers, units in both arms, and the like.
    """
    file = None if plan is None or isinstance(plan, TrialPlan) else Path(plan)
    agreed = read_plan(file) if file is not None else plan
    assert agreed is None or isinstance(agreed, TrialPlan)
    if agreed is not None and useful_gain is not None:
        raise MleeError("The plan says what gain matters.", "Leave useful_gain out.")
    columns = Columns(
        arm=arm,
        unit=unit,
        metrics=tuple(dict.fromkeys((metric, *also, *guards))),
        denominators=_by_metric(over, metric),
        covariates=_by_metric(before, metric),
        per=per,
    )
    rows = arm_table(table, columns, control, treatment)
    share = 0.5 if agreed is None else agreed.share
    facts = TrialFacts(control=rows.control_units, treatment=rows.treatment_units, share=share)
    findings = _findings(facts)
    if any(one.rule == BROKEN for one in findings):
        broken = TrialReading(
            word=OPEN,
            effect=None,
            estimate=None,
            control_units=rows.control_units,
            treatment_units=rows.treatment_units,
            time=None,
            plan=agreed,
            findings=findings,
        )
        return replace(broken, said=tuple(reading_lines(broken)))
    reading = read_trial(
        rows,
        columns,
        agreed,
        guards=tuple(guards),
        useful_gain=useful_gain,
        higher_is_better=higher_is_better,
        worth=worth,
    )
    if file is not None and record and reading.plan is not None:
        write_plan(reading.plan, file)
    reading = replace(reading, findings=findings)
    return replace(reading, said=tuple(reading_lines(reading)))


def _by_metric(named: str | Mapping[str, str] | None, primary: str) -> Mapping[str, str]:
    if named is None:
        return {}
    return {primary: named} if isinstance(named, str) else dict(named)


def _findings(facts: TrialFacts) -> tuple[Finding, ...]:
    """What the rules on A/B tests find, as the project's settings have them."""
    now = datetime.now(UTC)
    held = project.read()
    nothing = Experiment(id=0, name="", charter=Charter(), budget=None, deadline=None, opened_at=now)
    records = Records(experiment=nothing, ignores=held.ignores)
    seen = Evidence(now=now, records=records, used=timedelta(), efforts={}, settings=held.rules, trial=facts)
    answers = (guardrails.muted(guardrails.ask(code, seen), seen) for code in RULES)
    return tuple(one for one in answers if one.outcome is Outcome.FINDING)
