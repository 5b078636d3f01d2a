"""MLE506 no-simple-try: nothing simple is planned or was tried.

What it sees: how simple each candidate in play is (--simplicity, or [candidates.NAME] simplicity = 2), and that none of
them is at 1 or 2: a constant, a rule, a query, a group's average, a linear model. It looks at the plan as soon as two
candidates are planned, and else when half of the box is used or a decision was made. Free baselines do not count:
they know nothing of the problem.

Why it misleads: without a simple try nobody knows what the clever ones are worth. Often the simple one answers the
question, and then it is there in an hour.

What to do: try first what one would do by hand, as the charter's by_hand says.

Reference: R. C. Holte (1993), Very simple classification rules perform well on most commonly used datasets, Machine
Learning 11, 63-90.
"""

from mlee_jupyter.domain import Candidate, Evidence, Finding, Level, Rule
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import effort
from mlee_jupyter.guardrails.rule_words import listed, several, short

SIMPLE = 2
REMEDY = "Try the simplest first: %%mlee_candidate NAME --simplicity 1"


def check(evidence: Evidence) -> Finding:
    """Look for a candidate that is simple."""
    tried = {c.name for c in evidence.records.candidates if effort(evidence, c.name).variants}
    known = [c for c in evidence.records.candidates if c in evidence.in_play or c.name in tried]
    planned = [c for c in evidence.in_play if c.planned]
    if any(_rank(c) <= SIMPLE for c in known):
        return ok(RULE, "something simple is among them")
    due = evidence.experiment.decision is not None or (evidence.share_used or 0) >= 0.5
    if not known or not (len(planned) >= 2 or (due and tried)):
        return not_applicable(
            RULE, "nothing is planned, and it is early", "Plan candidates: %mlee_experiment plan NAME"
        )
    silent = [c.name for c in known if c.simplicity is None]
    if silent:
        said = f"how simple {listed(silent)} {'is' if len(silent) == 1 else 'are'} was not said"
        return not_applicable(RULE, said, "Say so: %%mlee_candidate NAME --simplicity 2")
    by_hand = (evidence.charter.by_hand or "").strip()
    first = f"Try first what one would do by hand ({short(by_hand, 60)}): %%mlee_candidate NAME --simplicity 1"
    what = several(len(known), "candidate")
    return finding(
        RULE,
        f"None of {what} is simple: {listed([c.name for c in known])}" if len(known) > 1 else _alone(known[0]),
        first if by_hand else REMEDY,
        facts={"candidates": {c.name: c.simplicity for c in known}},
    )


def _alone(one: Candidate) -> str:
    return f"The only candidate, {short(one.name)}, is not simple"


def _rank(one: Candidate) -> float:
    return float("inf") if one.simplicity is None else one.simplicity


RULE = Rule(code="MLE506", name="no-simple-try", level=Level.ADVICE, check=check)
