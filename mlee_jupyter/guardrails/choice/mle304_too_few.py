"""MLE304 too-few: decided after trying fewer than two approaches.

What it sees: a decision for a candidate while fewer than two approaches have a result. Free baselines are computed
for you and do not count, neither do the variants of one approach.

Why it misleads: without a second approach nobody knows whether the score is good or the problem easy.

What to do: try one simpler approach, a rule by hand or a linear model, before the decision is passed on.

Reference: D. J. Hand (2006), Classifier technology and the illusion of progress, Statistical Science 21, 1-14:
simple methods take most of the gain that is there. Two is a judgement.
"""

from mlee_jupyter.domain import Evidence, Finding, Level, Rule, RunOutcome
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import DECIDE, DEVELOPMENT, NO_DECISION, chosen
from mlee_jupyter.guardrails.rule_words import several, short

ENOUGH = 2


def check(evidence: Evidence) -> Finding:
    """Count the approaches with a result behind a decision."""
    if evidence.experiment.decision is None:
        return not_applicable(RULE, NO_DECISION, DECIDE)
    name = chosen(evidence)
    tried = {
        line.candidate
        for line in evidence.records.results
        if line.outcome == RunOutcome.OK and line.metric is not None and line.stage != DEVELOPMENT
    }
    if name is None or len(tried) >= ENOUGH:
        return ok(RULE, f"{several(len(tried), 'approach', 'approaches')} tried", {"tried": len(tried)})
    return finding(
        RULE,
        f"{short(name)} was chosen after {several(len(tried), 'approach', 'approaches')}: nothing to hold it against",
        "Try one simpler approach, then decide: %%mlee_candidate NAME --simplicity 1",
        facts={"chosen": name, "tried": len(tried)},
    )


RULE = Rule(code="MLE304", name="too-few", level=Level.ADVICE, check=check)
