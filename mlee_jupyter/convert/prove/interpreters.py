"""Interpreters that a notebook can be proven with: looked at from outside, nothing is installed for them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from mlee_jupyter.convert.interpreter import OWN, Interpreter
from mlee_jupyter.domain.errors import MleeError

from .processes import BEGIN, CHILD

OLDEST = (3, 9)  # what the harness of a proof runs on
_ANOTHER = "Name another: --python PATH, or --kernel NAME."
_VERSION = "import sys; sys.stdout.write('%d.%d.%d\\n' % tuple(sys.version_info[:3]))\n"  # Python 2 can say it as well
_LISTED = f"if sys.version_info >= {OLDEST}: exec(sys.argv[2])"


def interpreter_at(
    path: Path | str, environment: Mapping[str, str] | None = None, asked: Mapping[str, str] | None = None
) -> Interpreter:
    """The interpreter at a path, which may also be the folder of an environment.

    Args:
        path: as it was named.
        environment: what its kernel sets.
        asked: how it was named, to name it again.

    Raises:
        MleeError: there is no Python 3.9 or later.
    """
    program = _program(path)
    if is_ours(program) and not environment:
        return replace(OWN, asked=asked or {})
    said = _told(program, "from mlee_proof.inventory import main; main()", environment or {})
    first, _, listed = said.partition("\n")
    if not first[:1].isdigit():
        raise MleeError(f"{path} is no Python.", _ANOTHER)
    version = tuple(map(int, first.strip().split(".")))
    if version < OLDEST:
        raise MleeError(f"{program} is Python {first.strip()}; a proof needs 3.9 or later.", _ANOTHER)
    try:
        told = json.loads(listed)
    except ValueError:
        raise MleeError(f"{program} does not say what is installed for it.", _ANOTHER) from None
    return Interpreter(
        path=program,
        version=version,
        stdlib=OWN.stdlib | set(told["stdlib"]),
        brings=told["brings"],
        versions=told["versions"],
        environment=environment or {},
        asked=asked or {},
    )


def is_ours(program: str) -> bool:
    """Whether it is the interpreter that this runs in; two environments may share one program behind their links."""
    one, other = Path(program), Path(sys.executable)
    return one == other or (one.parent.resolve() == other.parent.resolve() and one.resolve() == other.resolve())


def missing_modules(here: Interpreter, names: Collection[str], folder: Path) -> list[str]:
    """Those of some modules that an interpreter does not have, seen from a folder."""
    code = f"from mlee_proof.inventory import missing; sys.path.insert(0, {str(folder)!r}); missing({sorted(names)!r})"
    try:
        found: list[str] = json.loads(_told(here.path, code, here.environment).partition("\n")[2])
    except (ValueError, MleeError):
        return []
    return found


def _program(path: Path | str) -> str:
    """The file that is meant: its own, the one of an environment's folder, or one on the search path."""
    place = Path(path).expanduser()
    inside = [place / "bin" / "python", place / "Scripts" / "python.exe", place / "python.exe"]
    for one in inside if place.is_dir() else [place]:
        if one.is_file() and os.access(one, os.X_OK):
            return os.path.abspath(one)  # not where its links lead: they are what makes an environment one
    found = shutil.which(str(path)) if len(Path(path).parts) == 1 else None
    if found is None:
        raise MleeError(f"There is no interpreter at {path}.", _ANOTHER)
    return found


def _told(program: str, code: str, environment: Mapping[str, str]) -> str:
    """What an interpreter prints: its version, and below what some code of ours prints there."""
    command: list[Any] = [program, "-c", f"{_VERSION}{_LISTED}", str(CHILD), f"{BEGIN}\n{code}"]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=120, check=False, env={**os.environ, **environment}
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError) as fault:
        raise MleeError(f"{program} cannot be started: {type(fault).__name__}.", _ANOTHER) from None
    return done.stdout
