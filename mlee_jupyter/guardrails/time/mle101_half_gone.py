"""MLE101 half-gone: half of the time box is used and a candidate has not been tried.

What it sees: 50% of the box or more is used, and a candidate still in play has no result. It gives way to MLE102
at 80% and to MLE103 at 100%. A limit that was behind you already when you extended the box is not said again.

Why it misleads: time goes to what is at hand. A candidate that is tried last gets the least care, and then looks
weaker than it is; one that is never tried cannot win at all.

What to do: try the ones that wait next, at a tenth of the care; or drop them with a reason, so that the plan says
what you do.

Reference: half of the box is a judgement, not a measurement; the shares of the plan are yours.
"""

from mlee_jupyter.domain import Evidence, Finding, Level, Rule
from mlee_jupyter.domain.durations import show
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import NO_BOX, SET_A_BOX, box_of, passed_before_extension
from mlee_jupyter.guardrails.rule_words import listed, typed

FROM, TO = 0.5, 0.8  # of the box; beyond it MLE102 speaks


def check(evidence: Evidence) -> Finding:
    """Look for candidates without a result in the second half of the box."""
    box, share, waiting = box_of(evidence), evidence.share_used, evidence.untouched
    if box is None or share is None:
        return not_applicable(RULE, NO_BOX, SET_A_BOX)
    facts = {"used": evidence.used, "box": box, "share": share, "untouched": waiting}
    silent = not evidence.experiment.is_open or passed_before_extension(evidence, FROM * box)
    if not FROM <= share < TO or not waiting or silent:
        return ok(RULE, f"{show(evidence.used)} of {show(box)} used", facts)
    has = "has" if len(waiting) == 1 else "have"
    return finding(
        RULE,
        f"Half of the {show(box)} is used; {listed(waiting)} {has} no result yet",
        f"Try what waits next: %%mlee_candidate {typed(waiting[0])}",
        facts=facts,
    )


RULE = Rule(code="MLE101", name="half-gone", level=Level.ADVICE, check=check)
