from __future__ import annotations

from typing import Any

from mlee_jupyter.domain import CandidateState, Estimate, Evidence, Verdict
from tests.builders import candidates, charter, decided, evidence, judgement, standing
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold

DEAR, CHEAP = Estimate(candidate="svm", build="15d"), Estimate(candidate="knn", build="2d")
NEAR = judgement(
    [standing("svm", 0.914, Verdict.BEST), standing("knn", 0.91, Verdict.AS_GOOD), standing("centroid", 0.88)]
)


def planned(*estimates: Estimate, near: bool = True, **more: Any) -> Evidence:
    agreed = charter(estimates=estimates, **more.pop("agreed", {}))
    return evidence(agreed=agreed, **{"judgements": [NEAR if near else judgement()], **more})


HOPED = Estimate(candidate="svm", build="15d", gain=0.01)
CASES = {
    "15 days for 0.4 points": (
        FINDING, planned(DEAR, CHEAP), "120 h to build and gains 0.4 points over knn; knn takes 16 h",
    ),
    "the way out": (FINDING, planned(DEAR, CHEAP), "%mlee_experiment decide knn"),
    "worth it": (OK, planned(DEAR, CHEAP, near=False), ""),
    "not so much dearer": (OK, planned(DEAR, Estimate(candidate="knn", build="3d")), ""),
    "a larger number of times": (OK, planned(DEAR, CHEAP, settings={"build-effort": {"limit": 10}}), ""),
    "the cheap one was chosen": (OK, planned(DEAR, CHEAP, decision=decided("knn")), ""),
    "the dear one was chosen": (FINDING, planned(DEAR, CHEAP, decision=decided("svm")), "svm takes 120 h"),
    "the cheap one is out": (
        NOT_APPLICABLE, planned(DEAR, CHEAP, candidates=candidates(knn=CandidateState.DROPPED)), "fewer than two",
    ),
    "it gains nothing": (
        FINDING,
        planned(DEAR, CHEAP, judgements=[judgement([standing("knn", 0.9, Verdict.BEST), standing("svm", 0.89)])]),
        "gains nothing over knn",
    ),
    "hoped for, before anything ran": (
        FINDING, planned(HOPED, CHEAP, judgements=[], results=()), "is hoped to gain 1 point over the others; knn",
    ),
    "more is hoped for": (
        OK, planned(Estimate(candidate="svm", build="15d", gain=0.05), CHEAP, judgements=[], results=()), "",
    ),
    "nobody hopes for anything": (OK, planned(DEAR, CHEAP, judgements=[], results=()), ""),
    "no gain is useful": (
        NOT_APPLICABLE,
        planned(HOPED, CHEAP, judgements=[], results=(), agreed={"useful_gain": None}),
        "no useful gain is named",
    ),
    "an honest experiment": (NOT_APPLICABLE, evidence(), "fewer than two times to build"),
}  # fmt: skip


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE109", case)
