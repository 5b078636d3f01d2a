"""MLE305 winner-flattered: much of the best score is the luck of having chosen the best.

What it sees: the expected excess of the leader's score, from the scatter of all variants judged on these rows, is
more than half of the useful gain. No fixed count of looks: with many rows even hundreds of looks flatter little.

Why it misleads: the best of k scores is the best partly by luck, and luck does not come along to fresh rows. Ten
equal models at 90% on 300 rows: the best looks about 2 points too good; on 5,000 rows half a point.

What to do: promise the score less the excess, or confirm the chosen candidate on rows that nobody has looked at.

Reference: G. C. Cawley, N. L. C. Talbot (2010), On over-fitting in model selection and subsequent selection bias in
performance evaluation, Journal of Machine Learning Research 11, 2079-2107. The excess is a parametric bootstrap of
the leader's score; its bound for k equal scores of standard error s is s sqrt(2 ln k).
"""

import math

from mlee_jupyter.domain import Evidence, Finding, Level, Rule
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import HAND_OVER, NO_JUDGEMENT, chosen
from mlee_jupyter.guardrails.rule_words import cases_of, gain_of, short

SHARE = 0.5  # of the useful gain


def check(evidence: Evidence) -> Finding:
    """Hold the luck of the choice against the useful gain."""
    judgement = evidence.judgement
    if judgement is None:
        return not_applicable(RULE, NO_JUDGEMENT, HAND_OVER)
    bound = SHARE * judgement.useful_gain
    facts = {"flattery": judgement.flattery, "looks": judgement.looks, "useful_gain": judgement.useful_gain}
    taken = chosen(evidence)
    if not judgement.flattery > bound > 0 or judgement.looks < 2 or taken not in (None, judgement.leader):
        return ok(RULE, f"choosing flatters by about {gain_of(judgement, judgement.flattery)}", facts)
    fresh = evidence.records.fresh
    if fresh is not None and judgement.leader in {one.candidate for one in fresh.confirmed}:
        return ok(
            RULE, f"{short(judgement.leader)} has a score on {short(fresh.name)}, where nothing was chosen", facts
        )
    return finding(
        RULE,
        f"About {gain_of(judgement, judgement.flattery)} of {short(judgement.leader)}'s score may be luck, "
        f"as the best of {judgement.looks} on the same {cases_of(judgement)}",
        f"{gain_of(judgement, judgement.useful_gain)} would matter to you: confirm it on fresh cases, then promise it",
        facts=facts,
        severity=1 + math.log2(judgement.flattery / bound),
    )


RULE = Rule(code="MLE305", name="winner-flattered", level=Level.WARNING, check=check)
