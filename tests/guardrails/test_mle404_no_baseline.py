from __future__ import annotations

from mlee_jupyter.domain import Evidence
from tests.builders import candidate, evidence, judgement, result, results
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold


def rowless(kind: str, variants: dict[str, int] | None = None) -> Evidence:
    """No rows, so nothing to judge."""
    lines = results(variants, kind=kind, truth=None, rows=None)
    return evidence(results=lines, candidates=[candidate(line.candidate) for line in lines], judgements=())


CASES = {
    "fold scores only": (FINDING, rowless("folds"), "3 results of fold scores or bare numbers: what guessing"),
    "numbers only": (FINDING, rowless("number"), "%%mlee_candidate baseline"),
    "an honest experiment": (OK, evidence(), ""),
    "one candidate has rows": (OK, evidence(results=(*results(), result("svm", kind="folds", truth=None))), ""),
    "a dummy was recorded": (OK, rowless("folds", {"svm": 1, "Dummy classifier": 1}), ""),
    "the most frequent class was recorded": (OK, rowless("number", {"svm": 1, "most_frequent": 1}), ""),
    "a metric without baseline": (NOT_APPLICABLE, evidence(judgements=[judgement(baselines=())]), "known"),
    "nothing recorded": (NOT_APPLICABLE, evidence(results=(), judgements=()), "%%mlee_candidate"),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE404", case)
