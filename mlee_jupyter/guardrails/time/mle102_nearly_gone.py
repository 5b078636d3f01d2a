"""MLE102 nearly-gone: four fifths of the time box are used and a candidate has not been tried.

What it sees: 80% of the box or more is used, and a candidate still in play has no result. It gives way to MLE103
at 100%. A limit that was behind you already when you extended the box is not said again.

Why it misleads: this is the last moment at which the choice of what to try next still changes the comparison.
After it, "we compared five approaches" quietly becomes "we compared the ones we got to".

What to do: try it now in its simplest form, or drop it with a reason.

Reference: 80% is a judgement, not a measurement: a fifth of the box is about one candidate's share.
"""

from mlee_jupyter.domain import Evidence, Finding, Level, Rule
from mlee_jupyter.domain.durations import show
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import NO_BOX, SET_A_BOX, box_of, passed_before_extension
from mlee_jupyter.guardrails.rule_words import listed, typed

FROM, TO = 0.8, 1.0  # of the box; beyond it MLE103 speaks


def check(evidence: Evidence) -> Finding:
    """Look for candidates without a result in the last fifth of the box."""
    box, share, waiting = box_of(evidence), evidence.share_used, evidence.untouched
    if box is None or share is None:
        return not_applicable(RULE, NO_BOX, SET_A_BOX)
    facts = {"used": evidence.used, "box": box, "share": share, "untouched": waiting}
    silent = not evidence.experiment.is_open or passed_before_extension(evidence, FROM * box)
    if not FROM <= share < TO or not waiting or silent:
        return ok(RULE, f"{show(evidence.used)} of {show(box)} used", facts)
    has, it = ("has", "it") if len(waiting) == 1 else ("have", "them")
    return finding(
        RULE,
        f"{show(evidence.used)} of {show(box)} used, {listed(waiting)} {has} no result",
        f"Try {it} now, or drop {it}: %mlee_experiment drop {typed(waiting[0])} --because ...",
        facts=facts,
    )


RULE = Rule(code="MLE102", name="nearly-gone", level=Level.WARNING, check=check)
