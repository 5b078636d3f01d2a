"""A file that is not ours to touch is left as it was found, byte for byte, and named in one line."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy

from mlee_jupyter.domain.errors import StoreError
from mlee_jupyter.store import open_store
from mlee_jupyter.store.tables.schema import SCHEMA

from .makers import TRUTH, recording, start


def good(place: Path) -> None:
    with open_store(str(place), fallback=False) as store:
        start(store)
        for _ in range(5):
            store.record("shelf", recording(source="x" * 9_000), TRUTH)


def truncated(place: Path) -> None:
    good(place)
    place.write_bytes(place.read_bytes()[: place.stat().st_size // 2])


def overwritten(place: Path) -> None:
    good(place)
    place.write_bytes(b"\0" * 4096 + place.read_bytes()[4096:])


def of_a_newer_version(place: Path) -> None:
    good(place)
    with closing(sqlite3.connect(place)) as connection, connection:
        connection.execute("UPDATE mlee_schema SET version_num = ?", (f"m{SCHEMA + 1:03}",))
    connection.close()


def of_an_unknown_version(place: Path) -> None:
    good(place)
    with closing(sqlite3.connect(place)) as connection, connection:
        connection.execute("UPDATE mlee_schema SET version_num = 'x'")
    connection.close()


def foreign(place: Path) -> None:
    with closing(sqlite3.connect(place)) as connection, connection:
        connection.execute("CREATE TABLE photos (id INTEGER)")
    connection.close()


def foreign_with_a_log(place: Path) -> None:
    with closing(sqlite3.connect(place)) as connection, connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE photos (id INTEGER)")
    connection.close()


REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "text": (lambda place: place.write_text("dear diary\n" * 100), "damaged"),
    "noise": (lambda place: place.write_bytes(os.urandom(9_000)), "damaged"),
    "a few bytes": (lambda place: place.write_bytes(b"SQLite"), "damaged"),
    "truncated": (truncated, "damaged"),
    "first page overwritten": (overwritten, "damaged"),
    "newer": (of_a_newer_version, "newer version"),
    "unknown version": (of_an_unknown_version, "no schema"),
    "foreign": (foreign, "not one of ours"),
    "foreign with a log": (foreign_with_a_log, "not one of ours"),
}


@pytest.mark.parametrize(("make", "word"), REFUSED.values(), ids=REFUSED.keys())
def test_a_file_that_is_refused_is_left_as_it_is(tmp_path: Path, make: Callable[[Path], object], word: str) -> None:
    place = tmp_path / ".mlee" / "experiments.db"
    place.parent.mkdir()
    make(place)
    (place.parent / ".gitignore").write_text("mine\n")
    before = {file.name: file.read_bytes() for file in place.parent.iterdir()}
    with pytest.raises(StoreError) as refusal:
        open_store(str(place), fallback=False)
    with open_store(str(place)) as store:
        assert store.in_memory
        assert store.notice is not None
        for said in (str(refusal.value), store.notice):
            assert word in said
            assert str(place) in said
            assert "\n" not in said
        assert "export" in store.notice
        start(store)
        store.record("shelf", recording(), TRUTH)
        assert len(store.export()["experiments"]) == 1
    assert {file.name: file.read_bytes() for file in place.parent.iterdir()} == before


TAKEN: dict[str, Callable[[Path], object]] = {
    "nothing": lambda place: None,
    "an empty file": lambda place: place.touch(),
    "an empty database": lambda place: (
        sqlite3.connect(place).executescript("PRAGMA user_version=0; VACUUM").connection.close()
    ),
    "a good store": good,
}


@pytest.mark.parametrize("make", TAKEN.values(), ids=TAKEN.keys())
def test_a_file_that_is_ours_or_empty_is_used(tmp_path: Path, make: Callable[[Path], object]) -> None:
    place = tmp_path / ".mlee" / "experiments.db"
    place.parent.mkdir()
    make(place)
    with open_store(str(place), fallback=False) as store:
        assert store.notice is None
        assert not store.in_memory
        assert store.location == str(place)
    assert (place.parent / ".gitignore").read_text().endswith("\n*\n")


UNUSABLE_PLACES: dict[str, Callable[[Path], str]] = {
    "a file for a folder": lambda folder: str(folder / "file" / "x.db"),
    "a folder for a file": str,
    "no such place": lambda folder: "/proc/mlee/x.db",
    "another database": lambda folder: "mysql://me@localhost/x",
    "not a URL": lambda folder: "postgresql://me@[x/y",
    "a server that is not there": lambda folder: "postgresql://me:secret@127.0.0.1:1/x",
    "an impossible name": lambda folder: str(folder / ("x" * 300)),
}


@pytest.mark.parametrize("place_in", UNUSABLE_PLACES.values(), ids=UNUSABLE_PLACES.keys())
def test_a_place_that_cannot_be_used_is_said(tmp_path: Path, place_in: Callable[[Path], str]) -> None:
    (tmp_path / "file").touch()
    place = place_in(tmp_path)
    with pytest.raises(StoreError) as refusal:
        open_store(place, fallback=False)
    with open_store(place) as store:
        assert store.notice is not None
        assert "\n" not in store.notice + str(refusal.value)
        assert "secret" not in store.notice + str(refusal.value)
        start(store)


def test_a_folder_that_may_not_be_written_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    good(folder / "x.db")
    (folder / "x.db").chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
    for above in (folder, *folder.parents[:4]):
        if above.is_relative_to("/tmp") and above != Path("/tmp"):
            above.chmod(0o555 if above == folder else 0o755)
    # the superuser may write anywhere, so someone else has to try
    program = """
import os, sys, numpy, sqlalchemy.dialects.sqlite, mlee_jupyter.store.door, sqlalchemy.pool
from mlee_jupyter.store import open_store
open_store(":memory:").close()
if os.geteuid() == 0:
    os.setgid(65534), os.setuid(65534)
for name in ("x.db", "new.db"):
    store = open_store(sys.argv[1] + "/" + name)
    print(store.in_memory, store.notice)
"""
    done = subprocess.run([sys.executable, "-c", program, str(folder)], capture_output=True, text=True, check=False)
    folder.chmod(0o755)
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    assert first.startswith("True")
    assert second.startswith("True")
    assert "read-only" in first
    assert [file.name for file in folder.iterdir()] == ["x.db"]


def test_a_place_where_the_log_cannot_work(tmp_path: Path) -> None:
    """As on some network shares: SQLite without shared memory. Slower, as safe."""
    place = tmp_path / "x.db"
    with open_store(f"sqlite:///file:{place}?vfs=unix-dotfile&uri=true", fallback=False) as store:
        start(store)
        store.record("shelf", recording(), TRUTH)
    with closing(sqlite3.connect(place)) as connection, connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert connection.execute("SELECT count(*) FROM mlee_run").fetchone() == (1,)
    connection.close()


def test_damage_found_later_is_said(file_place: str) -> None:
    good(Path(file_place))
    with closing(sqlite3.connect(file_place)) as connection, connection:
        pages = [
            row[0] for row in connection.execute("SELECT rootpage FROM sqlite_master WHERE tbl_name = 'mlee_result'")
        ]
    connection.close()
    with Path(file_place).open("r+b") as file:
        for page in pages:
            file.seek(4096 * (page - 1))
            file.write(b"\xff" * 4096)
    with open_store(file_place, fallback=False) as store, pytest.raises(StoreError) as refusal:
        store.records("shelf")
    assert "damaged" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_store_deleted_while_open_is_said(file_place: str) -> None:
    with open_store(file_place) as store:
        start(store)
        Path(file_place).unlink()
        with pytest.raises(StoreError, match="deleted or replaced"):
            store.record("shelf", recording(), TRUTH)


def test_a_full_disk_is_said(file_place: str) -> None:
    with open_store(file_place) as store:
        start(store)
        with store._database._engine(False).connect() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1")  # the connection goes back to the pool so
        with pytest.raises(StoreError, match="disk is full"):
            store.record("shelf", recording(source="".join(map(str, range(99_999)))), TRUTH)
        assert store.records("shelf").results == ()


def test_a_password_is_never_shown(server_place: str) -> None:
    with open_store(server_place.replace("mlee@", "mlee:hidden@"), fallback=False) as store:
        assert "hidden" not in store.location
        assert store.location.startswith("postgresql")


def test_someone_who_holds_the_store_is_said(file_place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlee_jupyter.store.io.database.BUSY_SECONDS", 0.1)
    with open_store(file_place) as store:
        start(store)
        holder = sqlite3.connect(file_place, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="busy"):
            store.record("shelf", recording(), TRUTH)
        assert store.records("shelf").results == ()  # readers do not wait
        holder.close()
        store.record("shelf", recording(), TRUTH)


OLD_SQLALCHEMY = tuple(int(part) for part in sqlalchemy.__version__.split(".")[:2]) < (2, 1)
ODD_PLACES = (
    "postgresql://me:secret@127.0.0.1:1/x?foo=bar",
    "postgresql://me@127.0.0.1:1/x?password=secret",
    "postgresql://me:secret@127.0.0.1:99999999/x",
    "postgresql://me:secret@127.0.0.1:port/x",
    "postgresql+asyncpg://me:secret@127.0.0.1:1/x",
    "postgresql://me:secret@127.0.0.1:1/x?connect_timeout=soon",
    pytest.param(
        "sqlite:///x.db?foo=bar",
        marks=pytest.mark.skipif(
            OLD_SQLALCHEMY, reason="before 2.1 SQLAlchemy passes over words that it does not know"
        ),
    ),
    "sqlite:///file:x.db?mode=odd&uri=true",
    "://",
    "x" * 5_000,
    "a\0b",
    "\ud800/x.db",
)


@pytest.mark.parametrize("place", ODD_PLACES)
def test_an_odd_place_is_said_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    monkeypatch.chdir(tmp_path)
    with open_store(place) as store:
        assert store.in_memory
        assert store.notice is not None
        assert "\n" not in store.notice
        assert "secret" not in store.notice


def test_a_long_array_is_read_where_its_beginning_says_that_it_is_one(tmp_path: Path) -> None:
    """The room that another one would take is not taken: its beginning and its length are looked at first."""
    import tracemalloc

    from mlee_jupyter.stats.rows.array_codec import pack
    from mlee_jupyter.store.tables import reading

    engine = sqlalchemy.create_engine(f"sqlite:///{tmp_path / 'long.db'}")
    long = np.random.default_rng(0).random(2_200_000)
    digest, content = pack(long)
    assert len(content) > reading._AT_ONCE
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE mlee_array (hash TEXT PRIMARY KEY, content BLOB)")
        connection.exec_driver_sql("INSERT INTO mlee_array VALUES (?, ?)", (digest, content))
        connection.exec_driver_sql("INSERT INTO mlee_array VALUES ('nothing', zeroblob(200000000))")
        np.testing.assert_array_equal(reading.rows(connection, digest), long)
        tracemalloc.start()
        with pytest.raises(StoreError, match="damaged"):
            reading.rows(connection, "nothing")
        assert tracemalloc.get_traced_memory()[1] < 2**20
        tracemalloc.stop()
