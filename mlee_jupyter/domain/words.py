"""The words of the project that stand for one of several things."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """How much a finding weighs: only an error fails `mlee check`."""

    ERROR = "error"  # the comparison or the result is wrong
    WARNING = "warning"  # it cannot carry the decision
    ADVICE = "advice"  # craft


class Outcome(StrEnum):
    """What a rule answered; silence is not an answer."""

    OK = "ok"
    FINDING = "finding"
    NOT_APPLICABLE = "not applicable"
    IGNORED = "ignored"


class CandidateState(StrEnum):
    """Where a candidate stands in the user's plan."""

    PLANNED = "planned"  # named in the charter, nothing run yet
    ACTIVE = "active"
    PARKED = "parked"  # good enough for now, tuning waits
    DROPPED = "dropped"  # given up, with a reason
    CHOSEN = "chosen"


class RunOutcome(StrEnum):
    """How one execution ended."""

    OK = "ok"
    ERROR = "error"
    INTERRUPTED = "interrupted"
    OUT_OF_TIME = "out of time"


class ResultKind(StrEnum):
    """What was handed over, hence what can be said from it."""

    PREDICTIONS = "predictions"  # one label or number per row: paired comparison
    SCORES = "scores"  # one probability or decision score per row (n,), or a column per class (n, classes)
    ROW_SCORES = "row scores"  # a row's own score without a truth, (n,) or (n, raters), NaN where it has none
    INFLUENCE = "influence"  # per-row influence values only (store_rows = false): paired comparison, no rows kept
    FOLDS = "folds"  # one score per fold: no rows
    NUMBER = "number"  # a bare score: no rows


class Verdict(StrEnum):
    """How a candidate stands against the best; the order is the order of the checks."""

    BEST = "best"  # the only member of the best set
    AS_GOOD = "as good"  # at most the useful gain behind, whatever chance did
    CANT_TELL = "can't tell"  # in the best set, but it may cost more than the useful gain
    WORSE = "worse"
