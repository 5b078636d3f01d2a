"""Looks at the live variables and adds what they say to the evidence; what was looked at once is remembered.

A table counts as unchanged while its identity, its shape and a thousand of its values are. So a look costs a
millisecond, and only new tables cost more: 100,000 rows of 50 columns about a tenth of a second of computing.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from typing import Any, Protocol, TypeVar

import numpy as np

from mlee_jupyter.domain import (
    Alike,
    Coverage,
    Evidence,
    Learning,
    Result,
    ResultKind,
    RunOutcome,
    SampleFacts,
    TimeOrder,
)
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.judge.entries import measure
from mlee_jupyter.stats.metrics.catalogue import metric_facts
from mlee_jupyter.stats.rows.row_hash import value_codes
from mlee_jupyter.stats.rows.times import read_times

from .dependent_rows import alike_in_groups, alike_neighbours, copies_of_rows, without_classes
from .leaking_column import best_column
from .population import coverage
from .shared_rows import MOST_CELLS, shared_rows
from .slices import day, slices
from .table import Table, plain
from .variables import Sources

KEPT = 64
MOST_CLASSES = 50  # whose means are taken off before neighbours are called alike
STEP = 1.4  # two training sizes are a step of a learning curve where they differ by so much

Found = TypeVar("Found")


class SampleRows(Protocol):
    """Where recorded rows are read from."""

    def get(self, content_hash: str) -> np.ndarray:
        """The array of that content hash."""

    def truth(self, fingerprint: str) -> np.ndarray | None:
        """The declared answers, where they are kept."""


class Sight:
    """One kernel's view of its own variables.

    Args:
        trust: True: what a user's table raises while it is read is noted and costs that part alone. False (in tests):
            it comes through.
    """

    def __init__(self, *, trust: bool = True) -> None:
        self._trust = trust
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()

    def added(self, evidence: Evidence, names: Mapping[str, Any], rows: SampleRows) -> Evidence:
        """The evidence with what the variables say.

        Args:
            evidence: of the open experiment.
            names: the user's variables.
            rows: where predictions are read from.
        """
        look = _Look(self, evidence, names, rows)
        return replace(evidence, sample=look.facts(), coverage=look.coverage() or evidence.coverage)

    def once(self, question: Hashable, answer: Callable[[], Found]) -> Found:
        """The answer to a question that was asked before, or a new one."""
        if question not in self._kept:
            self._kept[question] = answer()
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(question)
        found: Found = self._kept[question]
        return found


class _Look:
    def __init__(self, sight: Sight, evidence: Evidence, names: Mapping[str, Any], rows: SampleRows) -> None:
        self._sight, self._evidence, self._rows = sight, evidence, rows
        self._truth = evidence.declared_truth
        self._unseen: dict[str, str] = {}
        self._sources = Sources(names, evidence.experiment, self._truth.n if self._truth else None)
        self._test = self._seen("features", self._sources.features)
        self._train = self._seen("train", self._sources.train)
        self._frame = self._seen("frame", self._sources.frame_table)

    def _seen(self, part: str, work: Callable[[], Found | None]) -> Found | None:
        try:
            return work()
        except MleeError as fault:
            self._unseen[part] = fault.message
            return None
        except Exception as fault:  # any library's own table may raise anything when it is read
            if not self._sight._trust:
                raise
            self._unseen[part] = f"it could not be read ({type(fault).__name__})"
            return None

    def facts(self) -> SampleFacts | None:
        rows = self._truth.n if self._truth is not None else self._test.rows if self._test is not None else 0
        if not rows:
            return None
        return SampleFacts(
            rows=rows,
            shared=self._seen("shared", self._shared),
            order=self._seen("order", self._order),
            alike=self._seen("alike", self._alike),
            slices=self._seen("slices", self._slices),
            giveaway=self._seen("giveaway", self._giveaway),
            learning=self._seen("learning", self._learning) or (),
            unseen=self._unseen,
        )

    def coverage(self) -> Coverage | None:
        population = self._evidence.charter.population
        if population is None:
            return None

        def count() -> Coverage | None:
            values = self._sources.kinds(population.column, self._test) if population.column else None
            if population.column and values is None:
                return None
            source = population.column or (self._truth.name if self._truth else "the truth")
            frame = self._sources.frame()
            key = ("kinds", population, _glance(values), _glance(frame), self._truth and self._truth.fingerprint)
            return self._sight.once(key, lambda: coverage(population, source, values, self._truth, frame, self._frame))

        return self._seen("coverage", count)

    # ------------------------------------------------------------------ parts

    def _shared(self) -> Any:
        test, train = self._test, self._train
        if test is None or train is None:
            return None
        groups, train_groups = self._sources.groups(test), self._sources.groups(train, train=True)
        key = ("shared", test.glance, train.glance, _glance(groups), _glance(train_groups))
        ours, theirs = (None if g is None else plain(g) for g in (groups, train_groups))
        return self._sight.once(key, lambda: shared_rows(test, train, ours, theirs))

    def _order(self) -> TimeOrder | None:
        if self._test is None or self._train is None:
            return None
        ours, theirs = self._sources.time(self._test), self._sources.time(self._train, train=True)
        if ours is None or theirs is None:
            return None
        return self._sight.once(("order", _glance(ours), _glance(theirs)), lambda: time_order(ours, theirs))

    def _alike(self) -> tuple[Alike, ...] | None:
        copies = self._seen("copies", self._copies)
        found = [] if copies is None else [copies]
        values, of = self._values()
        return tuple(found + ([] if values is None else self._alike_by(values, of))) or None

    def _copies(self) -> Alike | None:
        """Test rows that stand several times with the same answer."""
        test, truth = self._test, self._truth
        answers = self._answers()
        if test is None or truth is None or answers is None or test.rows * test.width > MOST_CELLS:
            return None
        key = ("copies", test.glance, truth.fingerprint)
        return self._sight.once(key, lambda: copies_of_rows(answers, test.blocks()))

    def _alike_by(self, values: np.ndarray, of: str) -> list[Alike]:
        name = self._evidence.charter.groups
        groups = self._sources.groups(self._test) if self._test is not None and name else None
        if groups is None and name and self._test is None:
            groups = self._sources.kinds(name, None)
        codes = None if groups is None else value_codes(plain(groups))
        found = []
        if codes is not None and len(codes) == len(values):
            found.append(alike_in_groups(values, codes, name or "groups", of))
        if of == "errors":
            found.append(alike_neighbours(without_classes(values, self._class_codes()), of))
        return [one for one in found if one is not None]

    def _slices(self) -> Any:
        test = self._test
        if test is None:
            return None
        charter, frame, time = self._evidence.charter, self._frame, self._sources.time(test)
        key = ("slices", test.glance, frame.glance if frame else None, _glance(time), charter.time, charter.groups)
        return self._sight.once(key, lambda: slices(test, frame, time, charter.time, charter.groups))

    def _giveaway(self) -> Any:
        test, truth = self._test, self._truth
        answers = self._answers()
        if test is None or truth is None or answers is None:
            return None
        key = ("giveaway", test.glance, truth.fingerprint)
        return self._sight.once(key, lambda: best_column(test, answers, truth.kind == "labels"))

    def _learning(self) -> tuple[Learning, ...]:
        curves: dict[str, dict[int, Result]] = {}
        for result in self._evidence.records.results:
            size = result.trained_on
            if size is None or result.outcome != RunOutcome.OK or result.value is None or result.rows is None:
                continue
            if self._truth is not None and result.truth == self._truth.fingerprint:
                curves.setdefault(result.candidate, {})[size] = result
        found = [self._last_step(name, curve) for name, curve in curves.items()]
        return tuple(step for step in found if step is not None)

    # ------------------------------------------------------------------ what the parts need

    def _answers(self) -> np.ndarray | None:
        """The declared truth's rows, where they are kept."""
        if self._truth is None:
            return None
        return self._truth.rows if self._truth.rows is not None else self._rows.truth(self._truth.fingerprint)

    def _last_step(self, name: str, curve: Mapping[int, Result]) -> Learning | None:
        large = max(curve)
        smaller = [size for size in curve if size * STEP <= large]
        if not smaller:
            return None
        before, after = curve[max(smaller)], curve[large]
        if before.metric != after.metric:
            return None
        first, last = self._influence(before), self._influence(after)
        if first is None or last is None or len(first) != len(last):
            return None
        sign = metric_facts(after.metric or "").sign
        gain = sign * ((after.value or 0.0) - (before.value or 0.0))
        reach = 1.96 * float(np.std(last - first)) / max(1, len(last) - 1) ** 0.5
        return Learning(
            candidate=name,
            small=max(smaller),
            large=large,
            gain=gain,
            low=gain - reach,
            high=gain + reach,
            score=after.value or 0.0,
        )

    def _values(self) -> tuple[np.ndarray | None, str]:
        """One number per row: the leader's errors; before there are any, nothing, or the answers of a mere sample."""
        judgement, truth = self._evidence.judgement, self._truth
        if judgement is not None and truth is not None and judgement.truth == truth.fingerprint:
            standing = judgement.standings[0]
            mine = [r for r in self._evidence.on_board if r.candidate == standing.candidate and r.rows is not None]
            mine = [r for r in mine if r.variant == standing.variant and r.truth == judgement.truth]
            return (self._influence(mine[-1]) if mine else None), "errors"
        if truth is not None and truth.rows is not None and not self._evidence.records.candidates:
            if truth.kind == "labels":
                codes = np.unique(truth.rows, return_inverse=True)[1].reshape(-1)
                return (codes == np.bincount(codes).argmax()).astype(np.float64), "answers"
            return truth.rows.astype(np.float64), "answers"
        return None, "errors"

    def _influence(self, result: Result) -> np.ndarray | None:
        if result.kind == ResultKind.INFLUENCE:
            return self._rows.get(result.rows or "")
        if result.kind == ResultKind.ROW_SCORES:
            return None
        answers = self._rows.truth(result.truth or "")
        if answers is None:
            return None
        charter, metric = self._evidence.charter, result.metric or ""

        def measured() -> np.ndarray | None:
            try:
                rows, kind = self._rows.get(result.rows or ""), ResultKind(result.kind or "")
                positive, average = charter.positive, charter.average
                return measure(answers, rows, kind, metric=metric, positive=positive, average=average).influence
            except (MleeError, ValueError):
                return None

        return self._sight.once(
            ("influence", result.rows, result.truth, metric, charter.positive, charter.average), measured
        )

    def _class_codes(self) -> np.ndarray | None:
        truth = self._truth
        if truth is None or truth.kind != "labels" or (truth.n_classes or 0) > MOST_CLASSES:
            return None
        answers = truth.rows if truth.rows is not None else self._rows.truth(truth.fingerprint)
        return None if answers is None else np.unique(answers, return_inverse=True)[1].reshape(-1)


def time_order(test: Any, train: Any) -> TimeOrder | None:
    """When training ends and the test begins; None where the times cannot be compared.

    Args:
        test: one time per test row.
        train: one time per training row.
    """
    if not len(test) or not len(train):
        return None
    if _is_text(test) and _is_text(train):  # which way it is meant may be plain in one of them only
        read = read_times([*plain(test).tolist(), *plain(train).tolist()])
        ours, theirs, dates = read.values[: len(test)], read.values[len(test) :], read.are_dates
    else:
        one, other = read_times(test), read_times(train)
        if one.are_dates != other.are_dates:
            return None
        ours, theirs, dates = one.values, other.values, one.are_dates
    first, last = ours.min(), theirs.max()
    return TimeOrder(
        train_last=_moment(last, dates),
        test_first=_moment(first, dates),
        late=int(np.count_nonzero(theirs >= first)),
        train_rows=len(theirs),
    )


def _is_text(column: Any) -> bool:
    values = plain(column)
    return values.dtype == object and all(isinstance(value, str) for value in values.tolist())


def _moment(value: Any, dates: bool) -> str:
    return day(int(value)) if dates else f"{float(value):.15g}"  # 20230101 is a date to whoever wrote it


def _glance(value: Any) -> Hashable:
    """Tells whether a column is still the same."""
    if value is None:
        return None
    if hasattr(value, "columns") or getattr(value, "ndim", 1) == 2 or isinstance(value, Mapping):
        return Table(value, "").glance
    # a column taken out of a frame is a new object each time, so its content alone can tell
    column = plain(list(value) if isinstance(value, set | frozenset) else value)
    step = max(1, len(column) // 512)
    return len(column), value_codes(column[::step]).tobytes(), str(column.dtype)
