"""The truth of a table made ready, and what there is to say of labels: how many rows have which, which are strange."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.metrics.target import MOST_CLASSES, may_be_places, prepare, refuse_as_places
from mlee_jupyter.stats.metrics.traits import MetricFacts, Target
from mlee_jupyter.stats.rows.columns import as_column, shown
from mlee_jupyter.stats.rows.label_remarks import another_coding, two_values

from .column_facts import ColumnFacts
from .table_frame import as_flag, as_float, rows_of

GLANCE = 100_000  # rows, before all are asked for their label
MOST_ASKED = 500  # classes, beyond which no row is asked whether its label is one of them


def read_labels(frame: Any, answers: ColumnFacts, facts: MetricFacts, n: int, positive: Any) -> Target:
    """The truth made ready for a metric: its labels with the rows of each; of numbers, its ends.

    Args:
        frame: lazy.
        answers: the column of the truth, without holes.
        facts: the metric.
        n: rows.
        positive: the positive class.

    Raises:
        MleeError: see `prepare`.
    """
    if n < 2:
        return prepare(answers.ends[:1], facts, positive)  # which refuses it
    if facts.needs == "numbers" or (answers.kind == "f" and answers.fraction is not None):
        return prepare(_ends(frame, answers, facts), facts, positive)
    if len(_counts(frame.head(GLANCE), answers)) > MOST_CLASSES:
        raise MleeError(f"The truth has more than {MOST_CLASSES:,} different labels.", "Is this column an identifier?")
    counts = _counts(frame, answers)
    labels = as_column(list(counts), "the truth")
    target = prepare(np.resize(labels, max(2, len(labels))), facts, positive)
    return replace(target, counts=np.array([counts.get(label, 0) for label in target.labels], dtype=np.intp))


def _ends(frame: Any, answers: ColumnFacts, facts: MetricFacts) -> np.ndarray:
    """The ends of a truth of numbers, with every 0 that a metric may not be defined on."""
    import narwhals as nw

    ends = np.resize(answers.ends, max(2, len(answers.ends)))
    if facts.refuse_truth is None or answers.kind == "O" or answers.low > 0 or answers.high < 0:
        return ends
    zeros = rows_of(frame.filter(as_float(answers.name, frame.collect_schema()[answers.name]) == 0).select(nw.len()))
    many = int(next(iter(zeros[0].values())))
    return np.concatenate([ends[ends != 0], np.zeros(min(many, 1_000_000), ends.dtype)])


def _counts(frame: Any, answers: ColumnFacts) -> dict[Any, int]:
    """The rows of each label."""
    import narwhals as nw

    found = rows_of(frame.group_by(answers.name).agg(nw.len().alias("rows of it")))
    return {_plain(row[answers.name]): int(row["rows of it"]) for row in found}


def _plain(label: Any) -> Any:
    return label if isinstance(label, str | bool | int | float) else float(label)


def refuse_places(frame: Any, truth: str, one: ColumnFacts, target: Target) -> None:
    """Raises MleeError where predicted labels are places of the classes; see `stats.metrics.target`.

    Args:
        frame: lazy.
        truth: the column of the truth.
        one: the column of a candidate.
        target: the prepared truth.
    """
    import narwhals as nw

    known = target.labels
    if not target.facts.counts_right_rows or one.kind == "O" or target.truth.dtype == object or len(known) > MOST_ASKED:
        return
    if not may_be_places(known, one.low, one.high) or not _strangers(frame, [one], target)[0]:
        return
    schema = frame.collect_schema()
    given, answer = as_float(one.name, schema[one.name]), as_float(truth, schema[truth])
    place = nw.lit(-1)
    for number, label in enumerate(known):
        place = nw.when(answer == float(label)).then(nw.lit(number)).otherwise(place)
    asked = (as_flag(given == place).sum().alias("places"), as_flag(given == answer).sum().alias("right"))
    (found,) = rows_of(frame.select(*asked))
    refuse_as_places(known, (one.low, one.high), int(found["places"]), int(found["right"]))


def label_remarks(frame: Any, good: Sequence[ColumnFacts], target: Target, n: int) -> list[str]:
    """What else there is to say of predicted labels and of scores.

    Args:
        frame: lazy.
        good: the columns of candidates.
        target: the prepared truth.
        n: rows.
    """
    facts = target.facts
    if facts.needs == "scores":
        return [two_values(f"{shown(one.called)}'s") for one in good if _different(frame, one) <= 2]
    if not facts.counts_right_rows or len(target.labels) > MOST_ASKED or not good:
        return []
    remarks = []
    for one, many in zip(good, _strangers(frame, good, target), strict=True):
        if many:
            strange = _counts(frame.filter(~_known(frame, one, target)), one)
            remarks.append(another_coding(one.called, list(strange), many, n))
    return remarks


def _known(frame: Any, one: ColumnFacts, target: Target) -> Any:
    """Whether a predicted label is one of the truth's."""
    import narwhals as nw

    if one.kind == "O":
        return nw.col(one.name).is_in(target.labels)
    return as_float(one.name, frame.collect_schema()[one.name]).is_in([float(label) for label in target.labels])


def _strangers(frame: Any, columns: Sequence[ColumnFacts], target: Target) -> list[int]:
    """Rows of each column whose label the truth never has."""
    asked = (as_flag(~_known(frame, one, target)).sum().alias(str(k)) for k, one in enumerate(columns))
    (found,) = rows_of(frame.select(*asked))
    return [int(found[str(k)] or 0) for k in range(len(columns))]


def _different(frame: Any, one: ColumnFacts) -> int:
    """How many values a column has: 1, 2, or 3 for more."""
    number = as_float(one.name, frame.collect_schema()[one.name])
    between = as_flag((number > one.low) & (number < one.high)).sum().alias("rows")
    return 3 if rows_of(frame.select(between))[0]["rows"] else 2
