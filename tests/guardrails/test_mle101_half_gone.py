from __future__ import annotations

from datetime import timedelta

from mlee_jupyter.domain import CandidateState
from tests.builders import HOUR, NOW, candidate, candidates, decided, evidence, extension, result, results, span
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, ask, cases, hold

WAITS = (*candidates(), candidate("forest", state=CandidateState.PLANNED))
DROPPED = (*candidates(), candidate("forest", state=CandidateState.DROPPED))
CASES = {
    "half used, forest waits": (
        FINDING,
        evidence(candidates=WAITS, used=3 * HOUR),
        "Half of the 6 h is used; forest has no result yet",
    ),
    "the remedy names it": (FINDING, evidence(candidates=WAITS, used=3 * HOUR), "%%mlee_candidate forest"),
    "a failed run is no result": (
        FINDING,
        evidence(candidates=WAITS, results=(*results(), result("forest", outcome="error", metric=None)), used=3 * HOUR),
        "forest",
    ),
    "an honest experiment": (OK, evidence(), ""),
    "half used, all tried": (OK, evidence(used=3 * HOUR), ""),
    "a minute before the half": (OK, evidence(candidates=WAITS, used=3 * HOUR - timedelta(minutes=1)), ""),
    "MLE102 has taken over": (OK, evidence(candidates=WAITS, used=timedelta(hours=4.8)), ""),
    "dropped is not waiting": (OK, evidence(candidates=DROPPED, used=4 * HOUR), ""),
    "decided": (OK, evidence(candidates=WAITS, used=4 * HOUR, decision=decided("svm")), ""),
    "extended beyond the half": (
        OK,
        evidence(candidates=WAITS, budget=4 * HOUR, used=4 * HOUR, extensions=[extension()]),
        "",
    ),
    "no box": (NOT_APPLICABLE, evidence(candidates=WAITS, budget=None), "--budget"),
    "a box of nothing": (NOT_APPLICABLE, evidence(candidates=WAITS, budget=timedelta()), "--budget"),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE101", case)


def test_a_new_half_after_a_long_extension_is_said() -> None:
    longer = [extension(by=8 * HOUR, at=NOW - 4 * HOUR)]
    spans = [span(NOW - 4 * HOUR, NOW)]
    seen = evidence(candidates=WAITS, budget=4 * HOUR, used=6 * HOUR, extensions=longer, spans=spans)
    assert ask("MLE101", seen).outcome is FINDING
