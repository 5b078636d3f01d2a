"""MLE603 lone-wolf: half of the time is used, and nobody it is for has seen anything.

What it sees: an owner in the charter, a result to show, half of the time box used, and no note that anybody was shown
how it stands (%mlee_experiment shown).

Why it misleads: who builds alone until the end learns at the end what was wanted. Two examples shown at half time, a
good answer and a bad one, cost a quarter of an hour and move the question while it can still be moved.

What to do: show the brief and two examples, ask what they would do with them, and note what was said:
%mlee_experiment shown --to ROLE --said "...". An owner who cannot be reached is a reason to ignore this.

Reference: a judgement; half of the box is the first time at which there is something to show and time left to use it.
"""

from mlee_jupyter.domain import SHOWN, Evidence, Finding, Level, Rule
from mlee_jupyter.domain.durations import show
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import NO_BOX, SET_A_BOX, box_of
from mlee_jupyter.guardrails.rule_words import short, typed

FROM = 0.5  # of the box


def check(evidence: Evidence) -> Finding:
    """Look for a note that somebody saw it."""
    box, share, owner = box_of(evidence), evidence.share_used, (evidence.charter.owner or "").strip()
    if not owner:
        return not_applicable(RULE, "nobody is named whom it is for", 'Write owner = "operations" into the charter')
    if box is None or share is None:
        return not_applicable(RULE, NO_BOX, SET_A_BOX)
    seen = [entry for entry in evidence.records.trace if entry.what == SHOWN]
    if seen:
        return ok(RULE, f"shown to {short(seen[-1].subject)}")
    if share < FROM or not evidence.experiment.is_open or not evidence.on_board:
        return ok(RULE, f"{show(evidence.used)} of {show(box)} used")
    return finding(
        RULE,
        f"{show(evidence.used)} of {show(box)} are used, and {short(owner)} has seen nothing yet",
        f"Show the brief and two examples, then: %mlee_experiment shown --to {typed(owner)} --said ...",
        facts={"share": share, "owner": owner},
    )


RULE = Rule(code="MLE603", name="lone-wolf", level=Level.ADVICE, check=check)
