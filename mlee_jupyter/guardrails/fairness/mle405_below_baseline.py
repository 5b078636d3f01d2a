"""MLE405 below-baseline: a candidate does worse than a free constant rule.

What it sees: on the same rows a baseline that needs no model (most frequent class, mean or median, last value) is
better than a candidate in play, beyond chance.

Why it misleads: worse than guessing is rarely a weak model. It is a fault: shuffled rows, a wrong column, labels
turned round, a scaler fitted elsewhere. Comparing such a candidate with others compares faults.

What to do: look for the fault in its cell and record it again, or drop it.

Reference: a paired one-sided comparison at the 5% level, corrected for the number of candidates by S. Holm (1979),
A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6, 65-70.
"""

from mlee_jupyter.domain import Evidence, Finding, Level, Rule
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import HAND_OVER, NO_JUDGEMENT
from mlee_jupyter.guardrails.rule_words import listed, score_of, short, typed


def check(evidence: Evidence) -> Finding:
    """Look for candidates in play that a free baseline beats."""
    judgement = evidence.judgement
    if judgement is None:
        return not_applicable(RULE, NO_JUDGEMENT, HAND_OVER)
    if not judgement.baselines:
        return not_applicable(
            RULE, "no free baseline is known for this metric", "Record one yourself: %%mlee_candidate baseline"
        )
    playing = {c.name for c in evidence.in_play}
    worse = {name: b for b in judgement.baselines for name in b.beats if name in playing}
    if not worse:
        return ok(RULE)
    name, better = next(iter(worse.items()))
    standing = judgement.of(name)
    scores = f" ({score_of(judgement, better.score)} against {score_of(judgement, standing.score)})" if standing else ""
    others = f", and than {listed([n for n in worse if n != name], most=2)}" if len(worse) > 1 else ""
    return finding(
        RULE,
        f"Guessing ({short(better.name)}) does better than {short(name)}{scores}{others}",
        f"Look for a fault in its cell, or drop it: %mlee_experiment drop {typed(name)} --because ...",
        facts={"worse": tuple(worse), "baseline": better.name, "baseline_score": better.score},
        severity=float(len(worse)),
    )


RULE = Rule(code="MLE405", name="below-baseline", level=Level.WARNING, check=check)
