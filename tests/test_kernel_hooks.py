"""The hook that feeds the clock, with a clock of its own that tests turn."""

from __future__ import annotations

from datetime import timedelta

from mlee_jupyter.domain import working_time
from mlee_jupyter.session.cell_timer import CellClock

IDLE = 600.0


class Wall:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def cell(cells: CellClock, wall: Wall, seconds: float, candidate: str | None = None) -> None:
    cells.pre_run_cell()
    cells.candidate = candidate
    wall.now += seconds
    cells.post_run_cell()


def active(cells: CellClock) -> float:
    return working_time.active_time(cells.pending(), timedelta(seconds=IDLE)).total_seconds()


def test_cells_and_short_gaps_are_one_span() -> None:
    wall = Wall()
    cells = CellClock("k", IDLE, wall)
    cells.running = True
    cell(cells, wall, 5)
    wall.now += 60
    cell(cells, wall, 5)
    assert [(s.end - s.start).total_seconds() for s in cells.pending()] == [70]


def test_lunch_is_not_working_time() -> None:
    wall = Wall()
    cells = CellClock("k", IDLE, wall)
    cells.running = True
    cell(cells, wall, 5)
    wall.now += 3600
    cell(cells, wall, 5)
    assert active(cells) == 10


def test_nothing_counts_before_start_and_after_stop() -> None:
    wall = Wall()
    cells = CellClock("k", IDLE, wall)
    cell(cells, wall, 5)
    assert cells.pending() == []
    cells.pre_run_cell()
    wall.now += 3
    cells.start()
    wall.now += 4
    cells.post_run_cell()
    assert active(cells) == 4
    cells.pre_run_cell()
    wall.now += 2
    cells.stop()
    wall.now += 9
    cells.post_run_cell()
    assert active(cells) == 6


def test_a_post_without_a_pre_and_a_none_result_do_no_harm() -> None:
    cells = CellClock("k", IDLE, Wall())
    cells.running = True
    cells.post_run_cell(None)
    assert cells.pending() == []


def test_the_running_cell_is_pending_too_so_that_a_killed_kernel_keeps_it() -> None:
    wall = Wall()
    cells = CellClock("k", IDLE, wall)
    cells.running = True
    cells.pre_run_cell()
    wall.now += 50
    assert active(cells) == 50


def test_a_candidate_has_its_own_span() -> None:
    wall = Wall()
    cells = CellClock("k", IDLE, wall)
    cells.running = True
    cell(cells, wall, 5)
    cell(cells, wall, 7, "knn")
    cell(cells, wall, 5)
    assert [s.candidate for s in cells.pending()] == [None, "knn", None]
    assert active(cells) == 17


def test_what_the_store_has_is_forgotten_but_the_growing_span() -> None:
    wall = Wall()
    cells = CellClock("k", IDLE, wall)
    cells.running = True
    cell(cells, wall, 5)
    cell(cells, wall, 7, "knn")
    cells.settle(cells.pending())
    assert [s.candidate for s in cells.pending()] == ["knn"]
    first = cells.pending()[0].start
    cell(cells, wall, 2, "knn")
    assert cells.pending()[0].start == first, "the same span grows, so the store rewrites it"


def test_the_limit_calls_back_once_when_it_is_reached() -> None:
    wall = Wall()
    cells = CellClock("k", IDLE, wall)
    cells.running = True
    called: list[float] = []
    cells.on_limit = lambda: called.append(wall.now)
    cells.left = 100
    cell(cells, wall, 30)
    wall.now += 30
    cell(cells, wall, 30)
    assert called == []
    wall.now += 5
    cell(cells, wall, 10)
    cell(cells, wall, 10)
    assert len(called) == 1
