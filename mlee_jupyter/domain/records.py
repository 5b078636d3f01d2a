"""What is written of an experiment, and what is read back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from .experiments import Candidate, CharterVersion, Experiment
from .model_seen import MachineSeen, ModelSeen, machine_seen, model_seen, tag_read
from .words import ResultKind, RunOutcome


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One result of a run, ready to be written. Arrays are stored once, by content hash."""

    metric: str
    kind: ResultKind
    value: float | None  # our score; None: not computable (the note says why)
    n: int | None  # rows judged, or number of folds
    truth: str | None = None  # fingerprint of the truth
    rows: Any = None  # numpy array: predictions, scores, influence values or fold scores
    df: float | None = None  # degrees of freedom, kept with influence values
    claimed: float | None = None  # the user's own number for the same metric
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class Recording:
    """One run with all it measured: written in one transaction, or not at all."""

    candidate: str
    variant: str  # a label the user sees: given by --variant, or made from the code
    variant_key: str  # what makes a variant the same: hash of the code, or of the label
    outcome: RunOutcome
    started_at: datetime
    duration: timedelta
    simplicity: int | None = None
    source: str | None = None  # the cell's code as the user wrote it
    source_hash: str | None = None
    idea: str | None = None  # where the idea came from: blog, paper, docs, own
    stage: str | None = None  # "development" keeps a run off the board
    tags: tuple[str, ...] = ()
    note: str | None = None
    error: str | None = None  # exception type and message of a failed run
    answer_seconds: float | None = None  # measured time to answer one row
    kernel: str | None = None
    notebook: str | None = None
    written_at: datetime | None = None  # when its code was fixed at the latest: its cell was sent, its script began
    measured: tuple[Measured, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Truth:
    """A declared set of right answers."""

    fingerprint: str
    name: str
    n: int
    kind: str  # "labels" or "numbers"
    classes: Mapping[str, int] = field(default_factory=dict)  # label as text -> rows; empty for numbers or > 1,000
    n_classes: int | None = None
    index_hash: str | None = None
    rows: Any = None  # numpy array; None when read without rows, or store_rows = false


@dataclass(frozen=True, kw_only=True, eq=False)
class Layout:
    """How the rows of one truth hang together, or count: kept as codes, so that no customer's name is stored."""

    truth: str  # fingerprint
    what: str  # "groups", "time" or "weights"
    name: str  # the variable or column it was read from
    array: str  # content hash of the rows
    rows: Any = None  # numpy array: place of each row's group, or of its time in order, or its weight


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """Cells of one kernel that ran back to back for the same candidate (None: ordinary cells)."""

    kernel: str
    candidate: str | None
    start: datetime
    end: datetime


class Result(NamedTuple):
    """One line of the history: a run with one of its results; `metric` is None where a run measured nothing.

    A NamedTuple because a board reads ten thousand of them at once.
    """

    run_id: int
    candidate: str
    variant_id: int
    variant: str
    outcome: str  # a RunOutcome value
    started_us: int  # microseconds since 1970, UTC
    duration_us: int
    stage: str | None
    answer_seconds: float | None
    metric: str | None
    kind: str | None  # a ResultKind value
    value: float | None
    n: int | None
    truth: str | None
    rows: str | None  # content hash of the stored array
    df: float | None
    claimed: float | None
    note: str | None
    tags: str | None = None  # JSON list

    @property
    def trained_on(self) -> int | None:
        """Training rows that the run was fitted on, where that was said."""
        return trained_on(self.tags)

    @property
    def model(self) -> ModelSeen | None:
        """The fitted model that was handed over, as it was seen; None where none was, or by an older version."""
        return model_seen(self.tags)

    @property
    def settings(self) -> dict[str, str]:
        """What was set for the run, where a search or a study said so."""
        return settings_read(self.tags)

    @property
    def machine(self) -> MachineSeen | None:
        """What it used beyond one processor; None where it used nothing of the kind, or nobody looked."""
        return machine_seen(self.tags)

    @property
    def started_at(self) -> datetime:
        """When the run began."""
        return datetime.fromtimestamp(self.started_us / 1e6, UTC)


SETTINGS = "settings="  # the tag that holds what was set for a run, as JSON


def settings_tag(settings: Mapping[str, str]) -> str:
    """What was set for a run, as it is kept with it."""
    return SETTINGS + json.dumps(dict(settings), separators=(",", ":"))


def settings_read(tags: str | None) -> dict[str, str]:
    """What a run's tags (JSON) say was set for it; nothing where they say nothing that can be read."""
    found = tag_read(tags, SETTINGS, lambda told: {str(name): str(value) for name, value in told.items()})
    return {} if found is None else found


TRAINED_ON = "trained-on="  # the tag that says how many training rows a run was fitted on


def trained_on(tags: str | None) -> int | None:
    """The training rows named in a run's tags (JSON); None where none are."""
    if tags is None or TRAINED_ON not in tags:
        return None
    digits = tags.partition(TRAINED_ON)[2].partition('"')[0]
    return int(digits) if digits.isdecimal() and len(digits) < 16 else None


def partly_trained(results: Iterable[Result]) -> frozenset[int]:
    """Runs of learning curves that do not compete: fitted on fewer rows than another run of their candidate."""
    sized = [(r.run_id, r.candidate, size) for r in results if (size := r.trained_on) is not None]
    most: dict[str, int] = {}
    for _, candidate, size in sized:
        most[candidate] = max(size, most.get(candidate, 0))
    return frozenset(run for run, candidate, size in sized if size < most[candidate])


@dataclass(frozen=True, kw_only=True, slots=True)
class Ignore:
    """A finding muted by the user; it shows in the brief."""

    rule: str  # code
    because: str | None
    until: date | None = None
    at: datetime | None = None
    where: str = "experiment"  # "experiment", "config" or "notebook"


RECORDED_BY = "recorded by"  # what a trace says of somebody who recorded something, once a person
SHOWN = "shown"  # what a trace says of somebody who was shown how it stands


@dataclass(frozen=True, kw_only=True, slots=True)
class TraceEntry:
    """What was changed by hand, kept for good: renames, deletions, corrections, states, reasons."""

    at: datetime
    what: str  # "rename candidate", "withdraw run", ...
    subject: str
    detail: str
    because: str | None


class Look(NamedTuple):
    """One use of a truth to score predictions; it stays counted whatever becomes of the run."""

    number: int  # in the order in which they were written
    answers: str  # content hash of the predictions: the same ones again are no new look
    hand_over: str  # looks with the same were handed over together, before any of their scores was shown
    steered: bool  # scores on this truth were known before it, and it was not planned before the first of them
    metric: str
    kind: str  # a ResultKind value
    value: float | None
    df: float | None
    experiment: str | None  # None: deleted since
    notebook: str | None  # a hash of its path

    @property
    def rows(self) -> str:
        """Content hash of the array that was looked at."""
        return self.answers.partition(SIDE)[0]

    @property
    def of_the_side(self) -> bool:
        """Whether stored answers were judged by another metric than the one agreed on: nothing new was answered."""
        return SIDE in self.answers


SIDE = "@"  # between the hash of answers and the other metric that they were judged by


@dataclass(frozen=True, kw_only=True, slots=True)
class Confirmed:
    """One candidate's score on the sealed sample, next to what it had before."""

    candidate: str
    score: float
    low: float  # 95% interval
    high: float
    before: float | None  # its score on the truth it was chosen on
    answers: str  # content hash of its predictions


@dataclass(frozen=True, kw_only=True, slots=True)
class Fresh:
    """A second sample, declared early and opened once, after the decision."""

    name: str  # the variable that holds its right answers
    fingerprint: str | None = None  # None: the variable was not there yet, so nothing is sealed
    n: int | None = None
    sealed_at: datetime | None = None
    opened_at: datetime | None = None
    metric: str | None = None  # of the scores below
    confirmed: tuple[Confirmed, ...] = ()  # the chosen candidate first


@dataclass(frozen=True, kw_only=True)
class Records:
    """All that the store knows of one experiment, without the arrays."""

    experiment: Experiment
    charters: tuple[CharterVersion, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    results: tuple[Result, ...] = ()  # in the order they were recorded; withdrawn runs left out
    truths: Mapping[str, Truth] = field(default_factory=dict)  # by fingerprint, rows left out
    spans: tuple[Span, ...] = ()
    pauses: tuple[tuple[datetime, datetime | None], ...] = ()
    ignores: tuple[Ignore, ...] = ()
    trace: tuple[TraceEntry, ...] = ()
    layouts: tuple[Layout, ...] = ()  # of its truths, rows left out
    fresh: Fresh | None = None  # the sealed second sample, if one was declared

    @property
    def people(self) -> tuple[str, ...]:
        """Who recorded something, in the order in which they came; nobody, where names are not kept."""
        return tuple(dict.fromkeys(entry.subject for entry in self.trace if entry.what == RECORDED_BY))
