"""A time box from its start to its end: each limit is said once, at the right moment, in whichever kernel is there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from mlee_jupyter.domain import CandidateState, Charter, settings
from mlee_jupyter.experiment.handle import ExperimentHandle
from mlee_jupyter.record.scored_run import Run
from mlee_jupyter.session.cell_timer import CellClock
from mlee_jupyter.session.session import Session
from mlee_jupyter.store import open_store

N = 400
TRUTH = np.arange(N) % 4
HOUR = 3600.0


class World:
    """A wall clock that tests turn, and kernels that share one store."""

    def __init__(self, folder: Path) -> None:
        self.seconds = datetime(2026, 3, 2, 9, 0, tzinfo=UTC).timestamp()
        self.folder = folder
        self.said: list[str] = []
        self.sessions: list[Session] = []

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)

    def kernel(self, name: str = "k1") -> Session:
        found = settings.read(self.folder)
        cells = CellClock(name, found.idle_limit.total_seconds(), lambda: self.seconds)
        session = Session(
            open_store(str(self.folder / "experiments.db")), found, names={"y": TRUTH}, now=self.now, cells=cells
        )
        cells.on_limit = lambda: self.listen(session)
        self.sessions.append(session)
        return session

    def listen(self, session: Session) -> list[str]:
        fresh = [finding.rule for finding in session.news()[1]]
        self.said += fresh
        return fresh

    def cell(self, session: Session, seconds: float, candidate: str | None = None) -> None:
        session.cells.pre_run_cell()
        session.cells.candidate = candidate
        self.seconds += seconds
        session.cells.post_run_cell()

    def work(self, session: Session, hours: float, candidate: str | None = None) -> None:
        """Cells of five minutes with thinking between them."""
        until = self.seconds + hours * HOUR
        while self.seconds < until - 1:
            self.cell(session, min(300.0, until - self.seconds), candidate)
            self.seconds += min(240.0, max(0.0, until - self.seconds))

    def try_(self, session: Session, candidate: str, wrong: int = 10, variant: str | None = None) -> list[str]:
        predicted = TRUTH.copy()
        predicted[:wrong] = (predicted[:wrong] + 1) % 4
        run = Run(started_at=self.now(), duration=timedelta(seconds=1), variant=variant)
        session.record(candidate, session.read(predicted, None), run)
        return self.listen(session)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.delenv("MLEE_STORE", raising=False)
    (tmp_path / "pyproject.toml").touch()
    made = World(tmp_path)
    yield made
    for session in made.sessions:
        session.store.close()


def begin(world: World, session: Session, *candidates: str) -> None:
    charter = Charter(metric="accuracy", useful_gain=0.05, candidates=candidates)
    session.start("shelf", charter, budget=timedelta(hours=6), truth_name="y")
    world.listen(session)
    world.said.clear()


def of(world: World, *codes: str) -> list[str]:
    return [code for code in world.said if code in codes]


TIME = ("MLE101", "MLE102", "MLE103")


def test_each_limit_is_said_once_at_its_moment(world: World) -> None:
    session = world.kernel()
    begin(world, session, "knn", "forest")
    world.try_(session, "knn")
    moments = []
    for _ in range(26):
        world.work(session, 0.25)
        moments.append((session.evidence().share_used or 0, of(world, *TIME)))
    first_said = {code: next(share for share, said in moments if code in said) for code in TIME}
    assert 0.5 <= first_said["MLE101"] < 0.56
    assert 0.8 <= first_said["MLE102"] < 0.86
    assert 1.0 <= first_said["MLE103"] < 1.06
    assert of(world, *TIME) == list(TIME), "once each"


def test_with_every_candidate_tried_only_the_end_is_said(world: World) -> None:
    session = world.kernel()
    begin(world, session, "knn", "forest")
    world.try_(session, "knn")
    world.try_(session, "forest", 12)
    world.work(session, 6.1)
    assert of(world, *TIME) == ["MLE103"]


def test_after_an_extension_there_is_silence_until_the_new_limits(world: World) -> None:
    session = world.kernel()
    begin(world, session, "knn", "forest")
    world.try_(session, "knn")
    world.work(session, 6.1)
    world.said.clear()
    session.opened.extend(timedelta(hours=6), "labels came late")
    world.listen(session)
    world.work(session, 2)
    assert of(world, "MLE102", "MLE103") == []
    world.work(session, 2)
    assert of(world, "MLE102", "MLE103") == ["MLE102"]
    world.work(session, 2)
    assert of(world, "MLE102", "MLE103") == ["MLE102", "MLE103"]


def test_idle_time_and_pauses_say_nothing(world: World) -> None:
    session = world.kernel()
    begin(world, session, "knn", "forest")
    world.work(session, 1)
    world.seconds += 20 * HOUR
    world.cell(session, 1)
    session.opened.pause()
    world.work(session, 5)
    assert of(world, *TIME) == []
    assert session.evidence().used == pytest.approx(timedelta(hours=1), abs=timedelta(minutes=6))
    session.opened.resume()
    world.work(session, 2.5)
    assert of(world, *TIME) == ["MLE101"]


def test_two_kernels_share_one_box_and_say_a_thing_once(world: World) -> None:
    first, second = world.kernel("k1"), world.kernel("k2")
    begin(world, first, "knn", "forest")
    second.start("shelf")
    world.work(first, 2)
    first.flush()
    world.work(second, 2)
    second.flush()
    used = first.evidence().used
    assert used == pytest.approx(timedelta(hours=4), abs=timedelta(minutes=10))
    world.listen(first)
    world.listen(second)
    assert of(world, *TIME) == ["MLE101"]


def test_a_restarted_kernel_goes_on_where_the_box_stood(world: World) -> None:
    first = world.kernel("k1")
    begin(world, first, "knn")
    world.work(first, 2)
    first.flush()
    world.seconds += 3 * HOUR
    second = world.kernel("k2")
    assert second.start("shelf").resumed
    assert second.evidence().used == pytest.approx(timedelta(hours=2), abs=timedelta(minutes=6))


def test_a_decision_stops_the_time(world: World) -> None:
    session = world.kernel()
    begin(world, session, "knn")
    world.try_(session, "knn")
    world.work(session, 1)
    session.decide("knn", "good enough")
    used = session.evidence().used
    world.work(session, 3)
    assert session.evidence().used == used


def test_the_21st_variant_of_one_approach_is_said_once(world: World) -> None:
    session = world.kernel()
    begin(world, session)
    world.try_(session, "knn")
    for number in range(20):
        assert "MLE302" not in world.try_(session, "svm", 9 + number % 3, variant=f"C={number}")
    assert "MLE302" in world.try_(session, "svm", 9, variant="C=20")
    for number in range(21, 26):
        assert "MLE302" not in world.try_(session, "svm", 9, variant=f"C={number}")


def test_a_parked_approach_is_left_in_peace(world: World) -> None:
    session = world.kernel()
    begin(world, session)
    world.try_(session, "knn")
    for number in range(20):
        world.try_(session, "svm", 9, variant=f"C={number}")
    session.set_state("svm", CandidateState.PARKED, None)
    assert "MLE302" not in world.try_(session, "svm", 9, variant="C=20")


def test_one_candidate_that_eats_the_box_is_said(world: World) -> None:
    session = world.kernel()
    begin(world, session, "knn", "cnn")
    world.work(session, 2.9, "cnn")
    assert of(world, "MLE104") == []
    world.work(session, 0.6, "cnn")
    world.listen(session)
    assert of(world, "MLE104") == ["MLE104"]


def test_what_was_thought_before_a_click_in_the_panel_is_work(world: World) -> None:
    session = world.kernel()
    session.start("shelf", Charter(), budget=timedelta(hours=1), truth_name="y")
    world.cell(session, 5.0)
    world.seconds += 14.0
    session.cells.touch()
    assert session.evidence().used == timedelta(seconds=19)
    world.seconds += 2 * HOUR
    session.cells.touch()
    assert session.evidence().used == timedelta(seconds=19), "a pause is none"
    session.opened.pause()
    world.seconds += 30.0
    session.cells.touch()
    assert session.evidence().used == timedelta(seconds=19)


def test_a_run_began_when_the_clock_of_its_session_says(world: World) -> None:
    session = world.kernel()
    begin(world, session, "knn")
    world.seconds += HOUR
    ExperimentHandle("shelf", session).record("knn", TRUTH, quiet=True)
    (result,) = session.records().results
    assert result.started_at == world.now()
