"""Many experiments at a glance: who works on each, how much of its box is used, what can be said, what blocks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mlee_jupyter.domain import Evidence, Finding, Level, Outcome
from mlee_jupyter.domain.text.names import clean, count, cut, label, listed, wrap
from mlee_jupyter.report.board import headlines
from mlee_jupyter.report.board.contents import left_text, time_text

_MOST_BLOCKS = 2  # that are said in full; of others only how many there are


def overview_lines(evidence: Evidence, findings: Sequence[Finding], *, width: int = 100) -> list[str]:
    """Where one experiment stands, among others.

    Args:
        evidence: of it.
        findings: of its rules.
        width: columns.
    """
    experiment = evidence.experiment
    people = [clean(name, 30) for name in evidence.records.people]
    parts = [
        f"{cut(label(experiment.name), 40)}: {_state(evidence)}",
        f"{time_text(evidence.used, experiment.box)} used",
    ]
    if experiment.box is not None and experiment.is_open:
        parts.append(left_text(experiment.box - evidence.used))
    if people:
        parts.append(f"by {listed(people, most=4)}")
    if (last := _last(evidence)) is not None:
        parts.append(f"last run {last.astimezone():%d %b %Y %H:%M}")
    lines = wrap(", ".join(parts), width, rest="  ")
    for said in (_verdict(evidence), *_blocks(findings)):
        lines += wrap(f"  {said}", width, rest="    ")
    return lines


def _state(evidence: Evidence) -> str:
    experiment = evidence.experiment
    if experiment.decision is not None:
        chosen = experiment.decision.candidate
        return f"decided for {cut(label(chosen), 40)}" if chosen else "decided against all"
    if experiment.closed_at is not None:
        return "closed"
    return "paused" if experiment.paused_at is not None else "open"


def _last(evidence: Evidence) -> datetime | None:
    return max((result.started_at for result in evidence.records.results), default=None)


def _verdict(evidence: Evidence) -> str:
    judgement = evidence.judgement
    if judgement is None or not judgement.standings:
        return "No comparable result yet."
    return headlines.of_judgement(judgement, evidence.charter)[0]


def _blocks(findings: Sequence[Finding]) -> list[str]:
    """What makes the comparison wrong, in full; what it cannot carry, as a number."""
    found = [one for one in findings if one.outcome is Outcome.FINDING]
    errors = [one for one in found if one.level is Level.ERROR]
    lines = [f"blocked by {one.rule}: {clean(one.message, 200)}" for one in errors[:_MOST_BLOCKS]]
    warnings = sum(one.level is Level.WARNING for one in found)
    more = [(len(errors) - _MOST_BLOCKS, "further error"), (warnings, "warning")]
    rest = [count(number, word) for number, word in more if number > 0]
    return [*lines, *([", ".join(rest)] if rest else [])]
