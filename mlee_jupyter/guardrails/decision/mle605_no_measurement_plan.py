"""MLE605 no-measurement-plan: it goes into use, and nothing says how anybody will know that it worked.

What it sees: a decision for a candidate, a charter that says how it is to be used (serving), and neither `measure` in
the charter nor an A/B test that was planned.

Why it misleads: a score says how often the answers are right, not what they change. Without a group that goes on as
today, whatever happens afterwards has a dozen other causes, and after three accurate months nobody can say what it
earned.

What to do: keep some of the units (stores, customers, weeks) as they are, and say so before it starts:
%%mlee_experiment change, measure = "20 of 200 stores keep counting by hand for 6 weeks". `mlee ab plan` says how many
and how long.

Reference: R. Kohavi, D. Tang and Y. Xu (2020), Trustworthy Online Controlled Experiments, Cambridge University Press,
chapter 1, on why what came after is not what came of it.
"""

from mlee_jupyter.domain import Evidence, Finding, Level, Rule
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import DECIDE, NO_DECISION, chosen
from mlee_jupyter.guardrails.rule_words import short


def check(evidence: Evidence) -> Finding:
    """Look for a plan of measuring what it changes."""
    name = chosen(evidence)
    if evidence.experiment.decision is None:
        return not_applicable(RULE, NO_DECISION, DECIDE)
    if name is None:
        return ok(RULE, "decided against all of them")
    if evidence.charter.serving is None:
        return not_applicable(
            RULE, "how it is to be used is not named", 'Write serving = {mode = "weekly batch"} into the charter'
        )
    if (evidence.charter.measure or "").strip() or (evidence.trial is not None and evidence.trial.needed is not None):
        return ok(RULE, "how it will be measured is written")
    return finding(
        RULE,
        f"{short(name)} goes into use, and nothing says how anybody will know that it worked",
        'Keep a group as it is today: %mlee_experiment change measure="...". How large: mlee ab plan',
        facts={"chosen": name},
    )


RULE = Rule(code="MLE605", name="no-measurement-plan", level=Level.WARNING, check=check)
