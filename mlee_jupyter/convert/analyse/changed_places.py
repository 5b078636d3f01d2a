"""Absolute paths at which a notebook may write, delete or move something, or hand them to who knows what.

Only what is surely read and nothing else may be looked for in another folder: a deletion that is led to a copy of the
data would delete the data. So a path counts as changed unless every way it goes ends in a call that reads.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath

from mlee_jupyter.convert.read import effects
from mlee_jupyter.convert.read.paths import is_absolute
from mlee_jupyter.convert.types import Effect, Kind, Statement

from .reach_calls import CALLS, METHODS, ONLY_PATHS, PATH_METHODS
from .reach_names import ReachNames

# Calls that READ a folder and give paths again, or write what they fetch.
_GIVE_PATHS = frozenset(["glob", "iglob", "rglob", "listdir", "scandir", "walk", "iterdir", "urlretrieve"])
_ASK = frozenset(
    ["exists", "isfile", "isdir", "is_file", "is_dir", "getsize", "getmtime", "stat", "print", "len", "basename"]
)
_CHANGING = {Effect.WRITES_FILE, Effect.RUNS_COMMAND, Effect.UNKNOWN}
_ROUNDS = 20  # how far a path is followed from variable to variable


def changed_places(statements: Sequence[Statement]) -> frozenset[str]:
    """Absolute paths, as they are written, that may be changed at, with what lies below or around such a path."""
    written = {text for one in statements for text in _absolutes(one.node)}
    if not written:
        return frozenset()
    changed = _Following(statements).changed()
    return frozenset(text for text in written if any(_touch(text, other) for other in changed))


def relative_paths(statements: Iterable[Statement]) -> frozenset[str]:
    """Texts of a notebook that may be names of files in its own folder."""
    return frozenset(
        node.value
        for one in statements
        for node in ast.walk(one.node)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and not is_absolute(node.value)
    )


class _Following:
    """Follows paths through the variables and functions of a notebook."""

    def __init__(self, statements: Sequence[Statement]) -> None:
        self._statements = statements
        self._names = ReachNames([s.node for s in statements])
        self._carried: dict[str, set[str]] = {}
        self._writers: set[str] = set()  # own functions and classes that change something
        self._readers: set[str] = set()  # own ones that read and change nothing
        self._local = {name for one in statements for name in one.binds if one.kind in (Kind.FUNCTION, Kind.CLASS)}

    def changed(self) -> set[str]:
        """The paths that some statement may change something at."""
        for _ in range(_ROUNDS):
            if not self._follow():
                break
        found = set()
        for one in self._statements:
            if self._changes(one.node) or self._has_magic(one):
                found |= self._texts(one.node)
        return found

    def _follow(self) -> bool:
        """One round; whether anything was new."""
        grown = False
        for one in self._statements:
            if one.kind in (Kind.FUNCTION, Kind.CLASS):
                grown |= self._sort(one)
            texts = self._texts(one.node)
            for name in one.binds | one.updates:
                held = self._carried.setdefault(name, set())
                grown |= not texts <= held
                held |= texts
        return grown

    def _sort(self, one: Statement) -> bool:
        """Whether an own function changes something, or only reads; whether that was not known."""
        names = set(one.binds)
        if self._changes(one.node):
            new = not names <= self._writers
            self._writers |= names
            self._readers -= names
            return new
        reads = any(Effect.READS_FILE in effects.of_call(call) for call in effects.calls_in(one.node))
        if reads:
            self._readers |= names
        return False

    def _texts(self, node: ast.AST) -> set[str]:
        """Paths that a piece of code holds, but for what ends in a call that reads."""
        if isinstance(node, ast.Call) and self._only_reads(node):
            return set()
        if isinstance(node, ast.Constant):
            return {node.value} if isinstance(node.value, str) and is_absolute(node.value) else set()
        if isinstance(node, ast.Name):
            return set(self._carried.get(node.id, ())) if isinstance(node.ctx, ast.Load) else set()
        return {text for child in ast.iter_child_nodes(node) for text in self._texts(child)}

    def _only_reads(self, call: ast.Call) -> bool:
        short = effects.dotted(call.func).rpartition(".")[2]
        if short in _ASK:
            return True
        if isinstance(call.func, ast.Name) and call.func.id in self._local:
            return call.func.id in self._readers
        if short in _GIVE_PATHS or self._deed(call):
            return False
        return Effect.READS_FILE in effects.of_call(call)

    def _changes(self, node: ast.AST) -> bool:
        """Whether a piece of code writes, deletes, moves, runs or hands on anything."""
        return any(self._deed(call) for call in effects.calls_in(node))

    def _deed(self, call: ast.Call) -> bool:
        if isinstance(call.func, ast.Name) and call.func.id in self._writers:
            return True
        if effects.of_call(call) & _CHANGING:
            return True
        given = [a for a in (*call.args, *(k.value for k in call.keywords)) if isinstance(a, (ast.Name, ast.Attribute))]
        if any(self._names_a_deed(one) for one in given):  # map(os.remove, paths)
            return True
        for function in self._names.called(call.func):
            deed = CALLS.get(function)
            if deed is not None:
                return deed.mode is None or not self._opens_to_read(call, deed.mode)
        if not isinstance(call.func, ast.Attribute):
            return False
        method = call.func.attr
        return (
            method in ONLY_PATHS or method in METHODS or (method in PATH_METHODS and method not in ("open", "replace"))
        )

    def _names_a_deed(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Name) and node.id in self._writers:
            return True
        return any(function in CALLS and CALLS[function].mode is None for function in self._names.called(node))

    def _opens_to_read(self, call: ast.Call, mode: tuple[int, str, str]) -> bool:
        position, name, otherwise = mode
        given = call.args[position] if len(call.args) > position else None
        given = next((k.value for k in call.keywords if k.arg == name), given)
        if given is None:
            return otherwise == "r"
        return isinstance(given, ast.Constant) and isinstance(given.value, str) and given.value in ("r", "rb", "rt")

    def _has_magic(self, one: Statement) -> bool:
        """A shell line or a magic: `!rm {path}`."""
        return bool(one.effects & {Effect.RUNS_COMMAND, Effect.UNKNOWN})


def _absolutes(node: ast.AST) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and is_absolute(one.value):
            yield one.value


def _touch(one: str, other: str) -> bool:
    """Whether one of two paths is the other, or lies below it."""
    first, second = PurePath(one), PurePath(other)
    return first == second or first in second.parents or second in first.parents
