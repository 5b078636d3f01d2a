"""MLE108 full-data-prototype: one run took more than a quarter of the box.

What it sees: an undecided experiment, and a run of ten minutes or more outside development that took more than 25% of
the box, well or in vain, of a candidate that had no run on fewer rows before (--trained-on). Another share:
[tool.mlee.rules.full-data-prototype] limit = 0.5.

Why it misleads: a prototype is there to tell whether an approach is worth its time. A tenth of the rows tells that
nearly as well, and what does not work is known ten times sooner.

What to do: try a tenth of the rows first, say how many with --trained-on, and run on all of them what is worth it.

Reference: the method's own; a quarter of the box is a judgement.
"""

from collections.abc import Iterable
from datetime import timedelta

from mlee_jupyter.domain import Evidence, Finding, Level, Result, Rule
from mlee_jupyter.domain.durations import show
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import DEVELOPMENT, NO_BOX, SET_A_BOX, box_of, limit
from mlee_jupyter.guardrails.rule_words import short, typed

SHARE = 0.25  # of the box
LEAST = timedelta(minutes=10)  # a run that is waited for without looking away


def check(evidence: Evidence) -> Finding:
    """Look for a run that ate a large part of the box at once."""
    box, share = box_of(evidence), limit(evidence, RULE.name, SHARE)
    if box is None:
        return not_applicable(RULE, NO_BOX, SET_A_BOX)
    playing = {c.name for c in evidence.in_play}
    runs: dict[int, Result] = {r.run_id: r for r in evidence.records.results if r.stage != DEVELOPMENT}
    long = [
        (_took(run), run)
        for run in runs.values()
        if run.candidate in playing and _took(run) >= LEAST and _took(run) > share * box
        if not _tried_on_fewer(run, runs.values())
    ]
    if not long or not evidence.experiment.is_open:
        return ok(RULE)
    took, run = max(long, key=lambda one: one[0])
    return finding(
        RULE,
        f"One run of {short(run.candidate)} took {show(took)} of the {show(box)}",
        f"Try a tenth of the rows first: %%mlee_candidate {typed(run.candidate)} --trained-on ROWS",
        facts={"candidate": run.candidate, "took": took, "box": box},
        severity=float(len({one.candidate for _, one in long})),
    )


def _took(run: Result) -> timedelta:
    return timedelta(microseconds=max(0, run.duration_us))


def _tried_on_fewer(run: Result, runs: Iterable[Result]) -> bool:
    """Whether a run on fewer rows came before it."""
    rows = run.trained_on
    return any(
        other.candidate == run.candidate
        and other.started_us < run.started_us
        and other.trained_on is not None
        and (rows is None or other.trained_on < rows)
        for other in runs
    )


RULE = Rule(code="MLE108", name="full-data-prototype", level=Level.ADVICE, check=check)
