"""A tool of the Model Context Protocol, as a value: whatever carries it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mlee_jupyter.domain.errors import MleeError, did_you_mean

TEXT = {"type": "string", "maxLength": 2000}
NUMBER = {"type": "number"}
WHOLE = {"type": "integer"}
NAMES = {"type": "array", "items": TEXT, "maxItems": 1000}
ROWS = {"type": "array", "maxItems": 5_000_000}

_IS: Mapping[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str) and len(value) <= TEXT["maxLength"],  # type: ignore[operator]
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300,
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**12,
    "array": lambda value: isinstance(value, list),
}


@dataclass(frozen=True, kw_only=True)
class Tool:
    """One verb for a client that speaks the protocol."""

    name: str
    about: str  # what it does and what comes back, for whoever never saw this project
    run: Callable[[Mapping[str, Any]], Mapping[str, Any]]  # raises MleeError
    takes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # JSON schema of each argument
    needs: tuple[str, ...] = ()
    writes: bool = False

    @property
    def schema(self) -> dict[str, Any]:
        """Of its arguments, as JSON Schema."""
        return {
            "type": "object",
            "properties": {name: dict(one) for name, one in self.takes.items()},
            "required": list(self.needs),
            "additionalProperties": False,
        }

    def call(self, told: Mapping[str, Any]) -> Mapping[str, Any]:
        """The answer; "said" is its sentence.

        Args:
            told: the arguments.

        Raises:
            MleeError: an argument is missing, unknown or of another kind, or the verb refuses.
        """
        for name in self.needs:
            if told.get(name) is None:
                raise MleeError(f"{self.name} needs {name}.", f"Pass {name}: {self.takes[name].get('description', '')}")
        for name, value in told.items():
            if name not in self.takes:
                near = did_you_mean(name, self.takes)
                raise MleeError(
                    f"{self.name} takes no {name[:40]!r}.", f"{near}It takes {', '.join(self.takes) or 'nothing'}."
                )
            kind = str(self.takes[name]["type"])
            if value is not None and not _IS[kind](value):
                raise MleeError(f"{name} is no {kind}, or too long.", f"Pass {name} as {kind}.")
        return self.run({name: value for name, value in told.items() if value is not None})
