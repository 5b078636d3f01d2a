"""MLE406 metric-hides-rare: accuracy cannot show whether the rare class is found.

What it sees: the metric is accuracy, one class holds at least 60% of the test rows, and always answering that class
scores within the useful gain of the best candidate, or above it.

Why it misleads: where 99 of 100 payments are honest, "honest" is right 99 times in 100 and finds no fraud. All
candidates then lie within a point of each other and the differences are about the wrong thing.

What to do: choose a metric that looks at the rare class: recall or precision of it, balanced accuracy, ROC AUC. Say
so with a reason, since the metric is changed after the first results.

Reference: T. Saito, M. Rehmsmeier (2015), The precision-recall plot is more informative than the ROC plot when
evaluating binary classifiers on imbalanced datasets, PLoS ONE 10, e0118432. The 60% keep the rule from speaking
where classes are balanced and the candidates just weak.
"""

from mlee_jupyter.domain import Evidence, Finding, Level, Rule
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import HAND_OVER, NO_JUDGEMENT
from mlee_jupyter.guardrails.rule_words import score_of, short
from mlee_jupyter.stats.metrics.metric_names import counts_right_rows

MAJORITY = 0.6


def check(evidence: Evidence) -> Finding:
    """Hold the best accuracy against that of the most frequent class."""
    judgement = evidence.judgement
    if judgement is None:
        return not_applicable(RULE, NO_JUDGEMENT, HAND_OVER)
    if not counts_right_rows(judgement.metric):
        return not_applicable(RULE, f"the metric is {short(judgement.metric, 25)}", "It answers for accuracy alone")
    leader = judgement.of(judgement.leader)
    guess = next((b for b in judgement.baselines if b.name == "most frequent"), None)
    if leader is None or guess is None:
        return not_applicable(RULE, "the most frequent class is not known", HAND_OVER)
    facts = {"best": leader.score, "most_frequent": guess.score, "useful_gain": judgement.useful_gain}
    if guess.score < MAJORITY or not leader.score - guess.score <= judgement.useful_gain:
        return ok(RULE, f"most frequent class {score_of(judgement, guess.score)}", facts)
    return finding(
        RULE,
        f"Always answering the most frequent class scores {score_of(judgement, guess.score)}, "
        f"{short(leader.candidate)} {score_of(judgement, leader.score)}: accuracy hides the rare ones",
        "Judge by what matters, recall or roc_auc: %mlee_experiment change metric=balanced_accuracy --because ...",
        facts=facts,
    )


RULE = Rule(code="MLE406", name="metric-hides-rare", level=Level.WARNING, check=check)
