"""MLE104 one-ate-it: one candidate took more than half of the box while another got nothing.

What it sees: the active time of one candidate still in play is over 50% of the box, and another one in play has
neither time nor a run. A candidate's time is its cells and the short gap before each of them.

Why it misleads: a fair share among k candidates is 1/k of the time. The one that took most of it was tuned, the
others were not, so the comparison shows the care and not the approach.

What to do: park the one that is far enough and give the next its turn; a parked candidate keeps its results.

Reference: half of the box is a judgement: with two candidates it is the fair share, with more it is well above.
"""

from mlee_jupyter.domain import Evidence, Finding, Level, Rule
from mlee_jupyter.domain.durations import show
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import NO_BOX, SET_A_BOX, box_of, effort
from mlee_jupyter.guardrails.rule_words import listed, short, typed

SHARE = 0.5  # of the box


def check(evidence: Evidence) -> Finding:
    """Hold the largest share of the box against candidates that got nothing."""
    box = box_of(evidence)
    if box is None:
        return not_applicable(RULE, NO_BOX, SET_A_BOX)
    spent = {c.name: effort(evidence, c.name).active for c in evidence.in_play}
    starved = [name for name, active in spent.items() if not active and not effort(evidence, name).runs]
    eater = max(spent, key=lambda name: spent[name], default=None)
    over = (evidence.share_used or 0) >= 1  # then MLE103 speaks
    if eater is None or not starved or spent[eater] <= SHARE * box or over or not evidence.experiment.is_open:
        return ok(RULE)
    return finding(
        RULE,
        f"{short(eater)} took {show(spent[eater])} of {show(box)}, {listed(starved)} nothing yet",
        f"Give the next one its turn: %mlee_experiment park {typed(eater)}",
        facts={"candidate": eater, "spent": spent[eater], "box": box, "starved": tuple(starved)},
        severity=spent[eater] / (SHARE * box),
    )


RULE = Rule(code="MLE104", name="one-ate-it", level=Level.WARNING, check=check)
