"""The table of an A/B test: which columns, which arms, and what is wrong with its rows before anything is compared.

Frames of pandas, polars and pyarrow, relations of DuckDB and tables of Ibis are asked the same questions through
narwhals; what is in a database stays there, and only sums leave it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mlee_jupyter.domain.errors import MleeError, did_you_mean
from mlee_jupyter.domain.text.names import clean, listed
from mlee_jupyter.tables.table_frame import as_flag, as_float, as_frame, demand_columns, lacking, rows_of

USUAL_CONTROLS = ("control", "a", "0", "false", "off", "old", "holdout", "baseline")
_ARM, _UNIT, _NUMBER = "the arm", "the unit", "number "
ROWS_OF_A_UNIT = "rows of a unit"  # the column that counts them, where several rows are one unit
PER = ("row", "unit")


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Which column is what.

    Attributes:
        arm: says which arm a row belongs to.
        unit: who was assigned, as a customer; None: every row is one.
        metrics: numbers, the primary one first.
        denominators: of the metrics that are ratios.
        covariates: of each metric its value from before.
        per: row or unit: what a metric is a mean of, where units have several rows; None: not said.
    """

    arm: str
    unit: str | None = None
    metrics: tuple[str, ...] = ()
    denominators: Mapping[str, str] = field(default_factory=dict)
    covariates: Mapping[str, str] = field(default_factory=dict)
    per: str | None = None

    @property
    def numbers(self) -> tuple[str, ...]:
        """Every column that must hold numbers."""
        named = (*self.metrics, *self.denominators.values(), *self.covariates.values())
        return tuple(dict.fromkeys(named))


@dataclass(frozen=True, kw_only=True)
class ArmTable:
    """A table that may be compared: one row a unit, two arms, numbers without holes, columns of names of our own."""

    native: Any  # as tea-tasting takes it
    columns: Columns  # by the names of our own
    keys: Mapping[str, str]  # the user's name of each column of numbers, and ours
    control: Any
    treatment: Any
    control_units: int
    treatment_units: int
    rows: int
    clustered: bool  # several rows were one unit, and were added up
    low: Mapping[str, float]  # least value of each column of numbers
    high: Mapping[str, float]


def arm_table(source: Any, columns: Columns, control: Any = None, treatment: Any = None) -> ArmTable:
    """A table, checked.

    Args:
        source: frame, relation or table.
        columns: which is what.
        control: the arm without the change; None: by its name, as "control" or "A".
        treatment: the other one; None: the only other one.

    Raises:
        MleeError: anything that keeps it from being compared, in one line.
    """
    frame = _opened(source)
    _named(frame, columns)
    frame, keys = _with_numbers(frame, columns)
    called = {key: name for name, key in keys.items()}
    columns = _by_our_names(columns, keys)
    counts = _counted(frame, columns, called)
    control, treatment = _arms(counts, control, treatment)
    rows = sum(one["rows"] for one in counts)
    clustered = False
    if columns.unit is not None:
        units, both = _units(frame, columns)
        if both:
            raise MleeError(
                f"{both:,} of {units:,} units are in more than one arm.",
                "Leave them out, and find out how they got there.",
            )
        clustered = units < rows
    if clustered and columns.per not in PER:
        raise MleeError(
            f"{rows:,} rows are {units:,} units, and a metric may be a mean of either.",
            "Say per='row' or per='unit' (--per).",
        )
    by_arm = {one[columns.arm]: one for one in counts}
    seen = {key: by_arm[key]["rows"] for key in (control, treatment)}
    if clustered:
        frame = _added_up(frame, columns, called)
        seen = {one[columns.arm]: one["rows"] for one in _rows_by_arm(frame, columns.arm)}
    return ArmTable(
        native=frame.to_native(),
        columns=columns,
        keys=keys,
        control=control,
        treatment=treatment,
        control_units=int(seen[control]),
        treatment_units=int(seen[treatment]),
        rows=rows,
        clustered=clustered,
        low={name: min(float(by_arm[key][f"low {name}"]) for key in seen) for name in columns.numbers},
        high={name: max(float(by_arm[key][f"high {name}"]) for key in seen) for name in columns.numbers},
    )


def _opened(source: Any) -> Any:
    """As a lazy frame of narwhals."""
    try:
        import tea_tasting  # noqa: F401
    except ImportError:
        raise lacking("A/B tests are read by tea-tasting") from None
    return as_frame(source)


def _named(frame: Any, columns: Columns) -> None:
    names = frame.collect_schema().names()
    asked = (columns.arm, *([columns.unit] if columns.unit is not None else []), *columns.numbers)
    demand_columns(names, asked)
    for name in columns.numbers:
        if name in (columns.arm, columns.unit):
            raise MleeError(f"{clean(name, 40)} is the arm or the unit, and no metric.", "Name another column.")
    for name, other in (*columns.denominators.items(), *columns.covariates.items()):
        if name == other:
            raise MleeError(f"{clean(name, 40)} cannot be held against itself.", "Name another column.")
        if name not in columns.metrics:
            raise MleeError(f"{clean(name, 40)} is no metric that is read.", "Name it as metric, in also or in guards.")


def _with_numbers(frame: Any, columns: Columns) -> tuple[Any, dict[str, str]]:
    """Every metric as a float, under names that nothing else has; what is no number is refused."""
    import narwhals as nw

    schema = frame.collect_schema()
    for name in columns.numbers:
        kind = schema[name]
        if not (kind.is_numeric() or kind == nw.Boolean):
            raise MleeError(f"{clean(name, 40)} holds {kind}, not numbers.", "Make a column of numbers of it.")
    keys = {name: f"{_NUMBER}{place}" for place, name in enumerate(columns.numbers)}
    wanted = [nw.col(columns.arm).alias(_ARM)]
    if columns.unit is not None:
        wanted.append(nw.col(columns.unit).alias(_UNIT))
    floats = [as_float(name, schema[name]).alias(key) for name, key in keys.items()]
    return frame.select(*wanted, *floats), keys


def _by_our_names(columns: Columns, keys: Mapping[str, str]) -> Columns:
    return Columns(
        arm=_ARM,
        unit=None if columns.unit is None else _UNIT,
        metrics=tuple(keys[name] for name in columns.metrics),
        denominators={keys[name]: keys[other] for name, other in columns.denominators.items()},
        covariates={keys[name]: keys[other] for name, other in columns.covariates.items()},
        per=columns.per,
    )


def _counted(frame: Any, columns: Columns, called: Mapping[str, str]) -> list[dict[str, Any]]:
    """Of each arm its rows, its holes, its least and greatest numbers."""
    import narwhals as nw

    asked = [nw.len().alias("rows")]
    for name in (*([columns.unit] if columns.unit is not None else []), *columns.numbers):
        asked.append(nw.col(name).count().alias(f"there {name}"))
    for name in columns.numbers:
        asked += [nw.col(name).min().alias(f"low {name}"), nw.col(name).max().alias(f"high {name}")]
        asked.append(nw.col(name).sum().alias(f"sum {name}"))
    grouped = frame.group_by(columns.arm).agg(*asked)
    counts: list[dict[str, Any]] = rows_of(grouped)
    for one in counts:
        if one[columns.arm] is None or one[columns.arm] != one[columns.arm]:
            raise MleeError(f"{one['rows']:,} rows are in no arm.", "Leave them out, and find out why.")
    for name in (*([columns.unit] if columns.unit is not None else []), *columns.numbers):
        holes = sum(one["rows"] - one[f"there {name}"] for one in counts)
        if holes:
            rows = sum(one["rows"] for one in counts)
            raise MleeError(
                f"{clean(called.get(name, name), 40)} is empty in {holes:,} of {rows:,} rows.",
                "Write 0 where empty means none; otherwise leave those units out in both arms.",
            )
    for name in columns.numbers:
        if any(not math.isfinite(one[f"{what} {name}"]) for one in counts for what in ("low", "high", "sum")):
            raise MleeError(f"{clean(called[name], 40)} holds numbers that are infinite or none.", "Mend those rows.")
    return counts


def _rows_by_arm(frame: Any, arm: str) -> list[dict[str, Any]]:
    import narwhals as nw

    found: list[dict[str, Any]] = rows_of(frame.group_by(arm).agg(nw.len().alias("rows")))
    return found


def _units(frame: Any, columns: Columns) -> tuple[int, int]:
    """Units, and how many of them are in more than one arm."""
    import narwhals as nw

    pairs = frame.group_by(columns.unit, columns.arm).agg(nw.len().alias("rows"))
    units = pairs.group_by(columns.unit).agg(nw.len().alias("arms"))
    flagged = units.with_columns(as_flag(nw.col("arms") > 1).alias("both"))
    (found,) = rows_of(flagged.select(nw.len().alias("units"), nw.col("both").sum()))
    return int(found["units"]), int(found["both"] or 0)


def _added_up(frame: Any, columns: Columns, called: Mapping[str, str]) -> Any:
    """A row a unit: the sums of its rows, how many they were, and its value from before."""
    import narwhals as nw

    before = tuple(dict.fromkeys(columns.covariates.values()))
    asked = [nw.col(name).sum() for name in columns.numbers if name not in before]
    for name in before:
        asked += [nw.col(name).min(), nw.col(name).max().alias(f"greatest {name}")]
    added = frame.group_by(columns.arm, columns.unit).agg(*asked, nw.len().alias(ROWS_OF_A_UNIT))
    for name in before:
        # a sum over rows would hang on their number, and that is something the change may change
        flagged = added.with_columns(as_flag(nw.col(f"greatest {name}") > nw.col(name)).alias("differs"))
        (found,) = rows_of(flagged.select(nw.col("differs").sum()))
        if found["differs"]:
            raise MleeError(
                f"{clean(called[name], 40)} differs among the rows of {int(found['differs']):,} units.",
                "A value from before is one number a unit.",
            )
    return added.with_columns(nw.col(ROWS_OF_A_UNIT).cast(nw.Float64))


def _arms(counts: Sequence[Mapping[str, Any]], control: Any, treatment: Any) -> tuple[Any, Any]:
    """The values of the two arms, by what was typed or by their usual names."""
    names = {_typed(one[_ARM]): one[_ARM] for one in counts}
    if len(names) < 2:
        raise MleeError(f"There is one arm only: {clean(next(iter(names), 'none'), 40)}.", "A test has two.")

    def asked(value: Any, what: str) -> Any:
        if _typed(value) not in names:
            there = listed([clean(one, 30) for one in sorted(names)], most=6)
            raise MleeError(
                f"There is no arm {str(value)[:40]!r}.", f"{did_you_mean(str(value), names)}There are: {there}."
            )
        return names[_typed(value)]

    if control is None:
        usual = [name for name in names if name.strip().lower() in USUAL_CONTROLS]
        if len(usual) != 1:
            there = listed([clean(one, 30) for one in sorted(names)], most=6)
            raise MleeError(f"Which arm is without the change is not known: {there}.", "Say control=NAME (--control).")
        control = usual[0]
    first = asked(control, "control")
    if treatment is None:
        others = [value for value in names.values() if value != first]
        if len(others) > 1:
            there = listed([clean(one, 30) for one in sorted(map(str, others))], most=6)
            raise MleeError(f"Several arms got a change: {there}.", "Name one: treatment=NAME (--treatment).")
        return first, others[0]
    second = asked(treatment, "treatment")
    if first == second:
        raise MleeError(f"{clean(first, 40)} is compared with itself.", "Name two arms.")
    return first, second


def _typed(arm: Any) -> str:
    """An arm as one types it: 1 for 1.0 too."""
    return str(int(arm)) if isinstance(arm, float) and arm.is_integer() else str(arm)
