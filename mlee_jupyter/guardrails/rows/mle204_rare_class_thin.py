"""MLE204 rare-class-thin: the class that matters has fewer than 30 test rows.

What it sees: the rows of the smallest class, where the truth has two classes or the metric is about classes (f1,
precision, recall, ROC AUC, balanced accuracy). Plain accuracy over many classes does not depend on any one class.

Why it misleads: how many of the rare ones are found is known only as well as there are rare ones. With 10 of them
the share found is known to 26 points either way, with 30 to 17, with 100 to 10, however many other rows there are.

What to do: take a longer window or more rows, and stratify the split so that the rare class keeps its share.

Reference: the half-width of the Wilson interval (1927) at one half, 1.96 / (2 sqrt(n + 1.96^2)). The 30 is where
it passes 17 points, a judgement.
"""

import math

from mlee_jupyter.domain import Evidence, Finding, Judgement, Level, Rule, Truth
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.rule_words import about, number, several, short
from mlee_jupyter.stats.metrics.metric_names import is_about_classes

ENOUGH = 30
Z = 1.96


def check(evidence: Evidence) -> Finding:
    """Count the rows of the smallest class."""
    judgement = evidence.judgement
    truth = _truth(evidence, judgement)
    if truth is None or truth.kind != "labels":
        return not_applicable(RULE, "no classes declared", "It answers for a truth with classes: --truth y_test")
    metric = (judgement.metric if judgement else evidence.charter.metric) or ""
    if truth.n_classes != 2 and not is_about_classes(metric):
        many = truth.n_classes or len(truth.classes)
        why = f"{short(metric or 'accuracy', 25)} over {many} classes rests on no single class"
        return not_applicable(RULE, why, 'For single classes choose metric = "balanced_accuracy" or "recall"')
    rare = min(truth.classes, key=lambda label: truth.classes[label], default=None)
    rows = truth.classes[rare] if rare is not None else judgement.smallest_class if judgement else None
    if rows is None:
        return not_applicable(RULE, "the rows of each class are not known", "Declare the truth: --truth y_test")
    facts = {"class": rare, "rows": rows}
    if rows >= ENOUGH:
        return ok(RULE, f"{rows:,} test cases of the smallest class", facts)
    unsure = 100 * Z / (2 * math.sqrt(rows + Z**2))
    named = f"of class {short(rare)}" if rare is not None else "of the smallest class"
    whole = f", about {about(truth.n * ENOUGH / rows)} rows at this share" if rows > 0 else ""
    return finding(
        RULE,
        f"{several(rows, 'test case')} {named}: the share of them found is known to {number(unsure)} points either way",
        f"Stratify the split or take a longer window, until there are {ENOUGH}{whole}",
        facts=facts,
        severity=1 + math.log2(ENOUGH / max(rows, 1)),
    )


def _truth(evidence: Evidence, judgement: Judgement | None) -> Truth | None:
    judged = evidence.records.truths.get(judgement.truth) if judgement and judgement.truth else None
    return judged or evidence.declared_truth


RULE = Rule(code="MLE204", name="rare-class-thin", level=Level.WARNING, check=check)
