"""What other tools kept of a search, what their user says besides, and what an audit finds."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from .evidence import Finding
from .judgements import Judgement
from .records import Measured


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What was typed beside a source; None: not said."""

    name: str | None = None  # of the experiment or study
    score: str | None = None  # the column, or the name of the logged number
    metric: str | None = None  # what that number is
    higher_is_better: bool | None = None
    percent: bool = False  # scores are per cent
    rows: int | None = None  # that every score was taken on
    useful_gain: float | None = None
    names: str | None = None  # the column of names
    truth: str | None = None  # the column of right answers
    prediction: str | None = None  # the column of predictions in a logged file
    predictions: str | None = None  # the file that each run logged
    id: str | None = None  # the column that says which row is which
    groups: str | None = None  # the column of rows that belong together
    positive: str | None = None
    test_to_train: float | None = None
    steered: bool | None = None  # each try was chosen by the scores before it; False: all were fixed beforehand


@dataclass(frozen=True, kw_only=True, eq=False)
class Try:
    """One thing that was tried, with the most that is kept of it."""

    name: str
    score: float | None = None
    folds: tuple[float, ...] = ()
    rows: Any = None  # predictions (n,), or scores (n,)
    lacking: str = ""  # why nothing is there: "failed", "running", "without accuracy"
    settings: Mapping[str, str] = field(default_factory=dict)  # what was set for it
    key: str = ""  # what it is known by when it is handed over again
    began: datetime | None = None
    took: timedelta | None = None
    trained_on: int | None = None  # rows, where tries had unlike many


@dataclass(frozen=True, kw_only=True, eq=False)
class Tried:
    """A search as another tool kept it."""

    kind: str  # "MLflow experiment"
    thing: str  # what one try is called there: "run", "trial"
    place: str  # where it was read, without passwords
    name: str
    tries: tuple[Try, ...]
    score: str = ""  # the column or name that was read
    metric: str | None = None
    higher_is_better: bool | None = None
    rows: int | None = None  # as the source itself says
    in_order: bool = False  # the oldest first
    steered: bool | None = None
    truth: Any = None
    groups: Any = None
    remarks: tuple[str, ...] = ()  # what was taken for what


@dataclass(frozen=True, kw_only=True)
class TriesTold:
    """How many tries were handed over, and what became of them."""

    thing: str  # "trial", "setting"
    count: int = 0
    known: int = 0  # of them, on record before
    scored: int = 0
    lacking: Mapping[str, int] = field(default_factory=dict)  # why the others have no score -> how many
    best: Measured | None = None
    best_variant: str = ""
    higher_is_better: bool = True
    results: tuple[tuple[Measured, bool], ...] = ()  # of those with a score, in their order; whether it is new
    beside: bool = False  # predictions were recorded beside them

    def joined(self, other: TriesTold) -> TriesTold:
        """Both together."""
        first = max(self, other, key=_rank)
        return replace(
            self,
            count=self.count + other.count,
            known=self.known + other.known,
            scored=self.scored + other.scored,
            lacking=Counter(self.lacking) + Counter(other.lacking),
            results=(),
            best=first.best,
            best_variant=first.best_variant,
        )


def _rank(told: TriesTold) -> float:
    """How good its best is; less than all else where there is none."""
    if told.best is None or told.best.value is None:
        return -math.inf
    return told.best.value if told.higher_is_better else -told.best.value


@dataclass(frozen=True, kw_only=True)
class Tuning:
    """From which try on luck alone gives more than what matters, each try being chosen by the scores before it."""

    tries: int
    luck: float  # that much: the useful gain, or what one comparison would have to show if that is more
    steered_from: int | None  # None: not within these tries
    is_bound: bool  # it may be later, errors being taken as large as they can be


@dataclass(frozen=True, kw_only=True)
class Audit:
    """What a search can carry."""

    tried: Tried
    metric: str | None
    label: str  # of the metric, as a sentence has it
    higher_is_better: bool | None
    bounded: bool
    lacking: Mapping[str, int] = field(default_factory=dict)  # why tries have no score -> how many
    scored: int
    best: Try | None
    judgement: Judgement | None  # None: the scores alone tell nothing of their error
    why_not: str = ""
    top: int = 0  # tries that cannot be told from the best, itself included
    at_least: bool = False  # those further down were not held against it one by one
    tuning: Tuning | None = None
    steered: bool | None = None
    findings: tuple[Finding, ...] = ()
    missing: tuple[str, ...] = ()  # what would tell more, and what to type
