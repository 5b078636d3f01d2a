from __future__ import annotations

from mlee_jupyter.domain import Charter, Population
from tests.builders import charter, decided, evidence
from tests.guardrails.table import FINDING, OK, Case, cases, hold

DECIDED = decided("svm")
CASES = {
    "at the start": (OK, evidence(agreed=Charter()), "open in the charter until the decision: question"),
    "no charter": (
        FINDING,
        evidence(agreed=Charter(), decision=DECIDED),
        "question, decision, owner, metric, useful_gain, must_reach, population",
    ),
    "no target": (
        FINDING,
        evidence(agreed=charter(must_reach=None), decision=DECIDED),
        "leaves open: must_reach | Not checked: target (MLE202",
    ),
    "an empty question": (FINDING, evidence(agreed=charter(question="  "), decision=DECIDED), "leaves open: question"),
    "an empty population": (FINDING, evidence(agreed=charter(population=Population()), decision=DECIDED), "population"),
    "a column whose kinds nobody counted": (OK, evidence(agreed=charter(population=Population(column="a"))), ""),
    "a frame": (OK, evidence(agreed=charter(population=Population(frame="stores"))), ""),
    "an honest experiment": (OK, evidence(), ""),
    "no serving and no candidates": (OK, evidence(agreed=charter(serving=None, candidates=())), ""),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE601", case)
