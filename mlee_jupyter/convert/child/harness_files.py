"""The files that a run of the proof wrote, by their fingerprints. In the child process."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

GONE = "gone"


def written_files(work: Path, before: dict[str, list[float]], is_mine: Callable[[str], bool]) -> dict[str, str]:
    """Fingerprints of the files that are new or changed, and GONE for those that are there no more."""

    found: dict[str, str] = {}
    for name in sorted(before):
        if not (work / name).exists() and len(found) < 2_000:
            found[name] = GONE
    for file in sorted(work.rglob("*")):
        name = file.relative_to(work).as_posix()
        if file.is_symlink() or not file.is_file() or "__pycache__" in name:
            continue
        state = file.stat()
        if before.get(name) != [state.st_size, state.st_mtime] and len(found) < 2_000:
            found[name] = fingerprint(file.read_bytes(), is_mine)
    return found


def fingerprint(content: bytes, is_mine: Callable[[str], bool]) -> str:
    """A hash of a file's content; a pickle is read, never loaded: the module of an own class has another name there."""
    import hashlib

    if content[:1] == b"\x80":
        with contextlib.suppress(Exception):
            return hashlib.sha256(repr(list(_steps(content, is_mine))).encode()).hexdigest()
    return hashlib.sha256(content).hexdigest()


def _steps(content: bytes, is_mine: Callable[[str], bool]) -> Iterator[tuple[str, Any]]:
    import pickletools

    for step, argument, _ in pickletools.genops(content):
        module, mark, name = argument.partition(" ") if isinstance(argument, str) else ("", "", "")
        is_own = bool(module) and is_mine(module)  # an old protocol writes "module name"
        if step.name != "FRAME":  # how long the next steps are
            yield step.name, f"own{mark}{name}" if is_own else argument
