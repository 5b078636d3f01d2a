"""MLE308 best-seed: a candidate stands by its best seed.

What it sees: three or more variants of one candidate whose names differ in nothing but a seed ("seed=3",
"random_state 7"), with the candidate judged by the best of them.

Why it misleads: whoever trains it again gets the usual seed, not the best one. What a lucky seed adds is no part of
the approach.

What to do: report the mean over the seeds, or the one seed fixed beforehand; ensembles of all seeds are fair, too.

Reference: X. Bouthillier and others (2021), Accounting for variance in machine learning benchmarks, Proceedings of
Machine Learning and Systems 3.
"""

import re
from collections.abc import Mapping

from mlee_jupyter.domain import Evidence, Finding, Judgement, Level, Rule, Standing
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import HAND_OVER, NO_JUDGEMENT
from mlee_jupyter.guardrails.rule_words import gain_of, score_of, short

FEWEST = 3
_SEED = re.compile(r"\b(seed|random[_ ]?state|rng)\b(\s*[=:]?\s*)\d+", re.IGNORECASE)


def check(evidence: Evidence) -> Finding:
    """Look for candidates that stand by the best of several seeds."""
    judgement = evidence.judgement
    if judgement is None:
        return not_applicable(RULE, NO_JUDGEMENT, HAND_OVER)
    lucky = [(standing, seeds) for standing in judgement.standings if (seeds := _seeds(evidence, judgement, standing))]
    if not lucky:
        return ok(RULE, "no candidate stands by the best of several seeds")
    standing, seeds = max(lucky, key=lambda one: len(one[1]))
    mean = sum(seeds.values()) / len(seeds)
    return finding(
        RULE,
        f"{short(standing.candidate)} stands by the best of {len(seeds)} seeds, {score_of(judgement, standing.score)}; "
        f"their mean is {score_of(judgement, mean)}",
        f"Promise the mean: the best seed adds {gain_of(judgement, abs(standing.score - mean))}",
        facts={"candidate": standing.candidate, "seeds": len(seeds), "best": standing.score, "mean": mean},
        severity=float(len(lucky)),
    )


def _seeds(evidence: Evidence, judgement: Judgement, standing: Standing) -> Mapping[str, float]:
    """Scores of the variants that differ from the standing's in the seed alone; empty where it is not their best."""
    pattern = _masked(standing.variant)
    if pattern == standing.variant:
        return {}
    found = {
        r.variant: r.value
        for r in evidence.on_board
        if r.candidate == standing.candidate and r.truth == judgement.truth and r.metric == judgement.metric
        if r.value is not None and r.value == r.value and _masked(r.variant) == pattern
    }
    if len(found) < FEWEST or standing.variant not in found:
        return {}
    sign = 1 if judgement.higher_is_better else -1
    best, rest = sign * found[standing.variant], [sign * v for k, v in found.items() if k != standing.variant]
    return found if best > sum(rest) / len(rest) and best >= max(rest) else {}


def _masked(variant: str) -> str:
    return _SEED.sub(r"\1\2*", variant[:1000])


RULE = Rule(code="MLE308", name="best-seed", level=Level.ADVICE, check=check, preview=True)
