"""What an experiment is: its charter, its time box, its candidates, its decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from .estimates import Estimate
from .words import CandidateState


@dataclass(frozen=True, kw_only=True, slots=True)
class Population:
    """The kinds of thing the answer must hold for, so that a sample can be held against it."""

    column: str | None = None  # a column of the declared features, else the truth's own labels
    kinds: int | None = None  # how many kinds there are out in the world
    frame: str | None = None  # the variable that holds the population's rows, or a list of all its kinds
    weight: str | None = None  # the frame's column that says how much each of its rows counts


@dataclass(frozen=True, kw_only=True, slots=True)
class Serving:
    """How the answer will be used and what it is worth (money in one currency, per month)."""

    mode: str | None = None  # batch, on demand, real-time, stream or device, in any words: "weekly batch"
    answers_per_month: float | None = None
    value_per_month: float | None = None
    cost_per_month: float | None = None
    max_answer_ms: float | None = None
    used_every: str | None = None  # how often somebody acts on new answers: "weekly", "12h"
    retrain_every: str | None = None
    rows_per_answer: float | None = None  # that are predicted for one answer; None: one
    devices: float | None = None  # that get the model, where it answers on them
    currency: str | None = None  # of worth and cost; None: that of the price list


@dataclass(frozen=True, kw_only=True, slots=True)
class Charter:
    """What was agreed before anything was tried; every field may be missing, and rules say what that costs."""

    question: str | None = None
    today: str | None = None  # what is done now
    by_hand: str | None = None  # what one would do without a model
    decision: str | None = None
    owner: str | None = None
    metric: str | None = None  # a scikit-learn scorer's name; None: chosen from the truth and said
    positive: str | int | float | bool | None = None  # the positive class of a two-class metric
    average: str | None = None  # scikit-learn's averaging for f1, precision, recall
    higher_is_better: bool | None = None  # known from the metric; only for a user's own number
    useful_gain: float | None = None  # smallest difference worth acting on, in the metric's units
    must_reach: float | None = None  # the score that solves the problem
    population: Population | None = None
    serving: Serving | None = None
    measure: str | None = None  # how it will be known that it worked: who goes on as today, for how long
    candidates: tuple[str, ...] = ()  # planned approaches
    estimates: tuple[Estimate, ...] = ()  # of those of them that were estimated
    time: str | None = None  # the rows are in time order, by this column
    groups: str | None = None  # rows of one customer, patient, document belong together, by this name
    train: str | None = None  # the variable that holds the training rows, to hold the test rows against
    weights: str | None = None  # how much each row counts, by this name
    horizon: int | None = None  # rows that a test set which grows is to have at its end


@dataclass(frozen=True, kw_only=True, slots=True)
class CharterVersion:
    """The charter as it read from one moment on."""

    version: int  # 1 for the first
    charter: Charter
    at: datetime
    because: str | None  # None: changed without a reason


@dataclass(frozen=True, kw_only=True, slots=True)
class Extension:
    """More time for the box."""

    by: timedelta
    because: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What was chosen, and why."""

    candidate: str | None  # None: decided against all of them
    because: str | None
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Experiment:
    """One question with one primary metric and one time box."""

    id: int
    name: str
    charter: Charter  # the newest version
    budget: timedelta | None  # the first box; extensions come on top
    deadline: date | None
    opened_at: datetime
    closed_at: datetime | None = None
    truth_name: str | None = None  # the variable that holds the declared truth
    features_name: str | None = None  # the variable an estimator predicts on
    decision: Decision | None = None
    extensions: tuple[Extension, ...] = ()
    paused_at: datetime | None = None

    @property
    def box(self) -> timedelta | None:
        """The time box as it stands: the first budget and every extension."""
        if self.budget is None:
            return None
        return self.budget + sum((e.by for e in self.extensions), timedelta())

    @property
    def is_open(self) -> bool:
        """Neither decided nor closed."""
        return self.closed_at is None and self.decision is None


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """One named approach."""

    id: int
    name: str
    simplicity: int | None  # 1 is simplest; None: not declared
    read_from: str | None = None  # why it is so simple, where nobody declared it and it was read from what ran
    state: CandidateState
    planned: bool  # named in the charter
    because: str | None = None  # why it was parked or dropped
