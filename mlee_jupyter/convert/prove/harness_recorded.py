"""What is recorded of values for a package's own tests and type hints, in the child process."""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

LONGEST = 20_000  # characters of what is told of one value


def summary_of(source: str, folder: Path) -> Callable[[Any], Any]:
    """The function `summary` of a package's tests/golden.py, from its text."""
    space: dict[str, Any] = {"__name__": "golden", "__file__": str(folder / "golden.py")}
    exec(source, space)
    summary: Callable[[Any], Any] = space["summary"]
    return summary


def described(values: Mapping[str, Any], summary: Callable[[Any], Any]) -> dict[str, dict[str, Any]]:
    """Types and golden values by name."""
    return {
        "types": {n: f"{type(v).__module__}.{type(v).__qualname__}" for n, v in values.items()},
        "numbers": {n: told for n, v in values.items() if (told := _told(summary, v)) is not None},
    }


def _told(summary: Callable[[Any], Any], value: Any) -> Any:
    if isinstance(value, types.ModuleType | types.FunctionType | type):
        return None
    try:
        told = summary(value)
        return json.loads(json.dumps(told)) if len(json.dumps(told)) < LONGEST else None
    except Exception:
        return None
