"""Readings of the evidence that several rules share; each a plain question with a plain answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from mlee_jupyter.domain import (
    Candidate,
    Effort,
    Evidence,
    Judgement,
    Standing,
    Verdict,
    working_time,
)

NO_BOX = "no time box"
SET_A_BOX = "Start with one: %mlee_experiment start NAME --budget 6h"
NO_JUDGEMENT = "no predictions judged on a declared truth yet"
HAND_OVER = "Record predictions: %%mlee_candidate NAME, with --truth y_test given at the start"
NO_DECISION = "no decision yet"
DECIDE = "%mlee_experiment decide NAME --because ..."

DEVELOPMENT = "development"  # the stage that keeps a run off the board
USEFUL_GAIN = 0.02  # taken for scores in 0..1 where the charter names none
NOTHING_SPENT = Effort(variants=0, runs=0, failed_runs=0, active=timedelta(), last_at=None)


def effort(evidence: Evidence, candidate: str) -> Effort:
    """What was spent on a candidate; nothing, where nothing is known."""
    return evidence.efforts.get(candidate, NOTHING_SPENT)


def limit(evidence: Evidence, rule: str, default: float) -> float:
    """The `limit` a project set for a rule in [tool.mlee.rules.NAME]; the default where it is none or no number."""
    settings = evidence.settings.get(rule)
    value = settings.get("limit") if isinstance(settings, Mapping) else None
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0 else default


def box_of(evidence: Evidence) -> timedelta | None:
    """The time box as it stands; None where there is none, or none to speak of."""
    box = evidence.experiment.box
    return box if box is not None and box > timedelta() else None


def passed_before_extension(evidence: Evidence, limit_used: timedelta) -> bool:
    """Whether this much time was used already when the box was extended last.

    Whoever extends knows where they stand, so a limit already behind them stays silent until the next one.
    """
    if not evidence.experiment.extensions:
        return False
    at = max(extension.at for extension in evidence.experiment.extensions)
    since = [(max(span.start, at), span.end) for span in evidence.records.spans if span.end > at]
    pauses = [(start, end or evidence.now) for start, end in evidence.records.pauses]
    used_since = working_time.total(working_time.subtract(working_time.union(since, working_time.IDLE_LIMIT), pauses))
    return evidence.used - used_since >= limit_used


def chosen(evidence: Evidence) -> str | None:
    """The candidate decided for, if any."""
    decision = evidence.experiment.decision
    return decision.candidate if decision else None


def in_question(evidence: Evidence, judgement: Judgement) -> Standing | None:
    """The standing that matters now: of the chosen candidate, else the recommended, else the leader."""
    for name in (chosen(evidence), judgement.recommended, judgement.leader):
        if name is not None and (standing := judgement.of(name)) is not None:
            return standing
    return None


def good_enough(judgement: Judgement, standing: Standing) -> bool:
    """Whether choosing it costs at most the useful gain, whatever chance did."""
    allowed = (Verdict.BEST, Verdict.AS_GOOD)
    return standing.verdict in allowed or standing.cost_bound <= judgement.useful_gain


def simplicity(evidence: Evidence, standing: Standing) -> int | None:
    """How simple a candidate was declared to be; 1 is simplest."""
    if standing.simplicity is not None:
        return standing.simplicity
    known: Candidate | None = evidence.candidates.get(standing.candidate)
    return known.simplicity if known else None


def populated(evidence: Evidence) -> bool:
    """Whether the sample holds at least 90% of the declared kinds, as far as can be known."""
    seen = evidence.coverage
    return seen is None or seen.kinds_expected <= 0 or seen.kinds_present >= 0.9 * seen.kinds_expected
