"""A look into a SQLite file that changes no byte of it: ours or not, whole, and of which version."""

from __future__ import annotations

import contextlib
import re
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from mlee_jupyter.domain.errors import StoreError
from mlee_jupyter.store.tables.schema import SCHEMA, VERSION_TABLE

from . import vetting
from .database import BUSY_SECONDS
from .store_files import has_companion, may_write

MOST_LOOKS = 20  # a tenth of a second apart, at a store that another process may be making


def look_again(file: Path) -> None:
    """Look inside, and again for a while where it is not right: another process may be making it at this moment."""
    for patience in range(MOST_LOOKS, -1, -1):
        try:
            _look_inside(file)
            return
        except StoreError:
            is_being_written = any(has_companion(file, ending) for ending in ("-wal", "-journal"))
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
        may_write(file, file.parent)
        return
    except OSError as fault:
        raise StoreError(f"{file} cannot be read ({fault.strerror}).", "Set MLEE_STORE to another file.") from None
    if not file.is_file():
        raise StoreError(f"{file} is not a file.", "Set MLEE_STORE to a file.")
    if size and not has_companion(file, "-journal"):  # a journal is left by a crash; only SQLite itself may heal that
        look_again(file)
    may_write(file, file, file.parent)


@contextlib.contextmanager
def _looking(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection that changes nothing."""
    # "immutable" keeps SQLite from making the log's index beside a file that we may have to refuse
    quiet = "" if has_companion(file, "-wal") else "&immutable=1"
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
    number = known_schema(str(file), [str(row[0]) for row in found])
    if number == SCHEMA and (missing := vetting.odd_columns(looking)) is not None:
        raise _odd(file, missing)


def look_at_values(file: Path) -> None:
    """Look whether each column holds what belongs there.

    Raises:
        StoreError: one does not.
    """
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


def known_schema(label: str, versions: list[str]) -> int:
    """The number of the schema found.

    Raises:
        StoreError: it is of a newer version, or none that can be recognised.
    """
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
