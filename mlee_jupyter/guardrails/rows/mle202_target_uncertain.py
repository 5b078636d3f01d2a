"""MLE202 target-uncertain: the candidate you would use may or may not reach the target.

What it sees: the 95% range of its score has `must_reach` inside. The candidate is the one decided for; before a
decision the recommended one, else the leader. It is said once before and once at the decision.

Why it misleads: a score above the target on a few hundred rows is often a score below it on the next few hundred.

What to do: score on about as many rows as it says, which is what would settle it if the score stays as it is; or
decide knowing that the target may be missed, and write that into the reason.

Reference: E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference, Journal of
the American Statistical Association 22, 209-212, for shares of rows; a t interval on influence values otherwise.
"""

import math

from mlee_jupyter.domain import Evidence, Finding, Level, Rule
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import HAND_OVER, NO_JUDGEMENT, chosen, in_question
from mlee_jupyter.guardrails.rule_words import about, score_of, short, target_of

AT_THE_TARGET = "More cases will hardly settle it, the score is at the target"
FAR = 100  # times the rows at hand: more than anybody will collect


def check(evidence: Evidence) -> Finding:
    """Look whether the target lies inside the range of the score that matters."""
    target, judgement = evidence.charter.must_reach, evidence.judgement
    if target is None:
        return not_applicable(RULE, "no target declared", "Write must_reach = 0.95 into the charter")
    standing = in_question(evidence, judgement) if judgement else None
    if judgement is None or standing is None:
        return not_applicable(RULE, NO_JUDGEMENT, HAND_OVER)
    if not (math.isfinite(standing.low) and math.isfinite(standing.high)):
        return not_applicable(RULE, "the score is the same everywhere, so it has no range", HAND_OVER)
    name, low, high = short(standing.candidate), score_of(judgement, standing.low), score_of(judgement, standing.high)
    facts = {"candidate": standing.candidate, "low": standing.low, "high": standing.high, "target": target}
    missed = standing.high < target if judgement.higher_is_better else standing.low > target
    if missed and chosen(evidence) == standing.candidate:
        return finding(
            RULE,
            f"{name} was chosen and lies between {low} and {high}: it misses {target_of(judgement, target)}",
            "Decide against all: %mlee_experiment decide none --because ...; or lower the target with a reason",
            facts=facts,
            severity=3.0,
        )
    if not standing.low < target < standing.high:
        return ok(RULE, f"{name} lies between {low} and {high}, target {target_of(judgement, target)}", facts)
    distance = abs(standing.score - target)
    reach = standing.score - standing.low if target < standing.score else standing.high - standing.score
    times = reach / distance if distance else math.inf
    factor = times * times  # the side of the range that faces the target shrinks with the root of the rows
    settle = (
        f"About {about(max(factor, 1) * judgement.n)} cases would settle it if the score holds"
        if factor <= FAR and judgement.by != "folds"
        else ("Predictions on rows kept aside would say more" if judgement.by == "folds" else AT_THE_TARGET)
    )
    return finding(
        RULE,
        f"{name} lies between {low} and {high}: it may miss {target_of(judgement, target)}",
        f"{settle}; or say in the decision that the target may be missed",
        facts=facts,
        severity=2.0 if chosen(evidence) is not None else 1.0,
    )


RULE = Rule(code="MLE202", name="target-uncertain", level=Level.WARNING, check=check)
