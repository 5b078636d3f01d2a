from __future__ import annotations

from mlee_jupyter.domain import CandidateState
from tests.builders import HOUR, candidate, candidates, charter, decided, evidence, results
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold

CLEVER = [candidate("forest", 4), candidate("net", 5)]
PLANNED = [candidate(c.name, c.simplicity, state=CandidateState.PLANNED) for c in CLEVER]
UNPLANNED = [candidate(c.name, c.simplicity, planned=False) for c in CLEVER]
OF_CLEVER = results({"forest": 1, "net": 1})
QUERY = charter(by_hand="a query over time zones")

CASES = {
    "a plan without anything simple": (
        FINDING, evidence(candidates=PLANNED, results=()), "None of 2 candidates is simple: forest and net",
    ),
    "what one would do by hand": (
        FINDING, evidence(agreed=QUERY, candidates=PLANNED, results=()), "by hand (a query over time zones): %%mlee",
    ),
    "the query is planned": (OK, evidence(agreed=QUERY, candidates=[*PLANNED, candidate("query", 1)], results=()), ""),
    "tried and dropped is tried": (
        OK, evidence(candidates=[*CLEVER, candidate("knn", 2, state=CandidateState.DROPPED)]), "",
    ),
    "dropped before it was tried": (
        FINDING,
        evidence(candidates=[*CLEVER, candidate("rule", 1, state=CandidateState.DROPPED)], results=OF_CLEVER),
        "None of 2 candidates is simple",
    ),
    "early, without a plan": (NOT_APPLICABLE, evidence(candidates=UNPLANNED, results=OF_CLEVER), "it is early"),
    "half of the box is used": (FINDING, evidence(candidates=UNPLANNED, results=OF_CLEVER, used=3 * HOUR), "None of 2"),
    "one alone, decided": (
        FINDING,
        evidence(candidates=UNPLANNED[:1], results=OF_CLEVER[:1], decision=decided("forest")),
        "The only candidate, forest, is not simple",
    ),
    "nobody said how simple": (
        NOT_APPLICABLE, evidence(candidates=[*PLANNED, candidate("knn")], results=()), "how simple knn is was not said",
    ),
    "nothing at all": (NOT_APPLICABLE, evidence(candidates=[], results=()), "nothing is planned"),
    "parked is not planned any more": (
        NOT_APPLICABLE,
        evidence(candidates=candidates(**dict.fromkeys(("svm", "knn", "centroid"), CandidateState.PARKED)), results=()),
        "nothing is planned",
    ),
    "an honest experiment": (OK, evidence(), ""),
}  # fmt: skip


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE506", case)
