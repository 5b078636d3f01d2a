"""MLE409 too-good: a result is better than honest work usually gives.

What it sees: one of three. One column alone is right on 99% of the test rows and on 19 of 20 that guessing gets wrong
(of numbers: explains 99% of their ranks, where no time is chartered). A candidate is right on every one of 60 rows or
more, or a loss is nothing at all. A candidate's error, even at the upper end of its range, is below a tenth of that of
the best candidate declared simpler. Free baselines are no such candidate. Where the column holds the answers
themselves, or numbers are met to the last digit on 60 rows, it is an error, and nobody it touches is best.

Why it misleads: such results are mostly leaks. The target stands among the features under another name, or is known
only after the fact, or the rows were learned by heart.

What to do: look at that column and ask when its value is known; check that test rows are not in train (MLE407); if the
problem is that easy, take the simplest candidate and ignore this rule with that reason.

Reference: S. Kaufman, S. Rosset, C. Perlich (2012), Leakage in data mining, ACM TKDD 6(4). 60 rows without an error
leave room for a true error of 5% (rule of three); so an honest candidate that is right on 97% of rows is perfect on 60
in 16% of samples, and on 200 in 0.2%. On eleven honest problems (docs/sample_size.md) no candidate fires by the
tenth, the column does in 5% of the splits of iris and nowhere else, and perfection in 15% and 5% of those of two that
are easy (wine). The tenth, the 19 of 20 and the 99% are judgements.
"""

import math

from mlee_jupyter.domain import Evidence, Finding, Giveaway, Judgement, Level, Rule, Standing
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import HAND_OVER, NO_JUDGEMENT, simplicity
from mlee_jupyter.guardrails.rule_words import number, score_of, short
from mlee_jupyter.stats.metrics.metric_names import known

ENOUGH = 60
ALONE = 0.99  # right by one column
MISSED, FEWEST_OTHERS = 0.05, 10  # of the rows that guessing gets wrong, of which there are so many
TENTH = 0.1
NOTHING = 1e-12


def check(evidence: Evidence) -> Finding:
    """Look for a column that tells all, a perfect score, a leap over the simpler one."""
    judgement = evidence.judgement
    column = evidence.sample.giveaway if evidence.sample is not None else None
    if judgement is None and column is None:
        return not_applicable(RULE, NO_JUDGEMENT, HAND_OVER)
    labels = evidence.declared_truth is None or evidence.declared_truth.kind == "labels"
    if column is not None and _tells_all(column) and (labels or evidence.charter.time is None):
        share = f"{number(100 * column.score, 3)}% of {column.n:,} test rows"
        alone = f"alone is right on {share}" if labels else f"alone explains {share}"
        return finding(
            RULE,
            f"{short(column.column, 30)} {f'is a copy of the {column.n:,} answers' if column.copy else alone}",
            "Ask when its value is known; if only after the answer, leave it out and record again",
            facts={"column": column.column, "score": column.score},
            severity=3.0 if column.copy else 2.0,
            level=Level.ERROR if column.copy else None,
        )
    if judgement is None:
        return ok(RULE, "no column alone tells the answer")
    facts = known(judgement.metric)
    if facts is not None and facts.counted in ("positives", "alarms"):
        return ok(RULE, "always saying one class is perfect by it")
    perfect = [s for s in judgement.standings if _perfect(judgement, s)]
    if perfect and judgement.n >= ENOUGH:
        # numbers are never met to the last digit by a model: these answers are the truth's own
        return finding(
            RULE,
            f"{short(perfect[0].candidate)} {_feat(judgement)} all {judgement.n:,} test rows"
            f"{': check for a leak' if labels else ' to the last digit: it was given the answers'}",
            "Look for a feature that holds the answer, and for test rows in train (train = X_train in the charter)",
            facts={"perfect": tuple(s.candidate for s in perfect), "n": judgement.n},
            level=None if labels else Level.ERROR,
        )
    for standing in judgement.standings:
        simpler = _simpler(evidence, judgement, standing)
        if simpler is not None and _leaps(judgement, standing, simpler):
            scores = f"{score_of(judgement, standing.score)} against {score_of(judgement, simpler.score)}"
            return finding(
                RULE,
                f"{short(standing.candidate)} errs less than a tenth as much as {short(simpler.candidate)} ({scores})",
                "Look for a feature that holds the answer, which only the less simple one can use",
                facts={"candidate": standing.candidate, "simpler": simpler.candidate},
            )
    return ok(RULE, "no result is suspiciously good")


def _feat(judgement: Judgement) -> str:
    facts = known(judgement.metric)
    return "ranks without a mistake" if facts is not None and facts.ranks else "is right on"


def _tells_all(column: Giveaway) -> bool:
    wrong = (1 - column.guessing) * column.n  # by guessing
    missed = (1 - column.score) * column.n
    return column.n >= ENOUGH and column.score >= ALONE and wrong >= FEWEST_OTHERS and missed <= MISSED * wrong


def _perfect(judgement: Judgement, standing: Standing) -> bool:
    facts = known(judgement.metric)
    best = facts.exact if facts is not None else None
    return best is not None and abs(standing.score - best) <= NOTHING


def _simpler(evidence: Evidence, judgement: Judgement, standing: Standing) -> Standing | None:
    """The best of the candidates declared simpler."""
    own = simplicity(evidence, standing)
    if own is None:
        return None
    for other in judgement.standings:  # best score first
        rank = simplicity(evidence, other)
        if rank is not None and rank < own:
            return other
    return None


def _leaps(judgement: Judgement, standing: Standing, simpler: Standing) -> bool:
    """Whether even the worst end of its range errs less than a tenth as much."""
    if judgement.n < ENOUGH:
        return False
    if judgement.bounded:
        worst, theirs = 1 - standing.low, 1 - simpler.score
    elif not judgement.higher_is_better:
        worst, theirs = standing.high, simpler.score
    else:
        return False
    return math.isfinite(worst) and math.isfinite(theirs) and 0 <= worst < TENTH * theirs


RULE = Rule(code="MLE409", name="too-good", level=Level.WARNING, check=check)
