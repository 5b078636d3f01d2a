from __future__ import annotations

import struct

import pytest

from mlee_jupyter.domain import CandidateState, Evidence, Level
from tests.builders import candidates, evidence, result
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, ask, cases, hold

WRONG = (result("svm", value=0.9, claimed=0.8),)


def said(ours: float | None, claimed: float | None) -> Evidence:
    """Our score and the user's own."""
    return evidence(results=[result("svm", value=ours, claimed=claimed)])


CASES = {
    "another coding": (
        FINDING,
        evidence(strangers={"svm": 1.0}),
        "100% of the labels svm predicts do not occur in y_test",
    ),
    "half of the labels": (FINDING, evidence(strangers={"svm": 0.5}), "50% of the labels"),
    "two candidates": (FINDING, evidence(strangers={"svm": 1.0, "knn": 0.9}), "(and knn)"),
    "another score than said": (FINDING, said(0.947, 0.913), "You scored svm at 0.913, its predictions give 0.947"),
    "another mean error than said": (FINDING, said(12.31, 12.5), "You scored svm at 12.5"),
    "an honest experiment": (OK, evidence(), ""),
    "a class missing from the test rows": (OK, evidence(strangers={"svm": 0.49}), ""),
    "dropped": (OK, evidence(strangers={"svm": 1.0}, candidates=candidates(svm=CandidateState.DROPPED)), ""),
    "corrected since": (OK, evidence(results=(*WRONG, result("svm", value=0.9, claimed=0.9))), ""),
    "nothing recorded": (NOT_APPLICABLE, evidence(results=()), "%%mlee_candidate"),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE402", case)


HONEST_WAYS_TO_WRITE_A_SCORE = {
    "in full": (0.9472222222222222, 0.9472222222222222),
    "one unit in the last place": (0.9472222222222222, 0.9472222222222223),
    "two digits": (0.9472222222222222, 0.95),
    "one digit": (0.9472222222222222, 0.9),
    "a whole per cent": (0.9472222222222222, 95),
    "per cent": (0.9472222222222222, 94.7),
    "single precision": (0.9472222222222222, struct.unpack("f", struct.pack("f", 0.94722))[0]),
    "a loss as a score": (3.25, -3.25),
    "a whole number": (12.31, 12),
    "nought": (0.0, 0.0),
    "none": (0.9, None),
    "ours is not computable": (None, 0.9),
    "not a number": (0.9, float("nan")),
    "infinite": (0.9, float("inf")),
    "huge": (1e300, 1e300),
}


def test_a_score_that_hangs_on_averaging_is_a_warning() -> None:
    line = result("svm", metric="f1", value=0.8, claimed=0.7123456)
    answer = ask("MLE402", evidence(results=[line]))
    assert (answer.outcome, answer.level) == (FINDING, Level.WARNING)
    assert "averaging" in answer.message


OTHER_SCORES = {
    "a digit further": (0.9472222222222222, 0.9473),
    "another whole per cent": (0.9472222222222222, 94),
    "perfect against two thirds": (0.66, 1.0),
    "nought against two thirds": (0.66, 0.0),
    "in full, one case more": (341 / 360, 343 / 360),
    "an error rate for a score": (0.9472222222222222, 0.0527777777777778),
}


@pytest.mark.parametrize(("ours", "claimed"), HONEST_WAYS_TO_WRITE_A_SCORE.values(), ids=HONEST_WAYS_TO_WRITE_A_SCORE)
def test_honest_rounding_never_fires(ours: float | None, claimed: float | None) -> None:
    assert ask("MLE402", said(ours, claimed)).outcome is OK


@pytest.mark.parametrize(("ours", "claimed"), OTHER_SCORES.values(), ids=OTHER_SCORES)
def test_other_scores_fire(ours: float, claimed: float) -> None:
    answer = ask("MLE402", said(ours, claimed))
    assert (answer.outcome, answer.level) == (FINDING, Level.ERROR)
