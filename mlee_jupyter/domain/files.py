"""Files in folders that somebody else may have laid out: nothing is written through a link, nothing read without end.

A link below the working folder (or below the folder that a caller names) may be part of what was cloned, so it is
refused on the way to anything that is written; a link further up is the user's own. What is there and is no plain file
(a folder, a pipe, a device) is neither read nor written. New text takes the place of old in one step, under a name of
its own first, so a second name of the same file (a hard link) keeps what it had.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import secrets
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .errors import MleeError

LARGEST = 100 * 2**20  # bytes: what is read as text in one piece
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_CLOSED = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_MOST_TABLES, _MOST_VALUES = 2_000_000, 10_000_000  # of one JSON text; a large notebook of plots has a tenth
_KINDS = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket", stat.S_IFREG: "a file"}
_NO_WAIT = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)  # opening a pipe must not wait for its writer


def plain_file(place: Path, *, below: Path | None = None) -> os.stat_result | None:
    """What is at a place that is to be written: a plain file, or None for nothing yet.

    Args:
        place: where.
        below: links below this folder are refused as well as those below the working folder.

    Raises:
        MleeError: a link on the way or at its end, a folder, a pipe, a device; or no name that a system can hold.
    """
    *folders, last = _steps(place, below)
    for folder in folders:
        if _plain(folder, stat.S_IFDIR) is None:
            return None
    return _plain(last, stat.S_IFREG)


def demand_ours(place: Path, what: str, is_ours: Callable[[bytes], bool]) -> None:
    """Refuse to write over what is there and is not ours; an empty file may be filled.

    Args:
        place: where something is to be written.
        what: it is, in a word: "export", "brief".
        is_ours: whether a file of ours begins so.

    Raises:
        MleeError: as `plain_file`; a file that cannot be read, or is none of ours.
    """
    if plain_file(place) is None:
        return
    try:
        with place.open("rb") as beginning:
            start = beginning.read(200)
    except OSError as fault:
        raise MleeError(f"{place} cannot be read: {fault.strerror}.", "Name another file.") from None
    if start and not is_ours(start):
        raise MleeError(f"{place} is there and is no {what} of ours.", "Name another file, or move that one away.")


def plain_folder(place: Path, *, below: Path | None = None) -> os.stat_result | None:
    """As `plain_file`, for a folder that is to be written into."""
    for step in _steps(place, below):
        found = _plain(step, stat.S_IFDIR)
    return found


def write(place: Path, text: str | bytes, *, below: Path | None = None, private: bool = False) -> None:
    """Put a text in a file of its own, whole or not at all.

    Args:
        place: where; a plain file that is there is replaced.
        text: as UTF-8, or bytes.
        below: see `plain_file`; folders that are missing below it are made.
        private: readable for the user alone from the first moment on, and so are folders made for it.

    Raises:
        MleeError: see `plain_file`, or the system refuses.
    """
    old = plain_file(place, below=below)
    content = text if isinstance(text, bytes) else text.encode("utf-8", "backslashreplace")
    new = place.with_name(f".mlee-{secrets.token_hex(8)}.tmp")
    try:
        if below is not None:
            place.parent.mkdir(mode=0o700 if private else 0o777, parents=True, exist_ok=True)
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK | _CLOSED, 0o600 if private else 0o666)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            if old is not None and not private:
                with contextlib.suppress(OSError):
                    os.chmod(new, stat.S_IMODE(old.st_mode))
            os.replace(new, place)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(new)
            raise
    except OSError as fault:
        raise _unwritable(place, fault) from None


def make_private(place: Path) -> None:
    """An empty file for the user alone; one that is there is left as it is.

    Raises:
        OSError: the system refuses; FileExistsError is no fault.
    """
    with contextlib.suppress(FileExistsError):
        os.close(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK | _CLOSED, 0o600))


def tighten(place: Path, forbidden: int = 0o077) -> None:
    """Take rights of others away from a file or folder of ours; where that cannot be done, it stays as it was."""
    with contextlib.suppress(OSError):
        found = os.lstat(place)
        plain = stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)
        mine = not hasattr(os, "geteuid") or found.st_uid == os.geteuid()
        if plain and mine and stat.S_IMODE(found.st_mode) & forbidden:
            os.chmod(place, stat.S_IMODE(found.st_mode) & ~forbidden)


def read(place: Path, *, most: int = LARGEST) -> bytes:
    """The bytes of a plain file, read without waiting for anyone.

    Args:
        place: where; a link is followed, since reading harms nothing.
        most: bytes; a larger file is refused before it is read.

    Raises:
        MleeError: no plain file, too large, or no name that a system can hold.
        OSError: the system refuses: no such file, no right to read it.
    """
    try:
        handle = os.open(place, os.O_RDONLY | _NO_WAIT | _CLOSED)
    except ValueError:
        raise _unnamed(place) from None
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            if stat.S_ISDIR(found.st_mode):
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(place))
            raise MleeError(f"{place} is {_kind(found)}, not a file.", "Name another one.")
        size, parts = 0, []
        while found.st_size <= most and size <= most and (part := file.read(2**20)):  # some files say 0 and never end
            parts.append(part)
            size += len(part)
    size = max(size, found.st_size)
    if size > most:
        raise MleeError(
            f"{place} has {size / 2**20:,.0f} MB, at most {most / 2**20:,.0f} MB are read.", "Name another one."
        )
    return b"".join(parts)


def read_text(place: Path, *, most: int = LARGEST) -> str:
    """As `read`, as UTF-8 with any kind of line end.

    Raises:
        MleeError, OSError: as `read`.
        UnicodeDecodeError: not UTF-8.
    """
    return read(place, most=most).decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def parse_json(text: str) -> Any:
    """The value of a JSON text, which costs at most some ten times the memory that the text does.

    Raises:
        ValueError: not JSON, nested too deep, or more values than anything of ours holds.
    """
    if text.count("[") + text.count("{") > _MOST_TABLES or text.count(",") > _MOST_VALUES:
        raise ValueError("it holds too many values")
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deep") from None


def is_inside(name: str) -> bool:
    """Whether a relative name, read from somewhere, stays in the folder it is relative to."""
    path = Path(name)
    return bool(path.parts) and not path.anchor and ".." not in path.parts and "\0" not in name


def _steps(place: Path, below: Path | None) -> list[Path]:
    """The folders on the way that may be somebody else's, and the place itself."""
    place = place.absolute()
    for base in (Path.cwd() if below is None else below.absolute(), Path.cwd()):
        if place != base and place.is_relative_to(base):
            parts = place.relative_to(base).parts
            return [base.joinpath(*parts[:count]) for count in range(1, len(parts) + 1)]
    return [place]


def _plain(place: Path, wanted: int) -> os.stat_result | None:
    try:
        found = os.lstat(place)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except ValueError:
        raise _unnamed(place) from None
    except OSError as fault:
        raise _unwritable(place, fault) from None
    if stat.S_ISLNK(found.st_mode):
        raise MleeError(
            f"{place} is a link to {os.readlink(place)}, and nothing is written through a link.",
            "Remove it, or name where it leads.",
        )
    if stat.S_IFMT(found.st_mode) != wanted:
        raise MleeError(f"{place} is {_kind(found)}, not {_KINDS[wanted]}.", "Name another place.")
    return found


def _kind(found: os.stat_result) -> str:
    return _KINDS.get(stat.S_IFMT(found.st_mode), "a device")


def _unnamed(place: Path) -> MleeError:
    return MleeError(f"{str(place)[:60]!a} is no name that a file can have.", "Name another one.")


def _unwritable(place: Path, fault: OSError) -> MleeError:
    return MleeError(f"{place} cannot be written: {fault.strerror or type(fault).__name__}.", "Name another place.")
