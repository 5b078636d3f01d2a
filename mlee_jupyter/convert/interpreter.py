"""The Python that a notebook is proven with: the one that this runs in, or the notebook's own."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import metadata


@dataclass(frozen=True, kw_only=True)
class Interpreter:
    """An interpreter, and what is installed for it."""

    path: str
    version: tuple[int, ...]
    is_own: bool = False
    stdlib: frozenset[str] = field(default=frozenset(sys.stdlib_module_names), repr=False)
    brings: Mapping[str, str] = field(default_factory=dict, repr=False)  # module -> the distribution it comes with
    versions: Mapping[str, str] = field(default_factory=dict, repr=False)  # distribution -> its version
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)  # what its kernel sets
    asked: Mapping[str, str] = field(default_factory=dict)  # how it was named, to name it again: python or kernel

    @property
    def said(self) -> str:
        """Its version and where it lies."""
        return f"Python {'.'.join(map(str, self.version))}, {self.path}"

    def distribution_of(self, module: str) -> str | None:
        """The distribution that brings a module; None where none here does."""
        if not self.is_own:
            return self.brings.get(module)
        return next(iter(sorted(_brought_here().get(module, []))), None)

    def version_of(self, distribution: str) -> str | None:
        """The version of a distribution; None where it is not installed."""
        if not self.is_own:
            return {plain_name(name): version for name, version in self.versions.items()}.get(plain_name(distribution))
        try:
            return metadata.version(distribution)
        except (metadata.PackageNotFoundError, ValueError):
            return None


def plain_name(distribution: str) -> str:
    """A distribution's name as names are compared."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


@functools.cache
def _brought_here() -> Mapping[str, list[str]]:
    return metadata.packages_distributions()


OWN = Interpreter(path=sys.executable, version=tuple(sys.version_info[:3]), is_own=True)
