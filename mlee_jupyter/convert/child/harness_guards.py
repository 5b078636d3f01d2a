"""What Python itself holds back in a run of the proof: writes, connections, commands and questions."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

from .command_lines import is_harmless

_WRITING = frozenset(
    {"os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown"}
    | {"os.utime", "os.setxattr", "shutil.rmtree", "shutil.move", "sqlite3.connect"}
)
_STARTING = frozenset({"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "pty.spawn"})


def guard_writes(protected: Sequence[str], own: str) -> None:
    """Refuse to open a file of the real folder for writing, in plain words: the run works in a copy.

    Args:
        protected: the folders to leave alone.
        own: where the run works, which may lie inside one of them.
    """
    bounds, mine = tuple(os.path.realpath(p) + os.sep for p in protected), os.path.realpath(own) + os.sep

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event != "open" or not _writes(arguments):
            return
        place = os.path.realpath(os.fsdecode(arguments[0]))
        if place.startswith(bounds) and not place.startswith(mine):
            raise PermissionError(13, "the proof works in a copy and leaves the original folder alone", arguments[0])

    sys.addaudithook(hook)


def _writes(arguments: tuple[Any, ...]) -> bool:
    mode, flags = arguments[1], arguments[2] if len(arguments) > 2 else 0
    return isinstance(arguments[0], (str, bytes)) and (
        (isinstance(mode, str) and any(c in mode for c in "wax+"))
        or bool(isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC))
    )


def guard_python(root: str, network: bool, commands: bool) -> None:
    """Where the system confines nothing: what Python itself can hold back, which is not what other programs do.

    Args:
        root: the only folder that may be written to.
        network: whether other machines may be reached.
        commands: whether any command may be started; plainly harmless ones always may.
    """
    bounds = (os.path.realpath(root) + os.sep, os.path.realpath(os.devnull))

    def outside(path: Any) -> bool:
        return isinstance(path, (str, bytes)) and not os.path.realpath(os.fsdecode(path)).startswith(bounds)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            refused = _writes(arguments) and outside(arguments[0])
        elif event in _WRITING:
            refused = any(map(outside, arguments[: 2 if event in ("os.rename", "os.link", "shutil.move") else 1]))
        elif event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
            address = arguments[1] if len(arguments) > 1 else None
            refused = not network and (not isinstance(address, (str, bytes)) or outside(address))
        elif event in _STARTING:
            words = arguments[1] if event == "subprocess.Popen" else arguments[0]
            disguised = event == "subprocess.Popen" and arguments[0] != words[0]  # the program is not the one named
            refused = not commands and (disguised or not is_harmless(words))
        else:
            return
        if refused:
            raise PermissionError(13, f"held back while the notebook is proven ({event})")

    sys.addaudithook(hook)


def no_input(*_: Any, **__: Any) -> str:
    """Nobody is there to answer."""
    raise RuntimeError("input() has nobody to ask while the notebook is proven")
