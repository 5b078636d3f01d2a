"""Open a store, make a new one, or lift an older one; what is not ours to touch is left as it was found.

A store that exists is first looked at read-only. Only when it is ours and not newer than this version is it opened
for writing. A new store is made in one transaction from the tables as they are; Alembic is imported only to lift an
older one.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time

from sqlalchemy import URL, Connection, exc, make_url, text

from mlee_jupyter.domain.errors import StoreError
from mlee_jupyter.store.tables.schema import SCHEMA, VERSION_TABLE, metadata, version

from .database import BUSY_SECONDS, Database, explain, sqlite_file
from .probing import known_schema, look_again, look_at_values, probe
from .store_files import check_place, has_bytes, keep_private, make_folder

# read from the catalogue itself: to_regclass answers from a cache that may not know what another has just committed
_ON_SERVER = text(
    "SELECT count(*) FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
    " WHERE c.relname = :name AND n.nspname = ANY (current_schemas(false))"
)
_SERVER_DRIVERS = ("postgresql", "postgres")


def url_of(location: str) -> URL:
    """The URL of a file path, or of a URL as people write it.

    Raises:
        StoreError: it is neither, or of a database that is not supported.
    """
    if location == ":memory:":
        return URL.create("sqlite")
    if "://" not in location:
        return URL.create("sqlite", database=location)
    try:
        url = make_url(location)
    except (exc.ArgumentError, ValueError):
        raise StoreError("The store's URL cannot be read.", "Write postgresql://user:password@host/database.") from None
    if url.drivername in _SERVER_DRIVERS:
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        raise StoreError(f"A store in {url.drivername!r} is not supported.", "Give a file, or a postgresql:// URL.")
    return url


def place_of(location: str) -> tuple[str, bool]:
    """How a place is shown, without a password, and whether it holds one.

    Raises:
        StoreError: as `url_of`.
    """
    url = url_of(location)
    return Database(url).label, url.password is not None


def open_database(url: URL) -> Database:
    """A database whose tables are of this version.

    Raises:
        StoreError: damaged, newer, foreign, not reachable or not writable; the message says which.
    """
    database = _opened(url, make=True)
    assert database is not None
    return database


def find_database(url: URL) -> Database | None:
    """As `open_database`, of what is there; None where no store was made yet, and none is made.

    Raises:
        StoreError: see `open_database`; also where one could not be made.
    """
    return _opened(url, make=False)


def _opened(url: URL, *, make: bool) -> Database | None:
    file = sqlite_file(url) if url.get_backend_name() == "sqlite" else None
    if file is not None:
        check_place(file)
        if not make and not has_bytes(file):
            return None
        if has_bytes(file):
            probe(file)  # a store that is refused gets nothing laid beside it
        make_folder(file)
        probe(file)
        keep_private(file)
    database = Database(url)
    try:
        if file is not None:
            _write_ahead(database)
            look_again(file)  # again: a log or a journal may have brought other pages
        if not _bring_up_to_date(database, make):
            database.close()
            return None
        if file is not None:
            look_at_values(file)
            keep_private(file)
            database.remember_file()
    except StoreError:
        database.close()
        raise
    except exc.NoSuchModuleError:
        raise StoreError(
            f"{database.label} needs a driver.", 'Install it: pip install "mlee_jupyter[postgres]"'
        ) from None
    except ImportError as fault:
        raise StoreError(
            f"{database.label} needs {fault.name}, which is not installed.",
            'Install it: pip install "mlee_jupyter[postgres]"',
        ) from None
    except Exception as fault:  # options of a URL, drivers, migrations of a damaged store: whatever they raise
        database.close()
        said = " ".join(str(fault).split())[:200]
        for secret in (url.password, *(value for key, value in url.query.items() if "pass" in key.lower())):
            said = said.replace(str(secret or "\0"), "***")
        raise StoreError(
            f"{database.label} cannot be opened ({said or type(fault).__name__}).",
            "Check the options of its URL, or set MLEE_STORE to another place.",
        ) from fault
    except BaseException:
        database.close()
        raise
    return database


def _write_ahead(database: Database) -> None:
    """Turn on the write-ahead log. Where it cannot work (some network shares) SQLite's older journal stays: as safe,
    but slower and with readers that wait; that is no reason to refuse.
    """
    address, uri = str(database.url.database), database.url.database is not None and "uri" in database.url.query
    if uri:
        rest = "&".join(f"{key}={value}" for key, value in database.url.query.items() if key != "uri")
        address = f"{address}?{rest}"
    patience = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            with contextlib.closing(sqlite3.connect(address, uri=uri, timeout=BUSY_SECONDS)) as setting:
                setting.execute("PRAGMA journal_mode=WAL").fetchone()
            return
        except sqlite3.Error as fault:
            # two first openers at once: the change of mode does not wait for a lock, so we do
            if "locked" in str(fault) and time.monotonic() < patience:
                time.sleep(0.01)
                continue
            raise explain(database.label, fault) or StoreError(
                f"{database.label} cannot be opened ({fault})."
            ) from None


def _bring_up_to_date(database: Database, make: bool) -> bool:
    """Whether there is a store now; with `make` there always is."""
    with database.reading() as connection:
        found = _versions(connection, database)
    if found is None and not make:
        return False
    if found is not None and known_schema(database.label, found) == SCHEMA:
        return True
    with database.writing() as connection:  # someone else may have been faster: look again, now alone
        found = _versions(connection, database)
        if found is None:
            create(connection)
            return True
        if known_schema(database.label, found) == SCHEMA:
            return True
    lift(database)
    return True


def _versions(connection: Connection, database: Database) -> list[str] | None:
    """What the version table says; None: there is no such table."""
    if database.is_sqlite:
        there = connection.scalar(
            text("SELECT count(*) FROM sqlite_master WHERE name = :name"), {"name": VERSION_TABLE}
        )
    else:
        there = connection.scalar(_ON_SERVER, {"name": VERSION_TABLE})
    if not there:
        return None
    return [str(found) for found in connection.scalars(version.select())]


def create(connection: Connection) -> None:
    """Every table as of this version, and the stamp that says so."""
    version.create(connection, checkfirst=False)
    metadata.create_all(connection, checkfirst=False)
    connection.execute(version.insert().values(version_num=f"m{SCHEMA:03}"))


def lift(database: Database) -> None:
    """Run the migrations that an older store has not seen, all in one transaction."""
    from mlee_jupyter.store.migrations.alembic_lift import upgrade

    with database.migrating() as connection:
        upgrade(connection)
