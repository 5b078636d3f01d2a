"""Type hints for stage functions: from the types that were seen when the original ran, else from plain reading."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from mlee_jupyter.convert.read import effects
from mlee_jupyter.convert.types import Facts, Plan

# Full name of a type -> (annotation, import it needs).
_KNOWN = {
    "int": ("int", ""),
    "float": ("float", ""),
    "str": ("str", ""),
    "bool": ("bool", ""),
    "bytes": ("bytes", ""),
    "list": ("list[Any]", ""),
    "dict": ("dict[Any, Any]", ""),
    "set": ("set[Any]", ""),
    "tuple": ("tuple[Any, ...]", ""),
    "pandas.DataFrame": ("pd.DataFrame", "import pandas as pd"),
    "pandas.Series": ("pd.Series", "import pandas as pd"),
    "numpy.ndarray": ("np.ndarray", "import numpy as np"),
    "numpy.float64": ("float", ""),
    "numpy.float32": ("float", ""),
    "numpy.int64": ("int", ""),
}
_ALIASES = {
    "pandas.core.frame.DataFrame": "pandas.DataFrame",
    "pandas.core.series.Series": "pandas.Series",
    "builtins.int": "int",
    "builtins.float": "float",
    "builtins.str": "str",
    "builtins.bool": "bool",
    "builtins.list": "list",
    "builtins.dict": "dict",
    "builtins.set": "set",
    "builtins.tuple": "tuple",
}
_CALLS = {
    "pandas.DataFrame": "pandas.DataFrame",
    "pandas.read_csv": "pandas.DataFrame",
    "pandas.read_excel": "pandas.DataFrame",
    "pandas.read_parquet": "pandas.DataFrame",
    "pandas.concat": "pandas.DataFrame",
    "pandas.get_dummies": "pandas.DataFrame",
    "pandas.merge": "pandas.DataFrame",
    "numpy.array": "numpy.ndarray",
    "numpy.zeros": "numpy.ndarray",
    "numpy.ones": "numpy.ndarray",
    "numpy.linspace": "numpy.ndarray",
    "numpy.arange": "numpy.ndarray",
}


class Hints:
    """Annotations by variable; Any where nothing is sure."""

    def __init__(self, plan: Plan, types: Mapping[str, str]) -> None:
        self._names: dict[str, str] = {}
        bindings: dict[str, list[int]] = {}
        for index in plan.flow:
            for name in plan.facts.statements[index].binds:
                bindings.setdefault(name, []).append(index)
        original = {new: old for old, new in plan.renames.items()}
        for name, places in bindings.items():
            seen = types.get(original.get(name, name), "")
            seen = _ALIASES.get(seen, seen)
            if len(places) == 1:
                found = seen if seen in _KNOWN else _read_off(plan.facts, places[0], name)
                if found in _KNOWN:
                    self._names[name] = found
        for name, one in plan.constants.items():
            self._names[name] = f"={annotation_of(one.value, one.as_tuple)}"

    def of(self, name: str) -> tuple[str, str]:
        """The annotation of a variable, and the import that it needs (or nothing)."""
        found = self._names.get(name, "")
        if found.startswith("="):
            return found[1:], ""
        return _KNOWN.get(found, ("Any", ""))


def annotation_of(value: object, as_tuple: bool = False) -> str:
    """The annotation of a configuration value."""
    if isinstance(value, list):
        kinds = {annotation_of(v) for v in value} or {"str"}
        inner = "float" if kinds == {"int", "float"} else next(iter(kinds))
        return f"tuple[{inner}, ...]" if as_tuple else f"list[{inner}]"
    return type(value).__name__


def _read_off(facts: Facts, index: int, name: str) -> str:
    """The type that one assignment surely gives."""
    statement = facts.statements[index]
    node = statement.node
    if not isinstance(node, ast.Assign) or len(node.targets) != 1 or not isinstance(node.targets[0], ast.Name):
        return ""
    value = node.value
    if isinstance(value, ast.Constant):
        return type(value.value).__name__
    if isinstance(value, (ast.List, ast.ListComp)):
        return "list"
    if isinstance(value, (ast.Dict, ast.DictComp)):
        return "dict"
    if isinstance(value, ast.JoinedStr):
        return "str"
    if isinstance(value, ast.Call):
        written = effects.dotted(value.func)
        root, _, rest = written.partition(".")
        for other in facts.statements:
            for one in other.imports:
                if one.name == root:
                    full = ".".join(p for p in (one.module, one.attribute, rest) if p)
                    return _CALLS.get(full, "")
    return ""
