"""MLE301 winner-by-luck: the best score was chosen, but it may be best by luck.

What it sees: a decision for the leader of the board while another candidate in the best set is "can't tell": these
rows cannot separate the two, and choosing the wrong one may cost more than the useful gain. A decision for the
recommended candidate is fine.

Why it misleads: with candidates of equal worth somebody still has the best score. Saying "svm won" turns that luck
into a fact that others will build on.

What to do: decide for the simplest one that is as good, if there is one; or score on more rows; or keep the
decision and give another reason than the score: price, speed, what you can maintain.

Reference: P. R. Hansen, A. Lunde, J. M. Nason (2011), The model confidence set, Econometrica 79, 453-497. The best
set holds every truly best candidate in at least 95 of 100 samples; its p-values are calibrated for small samples.
"""

from mlee_jupyter.domain import Evidence, Finding, Level, Rule, Verdict
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import DECIDE, HAND_OVER, NO_DECISION, NO_JUDGEMENT, chosen
from mlee_jupyter.guardrails.rule_words import about, cases_of, gains_of, listed, short, typed


def check(evidence: Evidence) -> Finding:
    """Hold a decision for the leader against the candidates it is not separated from."""
    judgement, name = evidence.judgement, chosen(evidence)
    if evidence.experiment.decision is None:
        return not_applicable(RULE, NO_DECISION, DECIDE)
    if name is None:
        return ok(RULE, "decided against all of them")
    if judgement is None or judgement.of(name) is None:
        return not_applicable(RULE, NO_JUDGEMENT, HAND_OVER)
    standing = judgement.of(name)
    if standing is not None and standing.verdict is Verdict.WORSE:
        least, most = sorted((standing.behind_low, standing.behind_high))
        return finding(
            RULE,
            f"{short(name)} was chosen and is worse than {short(judgement.leader)} by "
            f"{gains_of(judgement, max(0.0, least), most)}",
            f"Take the better one, or say in the reason what makes up for it: {DECIDE}",
            facts={"chosen": name, "rivals": (judgement.leader,), "n": judgement.n, "rows_needed": None},
            severity=2.0,
        )
    rivals = [s for s in judgement.standings if s.verdict is Verdict.CANT_TELL and s.candidate != name]
    if name != judgement.leader or name == judgement.recommended or not rivals:
        return ok(RULE, f"{short(name)}: not chosen for luck")
    rows = rivals[0].rows_needed or judgement.rows_needed
    if rows and rows > judgement.n:
        more = f"About {about(rows)} cases would settle it; or "
    elif rivals[0].rows_needed is None or rivals[0].behind == 0:
        more = "More cases will hardly tell them apart: "
    else:
        more = "Score on more cases; or "
    if judgement.recommended is not None:
        way = f"take the one that is as good: %mlee_experiment decide {typed(judgement.recommended)} --because ..."
    else:
        way = f"give another reason than the score: {DECIDE}"
    return finding(
        RULE,
        f"{short(name)} was chosen, but {cases_of(judgement)} can't tell it from "
        f"{listed([s.candidate for s in rivals], most=2)}",
        f"{more}{way}",
        facts={"chosen": name, "rivals": tuple(s.candidate for s in rivals), "n": judgement.n, "rows_needed": rows},
    )


RULE = Rule(code="MLE301", name="winner-by-luck", level=Level.WARNING, check=check)
