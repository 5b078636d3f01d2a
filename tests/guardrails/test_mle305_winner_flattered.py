from __future__ import annotations

from dataclasses import replace

from mlee_jupyter.domain import Confirmed, Evidence, Fresh
from tests.builders import decided, evidence, judgement
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, ask, cases, hold


def lucky(flattery: float, looks: int) -> Evidence:
    return evidence(judgements=[judgement(flattery=flattery, looks=looks)])


def confirmed(candidate: str) -> Evidence:
    seen = lucky(0.011, 28)
    one = Confirmed(candidate=candidate, score=0.97, low=0.96, high=0.98, before=0.99, answers="a")
    return replace(seen, records=replace(seen.records, fresh=Fresh(name="y_final", n=400, confirmed=(one,))))


CASES = {
    "1.1 of 2 points": (
        FINDING,
        lucky(0.011, 28),
        "About 1.1 points of svm's score may be luck, as the best of 28 on the same 2,000 cases | 2 points would",
    ),
    "decided for the leader": (
        FINDING,
        evidence(judgements=[judgement(flattery=0.011)], decision=decided("svm")),
        "luck",
    ),
    "an honest experiment": (OK, evidence(), ""),
    "one of 2 points": (OK, lucky(0.01, 28), ""),
    "many looks on many rows": (OK, lucky(0.005, 500), ""),
    "one look": (OK, lucky(0.011, 1), ""),
    "decided for another": (OK, evidence(judgements=[judgement(flattery=0.011)], decision=decided("knn")), ""),
    "confirmed on fresh rows": (OK, confirmed("svm"), "svm has a score on y_final"),
    "another one confirmed": (FINDING, confirmed("knn"), "luck"),
    "nothing judged": (NOT_APPLICABLE, evidence(judgements=()), "%%mlee_candidate"),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE305", case)


def test_it_is_worse_when_the_luck_has_doubled() -> None:
    severity = [ask("MLE305", lucky(flattery, 30)).severity for flattery in (0.012, 0.02, 0.024)]
    assert severity[1] < severity[0] + 1 <= severity[2] + 1e-9
