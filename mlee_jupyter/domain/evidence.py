"""What a rule may see of an experiment at one moment, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from .estimates import Estimated
from .experiments import Candidate, Charter, Experiment
from .judgements import Judgement
from .month_costs import MonthCost
from .notebooks import NotebookFacts
from .records import Ignore, Records, Result, Truth, partly_trained
from .samples import Coverage, SampleFacts
from .words import CandidateState, Level, Outcome, RunOutcome


@dataclass(frozen=True, kw_only=True)
class TrialFacts:
    """An A/B test in numbers: its plan, and how its units fell into the arms once it runs."""

    needed: int | None = None  # units of both arms that the plan asks for
    expected: int | None = None  # units that come in the time that was given
    weeks: float | None = None  # of that time
    weeks_needed: float | None = None
    chance: float | None = None  # that the gain is seen with the units expected
    power: float | None = None  # the chance that was asked for
    control: int | None = None  # units seen without the change
    treatment: int | None = None  # units seen with it
    share: float = 0.5  # of units that were to get the change


@dataclass(frozen=True, kw_only=True)
class Effort:
    """What was spent on one candidate."""

    variants: int
    runs: int
    failed_runs: int
    active: timedelta
    last_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A frozen view of one experiment at `now`: all that a rule may see."""

    now: datetime
    records: Records
    used: timedelta  # active time
    efforts: Mapping[str, Effort]  # by candidate name, every candidate has an entry
    judgements: tuple[Judgement, ...] = ()  # one per truth, the declared one first; after them folds, then bare scores
    declared_truth: Truth | None = None  # the truth as it stands in the notebook now, rows left out
    coverage: Coverage | None = None
    twins: tuple[tuple[str, str], ...] = ()  # candidates whose predictions are the same, to 12 digits
    strangers: Mapping[str, float] = field(default_factory=dict)  # candidate -> share of labels unknown to the truth
    settings: Mapping[str, Any] = field(default_factory=dict)  # [tool.mlee.rules.NAME] by rule name
    notebook: NotebookFacts | None = None
    sample: SampleFacts | None = None  # None: no live variables, as on the command line
    trial: TrialFacts | None = None  # an A/B test that is planned or read
    estimates: Mapping[str, Estimated] = field(default_factory=dict)  # by planned candidate
    costs: Mapping[str, MonthCost] = field(default_factory=dict)  # candidate -> what running it costs a month

    @property
    def experiment(self) -> Experiment:
        """The experiment looked at."""
        return self.records.experiment

    @property
    def charter(self) -> Charter:
        """Its charter, newest version."""
        return self.records.experiment.charter

    @property
    def judgement(self) -> Judgement | None:
        """The judgement on the declared truth, or the only one."""
        return self.judgements[0] if self.judgements else None

    @property
    def share_used(self) -> float | None:
        """Active time as a share of the box; None without a box."""
        box = self.experiment.box
        return self.used / box if box else None

    @cached_property
    def candidates(self) -> Mapping[str, Candidate]:
        """Its candidates by name."""
        return {c.name: c for c in self.records.candidates}

    @cached_property
    def in_play(self) -> tuple[Candidate, ...]:
        """Candidates that still compete: planned, active or chosen."""
        out = (CandidateState.PARKED, CandidateState.DROPPED)
        return tuple(c for c in self.records.candidates if c.state not in out)

    @cached_property
    def untouched(self) -> tuple[str, ...]:
        """Candidates in play without a single successful result."""
        touched = {r.candidate for r in self.records.results if r.outcome == RunOutcome.OK and r.metric is not None}
        return tuple(c.name for c in self.in_play if c.name not in touched)

    @cached_property
    def in_vain(self) -> tuple[str, ...]:
        """Those of them that ran: each run failed, was interrupted or was out of time."""
        failed = {r.candidate for r in self.records.results if r.outcome != RunOutcome.OK}
        return tuple(name for name in self.untouched if name in failed)

    @cached_property
    def served(self) -> Mapping[str, Result]:
        """What one would serve of each candidate on the board: the last run of its best variant, with its model."""
        best = {(s.candidate, s.variant) for j in self.judgements for s in j.standings}
        found: dict[str, tuple[bool, bool, Result]] = {}
        for result in self.on_board:
            new = ((result.candidate, result.variant) in best, result.model is not None, result)
            if result.candidate not in found or new[:2] >= found[result.candidate][:2]:
                found[result.candidate] = new
        return {name: result for name, (_, _, result) in found.items()}

    @cached_property
    def on_board(self) -> tuple[Result, ...]:
        """Results that count: of runs that went well, fully trained, outside development, not of dropped candidates."""
        dropped = {c.name for c in self.records.candidates if c.state is CandidateState.DROPPED}
        partly = partly_trained(self.records.results)
        return tuple(
            r
            for r in self.records.results
            if r.outcome == RunOutcome.OK and r.metric is not None and r.stage != "development"
            if r.candidate not in dropped and r.run_id not in partly
        )


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One rule's answer."""

    rule: str  # code
    name: str
    level: Level
    outcome: Outcome
    message: str = ""  # number and meaning, one line, no full stop needed
    remedy: str = ""  # what to type or do next, one line
    facts: Mapping[str, Any] = field(default_factory=dict)  # the numbers in the message, by name
    severity: float = 0.0  # said again only when this has grown
    ignored: Ignore | None = None


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A value with a function; the docstring of its file is its manual page."""

    code: str  # "MLE201"
    name: str  # "test-set-too-small"
    level: Level
    check: Callable[[Evidence], Finding]
    page: str = ""  # filled from the docstring when the folder is walked
    preview: bool = False  # off until a project switches it on
    notebook: bool = False  # it looks at a notebook's text, and can do so without an experiment
