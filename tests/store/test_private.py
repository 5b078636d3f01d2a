"""The store is the user's alone, from the moment it is made."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from mlee_jupyter.store import open_store

from .makers import TRUTH, recording, start


def rights(*places: Path) -> list[str]:
    return [f"{stat.S_IMODE(place.stat().st_mode):o}" for place in places]


def named(place: Path) -> list[Path]:
    return [place, Path(f"{place}-wal"), Path(f"{place}-shm")]


@pytest.fixture(autouse=True)
def generous_umask() -> object:
    before = os.umask(0)
    yield
    os.umask(before)


def test_a_new_store_is_private_with_all_that_sqlite_makes(tmp_path: Path) -> None:
    place = tmp_path / ".mlee" / "experiments.db"
    with open_store(str(place), fallback=False) as store:
        start(store)
        store.record("shelf", recording(), TRUTH)
        assert rights(*named(place)) == ["600"] * 3
        assert rights(place.parent, place.parent / ".gitignore") == ["700", "600"]


def test_an_older_one_is_tightened_when_it_is_opened(tmp_path: Path) -> None:
    place = tmp_path / ".mlee" / "experiments.db"
    with open_store(str(place), fallback=False) as store:
        start(store)
    place.parent.chmod(0o755)
    place.chmod(0o644)
    with open_store(str(place), fallback=False) as store:
        store.record("shelf", recording(), TRUTH)
        assert rights(place.parent, *named(place)) == ["700"] + ["600"] * 3


def test_a_store_shared_on_purpose_stays_the_groups(tmp_path: Path) -> None:
    folder = tmp_path / "team"
    folder.mkdir()
    folder.chmod(0o2770)
    with open_store(str(folder / "team.db"), fallback=False) as store:
        start(store)
    (folder / "team.db").chmod(0o664)
    with open_store(str(folder / "team.db"), fallback=False) as store:
        store.record("shelf", recording(), TRUTH)
        assert rights(folder, *named(folder / "team.db")) == ["2770"] + ["660"] * 3


def test_only_looking_makes_nothing(tmp_path: Path) -> None:
    place = tmp_path / ".mlee" / "experiments.db"
    with open_store(str(place), fallback=False, when_needed=True) as store:
        assert store.experiments() == ()
        assert (store.location, store.in_memory, store.notice) == (str(place), False, None)
        assert list(tmp_path.iterdir()) == []
        start(store)
        store.record("shelf", recording(), TRUTH)
        assert place.exists()
    with open_store(str(place), fallback=False) as store:
        assert len(store.records("shelf").results) == 1


def test_one_that_another_process_makes_is_seen(place: str) -> None:
    with open_store(place, fallback=False, when_needed=True) as looking:
        assert looking.experiments() == ()
        with open_store(place, fallback=False, when_needed=True) as store:
            start(store)
            assert [one.name for one in looking.experiments()] == ["shelf"]


def test_one_that_cannot_be_made_keeps_the_records_in_memory(tmp_path: Path) -> None:
    place = tmp_path / ".mlee" / "experiments.db"
    with open_store(str(place), when_needed=True) as store:
        assert store.notice is None
        (tmp_path / ".mlee").write_text("in the way")
        start(store)
        assert store.in_memory
        assert store.notice is not None
        assert "\n" not in store.notice
        assert len(store.export()["experiments"]) == 1
