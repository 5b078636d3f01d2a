"""Candidates' predictions in the columns of a table, scored where they lie: a column of the judgement for each."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.compare.dependence import Sampling, df_of_groups, read_sampling
from mlee_jupyter.stats.metrics.influence import ALIKE, LARGEST, TOO_LARGE, score
from mlee_jupyter.stats.metrics.traits import MetricFacts, Target
from mlee_jupyter.stats.rows.columns import as_shares, shown
from mlee_jupyter.stats.sums.summed import Summed

from .column_facts import ColumnFacts, column_facts
from .engine_sums import GAIN, WEIGHT, WHOLE, EngineSums
from .order_statistics import quantile
from .repeated_rows import times_repeated
from .table_frame import as_flag, as_float, computed_once, demand_columns, rows_of
from .table_labels import label_remarks, read_labels, refuse_places
from .table_sampling import GroupSums, TableSampling

_NO_CHANCE = (
    "It gives some class no chance at all, and what that may cost hangs on single rows.",
    "Clip its probabilities (to 0.001, say), or call mlee.compare on rows drawn at random.",
)
MOST_GROUP_SUMS = 20_000_000  # numbers that come back, one a group and column


@dataclass(frozen=True, kw_only=True)
class TableColumns:
    """Which column is what."""

    truth: str
    candidates: tuple[str, ...]
    groups: str | None = None
    weights: str | None = None

    @property
    def beside(self) -> tuple[tuple[str, str], ...]:
        """Columns that stand beside the predictions, and what a message calls them."""
        both = ((self.groups, "groups"), (self.weights, "weights"))
        return tuple((name, called) for name, called in both if name is not None)


@dataclass(frozen=True, kw_only=True, eq=False)
class ScoredTable:
    """What is to be judged."""

    columns: Mapping[str, Summed]  # by candidate
    constant: Mapping[str, Summed]  # the free constant rules
    target: Target  # of the labels alone, with the rows of each
    sampling: Sampling
    n: int
    failed: Mapping[str, str]
    remarks: tuple[str, ...]


def score_table(frame: Any, asked: TableColumns, facts: MetricFacts, positive: Any = None) -> ScoredTable:
    """The columns of a table, scored.

    Args:
        frame: lazy.
        asked: which column is what.
        facts: a metric that is a mean over rows, or the root of one.
        positive: the positive class.

    Raises:
        MleeError: it cannot be judged, in the words of `compare`.
    """
    names = (asked.truth, *asked.candidates, *(name for name, _ in asked.beside))
    demand_columns(frame.collect_schema().names(), names)
    called = {asked.truth: "the truth", **dict(asked.beside)}
    n, held = column_facts(frame, [(name, called.get(name, name)) for name in dict.fromkeys(names)])
    if n == 0:
        raise MleeError("the truth is empty.", "Pass at least two rows.")
    beside = {name: _whole(held[name]) for name in called}
    answers = beside[asked.truth]
    target = read_labels(frame, answers, facts, n, positive)
    good, failed, remarks = _vetted(frame, asked, held, target, n)
    weight, df = _weights(frame, beside.get(asked.weights or ""), facts, n)
    copies = 1
    if asked.groups is None:
        copies = times_repeated(frame, answers, good, target, n)
        if copies > 1 and asked.weights is not None:
            raise MleeError(*_repeating(n, n // copies))
    rules = _constants(frame, answers, target, n)
    gains = [_gain(frame, one, answers, target) for one in good] + list(rules.values())
    beside_gains = [] if asked.groups is None else [_column(asked.groups).alias(WHOLE)]
    laid = frame.select(
        weight.alias(WEIGHT), *beside_gains, *(gain.alias(GAIN.format(k)) for k, gain in enumerate(gains))
    )
    sums = EngineSums(computed_once(laid, n), len(gains), n, copies)
    df = min(df, sums.n - 1.0)
    columns: dict[str, Summed] = {}
    for place, one in enumerate(good):
        try:
            columns[one.name] = _scored(sums, place, facts, df)
        except MleeError as fault:
            failed[one.name] = str(fault)
    if not columns:
        raise MleeError("No candidate could be judged.", next(iter(failed.values())))
    constant = {}
    for place, rule in enumerate(rules, start=len(good)):
        try:
            constant[rule] = _scored(sums, place, facts, df)
        except MleeError:
            continue
    return ScoredTable(
        columns=columns,
        constant=constant,
        target=replace(target, counts=target.counts // copies),
        sampling=_sampling(sums, asked, df, len(gains)),
        n=n,
        failed=failed,
        remarks=tuple(remarks),
    )


def _column(name: str) -> Any:
    import narwhals as nw

    return nw.col(name)


def _whole(found: ColumnFacts | MleeError) -> ColumnFacts:
    """A column that everything hangs on."""
    if isinstance(found, MleeError):
        raise found
    found.refuse_holes()
    return found


def _vetted(
    frame: Any, asked: TableColumns, held: Mapping[str, ColumnFacts | MleeError], target: Target, n: int
) -> tuple[list[ColumnFacts], dict[str, str], list[str]]:
    """Candidates that can be scored; why the others cannot; what else there is to say."""
    good: list[ColumnFacts] = []
    failed: dict[str, str] = {}
    read: set[str] = set()
    for name in asked.candidates:
        try:
            one = _whole(held[name])
            read.add(name)
            scores = target.facts.needs == "scores" and one.kind == "f"
            # what is refused of its ends is refused of it
            if score(target, np.resize(one.ends, target.n), scores).stake is not None:
                raise MleeError(*_NO_CHANCE)
            refuse_places(frame, asked.truth, one, target)
        except MleeError as fault:
            failed[name] = str(fault)
            continue
        good.append(one)
    if not good:
        first = next((name for name in failed if name in read), None)
        told = f"{shown(first)}: {failed[first]}" if first is not None else next(iter(failed.values()))
        raise MleeError("No candidate could be judged.", told)
    return good, failed, label_remarks(frame, good, target, n)


def _gain(frame: Any, one: ColumnFacts, answers: ColumnFacts, target: Target) -> Any:
    """What each row of a candidate gains, as an expression; the higher the better."""
    import narwhals as nw

    facts, schema = target.facts, frame.collect_schema()
    given, truth = nw.col(one.name), nw.col(answers.name)
    if facts.counts_right_rows:
        if one.kind != "O" and schema[one.name] != schema[answers.name]:
            given, truth = as_float(one.name, schema[one.name]), as_float(answers.name, schema[answers.name])
        return as_flag(given == truth).cast(nw.Float64)
    assert facts.table_loss is not None
    number = as_float(one.name, schema[one.name])
    if facts.needs == "numbers":
        return facts.table_loss(as_float(answers.name, schema[answers.name]), number, facts.level) * -1
    if as_shares(one.ends) is not one.ends:
        number = number.clip(0.0, 1.0)
    positive = nw.when(truth == target.labels[target.positive or 0])
    return facts.table_loss(None, positive.then(number).otherwise(1 - number), None) * -1


def _constants(frame: Any, answers: ColumnFacts, target: Target, n: int) -> dict[str, Any]:
    """The gains of the free constant rules, as `baseline_rows` has them."""
    import narwhals as nw

    facts, truth = target.facts, nw.col(answers.name)
    if facts.counts_right_rows:
        most = target.labels[int(np.argmax(target.counts))]
        return {"most frequent": as_flag(truth == most).cast(nw.Float64)}
    assert facts.table_loss is not None
    if facts.needs == "scores":
        assert target.positive is not None
        share = float(target.counts[target.positive]) / n
        other = float(n - target.counts[target.positive]) / n
        if score(target, np.resize([share, other], (target.n, 2)), True).stake is not None:
            return {}  # of a class that the truth has none of
        # a number alone is a decimal for PostgreSQL, which reckons with decimals by hand
        is_positive = as_flag(truth == target.labels[target.positive]).cast(nw.Float64)
        given = is_positive * share + (1 - is_positive) * other
        return {"most frequent": facts.table_loss(None, given, None) * -1}
    number = as_float(answers.name, frame.collect_schema()[answers.name])
    numbers = frame.select(number.alias("number"))
    if facts.level is not None:
        values = {"quantile": quantile(numbers, "number", facts.level, n)}
    else:
        values = {"mean": _mean(numbers, n), "median": quantile(numbers, "number", 0.5, n)}
    rules = {}
    for name, value in values.items():
        try:
            score(target, np.full(target.n, value), False)
        except MleeError:
            continue
        rules[name] = facts.table_loss(number, nw.lit(value), facts.level) * -1
    return rules


def _mean(numbers: Any, n: int) -> float:
    """The mean, with what the first sum missed by rounding."""
    import narwhals as nw

    number = nw.col("number")
    first = float(rows_of(numbers.select(number.sum().alias("sum")))[0]["sum"]) / n
    return first + float(rows_of(numbers.select((number - first).sum().alias("rest")))[0]["rest"]) / n


def _weights(frame: Any, held: ColumnFacts | None, facts: MetricFacts, n: int) -> tuple[Any, float]:
    """The weights with mean 1, and the degrees of freedom that they leave."""
    import narwhals as nw

    if held is None:
        return nw.lit(1.0), math.inf
    read_sampling(len(held.ends), facts, weights=held.ends)  # what is refused of its ends is refused of it
    weight = as_float(held.name, frame.collect_schema()[held.name])
    (found,) = rows_of(frame.select(weight.sum().alias("sum"), (weight * weight).sum().alias("squares")))
    mean = float(found["sum"]) / n
    return weight / mean, float(found["sum"]) ** 2 / float(found["squares"]) - 1


def _scored(sums: EngineSums, place: int, facts: MetricFacts, df: float) -> Summed:
    """A column of the judgement."""
    theta, factor, largest = sums.means[place], 1.0, sums.largest(place)
    if not (math.isfinite(theta) and largest <= LARGEST >= abs(theta)):
        raise MleeError(*TOO_LARGE)
    if facts.is_root:
        root = math.sqrt(max(0.0, -theta))
        theta, factor = -root, 0.5 / root if root > 0 else 0.0
    if not facts.counts_right_rows and factor * largest <= ALIKE * abs(theta):
        nothing = facts.probabilities and abs(theta) <= ALIKE
        theta, factor = 0.0 if nothing else theta, 0.0
    return Summed(theta=theta, df=df, source=sums, place=place, factor=factor)


def _sampling(sums: EngineSums, asked: TableColumns, df: float, count: int) -> Sampling:
    weighted = asked.weights is not None
    if asked.groups is None:
        return TableSampling(by="rows", n=sums.n, df=df if weighted else math.inf, is_weighted=weighted)
    found = sums.group_sums(MOST_GROUP_SUMS // count)
    if found is None:
        raise MleeError(
            f"{shown(asked.groups, 40)} has more than {MOST_GROUP_SUMS // count:,} groups.",
            "Name fewer candidates, or leave groups out where each row is one.",
        )
    by_group, sizes = found
    return TableSampling(
        by="groups",
        n=sums.n,
        count=len(sizes),
        df=min(df if weighted else math.inf, df_of_groups(sizes)),
        is_weighted=weighted,
        groups=GroupSums(sums=by_group, sizes=sizes),
    )


def _repeating(n: int, different: int) -> tuple[str, str]:
    return (
        f"Rows repeat: {n:,} are copies of {different:,} different ones, and tell no more than those.",
        "Hand over each of them once, or name the column of what they are copies of: groups=",
    )
