"""MLE309 folds-only: only fold scores were recorded.

What it sees: two or more candidates with cross-validation scores, or a decision for one, and nobody's predictions.

Why it misleads: folds share their training rows, so their scores are alike and their scatter is too small. A range
made of them as if they were independent misses the truth far more often than it says.

What to do: keep rows aside and record each candidate's predictions on them; then candidates are compared row by row.

Reference: C. Nadeau, Y. Bengio (2003), Inference for the generalization error, Machine Learning 52, 239-281; S. Bates,
T. Hastie, R. Tibshirani (2024), Cross-validation: what does it estimate and how well does it do it?, JASA 119.
"""

from mlee_jupyter.domain import Evidence, Finding, Level, ResultKind, Rule
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import chosen
from mlee_jupyter.guardrails.rule_words import listed, several

WITH_ROWS = (ResultKind.PREDICTIONS, ResultKind.SCORES, ResultKind.ROW_SCORES, ResultKind.INFLUENCE)
BY_ROW = tuple(kind.value for kind in WITH_ROWS)


def check(evidence: Evidence) -> Finding:
    """Look for an experiment that lives on fold scores alone."""
    results = evidence.on_board
    if not results:
        return not_applicable(RULE, "no result yet", "Record one: %%mlee_candidate NAME")
    folds = list(dict.fromkeys(r.candidate for r in results if r.kind == ResultKind.FOLDS))
    if any(r.kind in BY_ROW for r in results) or not folds:
        return ok(RULE, "somebody's predictions are there, or no folds are")
    if len(folds) < 2 and chosen(evidence) not in folds:
        return ok(RULE, "one candidate so far")
    verb = "has" if len(folds) == 1 else "have"
    return finding(
        RULE,
        f"{several(len(folds), 'candidate')} ({listed(folds)}) {verb} fold scores only: "
        "their ranges are wide, for folds share training rows",
        "Record predictions on rows kept aside: %%mlee_candidate NAME, with --truth y_test given at the start",
        facts={"candidates": tuple(folds)},
        severity=1.0,
    )


RULE = Rule(code="MLE309", name="folds-only", level=Level.ADVICE, check=check)
