from __future__ import annotations

from mlee_jupyter.domain import Charter, Population
from tests.builders import charter, evidence
from tests.guardrails.table import FINDING, OK, Case, cases, hold

CASES = {
    "no charter": (
        FINDING,
        evidence(agreed=Charter()),
        "question, decision, owner, metric, useful_gain, must_reach, population",
    ),
    "no target": (
        FINDING,
        evidence(agreed=charter(must_reach=None)),
        "leaves open: must_reach | Not checked: target (MLE202",
    ),
    "an empty question": (FINDING, evidence(agreed=charter(question="  ")), "leaves open: question"),
    "an empty population": (FINDING, evidence(agreed=charter(population=Population())), "population"),
    "a column whose kinds nobody counted": (OK, evidence(agreed=charter(population=Population(column="a"))), ""),
    "a frame": (OK, evidence(agreed=charter(population=Population(frame="stores"))), ""),
    "an honest experiment": (OK, evidence(), ""),
    "no serving and no candidates": (OK, evidence(agreed=charter(serving=None, candidates=())), ""),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE601", case)
