"""The files of a store: plain ones of its own name, in a folder where it may write, the user's alone."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

from mlee_jupyter.domain import files
from mlee_jupyter.domain.errors import MleeError, StoreError

FOLDER = ".mlee"  # where a project keeps its store
_ENDINGS = ("", "-wal", "-shm", "-journal")  # the file, and what SQLite writes beside it


def has_bytes(file: Path) -> bool:
    """Whether there is a file that is not empty."""
    try:
        return file.stat().st_size > 0
    except OSError:
        return False


def check_place(file: Path) -> None:
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
        may_write(file, there)


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


def keep_private(file: Path) -> None:
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


def make_folder(file: Path) -> None:
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


def has_companion(file: Path, ending: str) -> bool:
    """Whether SQLite has written a file of that ending beside it."""
    return os.path.exists(f"{file}{ending}")


def may_write(file: Path, *places: Path) -> None:
    """Nothing, where all of these places can be written.

    Raises:
        StoreError: one is read-only.
    """
    for place in places:
        if not os.access(place, os.W_OK):
            raise StoreError(
                f"{file} cannot be written: {place} is read-only for you.",
                "Give yourself the right to write there, or set MLEE_STORE.",
            )
