"""Connections and transactions, on both back ends; nothing here knows a table.

Writers take turns: SQLite by BEGIN IMMEDIATE, PostgreSQL by an advisory lock, so that what holds of one back end holds
of the other. A reader sees one snapshot and waits for no one. A process killed at any moment leaves no lock behind.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc
from sqlalchemy.pool import StaticPool

from mlee_jupyter.domain.errors import StoreError

BUSY_SECONDS = 30
_UNREADABLE = (ValueError, TypeError, LookupError, OverflowError, AttributeError, RecursionError, exc.NoResultFound)
_TURN_MS = 200  # how long SQLite waits at a time
_TAKE_TURNS = "SELECT pg_advisory_xact_lock(hashtext('mlee_jupyter.' || current_schema()))"

_DRIVERS = ("sqlite3", "psycopg")

# Engines of a parent process. A SQLite connection may be neither used nor closed after a fork, so a child keeps them.
_abandoned: list[Any] = []


class Database:
    """One store's connections: `writing` durable, `writing(light=True)` cheap, `reading` a snapshot.

    Usable from any thread, and after a fork (with new connections).
    """

    def __init__(self, url: URL) -> None:
        self.url = url
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self.file = sqlite_file(url) if self.is_sqlite else None
        self.in_memory = self.is_sqlite and self.file is None
        self.label = str(self.file) if self.file else _shown(url)
        self.patience: float = BUSY_SECONDS  # how long `scrub` waits for readers
        self._reset()

    def _reset(self) -> None:
        self._pid = os.getpid()
        self._engines: dict[bool, Engine] = {}
        self._starting = threading.Lock()
        # one connection holds an in-memory database, so its users wait for each other
        self._alone: Any = threading.RLock() if self.in_memory else contextlib.nullcontext()
        self._identity: tuple[int, int] | None = None

    @contextlib.contextmanager
    def writing(self, *, light: bool = False) -> Iterator[Connection]:
        """A transaction that is on disk when the block ends, or gone when it raises.

        Args:
            light: the last seconds may be lost in a power cut (never in a crash of the process): no fsync.

        Raises:
            StoreError: the store is busy for too long, full, damaged or gone.
        """
        with self._alone, self.explained():
            engine = self._engine(light)
            self._still_there()
            with engine.connect() as connection, connection.begin():
                if not self.is_sqlite:
                    if light:
                        connection.exec_driver_sql("SET LOCAL synchronous_commit TO OFF")
                    connection.exec_driver_sql(_TAKE_TURNS)
                yield connection

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A snapshot: what is read in the block is of one moment."""
        with self._alone, self.explained():
            engine = self._engine(False)
            if self.is_sqlite:
                options: dict[str, Any] = {"mlee_begin": "BEGIN"}
            else:
                options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            with engine.connect().execution_options(**options) as connection, connection.begin():
                yield connection

    @contextlib.contextmanager
    def migrating(self) -> Iterator[Connection]:
        """As `writing`, with SQLite's foreign keys off: a table that is rebuilt must not take its children along."""
        with self._alone, self.explained(), self._engine(False).connect() as connection:
            driver: Any = connection.connection.driver_connection
            if self.is_sqlite:
                driver.execute("PRAGMA foreign_keys=OFF")
            try:
                with connection.begin():
                    if not self.is_sqlite:
                        connection.exec_driver_sql(_TAKE_TURNS)
                    yield connection
            finally:
                if self.is_sqlite:
                    driver.execute("PRAGMA foreign_keys=ON")

    def scrub(self) -> str | None:
        """Make SQLite rewrite its file, so that no deleted byte stays in it; what could not be done, in one line.

        PostgreSQL's own vacuum clears its files in its time.
        """
        if not self.is_sqlite or self.in_memory:
            return None
        with self.explained():
            raw = self._engine(False).raw_connection()
            try:
                driver: Any = raw.driver_connection
                driver.execute(f"PRAGMA busy_timeout={round(1000 * self.patience)}")
                driver.execute("VACUUM")
                busy = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            except sqlite3.OperationalError:
                busy = True
            finally:
                driver.execute(f"PRAGMA busy_timeout={1000 * BUSY_SECONDS}")
                raw.close()
        if busy:
            return f"Deleted, but another program reads {self.label}: the bytes stay on disk until the next deletion."
        return None

    def close(self) -> None:
        """Give every connection back; the last one to close a SQLite store empties its log."""
        if self._pid != os.getpid():
            _abandoned.append(self._engines)
            self._reset()
        for engine in self._engines.values():
            engine.dispose()
        self._engines = {}

    def _engine(self, light: bool) -> Engine:
        if self._pid != os.getpid():
            if self.in_memory:  # a copy of the parent's memory: readable, and nothing else holds it
                self._pid, self._alone, self._starting = os.getpid(), threading.RLock(), threading.Lock()
            else:
                _abandoned.append(self._engines)
                self._reset()
        key = light and self.is_sqlite and not self.in_memory
        engine = self._engines.get(key)
        if engine is None:
            with self._starting:
                engine = self._engines.get(key)
                if engine is None:
                    engine = (
                        self._sqlite_engine("NORMAL" if key else "FULL") if self.is_sqlite else self._server_engine()
                    )
                    self._engines[key] = engine
        return engine

    def _sqlite_engine(self, synchronous: str) -> Engine:
        options: dict[str, Any] = {"poolclass": StaticPool} if self.in_memory else {}
        engine = create_engine(self.url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False}, **options)

        @event.listens_for(engine, "connect")
        def connected(raw: sqlite3.Connection, _record: object) -> None:
            raw.isolation_level = None  # we say BEGIN ourselves
            for setting in (f"synchronous={synchronous}", "foreign_keys=ON", "secure_delete=ON", "trusted_schema=OFF"):
                raw.execute(f"PRAGMA {setting}")

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            driver: Any = connection.connection.driver_connection
            how = connection.get_execution_options().get("mlee_begin")
            if how is None:
                _begin_writing(driver)
            else:
                driver.execute(how)

        return engine

    def _server_engine(self) -> Engine:
        timeout = {} if "connect_timeout" in self.url.query else {"connect_timeout": 10}
        return create_engine(self.url, pool_pre_ping=True, connect_args=timeout)

    def remember_file(self) -> None:
        """Note which file was opened, so that a later write does not vanish into a deleted one."""
        if self.file is not None:
            found = self.file.stat()
            self._identity = (found.st_dev, found.st_ino)

    def _still_there(self) -> None:
        if self._identity is None or self.file is None:
            return
        try:
            found = self.file.stat()
            same = (found.st_dev, found.st_ino) == self._identity
        except OSError:
            same = False
        if not same:
            raise StoreError(
                f"{self.label} was deleted or replaced while it was open, so nothing more can be recorded in it.",
                "Restart the kernel to open it anew.",
            )

    @contextlib.contextmanager
    def explained(self) -> Iterator[None]:
        """Nothing but the store's own reading and writing runs in here: what it stumbles over came from the store."""
        try:
            yield
        except _UNREADABLE as fault:
            raise StoreError(
                f"{self.label} holds what cannot be read ({type(fault).__name__}: {str(fault)[:80]}).",
                "Export what can be: mlee export FILE NAME, then start a new store.",
            ) from fault
        except Exception as fault:
            drivers = fault.orig if isinstance(fault, exc.DBAPIError) and fault.orig is not None else fault
            plain = explain(self.label, drivers)
            if plain is None:
                raise
            raise plain from fault


def _shown(url: URL) -> str:
    """The URL without its secrets, which may stand among its options as well."""
    secret = {key: "***" for key in url.query if "pass" in key.lower()}
    return url.update_query_dict(secret).render_as_string(hide_password=True)


def _begin_writing(driver: sqlite3.Connection) -> None:
    """Take the turn to write; this waiting can be interrupted, SQLite's own cannot."""
    patience = time.monotonic() + BUSY_SECONDS
    driver.execute(f"PRAGMA busy_timeout={_TURN_MS}")
    try:
        while True:
            try:
                driver.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as fault:
                if "locked" not in str(fault) or time.monotonic() > patience:
                    raise
    finally:
        driver.execute(f"PRAGMA busy_timeout={round(1000 * BUSY_SECONDS)}")


def sqlite_file(url: URL) -> Path | None:
    """The file of a SQLite URL; None: it is in memory."""
    name = url.database
    if not name or name == ":memory:":
        return None
    if name.startswith("file:"):
        name = name.removeprefix("file:")
        if not name or name == ":memory:" or url.query.get("mode") == "memory":
            return None
    return Path(name)


def explain(label: str, fault: BaseException) -> StoreError | None:
    """A driver's fault in one plain line; None: not a driver's, or a fault of ours such as a wrong column."""
    if not isinstance(fault, exc.TimeoutError) and type(fault).__module__.partition(".")[0] not in _DRIVERS:
        return None
    text = (str(fault).strip().splitlines() or [type(fault).__name__])[0].rstrip(".")
    low = text.lower()
    if "locked" in low or "busy" in low or isinstance(fault, exc.TimeoutError):
        return StoreError(
            f"{label} was busy for {BUSY_SECONDS} s: another program holds it.",
            "Wait for it or close it, then run the cell again.",
        )
    if "malformed" in low or "not a database" in low:
        return StoreError(f"{label} is damaged ({text}).", "Keep a copy, move it away, and start a new store.")
    if "full" in low or "no space" in low:
        return StoreError(f"{label} cannot grow: the disk is full.", "Make room, then run the cell again.")
    if "readonly" in low or "read-only" in low:
        return StoreError(f"{label} may not be written.", "Give yourself the right to write it, or set MLEE_STORE.")
    if type(fault).__name__ in ("OperationalError", "InterfaceError", "AdminShutdown", "InsufficientPrivilege"):
        if "no such " in low or "syntax error" in low or "has no column" in low:
            return None
        return StoreError(f"{label} cannot be used ({text}).", "Run %mlee to see where the store is.")
    return None
