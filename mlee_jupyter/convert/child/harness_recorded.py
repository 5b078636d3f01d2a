"""What is recorded for a package's own tests and type hints, in the child process: values, and calls of functions."""

from __future__ import annotations

import json
import sys
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
    if isinstance(value, (types.ModuleType, types.FunctionType, type)):
        return None
    try:
        told = summary(value)
        return json.loads(json.dumps(told)) if len(json.dumps(told)) < LONGEST else None
    except Exception:
        return None


class Calls:
    """Small calls of the notebook's own pure functions, for the package's unit tests."""

    MOST = 3
    LONGEST = 2_000

    def __init__(self, names: list[str], summary: Callable[[Any], Any]) -> None:
        self.wanted = set(names)
        self.summary = summary
        self.found: dict[str, list[dict[str, Any]]] = {}
        self._open: dict[int, dict[str, Any]] = {}

    def start(self) -> None:
        """Listen until every function was seen often enough."""
        if self.wanted:
            sys.setprofile(self._event)

    def _event(self, frame: types.FrameType, event: str, argument: Any) -> None:
        code = frame.f_code
        if (
            event not in ("call", "return")
            or code.co_name not in self.wanted
            or not code.co_filename.startswith("<cell")
        ):
            return
        if code.co_flags & 0x2A0 or not _is_of_module(code, frame):  # generators, coroutines, methods
            return
        if event == "call":
            names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
            arguments = {n: frame.f_locals.get(n) for n in names}
            if not code.co_flags & 0x0C and code.co_posonlyargcount == 0 and all(map(_small, arguments.values())):
                self._open[id(frame)] = json.loads(json.dumps(arguments))
            return
        if id(frame) not in self._open or argument is None:
            return
        arguments = self._open.pop(id(frame))
        told = self.summary(argument)
        calls = self.found.setdefault(code.co_name, [])
        one = {"args": [], "kwargs": arguments, "result": told}
        if len(json.dumps(told)) < self.LONGEST and one not in calls:
            calls.append(one)
        if len(calls) >= self.MOST:
            self.wanted.discard(code.co_name)
            if not self.wanted:
                sys.setprofile(None)

    def confirmed(self, space: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
        """The calls that give the same once more: a function that draws random numbers or remembers is no pure one."""
        kept: dict[str, list[dict[str, Any]]] = {}
        for name, calls in self.found.items():
            function = space.get(name)
            good = [c for c in calls if isinstance(function, types.FunctionType) and self._again(function, c)]
            if len(good) == len(calls):
                kept[name] = good
        return kept

    def _again(self, function: types.FunctionType, call: dict[str, Any]) -> bool:
        try:
            told = self.summary(function(**json.loads(json.dumps(call["kwargs"]))))
            return json.dumps(told) == json.dumps(call["result"])
        except Exception:
            return False


def _is_of_module(code: types.CodeType, frame: types.FrameType) -> bool:
    """Whether it is a function of the notebook's, and no method and no function inside one."""
    if hasattr(code, "co_qualname"):
        return bool(code.co_qualname == code.co_name)
    return getattr(frame.f_globals.get(code.co_name), "__code__", None) is code  # before Python 3.11


def _small(value: Any) -> bool:
    if value is None or type(value) in (bool, int, float):
        return value == value and (type(value) is not float or abs(value) != float("inf"))
    if type(value) is str:
        return len(value) < 200
    if type(value) is list:
        return len(value) <= 20 and all(map(_small, value))
    return type(value) is dict and len(value) <= 20 and all(type(k) is str and _small(v) for k, v in value.items())
