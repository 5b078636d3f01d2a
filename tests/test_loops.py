"""A loop that records many candidates: the first few are told, the rest in one line; nothing is lost, all is judged."""

from __future__ import annotations

from mlee_jupyter.report import folded_line
from mlee_jupyter.session.overview.loops import AT_ONCE, Loop

from .conftest import Shell


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_first_are_told_and_then_once_a_second() -> None:
    clock = Clock()
    loop = Loop(clock)
    assert [loop.is_due("a") for _ in range(AT_ONCE)] == [True] * AT_ONCE
    loop.told(clock.now)
    assert [loop.is_due("a"), loop.is_due("b")] == [False, False]
    clock.now = 1.0
    assert loop.is_due("c")
    assert loop.told(clock.now) == ["a", "b"]
    assert loop.waiting == []


def test_a_slow_judgement_waits_for_ten_times_as_long() -> None:
    clock = Clock()
    loop = Loop(clock)
    for _ in range(AT_ONCE):
        loop.is_due("a")
    clock.now = 2.0
    loop.told(0.0)
    clock.now = 21.9
    assert not loop.is_due("a")
    clock.now = 22.1
    assert loop.is_due("a")


def test_another_cell_begins_anew() -> None:
    loop = Loop(Clock())
    for _ in range(AT_ONCE + 3):
        loop.is_due("a")
    loop.begin()
    assert loop.is_due("a")


def test_names_may_be_anything() -> None:
    assert folded_line([]) == ""
    assert folded_line(["a", "a"]).startswith("2 more recorded, of a: ")
    assert "and 2 more" in folded_line(["a", "b", "c", "<d>\n", "e"])
    assert "\n" not in folded_line(["a\nb"])


def test_a_loop_in_a_cell_is_one_line_and_its_board_is_whole(shell: Shell) -> None:
    shell.run("import numpy as np\nimport mlee_jupyter as mlee\ny = np.arange(200) % 2")
    shell.run('e = mlee.start("loop", budget="6h", metric="accuracy", truth="y")')
    said = shell.run(
        "for k in range(40):\n    e.record(f'm{k % 4}', np.where(np.arange(200) % 50 == k, 1 - y, y), variant=str(k))"
    )
    assert said.count("recorded") <= 2 * AT_ONCE
    assert "more recorded, of " in said
    board = shell.run("%mlee_scoreboard")
    assert "4 candidates" in board
    assert "40 variants" in " ".join(board.split())
    again = shell.run("e.record('m9', y)")
    assert "m9 recorded: 100.0%" in again
    assert "more recorded" not in again


def test_quiet_records_are_not_named_and_nothing_handed_over_is_no_record(shell: Shell) -> None:
    shell.run("import numpy as np\nimport mlee_jupyter as mlee\ny = np.arange(200) % 2")
    shell.run('e = mlee.start("loop", budget="6h", metric="accuracy", truth="y")')
    said = shell.run("for k in range(20):\n    e.record(f'm{k}', y, variant=str(k), quiet=True)")
    assert "recorded" not in said
    said = shell.run("for k in range(20):\n    with e.candidate(f'n{k}'):\n        pass")
    assert said.count("handed nothing over") == 20
    assert "more recorded" not in said
