"""Values as plain nodes: what leaves a process that ran somebody's code, so that another process can compare them.

A node is JSON plain. Leaves stand as they are; everything that holds something else goes to a pool and is referred to
by its place there (`{"r": 7}`), so that cycles and shared objects are no trouble. Arrays go to one binary file, a node
holds where they begin. Nothing is ever pickled: an object becomes its class and its state.

Kinds (`"k"`): plain (exact), number (floats and complex, compared to ten digits), hash (exact, too long to keep),
array, seq, map, set, object (labelled parts), name (functions, classes, modules), hole (cannot be compared; says why).
"""

from __future__ import annotations

import array
import collections
import datetime
import decimal
import enum
import fractions
import functools
import hashlib
import pathlib
import re
import sys
import types
import uuid
from collections.abc import Callable, Iterable
from typing import Any, BinaryIO

Node = dict[str, Any]
MOST_NODES = 400_000  # in one run; what comes after is named as too large
DEEPEST = 250
LONGEST_TEXT = 4_000
LONG_SEQUENCE = 64  # from here on a sequence of one plain type is stored as an array or a hash
_TEXTLIKE = (
    datetime.date, datetime.time, datetime.timedelta, datetime.timezone, decimal.Decimal, fractions.Fraction,
    uuid.UUID, pathlib.PurePath, re.Pattern,
)  # fmt: skip
_NAMED = (
    types.FunctionType, types.BuiltinFunctionType, types.ModuleType, types.MethodDescriptorType,
    types.WrapperDescriptorType,
    types.MethodWrapperType, types.ClassMethodDescriptorType, types.GetSetDescriptorType, type, types.GenericAlias,
    type(functools.lru_cache(repr)),
)  # fmt: skip
# What stands around functions, and where it holds them; the module that it copies from them is another in a package.
_AROUND_FUNCTIONS: dict[type, tuple[str, ...]] = {
    staticmethod: ("__func__",),
    classmethod: ("__func__",),
    property: ("fget", "fset", "fdel"),
    functools.cached_property: ("func",),
    functools.partialmethod: ("func", "args", "keywords"),
}
_PASSING = (
    types.GeneratorType, types.CoroutineType, types.AsyncGeneratorType, types.FrameType, types.TracebackType,
)  # fmt: skip


class PlainCanon:
    """Turns values into nodes; remembers what it has seen, so that shared objects are told once.

    Args:
        binary: where arrays go.
        is_mine: whether a module is the notebook's or the package's own (their classes are told apart by name only).
    """

    def __init__(self, binary: BinaryIO, is_mine: Callable[[str], bool]) -> None:
        self.binary = binary
        self.is_mine = is_mine
        self.pool: list[Node] = []
        self._seen: dict[int, Node] = {}
        self._alive: list[Any] = []  # an id is only good while its object lives
        self._depth = 0

    def of(self, value: Any) -> Node:
        """The node of a value."""
        leaf = self._leaf(value)
        if leaf is not None:
            return leaf
        if id(value) in self._seen:
            return self._seen[id(value)]
        if len(self.pool) >= MOST_NODES:
            return self.hole(value, "too large to follow")
        if self._depth >= DEEPEST:
            return self.hole(value, "nested too deep")
        reference: Node = {"r": len(self.pool)}
        self._seen[id(value)] = reference
        self._alive.append(value)
        self.pool.append({})
        self._depth += 1
        try:
            self.pool[reference["r"]] = self._inside(value)
        except Exception as fault:  # the value's own code may do anything
            self.pool[reference["r"]] = self.hole(value, f"{type(fault).__name__} while reading it")
        finally:
            self._depth -= 1
        return reference

    def forget(self) -> None:
        """Look at everything afresh: what was seen may have changed since."""
        self._seen.clear()
        self._alive.clear()

    def label(self, kind: type) -> str:
        """A class by name; classes of the notebook by their last name, as their module is another in the package."""
        if kind.__name__ == "SList" and kind.__module__ == "IPython.utils.text":
            return "list"  # what `!command` gives in a notebook
        if kind.__module__ == "builtins":
            return kind.__qualname__
        if self.is_mine(kind.__module__):
            return kind.__qualname__.rpartition(".")[2]
        return f"{kind.__module__}.{kind.__qualname__}"

    def hole(self, value: Any, why: str) -> Node:
        """A value that cannot be compared, with the reason."""
        return {"k": "hole", "t": self.label(type(value)), "v": why}

    def record(self, value: Any, parts: Iterable[tuple[str, Any]]) -> Node:
        """An object as labelled parts."""
        return {"k": "object", "t": self.label(type(value)), "p": [[str(n), self.of(v)] for n, v in parts]}

    def array(self, held: Any, kind: str = "") -> Node:
        """A numeric, text or date array; others go through `values`."""
        import numpy as np

        plain = np.ascontiguousarray(held).reshape(held.shape)
        if plain.dtype.kind in "mM":
            kind, plain = kind or str(plain.dtype), plain.view("i8")
        begin = self.binary.tell()
        self.binary.write(plain.tobytes())
        return {"k": "array", "t": kind, "d": plain.dtype.str, "s": list(plain.shape), "at": begin}

    def values(self, items: list[Any]) -> Node:
        """A list of anything: an array where it is numbers, a hash where it is long and plain, else item by item."""
        kinds = set(map(type, items))
        if len(items) > LONG_SEQUENCE:
            if kinds == {float}:
                return self._numbers("d", items, "floats")
            if kinds == {int} and all(-(2**63) <= i < 2**63 for i in items):
                return self._numbers("q", items, "ints")
            if kinds <= {str, bool, int, type(None)}:
                return self.hashed("values", repr(items).encode("utf-8", "surrogatepass"), len(items))
        return {"k": "seq", "t": "values", "i": [self.of(i) for i in items]}

    def _numbers(self, code: str, items: list[Any], kind: str) -> Node:
        """Numbers of one type as an array, of which nothing but Python's library is needed."""
        begin = self.binary.tell()
        self.binary.write(array.array(code, items).tobytes())
        order = "<" if sys.byteorder == "little" else ">"
        return {"k": "array", "t": kind, "d": f"{order}{'f8' if code == 'd' else 'i8'}", "s": [len(items)], "at": begin}

    def hashed(self, kind: str, content: bytes, size: int | None = None) -> Node:
        """Content by its fingerprint."""
        return {
            "k": "hash",
            "t": kind,
            "n": len(content) if size is None else size,
            "v": hashlib.sha256(content).hexdigest(),
        }

    def _leaf(self, value: Any) -> Node | None:
        kind = type(value)
        if value is None or kind is bool:
            return {"k": "plain", "t": kind.__name__, "v": value}
        if kind is int:
            return {"k": "plain", "t": "int", "v": hex(value) if value.bit_length() > 60 else value}
        if kind is float:
            return {"k": "number", "t": "float", "v": [_number(value)]}
        if kind is complex:
            return {"k": "number", "t": "complex", "v": [_number(value.real), _number(value.imag)]}
        if kind is str:
            if len(value) <= LONGEST_TEXT:
                return {"k": "plain", "t": "str", "v": value}
            return self.hashed("str", value.encode("utf-8", "surrogatepass"), len(value))
        if kind in (bytes, bytearray):
            return self.hashed(kind.__name__, bytes(value))
        if value is Ellipsis or value is NotImplemented:
            return {"k": "plain", "t": kind.__name__, "v": ""}
        if isinstance(value, enum.Enum):
            return {"k": "plain", "t": self.label(kind), "v": value.name}
        if isinstance(value, _TEXTLIKE) and kind.__module__.partition(".")[0] in (
            "datetime",
            "decimal",
            "fractions",
            "uuid",
            "pathlib",
            "re",
        ):
            return {"k": "plain", "t": self.label(kind), "v": repr(value)}
        if isinstance(value, _NAMED):
            return self._name(value)
        return None

    def _name(self, value: Any) -> Node:
        if isinstance(value, types.ModuleType):
            return {"k": "name", "t": "module", "v": value.__name__, "mine": self.is_mine(value.__name__)}
        bound = getattr(value, "__self__", None)
        if (
            isinstance(value, types.BuiltinFunctionType)
            and bound is not None
            and not isinstance(bound, types.ModuleType)
        ):
            return self.hole(value, "a method of an object")
        module = getattr(value, "__module__", None) or ""
        mine = self.is_mine(module)
        name = str(getattr(value, "__qualname__", None) or getattr(value, "__name__", repr(type(value))))
        kind = "class" if isinstance(value, type) else "function"
        told = name.rpartition(".")[2] if mine else f"{module}.{name}"
        return {"k": "name", "t": kind, "v": told, "mine": mine, "local": "<" in name}

    def _inside(self, value: Any) -> Node:
        if isinstance(value, _PASSING):
            return self.hole(value, "gone once it was used")
        kind = type(value)
        if isinstance(value, functools.partial):
            return self.record(value, [("func", value.func), ("args", value.args), ("keywords", value.keywords)])
        if isinstance(value, types.MethodType):
            return self.record(value, [("function", value.__func__), ("object", value.__self__)])
        if kind in _AROUND_FUNCTIONS:
            return self.record(value, [(n, getattr(value, n)) for n in _AROUND_FUNCTIONS[kind]])
        module = kind.__module__.partition(".")[0]
        if module not in ("builtins", "collections"):
            found = self._of_library(value)
            if found is not None:
                return found
        if isinstance(value, (list, tuple, collections.deque)):
            node = self.values(list(value))
            held = [] if module in ("builtins", "collections") or hasattr(value, "_fields") else self._own(value)
            inner = {**node, "t": node["t"] if node["k"] == "array" else "values"}
            return {"k": "object", "t": self.label(kind), "p": [["", self._pooled(inner)], *held]}
        if isinstance(value, (set, frozenset)):
            return self._set(value)
        if isinstance(value, dict):
            return self._map(value)
        if isinstance(value, (range, slice)):
            return {"k": "plain", "t": kind.__name__, "v": repr(value)}
        return self._of_state(value)

    def _of_library(self, value: Any) -> Node | None:
        """The node of a library's value; None for others."""
        return None

    def _of_state(self, value: Any) -> Node:
        """Any other object."""
        return self.hole(value, "an object")

    def _own(self, value: Any) -> list[list[Any]]:
        return [[f".{n}", self.of(v)] for n, v in vars(value).items()] if hasattr(value, "__dict__") else []

    def _pooled(self, node: Node) -> Node:
        self.pool.append(node)
        return {"r": len(self.pool) - 1}

    def _set(self, value: Any) -> Node:
        """By a text of every item, sorted; items without a stable text cannot be put in order."""
        items = list(value)
        if all(type(i) in (str, int, float, bool, bytes, type(None)) for i in items):
            return {
                "k": "seq",
                "t": self.label(type(value)),
                "i": [self.of(i) for i in sorted(items, key=lambda i: (str(type(i)), repr(i)))],
            }
        texts = [(repr(i), i) for i in items]
        if any(" at 0x" in text for text, _ in texts):
            return self.hole(value, f"{len(items)} items without an order")
        return {
            "k": "seq",
            "t": self.label(type(value)),
            "i": [self.of(i) for _, i in sorted(texts, key=lambda p: p[0])],
        }

    def _map(self, value: dict[Any, Any]) -> Node:
        """By key, whatever the order, as dicts compare; a key without a text of its own is known by its place."""
        items: list[list[Any]] = []
        for place, (key, held) in enumerate(value.items()):
            text = (
                repr(key)
                if type(key) in (str, int, float, bool, bytes, type(None))
                else f"{type(key).__name__} {key!r}"
            )
            if " at 0x" in text or len(text) > LONGEST_TEXT:
                text = f"key {place}"
                items.append([f"{text} itself", self.of(key)])
            items.append([text, self.of(held)])
        parts: list[list[Any]] = [["", self._pooled({"k": "map", "t": "dict", "i": items})]]
        if isinstance(value, collections.defaultdict):
            parts.append(["default", self.of(value.default_factory)])
        if type(value) in (dict, collections.OrderedDict, collections.Counter, collections.defaultdict):
            return {"k": "object", "t": self.label(type(value)), "p": parts}
        return {"k": "object", "t": self.label(type(value)), "p": parts + self._own(value)}


def _number(value: float) -> float | str:
    return value if value - value == 0 else repr(value)  # JSON has no nan and no infinities
