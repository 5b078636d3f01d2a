"""The sentences of boards say what independent arithmetic on the stored arrays says."""

from __future__ import annotations

import random
import warnings
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest

from benchmarks.boards import drawn, make_session, outcome, played
from benchmarks.boards_data import KINDS, population
from benchmarks.checking import Board, planted, scores
from benchmarks.checking.arithmetic import Column, Numbers

BOARDS = (*range(14, 32), 2, 8, 36, 41, 44, 48)
FEWEST_PLANTED = 10  # of a kind, below which a share of those caught says little


@cache
def read_boards() -> list[tuple[Board, list[tuple[str, str]], bool | None]]:
    """Some boards with their sentences, played once for all tests."""
    session, found = make_session(), []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for seed in BOARDS:
            board, said, is_wrong = played(seed, session)
            for asked, line in said:
                board.asked = asked or board.leader
                board.check(line)
            found.append((board, said, is_wrong))
    return found


@pytest.mark.slow
def test_no_sentence_is_contradicted_and_no_number_unread() -> None:
    boards = read_boards()
    assert [line for board, _, _ in boards for line in board.wrong] == []
    assert [line for board, _, _ in boards for line in board.unread] == []
    assert sum(one.numbers for board, _, _ in boards for one in board.readings) > 2000
    assert sum(bool(is_wrong) for _, _, is_wrong in boards) <= 1


def plants() -> Iterator[tuple[str, str, bool]]:
    """Every number that was read, changed: its kind, the change, and whether the checker notices."""
    dice = random.Random(5)
    for board, said, _ in read_boards():
        for asked, line in list(dict.fromkeys(said))[::4]:  # every fourth line: of each kind there are enough
            board.asked = asked or board.leader
            masked = board.mask(line)
            readings, _ = board.read(masked)
            for kind, change, false in planted(masked, readings, dice):
                found, unread = board.read(false)
                yield kind, f"{change} in {masked}", bool(unread) or any(one.why for one in found)


@pytest.mark.slow
def test_a_planted_wrong_number_is_caught_in_every_kind() -> None:
    planted_, missed, examples = Counter[str](), Counter[str](), dict[str, str]()
    for kind, change, caught in plants():
        planted_[kind] += 1
        if not caught:
            missed[kind] += 1
            examples[kind] = change
    seen = {kind: count for kind, count in planted_.items() if count >= FEWEST_PLANTED}
    assert len(seen) >= 25
    blind = {kind: f"{missed[kind]} of {n}: {examples[kind]}" for kind, n in seen.items() if missed[kind] > 0.05 * n}
    assert blind == {}


def test_a_number_that_no_pattern_reads_is_a_failure() -> None:
    board = read_boards()[0][0]
    for line in ("svm is 3.2 times as good", "of 17 cases", "costs 4 points"):
        assert board.read(board.mask(line))[1] != []


# ---------------------------------------------------------------- the arithmetic itself


def case(metric: str, n: int = 80) -> tuple[np.ndarray, np.ndarray, Any]:
    dice = np.random.default_rng(len(metric))
    if metric in scores.NUMBERS:
        truth = dice.gamma(4, 2, n) + 1
        return truth, truth + dice.normal(0, 2, n), None
    truth = dice.integers(0, 2, n)
    shares = np.clip(0.5 + 0.3 * (2 * truth - 1) + 0.3 * dice.standard_normal(n), 0.02, 0.98)
    matrix = np.column_stack([1 - shares, shares])
    return truth, matrix.argmax(axis=1) if metric in scores.LABELS else matrix, 1


@pytest.mark.parametrize("metric", [*scores.SHARES, *scores.PROPER, *scores.NUMBERS])
def test_the_errors_are_those_of_samples_drawn_anew(metric: str) -> None:
    """What the checker takes for the error of a score is what a bootstrap finds, within a tenth and its own noise."""
    truth, rows, positive = case(metric, 300)
    psi = scores.psi_of(metric, truth, rows, positive)
    assert abs(psi.sum()) < 1e-3 * np.abs(psi).sum()
    error = np.sqrt((psi**2).sum() / (300 * 299))
    dice = np.random.default_rng(3)
    drawn_anew = []
    for _ in range(400):
        some = dice.integers(0, 300, 300)
        drawn_anew.append(scores.score(metric, truth[some], rows[some], positive))
    # 400 draws: 3.5% of its own; an average precision drawn anew is biased, for positives come twice
    rel = 0.3 if metric == "average_precision" else 0.17
    assert error == pytest.approx(np.std(drawn_anew), rel=rel)


@pytest.mark.parametrize("metric", sorted(scores._WEIGHTED))
def test_scores_of_weighted_rows_are_scikit_learns(metric: str) -> None:
    truth, rows, positive = case(metric)
    weighted = scores._WEIGHTED[metric](truth, rows, positive)
    assert weighted(np.ones((1, 80)))[0] == pytest.approx(scores.score(metric, truth, rows, positive), abs=1e-12)
    counts = np.random.default_rng(1).multinomial(80, np.full(80, 1 / 80)).astype(float)
    again = np.repeat(np.arange(80), counts.astype(int))
    expected = scores.score(metric, truth[again], rows[again], positive)
    assert weighted(counts[None])[0] == pytest.approx(expected, abs=1e-12 if metric != "spearman" else 1e-3)


def test_the_largest_difference_of_equal_columns_is_the_studentised_range() -> None:
    from scipy import stats

    dice = np.random.default_rng(8)
    truth = dice.normal(size=4000)
    columns = [Column(f"c{k}", "", truth + dice.normal(size=4000)) for k in range(5)]
    critical = Numbers(truth, columns, "mae").critical
    assert stats.studentized_range.sf(critical * np.sqrt(2), 5, 1e5) == pytest.approx(0.05, abs=0.012)


def test_the_boards_are_many_and_of_every_metric() -> None:
    kinds = {population(kind).name for kind in range(KINDS)}
    assert len(kinds) >= 40
    assert {drawn(seed).metric for seed in range(14, 130)} >= {*scores.SHARES, *scores.PROPER, *scores.NUMBERS}


@pytest.mark.slow
def test_a_crash_is_no_pass() -> None:
    session = make_session()
    session.start = None  # type: ignore[assignment, method-assign]
    assert "TypeError" in outcome(14, session)["crash"]
