from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from mlee_jupyter.domain import CandidateState, Evidence, Verdict
from tests.builders import LAST, LEADER, RIVAL, TRUTH, candidates, decided, evidence, judgement, results, standing
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, ask, cases, hold

STALLED = [0.90, 0.95, 0.93, 0.951, 0.95, 0.949, 0.952, 0.94]  # uncertain by half a point
CLIMBING = [0.90, 0.91, 0.92, 0.93, 0.94, 0.945, 0.955, 0.96]


def tried(scores: Sequence[float], **more: object) -> Evidence:
    lines = results({LEADER: len(scores), RIVAL: 1, LAST: 1})
    lines = tuple(
        line._replace(value=scores[place]) if line.candidate == LEADER else line for place, line in enumerate(lines)
    )
    return evidence(results=lines, **more)  # type: ignore[arg-type]


LOSSES = judgement(
    [replace(standing(LEADER, 2.0, Verdict.BEST), low=1.9, high=2.1)],
    metric="rmse",
    bounded=False,
    higher_is_better=False,
)
FALLING = [2.5, 2.31, 2.30, 2.295, 2.31, 2.305, 2.3, 2.299]

CASES = {
    "the last five gained little": (FINDING, tried(STALLED), "The last five of 8 tries of svm gained 0.2 points"),
    "the way out": (FINDING, tried(STALLED), "%mlee_experiment park svm"),
    "it improves": (OK, tried(CLIMBING), ""),
    "five tries tell nothing": (OK, tried(STALLED[:5]), ""),
    "a lucky draw ahead may be large": (OK, tried([0.80, 0.95, 0.85, 0.951, 0.9, 0.87, 0.83, 0.86]), ""),
    "it was parked": (OK, tried(STALLED, candidates=candidates(svm=CandidateState.PARKED)), ""),
    "decided": (OK, tried(STALLED, decision=decided(LEADER)), ""),
    "all alike": (FINDING, tried([0.9] * 7), "gained nothing"),
    "another truth": (OK, tried(STALLED, judgements=[judgement(truth="other")]), ""),
    "nothing judged": (NOT_APPLICABLE, tried(STALLED, judgements=[]), "no predictions judged"),
    "an error stands": (
        NOT_APPLICABLE,
        tried(STALLED, judgements=[judgement(wrong="MLE401")]),
        "an error stands first",
    ),
    "an honest experiment": (OK, evidence(), ""),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE107", case)


def test_a_loss_improves_downwards() -> None:
    lines = tuple(
        line._replace(value=value, metric="rmse", truth=TRUTH)
        for line, value in zip(results({LEADER: 8}), FALLING, strict=True)
    )
    answer = ask("MLE107", evidence(results=lines, judgements=[LOSSES]))
    assert answer.outcome is FINDING
    assert answer.facts["gained"] == pytest.approx(0.005)
    better = tuple(
        line._replace(value=value - 0.1 * k) for k, (line, value) in enumerate(zip(lines, FALLING, strict=True))
    )
    assert ask("MLE107", evidence(results=better, judgements=[LOSSES])).outcome is OK


def test_what_it_promises_is_kept_by_further_tries() -> None:
    """Tries of one kind: five more bring less than was said, on average over many such searches."""
    random = np.random.default_rng(3)
    said, came = [], []
    for _ in range(400):
        scores = 0.95 + 0.002 * random.normal(size=13)
        answer = ask("MLE107", tried(list(scores[:8])))
        if answer.outcome is FINDING:
            said.append(answer.facts["expected"])
            came.append(max(0.0, scores[8:].max() - scores[:8].max()))
    assert len(said) > 100
    assert np.mean(came) < np.mean(said)
