from __future__ import annotations

from typing import Any

from mlee_jupyter.domain import Judgement, Verdict
from tests.builders import decided, evidence, judgement, standing, undecided
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold

TIED = (standing("svm", 0.95, Verdict.CANT_TELL), standing("knn", 0.95, Verdict.CANT_TELL))


def behind(**changes: Any) -> Judgement:
    """A leader, and one that is worse by 3.0 to 7.0 points."""
    leader, last = standing("svm", 0.95, Verdict.BEST), standing("knn", 0.90, behind_low=0.03, behind_high=0.07)
    return judgement((leader, last), **changes)


CASES = {
    "the leader of two that cannot be told apart": (
        FINDING,
        evidence(judgements=[undecided()], decision=decided("svm")),
        "svm was chosen, but 2,000 cases can't tell it from knn | About 4,000 cases would settle it; or",
    ),
    "another one is as good": (
        FINDING,
        evidence(judgements=[undecided(recommended="centroid")], decision=decided("svm")),
        "%mlee_experiment decide centroid --because",
    ),
    "the gap is nothing": (
        FINDING,
        evidence(judgements=[judgement(TIED, winner=None, recommended=None)], decision=decided("svm")),
        "More cases will hardly tell them apart: give another reason",
    ),
    "a worse one": (
        FINDING,
        evidence(judgements=[behind()], decision=decided("knn")),
        "knn was chosen and is worse than svm by 3.0 to 7.0 points | Take the better one",
    ),
    "a worse one, by a loss": (
        FINDING,
        evidence(judgements=[behind(metric="root_mean_squared_error", bounded=False)], decision=decided("knn")),
        "worse than svm by 0.03 to 0.07 in root mean squared error |",
    ),
    "a clear winner": (OK, evidence(decision=decided("svm")), ""),
    "not the leader": (OK, evidence(judgements=[undecided()], decision=decided("knn")), ""),
    "recommended": (OK, evidence(judgements=[undecided(recommended="svm")], decision=decided("svm")), ""),
    "against all": (OK, evidence(judgements=[undecided()], decision=decided(None)), ""),
    "an honest experiment": (NOT_APPLICABLE, evidence(), "no decision yet"),
    "undecided": (NOT_APPLICABLE, evidence(judgements=[undecided()]), "no decision yet"),
    "nothing judged": (NOT_APPLICABLE, evidence(judgements=(), decision=decided("svm")), "%%mlee_candidate"),
    "chosen without predictions": (NOT_APPLICABLE, evidence(decision=decided("by hand")), "%%mlee_candidate"),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE301", case)
