"""What the opened sample said, next to what the candidate had before."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mlee_jupyter import report
from mlee_jupyter.domain import Confirmed, Fresh

from . import example

CASES = {  # score before, metric, what is said; on the sealed rows it was 0.861, 0.82 to 0.90
    "the same": (0.861, "accuracy", "as on y_test."),
    "inside the range: no luck to speak of": (0.875, "accuracy", "in keeping with the 87.5% on y_test."),
    "below, inside": (0.83, "accuracy", "in keeping with the 83.0% on y_test."),
    "above the range": (
        0.95,
        "accuracy",
        "the 95.0% on y_test was 8.9 points better (5.0 to 13.0 points): the luck of the choice, or other rows.",
    ),
    "below the range": (
        0.80,
        "accuracy",
        "the 80.0% on y_test was 6.1 points worse (2.0 to 10.0 points): the luck of the choice, or other rows.",
    ),
    "a loss below the range": (
        0.80,
        "mean_absolute_error",
        "the 0.8000 on y_test was 0.061 better (0.02 to 0.1): the luck of the choice, or other rows.",
    ),
}


@pytest.mark.parametrize(("before", "metric", "said"), CASES.values(), ids=CASES)
def test_luck_is_only_what_the_range_does_not_hold(before: float, metric: str, said: str) -> None:
    one = Confirmed(candidate="svm", score=0.861, low=0.82, high=0.90, before=before, answers="a")
    fresh = Fresh(name="y_final", n=400, opened_at=datetime(2026, 5, 4, tzinfo=UTC), metric=metric, confirmed=(one,))
    line = report.fresh_lines(example.evidence(), fresh)[0]
    assert line.startswith("On the sealed 400 rows of y_final, svm: ")
    assert line.endswith(f"; {said}")
