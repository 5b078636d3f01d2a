"""The sentences of boards say what plain arithmetic on the stored arrays says: the short form of benchmarks.boards."""

from __future__ import annotations

import re

import pytest

from benchmarks.boards import drawn, make_session, sentences, tried
from benchmarks.checker import NUMBER, Board


@pytest.mark.slow
def test_no_sentence_is_contradicted_and_no_number_unread() -> None:
    session, read, named, false = make_session(), 0, 0, 0
    for seed in range(30):
        board, wrong = tried(seed, session)
        assert board.wrong == []
        assert board.unread == []
        read, named, false = read + board.read, named + (wrong is not None), false + bool(wrong)
    assert read > 1000
    assert named >= 3, "boards without winners prove little"
    assert false <= 1


def more(number: re.Match[str]) -> str:
    """The number, a tenth and a bit greater."""
    per_cent = number[0].endswith("%")
    value = float(number[0].rstrip("%").replace(",", ""))
    places = len(number[0].rstrip("%").partition(".")[2])
    return f"{value * 1.1 + 1:.{places}f}{'%' if per_cent else ''}"


def checked(board: Board, asked: str, line: str) -> Board:
    fresh = Board(truth=board.truth, answers=board.answers, metric=board.metric, useful_gain=board.useful_gain)
    fresh.asked = asked
    fresh.check(line)
    return fresh


@pytest.mark.parametrize(
    "holds",
    ["is right on", "scores", "behind", "differ on", "times in 100", "of ", "that matter", "looks at", "surely"],
)
def test_the_checker_contradicts_a_wrong_number(holds: str) -> None:
    session, seen, caught = make_session(), 0, 0
    for seed in range(12):
        board, _ = drawn(seed)
        for asked, line in sentences(session, board):
            at = line.find(holds)
            number = NUMBER.search(line, at + len(holds) - (holds in ("behind", "that matter", "times in 100")) * 40)
            if at < 0 or number is None or number[0] in ("95", "100", "6"):
                continue
            seen += 1
            false = line[: number.start()] + more(number) + line[number.end() :]
            found = checked(board, asked or board.order[0], false)
            caught += bool(found.wrong or found.unread)
    assert seen >= 3
    assert caught >= 0.6 * seen, (caught, seen)
