"""Open a store, make a new one, or lift an older one; what is not ours to touch is left as it was found.

A store that exists is first looked at read-only. Only when it is ours and not newer than this version is it opened
for writing. A new store is made in one transaction from the tables as they are; Alembic is imported only to lift an
older one.
"""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, Connection, exc, make_url, text

from mlee_jupyter.domain import files
from mlee_jupyter.domain.errors import MleeError, StoreError
from mlee_jupyter.store.tables.schema import SCHEMA, VERSION_TABLE, metadata, version

from . import vetting
from .database import BUSY_SECONDS, Database, explain, sqlite_file

# read from the catalogue itself: to_regclass answers from a cache that may not know what another has just committed
_ON_SERVER = text(
    "SELECT count(*) FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
    " WHERE c.relname = :name AND n.nspname = ANY (current_schemas(false))"
)
FOLDER = ".mlee"  # where a project keeps its store
_ENDINGS = ("", "-wal", "-shm", "-journal")  # the file, and what SQLite writes beside it
_SERVER_DRIVERS = ("postgresql", "postgres")
MOST_LOOKS = 20  # a tenth of a second apart, at a store that another process may be making


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
        _check_place(file)
        if not make and not _has_bytes(file):
            return None
        if _has_bytes(file):
            probe(file)  # a store that is refused gets nothing laid beside it
        _make_folder(file)
        probe(file)
        _keep_private(file)
    database = Database(url)
    try:
        if file is not None:
            _write_ahead(database)
            _look_again(file)  # again: a log or a journal may have brought other pages
        if not _bring_up_to_date(database, make):
            database.close()
            return None
        if file is not None:
            _look_at_values(file)
            _keep_private(file)
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


def _has_bytes(file: Path) -> bool:
    try:
        return file.stat().st_size > 0
    except OSError:
        return False


def _check_place(file: Path) -> None:
    """Plain files or nothing, under this name and the names that SQLite gives to what it writes beside it.

    Raises:
        StoreError: a link, a pipe, a folder is in the way, or nothing may be written there.
    """
    below = file.parent.parent if file.parent.name == FOLDER else None
    for ending in _ENDINGS:
        try:
            found = files.plain_file(Path(f"{file}{ending}"), below=below)
        except MleeError as fault:
            raise StoreError(fault.message, fault.remedy) from None
        if found is not None and found.st_nlink > 1:
            raise StoreError(
                f"{file}{ending} is also a file of another name (a hard link), which would be changed as well.",
                "Copy it and move the copy here, or set MLEE_STORE to another file.",
            )
    if _ends_in_a_name(Path(f"{file}-journal")):
        raise StoreError(
            f"{file}-journal names another file, as no journal of ours does; it was left as it is.",
            "Remove it, or set MLEE_STORE to another file.",
        )
    there = next((folder for folder in file.absolute().parents if os.path.exists(folder)), None)
    if there is not None and not os.access(there, os.W_OK) and not os.path.exists(file):
        _may_write(file, there)


def _ends_in_a_name(journal: Path) -> bool:
    """Whether a journal ends in the name of a super-journal, a file that SQLite may remove when it heals the store.

    Reference: https://sqlite.org/src/file/src/pager.c, readSuperJournal.
    """
    try:
        with journal.open("rb") as file:
            file.seek(-8, os.SEEK_END)
            return file.read() == b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"
    except OSError:
        return False


def _keep_private(file: Path) -> None:
    """The store is the user's alone; one that lies in a folder which a group may write is the group's too."""
    folder, forbidden = file.parent, 0o077
    if folder.name == FOLDER:
        files.tighten(folder)
    else:
        with contextlib.suppress(OSError):
            forbidden = 0o007 if folder.stat().st_mode & stat.S_IWGRP else 0o077
    with contextlib.suppress(OSError):
        files.make_private(file)  # SQLite gives what it makes beside it the rights of this file
    for ending in _ENDINGS:
        files.tighten(Path(f"{file}{ending}"), forbidden)


def _make_folder(file: Path) -> None:
    """The folder of the store; `.mlee` gets its own .gitignore, since rows of data do not belong in a repository."""
    folder = file.parent
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.name == FOLDER and not os.path.lexists(ignored := folder / ".gitignore"):
            files.write(ignored, "# experiments and rows of data: not for the repository\n*\n", private=True)
    except MleeError as fault:
        raise StoreError(fault.message, fault.remedy) from None
    except OSError as fault:
        raise StoreError(
            f"Nothing can be written in {folder} ({fault.strerror or type(fault).__name__}).",
            "Give yourself the right to write there, or set MLEE_STORE.",
        ) from None


def _look_again(file: Path) -> None:
    """Look inside, and again for a while where it is not right: another process may be making it at this moment."""
    for patience in range(MOST_LOOKS, -1, -1):
        try:
            _look_inside(file)
            return
        except StoreError:
            is_being_written = any(_has_companion(file, ending) for ending in ("-wal", "-journal"))
            if not patience or (patience < MOST_LOOKS and not is_being_written):
                raise
            time.sleep(0.1)


def probe(file: Path) -> None:
    """Look at a SQLite file without changing a byte of it.

    Raises:
        StoreError: it is damaged, of a newer version, not ours, or may not be written.
    """
    try:
        size = file.stat().st_size
    except FileNotFoundError:
        _may_write(file, file.parent)
        return
    except OSError as fault:
        raise StoreError(f"{file} cannot be read ({fault.strerror}).", "Set MLEE_STORE to another file.") from None
    if not file.is_file():
        raise StoreError(f"{file} is not a file.", "Set MLEE_STORE to a file.")
    if size and not _has_companion(file, "-journal"):  # a journal is left by a crash; only SQLite itself may heal that
        _look_again(file)
    _may_write(file, file, file.parent)


@contextlib.contextmanager
def _looking(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection that changes nothing."""
    # "immutable" keeps SQLite from making the log's index beside a file that we may have to refuse
    quiet = "" if _has_companion(file, "-wal") else "&immutable=1"
    address = f"file:{quote(str(file.absolute()))}?mode=ro{quiet}"
    with contextlib.closing(sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS)) as looking:
        looking.execute("PRAGMA trusted_schema=OFF")
        looking.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, vetting.LONGEST_VALUE)  # before anything is allocated
        yield looking


def _look_inside(file: Path) -> None:
    try:
        with _looking(file) as looking:
            _check_plan(file, looking)
    except (sqlite3.Error, UnicodeDecodeError) as fault:  # the latter where SQLite's own message quotes torn bytes
        raise StoreError(f"{file} is damaged ({fault}); it was left as it is.", "Move it away to start anew.") from None


def _check_plan(file: Path, looking: sqlite3.Connection) -> None:
    tables = {row[0] for row in looking.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if VERSION_TABLE not in tables:
        if looking.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise StoreError(
                f"{file} is a database, but not one of ours; it was left as it is.",
                "Set MLEE_STORE to another file.",
            )
        return
    odd = vetting.odd_part(looking)
    if odd is not None:
        raise _odd(file, odd)
    found = looking.execute(f"SELECT version_num FROM {VERSION_TABLE} LIMIT 3").fetchall()
    number = _known(str(file), [str(row[0]) for row in found])
    if number == SCHEMA and (missing := vetting.odd_columns(looking)) is not None:
        raise _odd(file, missing)


def _look_at_values(file: Path) -> None:
    with (
        contextlib.suppress(sqlite3.DatabaseError, UnicodeDecodeError),
        _looking(file) as looking,
    ):  # torn pages are said when they are met
        try:
            odd = vetting.odd_value(looking)
        except sqlite3.DataError:
            odd = "a text of hundreds of megabytes"
        if odd is not None:
            raise StoreError(
                f"{file} is damaged: {odd} holds what does not belong there; it was left as it is.",
                "Move it away to start anew.",
            )


def _odd(file: Path, what: str) -> StoreError:
    return StoreError(
        f"{file} is no store as mlee makes it: it has {what}; it was left as it is.",
        "Move it away, or set MLEE_STORE to another file.",
    )


def _has_companion(file: Path, ending: str) -> bool:
    return os.path.exists(f"{file}{ending}")


def _may_write(file: Path, *places: Path) -> None:
    for place in places:
        if not os.access(place, os.W_OK):
            raise StoreError(
                f"{file} cannot be written: {place} is read-only for you.",
                "Give yourself the right to write there, or set MLEE_STORE.",
            )


def _known(label: str, versions: list[str]) -> int:
    """The number of the schema found."""
    if len(versions) == 1 and re.fullmatch(r"m[0-9]{3}", versions[0]) and (number := int(versions[0][1:])):
        if number > SCHEMA:
            raise StoreError(
                f"{label} was written by a newer version of mlee_jupyter (schema {number}; this one knows {SCHEMA})"
                " and was left as it is.",
                "Update: pip install -U mlee_jupyter.",
            )
        return number
    raise StoreError(
        f"{label} has no schema that can be recognised; it was left as it is.", "Move it away to start anew."
    )


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
    if found is not None and _known(database.label, found) == SCHEMA:
        return True
    with database.writing() as connection:  # someone else may have been faster: look again, now alone
        found = _versions(connection, database)
        if found is None:
            create(connection)
            return True
        if _known(database.label, found) == SCHEMA:
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
