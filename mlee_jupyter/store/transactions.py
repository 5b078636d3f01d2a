"""One transaction for what is read or written together, and the store that a first write makes."""

from __future__ import annotations

import contextlib
import os
import threading
import weakref
from collections.abc import Callable, Iterator
from typing import Self

from sqlalchemy import URL, Connection

from mlee_jupyter.domain.errors import MleeError, StoreError

from .io.database import Database
from .io.open_database import find_database, open_database


def unkept(fault: MleeError) -> str:
    """What the user should know of a store that ends with the process, since the right one cannot be used."""
    return (
        "Records are kept in memory only and end with this session (%mlee_experiment export FILE saves them): "
        f"{fault.message} {fault.remedy}"
    )


class Transactions:
    """A database, and the transaction that this thread is in.

    Attributes:
        location: the file, or the URL without its password.
        notice: what the user should know about this store as long as it is open, in one line; usually None.
        in_memory: the records end with the process.
        unbroken: a context in which each transaction is; whoever stops runs sets one that no stop breaks.
    """

    def __init__(self, database: Database, later: URL | None = None) -> None:
        """`later`: where the store is made by its first write; until then `database` is an empty one in memory."""
        self._later = later
        self._settling = threading.RLock()
        self._held = _Held()
        self.notice: str | None = None
        self.unbroken: Callable[[], contextlib.AbstractContextManager[None]] = contextlib.nullcontext
        self._take(database)
        if later is not None:
            self.location, self.in_memory = Database(later).label, False

    def _take(self, database: Database) -> None:
        self._database = database
        self.location = database.label
        self.in_memory = database.in_memory
        self._finalizer = weakref.finalize(self, _close_in_its_process, database, os.getpid())

    def _settle(self, *, make: bool) -> None:
        """Go over to the store itself, once it is there or must be."""
        with self._settling:
            if self._later is None:
                return
            try:
                found = open_database(self._later) if make else find_database(self._later)
            except StoreError as fault:
                self.notice, self._later, self.in_memory = unkept(fault), None, True
                self.location = self._database.label
                return
            if found is not None:
                self._later = None
                self._finalizer()
                self._take(found)

    @contextlib.contextmanager
    def _writing(self, *, light: bool = False) -> Iterator[Connection]:
        if self._held.writes and self._held.connection is not None:
            yield self._held.connection
            return
        with self.unbroken():
            self._settle(make=True)
            with self._database.writing(light=light) as connection:
                yield connection

    @contextlib.contextmanager
    def _reading(self) -> Iterator[Connection]:
        if self._held.connection is not None:
            with self._database.explained():
                yield self._held.connection
            return
        with self.unbroken():
            self._settle(make=False)
            with self._database.reading() as connection:
                yield connection

    @contextlib.contextmanager
    def one_moment(self) -> Iterator[None]:
        """All that this thread reads in the block is of one moment, in one transaction; it must not write there."""
        if self._held.connection is not None:
            yield
            return
        with contextlib.ExitStack() as stack:
            self._held.connection = stack.enter_context(self._reading())
            try:
                yield
            finally:
                self._held.connection = None
                stack.close()  # what the block itself raised is no fault of the store

    @contextlib.contextmanager
    def in_one_go(self, *, light: bool = False) -> Iterator[None]:
        """All that this thread writes in the block is written together or not at all; it reads what it wrote.

        Args:
            light: the last seconds may be lost in a power cut, as by `put_spans`.
        """
        with self._writing(light=light) as connection:
            self._held.connection, self._held.writes = connection, True
            try:
                yield
            finally:
                self._held.connection, self._held.writes = None, False

    @property
    def is_reading(self) -> bool:
        """Whether this thread is in a transaction, in which nothing else may be written."""
        return self._held.connection is not None

    def close(self) -> None:
        """Give the connections back; an in-memory store is gone then."""
        self._finalizer.detach()
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Held(threading.local):
    """The transaction that this thread is in, if any."""

    connection: Connection | None = None
    writes: bool = False


def _close_in_its_process(database: Database, pid: int) -> None:
    if os.getpid() == pid:
        database.close()
