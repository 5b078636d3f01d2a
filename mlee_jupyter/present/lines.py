"""The one-liners: a candidate was recorded, this is how the time stands, these are the experiments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mlee_jupyter.domain import Evidence, Finding, Level, Measured, Outcome, ResultKind, RunOutcome

from .contents import left_text, time_text
from .figures import gain_text, is_bounded, metric_label, range_text, score_text
from .figures import time_text as duration_text
from .findings import finding_lines
from .wording import clean, columns, count, cut, label, ordinal, pad, sentences, wrap

_SHOWN = 3  # candidates named with their scores on a status line


def recorded_line(
    candidate: str,
    measured: Measured | None,
    *,
    low: float | None = None,
    high: float | None = None,
    bounded: bool | None = None,
    used: timedelta | None = None,
    box: timedelta | None = None,
    variant: str | None = None,
    variants: int = 1,
    repeat: bool = False,
    outcome: RunOutcome = RunOutcome.OK,
    error: str | None = None,
    others: Sequence[Measured] = (),
) -> str:
    """What is said when a run is in the store, on one line: score, rows, range, time.

    Args:
        candidate: its name.
        measured: the result in the experiment's metric; None when the run measured nothing.
        low: lower end of the score's own 95% interval, where there is one.
        high: upper end.
        bounded: whether scores lie in 0..1; None: by the metric's name.
        used: active time of the whole experiment.
        box: its time box; None: no box, so nothing is said of what is left.
        variant: the setting's label, named from the second variant on.
        variants: how many variants of this candidate there are now.
        repeat: the same variant gave the same result again.
        outcome: how the run ended.
        error: exception type and message of a failed run.
        others: further results of the same run, in other metrics.
    """
    name = cut(label(candidate), 60)
    if outcome is not RunOutcome.OK:
        why = f": {cut(clean(error), 100)}" if error else ""
        kept = " What was recorded before stays." if outcome is not RunOutcome.ERROR else ""
        ended = {RunOutcome.ERROR: "failed", RunOutcome.INTERRUPTED: "interrupted"}.get(outcome, outcome.value)
        return sentences([f"{name} recorded as {ended}{why}"]) + kept + _time_said(used, box)
    verb = "recorded"
    if repeat:
        verb = "repeated, the same result as before"
    elif variants > 1:
        setting = f", {cut(clean(variant), 40)}" if variant else ""
        verb = f"recorded ({ordinal(variants)} variant{setting})"
    if measured is None:
        return f"{name} {verb}, without a result.{_time_said(used, box)}"
    said = [f"{name} {verb}: {_measured_text(measured, low, high, bounded)}", _cannot_be_said(measured.kind)]
    if measured.value is None and measured.note:
        said.append(clean(measured.note, 160))
    if others:
        said.append("Also " + ", ".join(_measured_text(m, None, None, None, named=True) for m in others[:4]))
    return sentences(said) + _time_said(used, box)


def _measured_text(
    measured: Measured, low: float | None, high: float | None, bounded: bool | None, *, named: bool = False
) -> str:
    bounded = is_bounded(measured.metric) if bounded is None else bounded
    shown = score_text(measured.value, bounded, unit=True) if measured.value is not None else "no score"
    if named or not bounded:
        shown = f"{clean(metric_label(measured.metric), 40)} {shown}"
    if measured.kind is ResultKind.FOLDS:
        return f"{shown} over {count(measured.n, 'fold')}" if measured.n else f"{shown} over folds"
    if measured.kind is ResultKind.NUMBER:
        return f"{shown}, a bare number"
    on = f" on {count(measured.n, 'case')}" if measured.n and not named else ""
    known = low is not None and high is not None
    return f"{shown}{on}" + (f" ({range_text(low, high, bounded, joint=' to ')})" if known else "")


def _cannot_be_said(kind: ResultKind) -> str:
    if kind is ResultKind.FOLDS:
        return "Folds share rows, so there is no honest range and no comparison from them; record predictions for both"
    if kind is ResultKind.NUMBER:
        return "No range and no comparison without its rows; record predictions for both"
    return ""


def _time_said(used: timedelta | None, box: timedelta | None) -> str:
    if used is None:
        return ""
    if box is None:
        return f" {duration_text(used)} used."
    return f" {duration_text(used)} used, {left_text(box - used)}."


def status_line(evidence: Evidence, findings: Sequence[Finding] = ()) -> str:
    """One line for a status bar: "shelf: 3 h 40 of 6 h used, 2 h 20 left. svm 99.4, knn 98.9. 1 warning"."""
    experiment, judgement = evidence.experiment, evidence.judgement
    time = f"{time_text(evidence.used, experiment.box)} used"
    if experiment.box is not None:
        time += f", {left_text(experiment.box - evidence.used)}"
    parts = [f"{cut(label(experiment.name), 40)}: {time}"]
    if experiment.decision is not None:
        parts.append(
            "Decided: " + (cut(label(experiment.decision.candidate), 40) if experiment.decision.candidate else "none")
        )
    elif experiment.closed_at is not None:
        parts.append("Closed")
    elif experiment.paused_at is not None:
        parts.append("Paused")
    if judgement is not None and judgement.standings:
        first = judgement.standings[:_SHOWN]
        scores = [f"{cut(label(s.candidate), 24)} {score_text(s.score, judgement.bounded)}" for s in first]
        more = len(judgement.standings) - len(first)
        parts.append(", ".join(scores) + (f" and {more} more" if more else ""))
    else:
        parts.append("No comparable result yet")
    found = [f for f in findings if f.outcome is Outcome.FINDING]
    errors = sum(f.level is Level.ERROR for f in found)
    warnings = sum(f.level is Level.WARNING for f in found)
    weighed = [count(n, word) for n, word in ((errors, "error"), (warnings, "warning")) if n]
    return ". ".join([*parts, *([", ".join(weighed)] if weighed else [])])


def status_text(evidence: Evidence, findings: Sequence[Finding] = (), *, width: int = 100) -> str:
    """For `%mlee_experiment status`: the question, the time, what each candidate cost, what was found."""
    experiment, charter = evidence.experiment, evidence.charter
    lines = wrap(status_line(evidence, findings), width, rest="  ")
    for head, said in (("question", charter.question), ("decision", charter.decision), ("owner", charter.owner)):
        if said:
            lines += wrap(f"  {head:<10} {clean(said, 400)}", width, rest=" " * 13)
    metric = evidence.judgement.metric if evidence.judgement else charter.metric
    lines.append(
        f"  {'metric':<10} {cut(clean(metric_label(metric)), 40) if metric else 'chosen from the truth'}"
        + _gain(evidence)
    )
    truth = evidence.declared_truth
    if truth is not None or experiment.truth_name:
        rows = f", {count(truth.n, 'case')}" if truth else ""
        lines.append(f"  {'truth':<10} {cut(label(truth.name if truth else experiment.truth_name), 40)}{rows}")
    if experiment.deadline is not None:
        lines.append(f"  {'deadline':<10} {experiment.deadline:%d %b %Y}")
    for extension in experiment.extensions:
        lines += wrap(
            f"  {'extended':<10} by {duration_text(extension.by)}: {clean(extension.because)}", width, rest=" " * 13
        )
    if evidence.records.candidates:
        lines += _effort_table(evidence, width)
    found = [f for f in findings if f.outcome is Outcome.FINDING]
    for finding in sorted(found, key=lambda f: (list(Level).index(f.level), f.rule)):
        lines += finding_lines(finding)
    return "\n".join(lines)


def _gain(evidence: Evidence) -> str:
    judgement = evidence.judgement
    if judgement is not None:
        gain = gain_text(judgement.useful_gain, judgement.bounded)
        return f", useful gain {gain}" + (" (assumed)" if judgement.useful_gain_assumed else "")
    gain_named = evidence.charter.useful_gain
    return "" if gain_named is None else f", useful gain {gain_text(gain_named, is_bounded(evidence.charter.metric))}"


def _effort_table(evidence: Evidence, width: int) -> list[str]:
    named = [(cut(label(c.name), 32), c) for c in evidence.records.candidates[:50]]
    size = max(columns(name) for name, _ in named)
    lines = []
    for name, candidate in named:
        effort = evidence.efforts.get(candidate.name)
        if effort is None or not effort.runs:
            said = f"{candidate.state}, nothing run yet" if candidate.state != "planned" else "planned, nothing run yet"
        else:
            failed = f", {effort.failed_runs} failed" if effort.failed_runs else ""
            tries = f"{count(effort.variants, 'variant')}, {count(effort.runs, 'run')}{failed}"
            said = f"{duration_text(effort.active)}, {tries}"
            said += "" if candidate.state == "active" else f", {candidate.state}"
        lines.append(cut(f"  {pad(name, size)}  {said}", width))
    hidden = len(evidence.records.candidates) - len(named)
    return [*lines, f"  and {hidden} more"] if hidden else lines


@dataclass(frozen=True, kw_only=True)
class ExperimentRow:
    """One experiment in a list; what is not known stays None."""

    name: str
    state: str  # open, paused, decided, closed
    used: timedelta | None = None
    box: timedelta | None = None
    candidates: int = 0
    results: int = 0
    opened_at: datetime | None = None
    chosen: str | None = None


def experiments_text(rows: Sequence[ExperimentRow], *, width: int = 100) -> str:
    """For `%mlee_experiment list`: one line an experiment."""
    if not rows:
        return "No experiment yet. Start one: %mlee_experiment start NAME --budget 6h"
    heads = ("experiment", "state", "time", "candidates", "results", "since", "chosen")
    table = [heads] + [
        (
            cut(label(row.name), 32),
            row.state,
            "" if row.used is None else time_text(row.used, row.box),
            str(row.candidates),
            str(row.results),
            "" if row.opened_at is None else f"{row.opened_at.astimezone():%d %b %Y}",
            "" if row.chosen is None else cut(label(row.chosen), 24),
        )
        for row in rows
    ]
    sizes = [max(columns(line[i]) for line in table) for i in range(len(heads))]
    right = {3, 4}
    return "\n".join(
        cut("  ".join(pad(cell, sizes[i], right=i in right) for i, cell in enumerate(line)).rstrip(), width)
        for line in table
    )
