"""The lifted values by section of the configuration."""

from __future__ import annotations

from collections.abc import Mapping

from mlee_jupyter.convert.types import Lifted


def by_section(lifted: Mapping[str, Lifted]) -> dict[str, list[tuple[str, Lifted]]]:
    """The lifted values by section of the configuration, in order: (variable, value)."""
    found: dict[str, list[tuple[str, Lifted]]] = {}
    for variable, one in lifted.items():
        found.setdefault(one.section, []).append((variable, one))
    return found
