"""How simple a candidate is that hands over predictions, read from its cell: models it calls, or a rule without any.

A rule is told from what the cell calls and nothing else: whatever is called that is not known, and whatever is read
that another cell may have made with a model, leaves it unknown.
"""

from __future__ import annotations

import ast
import builtins
import re
import types
from collections.abc import Iterator, Mapping
from typing import Any

from .model_ranks import BY_CLASS, BY_MAKER, CONSTANT, REMOTE
from .simplicity import Ranked, of_model

_ANSWERS = ("predict", "predict_proba", "decision_function", "forecast", "get_prediction")
_PLAIN = frozenset({"numpy", "pandas", "polars", "builtins", "math", "re", "datetime", "statistics", "collections"})
_PLAIN |= {"duckdb", "sqlite3", "sqlalchemy", "ibis", "scipy", "itertools", "functools", "time", "string", "operator"}
_DATA = re.compile(r"(?:X|x|y|df|data|train|test|valid|features?|target|labels?|rows|history)(?:_?\w*)?")
_MADE = re.compile(r"pred|scor|prob|hat\b|logit|emb|output|answer", re.IGNORECASE)  # names of what a model answered
_KINDS = (
    ("a query", re.compile(r"\bselect\b[\s\S]*\bfrom\b", re.IGNORECASE)),
    ("an average of groups", re.compile(r"\bgroup_?by\b")),
    ("a value from before", re.compile(r"\.(?:shift|iloc|tail|last)\b|\bnaive\b")),
    ("a constant", re.compile(r"\b(?:full|repeat|zeros|ones|zeros_like|full_like|ones_like)\(|\]\s*\*\s*len\(")),
    ("a rule", re.compile(r"[<>]=?|==|\b(?:where|isin|map|between|clip|contains|select)\b")),
    ("an average", re.compile(r"\b(?:mean|median|mode|max|min)\(")),
)


def of_code(source: str | None, names: Mapping[str, Any]) -> Ranked:
    """How simple what a cell does is.

    Args:
        source: the cell as it was written.
        names: the notebook's variables, to see which model a name is; nothing is called.
    """
    try:
        tree = ast.parse(source or "")
    except (SyntaxError, ValueError, RecursionError):
        return Ranked(None, "its cell is not plain Python")
    if not tree.body:
        return Ranked(None, "its cell was not kept")
    bound = _bound(tree)
    found = [ranked for node in ast.walk(tree) if (ranked := _of_node(node, names, bound)) is not None]
    if remote := next((one for one in found if one.rank == REMOTE), None):
        return remote
    if unknown := next((one for one in found if one.rank is None), None):
        return unknown
    asked = (
        node.func.attr for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    )
    if not found and any(attribute in _ANSWERS for attribute in asked):
        return Ranked(None, "which model answers cannot be read")
    if found:
        return max(found, key=lambda one: one.rank or 0)
    if strange := next((name for name in _read(tree) - bound if not _is_data(name, names)), None):
        return Ranked(None, f"where {strange[:40]} comes from is not known")
    text = ast.unparse(tree)
    kind = next((kind for kind, of in _KINDS if of.search(text)), None)
    return Ranked(CONSTANT, kind) if kind is not None else Ranked(None, "its cell only names what another one made")


def _of_node(node: ast.AST, names: Mapping[str, Any], bound: set[str]) -> Ranked | None:
    """What a call or an import says: a model with its rank, something that is not known, or nothing of interest."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        made_by = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        makers = {module.partition(".")[0] for module in made_by}
        known = next((Ranked(*BY_MAKER[m]) for m in makers if m in BY_MAKER), None)
        strange = next((m for m in makers if m not in _PLAIN | {"sklearn", "statsmodels"}), None)
        return known or (Ranked(None, f"{strange[:40]} is not known here") if strange is not None else None)
    if not isinstance(node, ast.Call):
        return None
    function = node.func
    if isinstance(function, ast.Attribute):
        root = _root(function)
        if function.attr in BY_CLASS:
            return Ranked(*BY_CLASS[function.attr])
        if root is None or root in bound:
            return None  # what it is called on was made here, by calls that are looked at themselves
        return _of_method(function.attr, root, names)
    if not isinstance(function, ast.Name):
        return Ranked(None, "what it calls cannot be read")
    if function.id in BY_CLASS:
        return Ranked(*BY_CLASS[function.id])
    return _of_function(function.id, names, bound)


def _of_method(attribute: str, root: str, names: Mapping[str, Any]) -> Ranked | None:
    value = names.get(root)
    if value is None:
        return Ranked(None, f"what {root[:40]} is, is not known")
    module = value.__name__ if isinstance(value, types.ModuleType) else type(value).__module__
    maker = module.partition(".")[0]
    if isinstance(value, types.ModuleType):
        if maker in BY_MAKER:
            return Ranked(*BY_MAKER[maker])
        return None if maker in _PLAIN | {"sklearn"} else Ranked(None, f"{maker[:40]} is not known here")
    if attribute in _ANSWERS or maker in BY_MAKER:
        return of_model(value)
    return None if maker in _PLAIN or hasattr(type(value), "fit") else Ranked(None, f"{root[:40]} is not known here")


def _of_function(name: str, names: Mapping[str, Any], bound: set[str]) -> Ranked | None:
    value = names.get(name, getattr(builtins, name, None))
    maker = (getattr(value, "__module__", None) or "").partition(".")[0]
    if maker in ("sklearn", "statsmodels") and hasattr(value, "predict"):
        return Ranked(None, f"{name[:40]} has no rank here")
    if name in bound or maker in _PLAIN or maker == "sklearn":
        return None
    if maker in BY_MAKER:
        return Ranked(*BY_MAKER[maker])
    return Ranked(None, f"it calls {name[:40]}, which is your own")


def _root(node: ast.expr) -> str | None:
    """The name at the begin of `a.b[0].c`; None where there is a call in between, which is looked at itself."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _bound(tree: ast.Module) -> set[str]:
    found = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
    return found | {arg.arg for node in ast.walk(tree) if isinstance(node, ast.arguments) for arg in _arguments(node)}


def _arguments(node: ast.arguments) -> Iterator[ast.arg]:
    yield from (*node.posonlyargs, *node.args, *node.kwonlyargs)


def _read(tree: ast.Module) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def _is_data(name: str, names: Mapping[str, Any]) -> bool:
    """Whether a name is data as it came, a module, a builtin or a plain value, and no model's answers."""
    if name not in names:
        return hasattr(builtins, name)
    value = names[name]
    if _MADE.search(name):
        return False
    if isinstance(value, types.ModuleType | int | float | str | bool | dict | types.BuiltinFunctionType):
        return True
    maker = type(value).__module__.partition(".")[0]
    if maker in ("duckdb", "sqlite3", "sqlalchemy", "ibis"):
        return True
    return type(value).__name__ in ("DataFrame", "LazyFrame") or _DATA.fullmatch(name) is not None
