"""MLE105 extended-again: the box was extended twice, or has grown to more than double.

What it sees: two or more extensions, or a box of more than twice the first budget. It is said once for each
further extension, with what the time since the first one has brought.

Why it misleads: every extension looks small from where you stand. Plans made from the inside, from the steps
still to go, are too short nearly always; what earlier extensions brought is the better guide.

What to do: look at what the last extension changed. If it was less than the useful gain, decide now; otherwise say
in the reason what the next hours must show.

Reference: R. Buehler, D. Griffin, M. Ross (1994), Exploring the "planning fallacy", Journal of Personality and
Social Psychology 67, 366-381. The two limits are judgements.
"""

from mlee_jupyter.domain import Evidence, Finding, Level, Rule
from mlee_jupyter.domain.durations import show
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import DECIDE, NO_BOX, SET_A_BOX, box_of
from mlee_jupyter.guardrails.rule_words import gain_of, several


def check(evidence: Evidence) -> Finding:
    """Count the extensions and hold the box against the first budget."""
    experiment = evidence.experiment
    box, first, count = box_of(evidence), experiment.budget, len(experiment.extensions)
    if box is None or not first:
        return not_applicable(RULE, NO_BOX, SET_A_BOX)
    times = box / first
    if not count or (count < 2 and times <= 2) or not experiment.is_open:
        return ok(RULE, facts={"extensions": count, "times": times})
    brought = _brought(evidence)
    gained = f"; the best score moved by {brought} since the first" if brought else ""
    return finding(
        RULE,
        f"{several(count, 'extension')}: {show(box)} instead of {show(first)}{gained}",
        f"Decide now ({DECIDE}), or say in the reason what the next hours must show",
        facts={"extensions": count, "times": times, "box": box, "first": first},
        severity=float(count),
    )


def _brought(evidence: Evidence) -> str:
    """How far the best score has moved since the first extension; nothing where that cannot be said."""
    judgement = evidence.judgement
    if judgement is None:
        return ""
    since = min(extension.at for extension in evidence.experiment.extensions)
    scores = [
        (line.started_at, line.value)
        for line in evidence.on_board
        if line.value is not None and line.metric == judgement.metric and line.truth == judgement.truth
    ]
    before = [value for at, value in scores if at <= since]
    if not before:
        return ""
    best = max if judgement.higher_is_better else min
    return gain_of(judgement, abs(best(value for _, value in scores) - best(before)))


RULE = Rule(code="MLE105", name="extended-again", level=Level.ADVICE, check=check)
