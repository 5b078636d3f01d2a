"""Where an experiment stands: on one line, and on a screen."""

from __future__ import annotations

from collections.abc import Sequence

from mlee_jupyter.domain import Evidence, Finding, Level, Outcome
from mlee_jupyter.domain.text.names import clean, columns, count, cut, label, pad, wrap
from mlee_jupyter.domain.text.numbers import gain_text, score_text
from mlee_jupyter.domain.text.numbers import time_text as duration_text
from mlee_jupyter.report.board.contents import deadline_text, left_text, time_text
from mlee_jupyter.report.board.second_sample_words import fresh_lines, waiting_text
from mlee_jupyter.stats.metrics.metric_names import is_bounded, metric_label

from .finding_lines import finding_lines

_SHOWN = 3  # candidates named with their scores on a status line
_MOST_CANDIDATES = 50  # lines of the table of efforts


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
    if evidence.records.fresh is not None:
        lines += wrap(f"  {'fresh':<10} {waiting_text(evidence.records.fresh)}", width, rest=" " * 13)
        for said in fresh_lines(evidence):
            lines += wrap(f"  {'':<10} {said}", width, rest=" " * 13)
    if experiment.deadline is not None:
        lines.append(f"  {'deadline':<10} {deadline_text(experiment.deadline, evidence.now.date())}")
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
    named = [(cut(label(c.name), 32), c) for c in evidence.records.candidates[:_MOST_CANDIDATES]]
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
