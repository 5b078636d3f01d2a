"""MLE103 time-over: the time box is used up.

What it sees: the active time of the experiment is at least as long as its box, the first budget and every
extension together. Active time is what cells ran and the short gaps between them, so lunch does not count.

Why it misleads: nothing is wrong with the results. But a box that ends without a decision turns into a habit of
one more try, and each further look at the same test rows makes the best score a little luckier.

What to do: decide with what you have; "not decidable with these rows" is a decision too. Or extend the box and
say what the extra time is for. It is said once, and again only after another whole box.

Reference: the limit is yours, from `--budget`; 100% needs no constant.
"""

from datetime import timedelta

from mlee_jupyter.domain import Evidence, Finding, Level, Rule
from mlee_jupyter.domain.durations import show
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import NO_BOX, SET_A_BOX, box_of


def check(evidence: Evidence) -> Finding:
    """Compare the active time with the box."""
    box, share = box_of(evidence), evidence.share_used
    if box is None or share is None:
        return not_applicable(RULE, NO_BOX, SET_A_BOX)
    facts = {"used": evidence.used, "box": box, "share": share}
    if share < 1 or not evidence.experiment.is_open:
        return ok(RULE, f"{show(evidence.used)} of {show(box)} used", facts)
    over = evidence.used - box
    beyond = f", by {show(over)}" if over.total_seconds() >= 60 else ""
    return finding(
        RULE,
        f"The {show(box)} are used{beyond}",
        f"Decide with what you have, or: %mlee_experiment extend {_quarter(box, over)} --because ...",
        facts=facts,
        severity=share,
    )


def _quarter(box: timedelta, over: timedelta) -> str:
    """What is over already and a quarter of the box, as `extend` takes it: "90m", "2h"."""
    seconds = max(1, round((over + box / 4).total_seconds()))
    if seconds < 60:
        return f"{seconds}s"
    minutes = round(seconds / 60)
    return f"{minutes}m" if minutes % 60 else f"{minutes // 60}h"


RULE = Rule(code="MLE103", name="time-over", level=Level.WARNING, check=check)
