"""`check_sample`: the rules on samples without an experiment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from mlee_jupyter import guardrails
from mlee_jupyter.domain import (
    Charter,
    Coverage,
    Evidence,
    Experiment,
    Finding,
    Outcome,
    Population,
    Records,
    SampleFacts,
    Truth,
)
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.metrics.truth_kinds import truth_kind
from mlee_jupyter.stats.rows.columns import as_column, shown
from mlee_jupyter.stats.sample.drift import ColumnDrift, drift

from .look import Sight
from .table import Table

RULES = ("MLE203", "MLE205", "MLE207", "MLE407", "MLE408", "MLE409")
NOWHERE = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class SampleCheck:
    """What is to be said of a sample; prints as a line for each finding.

    Attributes:
        findings: what was found.
        answers: every rule's answer, "ok" and "not applicable" among them.
        facts: what was seen of the rows.
        coverage: which kinds of the population are there; None: no kinds were named.
        drift: every column against the population, those that moved farthest first.
    """

    findings: tuple[Finding, ...]
    answers: tuple[Finding, ...]
    facts: SampleFacts
    coverage: Coverage | None
    drift: tuple[ColumnDrift, ...]

    def __repr__(self) -> str:
        lines = [f"{one.level.value:<8}{one.rule}  {one.message}\n        {one.remedy}" for one in self.findings]
        if not lines:
            looked = [one.name for one in self.answers if one.outcome is Outcome.OK]
            lines = [f"Nothing found by {', '.join(looked)}." if looked else "Nothing could be looked at."]
        silent = [one for one in self.answers if one.outcome is Outcome.NOT_APPLICABLE]
        return "\n".join(lines + [f"-       {one.rule}  {one.message}" for one in silent])


def check_sample(
    sample: Any,
    *,
    train: Any = None,
    population: Any = None,
    truth: Any = None,
    time: Any = None,
    groups: Any = None,
    train_time: Any = None,
    train_groups: Any = None,
    column: str | None = None,
    weight: str | None = None,
) -> SampleCheck:
    """Whether test rows stand for what they are taken to stand for.

    Looks for rows that are in train too, for training rows from the test's time, for rows of one group that count as
    fewer, for a slice instead of a draw, for kinds of the population that are missing, and for one column that gives
    the answer away. Rows are compared by 64-bit fingerprints of their values in single precision (about 7 digits), so
    copies through a text file are found; of tables above 10 million values every k-th row is looked at.

    Args:
        sample: the test rows: DataFrame (pandas, polars), matrix, or dict of columns.
        train: the training rows, with the same columns.
        population: the rows the answer must hold for, as a table; or a list of all kinds there are.
        truth: the test rows' answers, one per row.
        time: a column's name, or one time per test row (dates, ISO text or numbers).
        groups: a column's name, or one label per test row.
        train_time: one time per training row, where `time` is no column.
        train_groups: one label per training row, where `groups` is no column.
        column: the column that holds the kind of each row; None: the truth's labels.
        weight: the population's column that says how much each row counts.

    Returns:
        A `SampleCheck`.

    Raises:
        MleeError: the sample is no table, or a column has another length.
    """
    table = _table(sample, "the sample")
    names: dict[str, Any] = {"X_test": sample, "X_train": train, "population": population}
    if train is not None:
        _table(train, "train")
    charter = Charter(
        train="X_train",
        time=_named(names, "time_test", time, train_time, table.rows),
        groups=_named(names, "groups_test", groups, train_groups, table.rows),
        population=Population(column=column, frame="population", weight=weight)
        if population is not None or column is not None
        else None,
    )
    answers = None if truth is None else _truth(truth, table.rows)
    experiment = Experiment(
        id=0,
        name="sample",
        charter=charter,
        budget=None,
        deadline=None,
        opened_at=NOWHERE,
        truth_name="truth",
        features_name="X_test",
    )
    bare = Evidence(
        now=NOWHERE, records=Records(experiment=experiment), used=NOWHERE - NOWHERE, efforts={}, declared_truth=answers
    )
    seen = Sight().added(bare, {key: value for key, value in names.items() if value is not None}, _NoRows())
    said = tuple(guardrails.find_rule(code).check(seen) for code in RULES)
    return SampleCheck(
        findings=tuple(one for one in said if one.outcome is Outcome.FINDING),
        answers=said,
        facts=seen.sample or SampleFacts(rows=table.rows),
        coverage=seen.coverage,
        drift=_drift(table, population),
    )


class _NoRows:
    """No experiment, no records."""

    def get(self, content_hash: str) -> np.ndarray:
        raise MleeError(f"No rows {content_hash[:12]} here.")

    def truth(self, fingerprint: str) -> np.ndarray | None:
        return None


def _table(value: Any, name: str) -> Table:
    tabular = hasattr(value, "shape") or isinstance(value, Mapping) or (isinstance(value, list | tuple) and value)
    reason = type(value).__name__
    try:
        table = Table(value, name) if tabular else None
    except (TypeError, ValueError) as fault:
        table, reason = None, f"{reason}: {shown(fault, 80)}"
    if table is None or not table.rows or not table.width:
        raise MleeError(f"{name} is no table with rows ({reason}).", "Pass a DataFrame or a matrix.")
    return table


def _named(names: dict[str, Any], name: str, value: Any, train: Any, rows: int) -> str | None:
    """A column's own name, or a name for the values."""
    if value is None or isinstance(value, str):
        return value
    if len(value) != rows:
        raise MleeError(f"{name.partition('_')[0]} has {len(value):,} values for {rows:,} rows.", "Give one per row.")
    names[name], names[name.replace("test", "train")] = value, train
    return name


def _truth(values: Any, rows: int) -> Truth:
    column = as_column(values, "the truth")
    if len(column) != rows:
        raise MleeError(f"The truth has {len(column):,} values for {rows:,} rows.", "Give one per row of the sample.")
    labels = truth_kind(column) == "labels"
    kinds, counts = np.unique(column, return_counts=True) if labels else (np.empty(0), np.empty(0))
    classes = {str(kind): int(count) for kind, count in zip(kinds.tolist(), counts.tolist(), strict=True)}
    return Truth(
        fingerprint="sample",
        name="the truth",
        n=rows,
        kind="labels" if labels else "numbers",
        classes=classes,
        n_classes=len(classes) or None,
        rows=column,
    )


def _drift(sample: Table, population: Any) -> tuple[ColumnDrift, ...]:
    wide = hasattr(population, "columns") or isinstance(population, Mapping)
    if not wide or sample.names is None:
        return ()
    frame = Table(population, "the population")
    common = [name for name in sample.names if frame.names is not None and name in frame.names]
    ours = {name: sample.at(sample.names.index(name)) for name in common}
    theirs = {name: frame.at((frame.names or ()).index(name)) for name in common}
    usual = [name for name in common if {ours[name].dtype.kind, theirs[name].dtype.kind} <= set("iufbO")]
    return drift({name: ours[name] for name in usual}, {name: theirs[name] for name in usual})
