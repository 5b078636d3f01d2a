from __future__ import annotations

from datetime import timedelta

from mlee_jupyter.domain import Evidence
from tests.builders import NOW, OPENED, charter, decided, evidence, judgement, result, results, version
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold

LATER = NOW - timedelta(minutes=5)  # the results of the honest experiment came ten minutes ago
ACCURACY, F1 = charter(), charter(metric="f1_macro")
SCORES = (result("svm", value=0.95), result("knn", value=0.97, run_id=2, variant_id=2))


def changed(because: str | None, *more: object, chosen: str | None = "svm", lines: object = SCORES) -> Evidence:
    versions = [version(1, ACCURACY, OPENED, None), version(2, F1, LATER, because), *more]
    return evidence(
        agreed=F1,
        versions=versions,  # type: ignore[arg-type]
        decision=decided(chosen) if chosen else None,
        results=lines,  # type: ignore[arg-type]
        judgements=[judgement(metric="f1_macro")],
    )


ERRORS = tuple(line._replace(metric="mae") for line in SCORES)
BY_MAE = [version(1, charter(metric="mae"), OPENED, None), version(2, charter(metric="rmse"), LATER, None)]
OTHERS = tuple(line._replace(kind="number", metric="roc_auc", truth=None, rows=None) for line in results({"svm": 1}))
CASES = {
    "the metric was changed and another led before": (
        FINDING,
        changed(None),
        "svm was chosen by f1_macro; until results came it was accuracy, which knn led | Go back to it, or say why",
    ),
    "the metric was changed, the same one led": (FINDING, changed(None, chosen="knn"), "was accuracy |"),
    "of errors the greatest leads nothing": (
        FINDING,
        evidence(
            agreed=charter(metric="rmse"),
            versions=BY_MAE,
            decision=decided("svm"),
            results=ERRORS,
            judgements=[judgement(metric="rmse", bounded=False, higher_is_better=False)],
        ),
        "svm was chosen by rmse; until results came it was mae |",
    ),
    "only a score in another metric": (
        FINDING,
        evidence(decision=decided("svm"), results=OTHERS, judgements=()),
        "svm was chosen with roc_auc only; the charter says accuracy",
    ),
    "an honest experiment": (NOT_APPLICABLE, evidence(), "no decision yet"),
    "an honest decision": (OK, evidence(decision=decided("svm")), ""),
    "with a reason": (OK, changed("rare products matter most"), ""),
    "with a reason given later": (OK, changed(None, version(3, F1, NOW, "rare products matter")), ""),
    "not decided yet": (NOT_APPLICABLE, changed(None, chosen=None), ""),
    "changed before the first result": (
        OK,
        evidence(
            agreed=F1,
            versions=[version(1, ACCURACY, OPENED, None), version(2, F1, OPENED, None)],
            decision=decided("svm"),
            judgements=[judgement(metric="f1_macro")],
        ),
        "",
    ),
    "a short name in the charter, the long one in the judgement": (
        OK,
        evidence(
            agreed=charter(metric="mae"),
            versions=[
                version(1, charter(metric="rmse"), OPENED, None),
                version(2, charter(metric="mae"), LATER, "outliers"),
            ],
            decision=decided("svm"),
            judgements=[judgement(metric="mean_absolute_error")],
        ),
        "",
    ),
    "the same metric by its short name": (
        OK,
        evidence(
            agreed=charter(metric="acc"),
            versions=[version(1, ACCURACY, OPENED, None), version(2, charter(metric="acc"), LATER, None)],
            decision=decided("svm"),
        ),
        "",
    ),
    "decided against all": (OK, evidence(decision=decided(None)), ""),
    "predictions are scored again": (
        OK,
        evidence(
            agreed=F1,
            versions=[version(1, F1, OPENED, None)],
            decision=decided("svm"),
            judgements=[judgement(metric="f1_macro")],
        ),
        "",
    ),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE307", case)
