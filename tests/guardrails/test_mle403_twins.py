from __future__ import annotations

from mlee_jupyter.domain import CandidateState
from tests.builders import candidates, evidence, results
from tests.guardrails.table import FINDING, IGNORED, NOT_APPLICABLE, OK, Case, cases, hold
from tests.notebooks import seen

CASES = {
    "two names, one array": (
        FINDING,
        evidence(twins=[("svm", "knn")]),
        "svm and knn give the same predictions: one",
    ),
    "the way out": (FINDING, evidence(twins=[("svm", "knn")]), "%mlee_experiment drop knn --because"),
    "two pairs": (FINDING, evidence(twins=[("svm", "knn"), ("svm", "centroid")]), "(3 candidates have such a twin)"),
    "one prediction under two names": (
        FINDING,
        seen("a = knn.predict(X_test)", "b = knn.predict(X_test)", results=results({"svm": 1})),
        "Cell 2: b is a of cell 1 again",
    ),
    "in text, beside an honest experiment": (
        FINDING,
        seen("lasso = m.predict(X)", "elastic = m.predict(X)"),
        "elastic is lasso of cell 1 again",
    ),
    "fitted again between": (
        OK,
        seen("a = m.predict(X)", "m.fit(Z)", "b = m.predict(X)", "m = n", "c = m.predict(X)"),
        "",
    ),
    "other rows": (OK, seen("a = m.predict(X)", "X = Z", "b = m.predict(X)"), ""),
    "the same name": (OK, seen("a = m.predict(X)", "a = m.predict(X)"), ""),
    "the same model made twice": (OK, seen("a = Lasso()", "b = Lasso()"), ""),
    "muted in its cell": (
        IGNORED,
        seen("a = m.predict(X)", "b = m.predict(X)  # mlee: ignore[twins] shown twice"),
        "",
    ),
    "an honest experiment": (OK, evidence(), ""),
    "one of them dropped": (
        OK,
        evidence(twins=[("svm", "knn")], candidates=candidates(knn=CandidateState.DROPPED)),
        "",
    ),
    "one candidate": (NOT_APPLICABLE, evidence(results=results({"svm": 3})), "%%mlee_candidate"),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE403", case)
