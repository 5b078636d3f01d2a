"""Which cell of the notebook runs, as the front end said when it sent it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class CellPlace:
    """A cell as it was run."""

    id: str  # by which the notebook's file knows it
    code: str


def place_of(shell: Any) -> CellPlace | None:
    """The running cell; None outside of a kernel, between cells, and where the front end names no cells."""
    asked = getattr(shell, "get_parent", None)
    message: dict[str, Any] = asked() if asked is not None else {}
    if message.get("header", {}).get("msg_type") != "execute_request":
        return None
    named, code = message.get("metadata", {}).get("cellId"), message.get("content", {}).get("code")
    return CellPlace(named, code) if isinstance(named, str) and named and isinstance(code, str) else None
