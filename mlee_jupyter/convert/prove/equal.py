"""Are two values equal to ten significant digits? Compared as nodes (see `canonical`), so that nothing is executed.

A difference is never called equal: what cannot be compared comes back as a hole, by name.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from mlee_jupyter.convert.child.canonical import Node
from mlee_jupyter.convert.child.canonical_objects import Canon

DIGITS = 10
TOLERANCE = 10.0**-DIGITS
MOST_DIFFERENCES = 2_000  # of one value; more are not worth telling apart
NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?(?![\w])")
_PRIVATE = re.compile(r"_[a-z]\w*")
_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]+")


@dataclass(frozen=True)
class Values:
    """The nodes of one run, with what their references point to."""

    names: dict[str, Node]
    pool: Sequence[Node]
    binary: bytes | memoryview = b""


@dataclass(frozen=True)
class Difference:
    """Where two values differ, and what stands there."""

    path: str
    what: str
    private: str = ""  # the private attribute that it lies in, with its class: `pandas.Series._cache`


@dataclass
class NodeComparison:
    """What came of comparing two values."""

    differences: list[Difference] = field(default_factory=list)
    holes: list[Difference] = field(default_factory=list)  # could not be compared, with the reason
    compared: int = 0  # leaves that were held against each other


def same(one: Any, other: Any) -> NodeComparison:
    """Two live values of this process."""
    files = io.BytesIO(), io.BytesIO()
    sides = []
    for value, file in zip((one, other), files, strict=True):
        canon = Canon(file, lambda module: module in ("__main__", ""))
        node = canon.of(value)
        sides.append(Values({"": node}, canon.pool, file.getvalue()))
    return compare(sides[0], sides[1], sides[0].names[""], sides[1].names[""])


def compare(left: Values, right: Values, one: Node, other: Node, name: str = "") -> NodeComparison:
    """Two nodes of two runs.

    Args:
        left: the run that `one` comes from.
        right: the run that `other` comes from.
        one: a node.
        other: the node that should equal it.
        name: what paths begin with.
    """
    found = NodeComparison()
    pairs: set[tuple[int, int]] = set()  # met before: their differences are told where they were met first
    waiting = [(name, one, other, "")]
    while waiting and len(found.differences) < MOST_DIFFERENCES:
        path, a, b, private = waiting.pop()
        if "r" in a and "r" in b:
            if (a["r"], b["r"]) in pairs:
                continue
            pairs.add((a["r"], b["r"]))
        a, b = _inside(a, left), _inside(b, right)
        known = len(found.differences)
        inner = _step(path, a, b, left, right, found)
        found.differences[known:] = [replace(d, private=private) for d in found.differences[known:]]
        waiting += [(*step, _private(step[0], path, a) or private) for step in reversed(inner)]
    if waiting:  # what was not looked at any more is not equal
        found.differences.append(Difference(name, f"more than {MOST_DIFFERENCES} differences"))
    return found


def _private(path: str, parent: str, owner: Node) -> str:
    """`class._attribute` when the last step of a path is a private attribute; else nothing."""
    label = path.removeprefix(parent).removeprefix(".")
    return f"{owner['t']}.{label}" if owner["k"] == "object" and _PRIVATE.fullmatch(label) else ""


def _inside(node: Node, values: Values) -> Node:
    while "r" in node:
        node = values.pool[node["r"]]
    return node


def _step(
    path: str, a: Node, b: Node, left: Values, right: Values, found: NodeComparison
) -> list[tuple[str, Node, Node]]:
    """Compare one level; what is inside comes back to be compared next."""

    def differ(what: str, where: str = path) -> list[tuple[str, Node, Node]]:
        found.differences.append(Difference(where, what))
        return []

    if a["k"] != b["k"] or a.get("t") != b.get("t"):
        return differ(f"{_kind(a)} became {_kind(b)}")
    kind = a["k"]
    if kind == "hole":
        found.holes.append(Difference(path, f"{a['t']}: {a['v']}"))
        if a["v"] != b["v"]:
            return differ(f"{a['v']} became {b['v']}")
        return []
    if kind == "name":
        return _names(path, a, b, found)
    found.compared += kind in ("plain", "number", "hash", "array")
    if kind == "plain":
        return [] if a["v"] == b["v"] else differ(f"{_short(a['v'])} became {_short(b['v'])}")
    if kind == "number":
        pairs = zip(a["v"], b["v"], strict=True)
        return (
            []
            if all(close(float(x), float(y)) for x, y in pairs)
            else differ(f"{_short(a['v'])} became {_short(b['v'])}")
        )
    if kind == "hash":
        return (
            []
            if (a["n"], a["v"]) == (b["n"], b["v"])
            else differ(f"content of {a['n']} became other content of {b['n']}")
        )
    if kind == "array":
        what = _arrays(a, b, left, right)
        return [] if what is None else differ(what)
    if kind == "seq":
        if len(a["i"]) != len(b["i"]):
            return differ(f"{len(a['i'])} items became {len(b['i'])}")
        return [(f"{path}[{n}]", x, y) for n, (x, y) in enumerate(zip(a["i"], b["i"], strict=True))]
    return _parts(path, a["i" if kind == "map" else "p"], b["i" if kind == "map" else "p"], kind == "map", found)


def _parts(path: str, a: list[Any], b: list[Any], is_map: bool, found: NodeComparison) -> list[tuple[str, Node, Node]]:
    def numbered(items: list[Any]) -> dict[tuple[str, int], Node]:
        seen: dict[str, int] = {}
        told: dict[tuple[str, int], Node] = {}
        for label, node in items:  # a table may have two columns of one name
            seen[label] = seen.get(label, -1) + 1
            told[(label, seen[label])] = node
        return told

    one, other = numbered(a), numbered(b)

    def place(key: tuple[str, int]) -> str:
        label = f"[{key[0]}]" if is_map else key[0]
        joint = "" if not label or label[0] in ".[" else "."
        return path + joint + label + (f"#{key[1]}" if key[1] else "")

    for key in one.keys() ^ other.keys():
        found.differences.append(Difference(place(key), "is gone" if key in one else "is new"))
    return [(place(key), one[key], other[key]) for key in one if key in other]


def _names(path: str, a: Node, b: Node, found: NodeComparison) -> list[tuple[str, Node, Node]]:
    """Functions are known by name: a library's is the same object, the notebook's own is told as not compared."""
    if (a["mine"] and b["mine"]) or (a.get("local") and a["v"] == b["v"]):
        found.holes.append(Difference(path, f"{a['t']} {a['v']}: its code is not compared"))
        return []
    if a["v"] != b["v"] or a["mine"] != b["mine"]:
        found.differences.append(Difference(path, f"{a['v']} became {b['v']}"))
    else:
        found.compared += 1
    return []


def _arrays(a: Node, b: Node, left: Values, right: Values) -> str | None:
    if a["s"] != b["s"]:
        return f"shape {tuple(a['s'])} became {tuple(b['s'])}"
    if a["d"] != b["d"]:
        return f"dtype {a['d']} became {b['d']}"
    x, y = _read(a, left), _read(b, right)
    apart = ~_close_arrays(x, y) if x.dtype.kind in "fc" else x != y
    count = int(np.count_nonzero(apart))
    if not count:
        return None
    first = int(np.argmax(apart))
    where = tuple(int(i) for i in np.unravel_index(first, a["s"])) if a["s"] else ()
    return f"{count} of {x.size} values differ, first at {list(where)}: {x[first]} became {y[first]}"


def _read(node: Node, values: Values) -> Any:
    return (
        np.frombuffer(values.binary, dtype=node["d"], count=math.prod(node["s"]), offset=node["at"])
        if math.prod(node["s"])
        else np.zeros(0, node["d"])
    )


def _close_arrays(x: Any, y: Any) -> Any:
    if x.dtype.kind == "c":
        return _close_arrays(x.real, y.real) & _close_arrays(x.imag, y.imag)
    with np.errstate(all="ignore"):
        return (
            (x == y)
            | (np.isnan(x) & np.isnan(y))
            | (np.abs(x - y) <= TOLERANCE * np.maximum(np.abs(x), np.abs(y)) * np.isfinite(x) * np.isfinite(y))
        )


def close(x: float, y: float) -> bool:
    """Equal to ten significant digits; not-a-number equals itself."""
    if x == y or (x != x and y != y):
        return True
    if not (math.isfinite(x) and math.isfinite(y)):
        return False
    return abs(x - y) <= TOLERANCE * max(abs(x), abs(y))


def same_text(one: str, other: str) -> bool:
    """Printed text: equal, numbers in it to ten digits, addresses of objects aside."""
    one, other = without_addresses(one), without_addresses(other)
    if one == other:
        return True
    if NUMBER.sub("#", one) != NUMBER.sub("#", other):
        return False
    pairs = zip(NUMBER.findall(one), NUMBER.findall(other), strict=True)
    return all(
        x == y or (not (x.lstrip("+-").isdigit() and y.lstrip("+-").isdigit()) and close(float(x), float(y)))
        for x, y in pairs
    )


def without_addresses(text: str) -> str:
    """The text with `at 0x7f..` made the same everywhere: an address says nothing of a value."""
    return _ADDRESS.sub("at 0x", text)


def _kind(node: Node) -> str:
    named = {"plain": node.get("t"), "number": node.get("t"), "object": node.get("t"), "hole": node.get("t")}.get(
        node["k"]
    )
    return str(named or node.get("t") or node["k"])


def _short(value: Any) -> str:
    text = repr(value[0] if isinstance(value, list) and len(value) == 1 else value)
    return text if len(text) <= 60 else f"{text[:57]}..."
