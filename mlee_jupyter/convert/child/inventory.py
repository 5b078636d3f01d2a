"""What an interpreter has: its version, the modules of its library, and the distributions that are installed for it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from importlib import metadata, util
from typing import Any

# Modules that a library of old had: before Python 3.10 an interpreter cannot list its own.
_GONE = ["asynchat", "asyncore", "binhex", "distutils", "formatter", "imp", "parser", "smtpd", "symbol"]


def main() -> None:
    """Print it as JSON."""
    versions: dict[str, str] = {}
    brings: dict[str, str] = {}
    for one in metadata.distributions():
        name = one.metadata["Name"]
        if name and name not in versions:
            versions[name] = one.version
            brings.update({module: min(name, brings.get(module, name)) for module in set(_modules_of(one))})
    stdlib = sorted(getattr(sys, "stdlib_module_names", _GONE))
    print(json.dumps({"stdlib": stdlib, "brings": brings, "versions": versions}))


def missing(names: list[str]) -> None:
    """Print those of some modules that are not there."""
    print(json.dumps([name for name in names if util.find_spec(name) is None]))


def _modules_of(one: Any) -> Iterator[str]:
    listed = (one.read_text("top_level.txt") or "").split()
    yield from listed
    for file in () if listed else one.files or ():
        top = file.parts[0]
        if len(file.parts) == 1:
            if top.endswith((".py", ".so", ".pyd")):
                yield top.partition(".")[0]
        elif file.suffix in (".py", ".so", ".pyd"):
            yield top
