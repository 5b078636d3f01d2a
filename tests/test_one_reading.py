"""One place for words: a value with its unit reads the same wherever it is shown, and never claims more than it is."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlee_jupyter import report
from mlee_jupyter.domain import Judgement, Verdict
from mlee_jupyter.domain.text.numbers import gain_text, range_text, rows_text, score_text, target_text
from mlee_jupyter.guardrails import rule_words
from tests.builders import evidence, judgement, standing

SHARES = st.floats(0, 1)
NUMBERS = st.floats(-1e11, 1e11, allow_nan=False).filter(lambda x: x == 0 or abs(x) > 1e-200)


def value_of(text: str) -> float:
    """The number that a reader takes from a text."""
    return float(text.replace(",", "").rstrip("%"))


@given(SHARES, SHARES)
def test_shares_keep_their_order_and_claim_neither_all_nor_nothing(one: float, other: float) -> None:
    said = score_text(one, True, unit=True)
    if one > 1e-6 and one < 1 - 1e-6:
        assert value_of(said) not in (0.0, 100.0)
    if one <= other:
        assert value_of(said) <= value_of(score_text(other, True, unit=True))


@given(NUMBERS, NUMBERS)
def test_numbers_keep_their_order_and_their_sign(one: float, other: float) -> None:
    said = value_of(score_text(one, False))
    assert (said == 0) == (one == 0)
    assert math.copysign(1, said) == math.copysign(1, one) or one == 0
    if one <= other:
        assert said <= value_of(score_text(other, False))


@given(st.floats(0, 1))
def test_a_gain_that_is_there_is_not_told_as_none(gain: float) -> None:
    said = gain_text(gain, True)
    assert said.startswith("0 ") == (gain == 0)


@given(st.integers(1, 10**9))
def test_planned_rows_are_never_too_few(rows: int) -> None:
    assert value_of(rows_text(rows)) >= rows
    assert value_of(rows_text(rows)) <= 1.1 * rows + 1


def shown(score: float, bounded: bool) -> Judgement:
    """A judgement with one candidate of a score."""
    low, high = (max(0.0, score - 0.01), min(1.0, score + 0.01)) if bounded else (score * 0.9, score * 1.1)
    metric = "accuracy" if bounded else "mean_absolute_error"
    one = standing("svm", score=score, verdict=Verdict.BEST, low=min(low, high), high=max(low, high))
    return replace(judgement([one]), metric=metric, bounded=bounded, higher_is_better=bounded)


VALUES = [
    *((share, True) for share in (0.0, 1.0, 0.99996, 0.9999, 0.99951, 0.9995, 0.995, 0.9949, 0.5, 0.123, 0.1, 0.05)),
    *((share, True) for share in (0.01, 0.005, 0.0005, 0.0004, 0.00004, 0.87654, 0.8765, 0.33333)),
    *((loss, False) for loss in (0.0, 1e-9, 0.00012, 0.0123, 0.5, 1.0, 2.5, 12.345, 99.99, 123.4, 1234.5, 98765.4)),
    *((loss, False) for loss in (1e6, 1.5e9, 3e11, 1e13, 0.1 + 0.2, 7.0, 1 / 3, 2e-5)),
]


@pytest.mark.parametrize(("score", "bounded"), VALUES)
def test_a_score_has_one_reading_on_every_surface(score: float, bounded: bool) -> None:
    seen = evidence(judgements=[shown(score, bounded)])
    said, of_rules = score_text(score, bounded), rule_words.score_of(seen.judgements[0], score)
    assert of_rules == said + ("%" if bounded else "")
    board = report.board(seen)
    (row,) = [row for part in board["boards"] for row in part["rows"] if row["candidate"] == "svm"]
    assert row["score_text"] == said
    for drawn in (report.text(board), report.html(board), report.markdown(board), str(report.explanation(seen, "svm"))):
        assert re.search(rf"(?<![\d.,]){re.escape(said)}(?![\d,]|\.\d)", drawn), drawn


@pytest.mark.parametrize("gain", [0.123, 0.02, 0.005, 0.0004, 0.1, 0.3333, 1.0])
def test_a_gain_has_one_reading_for_rules_and_boards(gain: float) -> None:
    assert rule_words.gain_of(shown(0.5, True), gain) == gain_text(gain, True)
    assert rule_words.gain_of(shown(2.0, False), gain) == f"{gain_text(gain, False)} in mean absolute error"


@pytest.mark.parametrize("target", [0.95, 0.999, 0.9999, 1.0, 0.5])
def test_a_target_is_told_as_it_was_named(target: float) -> None:
    assert rule_words.target_of(shown(0.5, True), target) == target_text(target, True)
    assert value_of(target_text(target, True)) == pytest.approx(100 * target)


@given(SHARES, SHARES)
def test_a_range_reads_as_its_ends_do(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert range_text(low, high, True) == f"{score_text(low, True)}–{score_text(high, True)}"
