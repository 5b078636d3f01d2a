"""The lowest versions that pyproject.toml allows, as constraints for pip: `python tests/lowest.py > FILE`."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"
BOUND = re.compile(r"^(?P<name>[\w.-]+)(?P<extras>\[[^]]*\])?>=(?P<version>[\w.]+)$")
OURSELVES = "mlee_jupyter["


def constraints(text: str) -> list[str]:
    """A line `name==version` for every requirement of the package and of its extras; of two bounds the stricter.

    Raises:
        ValueError: a requirement with anything else than a lower bound.
    """
    project = tomllib.loads(text)["project"]
    named = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    lowest: dict[str, set[str]] = {}
    for requirement in named:
        if requirement.startswith(OURSELVES):
            continue
        bound = BOUND.match(requirement)
        if bound is None:
            raise ValueError(f"{requirement!r} is not a lower bound alone")
        lowest.setdefault(bound["name"], set()).add(bound["version"])
    return [f"{name}=={max(versions, key=_numbers)}" for name, versions in sorted(lowest.items())]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


if __name__ == "__main__":
    print("\n".join(constraints(PYPROJECT.read_text("utf-8"))))
