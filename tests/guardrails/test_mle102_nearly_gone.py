from __future__ import annotations

from datetime import timedelta

from mlee_jupyter.domain import CandidateState
from tests.builders import HOUR, NOW, candidate, candidates, evidence, extension
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold

WAITS = (*candidates(), candidate("forest", state=CandidateState.PLANNED))
LATE = timedelta(hours=4, minutes=48)
CASES = {
    "80% used, forest waits": (
        FINDING,
        evidence(candidates=WAITS, used=LATE),
        "4 h 48 of 6 h used, forest has no result",
    ),
    "the remedy drops it": (FINDING, evidence(candidates=WAITS, used=LATE), "%mlee_experiment drop forest --because"),
    "two wait": (
        FINDING,
        evidence(candidates=(*WAITS, candidate("two words", state=CandidateState.ACTIVE)), used=LATE),
        "forest and two words have no result",
    ),
    "a name of two words is quoted": (
        FINDING,
        evidence(candidates=(candidate("two words", state=CandidateState.ACTIVE),), used=LATE),
        'drop "two words"',
    ),
    "an honest experiment": (OK, evidence(), ""),
    "all tried": (OK, evidence(used=LATE), ""),
    "a minute before": (OK, evidence(candidates=WAITS, used=LATE - timedelta(minutes=1)), ""),
    "MLE103 has taken over": (OK, evidence(candidates=WAITS, used=6 * HOUR), ""),
    "closed": (OK, evidence(candidates=WAITS, used=LATE, closed_at=NOW), ""),
    "a limit behind the extension": (
        OK,
        evidence(candidates=WAITS, used=timedelta(hours=5.9), extensions=[extension(by=HOUR)]),
        "",
    ),
    "no box": (NOT_APPLICABLE, evidence(candidates=WAITS, budget=None), "--budget"),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE102", case)
