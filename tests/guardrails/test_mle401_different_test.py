from __future__ import annotations

from mlee_jupyter.domain import CandidateState, Level
from tests.builders import candidates, evidence, result, results, truth
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, ask, cases, hold

OTHER = truth(360, fingerprint="other", name="y_old")
APART = (result("svm", truth="other", n=360), *results({"knn": 1, "centroid": 1}))
CASES = {
    "svm on another truth": (
        FINDING,
        evidence(results=APART, truths=[truth(), OTHER]),
        "svm judged on y_old (360 cases), the others on y_test (2,000): not comparable",
    ),
    "the way out": (FINDING, evidence(results=APART, truths=[truth(), OTHER]), "%%mlee_candidate svm --truth y_test"),
    "on truths of their own": (
        FINDING,
        evidence(
            results=(
                *APART,
                result("mlp", truth="third", n=90),
                *(result(f"m{i}", truth=f"t{i}", n=7) for i in range(3)),
            ),
            truths=[truth(), OTHER, truth(90, fingerprint="third", name="y_third")],
        ),
        "svm judged on y_old (360 cases), mlp on y_third (90), 3 more elsewhere, the others on y_test (2,000): not",
    ),
    "another version of the same name": (
        FINDING,
        evidence(results=APART, truths=[truth(), truth(360, fingerprint="other")]),
        "svm judged on another y_test (360 cases)",
    ),
    "a truth nobody knows": (FINDING, evidence(results=APART, truths=()), "no longer known"),
    "an honest experiment": (OK, evidence(), ""),
    "recorded again": (OK, evidence(results=(*APART, result("svm")), truths=[truth(), OTHER]), ""),
    "all on an older truth": (OK, evidence(results=results(truth="other"), truths=[OTHER]), ""),
    "only in development": (OK, evidence(results=(*results(), result("svm", truth="other", stage="development"))), ""),
    "a failed run": (OK, evidence(results=(*results(), result("svm", truth="other", outcome="error"))), ""),
    "dropped": (OK, evidence(results=APART, candidates=candidates(svm=CandidateState.DROPPED)), ""),
    "numbers without rows beside predictions": (OK, evidence(results=(*results(), result("rule", truth=None))), ""),
    "nothing recorded": (NOT_APPLICABLE, evidence(results=()), "%%mlee_candidate"),
    "fold scores only": (NOT_APPLICABLE, evidence(results=results(truth=None, kind="folds")), "%%mlee_candidate"),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE401", case)


def test_it_is_an_error_and_counts_candidates() -> None:
    both = (result("svm", truth="other"), result("knn", truth="other"), result("centroid"))
    answer = ask("MLE401", evidence(results=both))
    assert (answer.level, answer.severity) == (Level.ERROR, 2)
