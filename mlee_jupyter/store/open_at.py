"""The store at a place: the one that is there, a new one, or one in memory where the right one cannot be used."""

from __future__ import annotations

from sqlalchemy import URL

from mlee_jupyter.domain.errors import MleeError, StoreError

from .door import Store
from .io.database import Database
from .io.open_database import find_database, open_database, url_of
from .transactions import unkept


def open_store(location: str, *, fallback: bool = True, when_needed: bool = False) -> Store:
    """The store at a place; made when there is none.

    Args:
        location: a file path, or a postgresql:// URL.
        fallback: when it cannot be used, go on in memory, with `Store.notice` saying why; the place is left untouched.
        when_needed: a store that is not there is made by the first write; whoever only looks makes none.

    Raises:
        StoreError: it cannot be used and `fallback` is False; damaged, newer, foreign, unreachable or read-only.
    """
    try:
        url = url_of(location)
        if not when_needed:
            return Store(open_database(url))
        found = find_database(url)
        return Store(found) if found is not None else Store(in_memory(), url)
    except StoreError as fault:
        if not fallback:
            raise
        return store_in_memory(fault)


def in_memory() -> Database:
    """A database that ends with the process."""
    return open_database(URL.create("sqlite"))


def store_in_memory(fault: MleeError) -> Store:
    """A store that ends with the process, since the right one cannot be used."""
    store = Store(in_memory())
    store.notice = unkept(fault)
    return store
