"""A run as it was handed over, as it was scored, and as it was recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from mlee_jupyter.domain import Measured, RunOutcome
from mlee_jupyter.domain.audits import TriesTold
from mlee_jupyter.domain.model_seen import MachineSeen, ModelSeen


@dataclass(frozen=True, kw_only=True)
class Run:
    """What is known of one execution, whoever timed it."""

    started_at: datetime
    duration: timedelta
    outcome: RunOutcome = RunOutcome.OK
    source: str | None = None  # the code as written
    source_key: str | None = None  # the same for code that differs in comments and spacing only
    error: str | None = None
    variant: str | None = None
    simplicity: int | None = None
    idea: str | None = None
    stage: str | None = None
    tags: tuple[str, ...] = ()
    note: str | None = None
    trained_on: int | None = None  # training rows it was fitted on; fewer than the candidate's most: off the board


@dataclass(frozen=True, kw_only=True)
class ScoredRun:
    """One result, with the interval of its score where there is one."""

    measured: Measured
    variant: str | None = None  # the key it was handed over under
    low: float | None = None
    high: float | None = None
    answer_seconds: float | None = None
    model: ModelSeen | None = None  # the fitted model behind it
    machine: MachineSeen | None = None  # what it ran on beside one processor


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """One run as it was recorded, with what to say about it."""

    run_id: int
    candidate: str
    variant: str
    variants: int  # how many of this candidate there are now
    repeat: bool  # the same variant gave the very same answers: no new look
    first: ScoredRun
    others: tuple[ScoredRun, ...] = ()
    remarks: tuple[str, ...] = ()  # further sentences about this record
    tries: TriesTold | None = None  # of a search or a study: what is said of all of them in one line
