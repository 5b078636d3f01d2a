"""What a run used beyond one processor: a cluster, a graphics processor; read from its model and its cell.

Nothing is called that computes. What only might be used, as `"cuda" if available() else "cpu"`, is not taken for used.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from mlee_jupyter.domain.model_seen import MachineSeen

ENGINES = {"pyspark": "Spark", "databricks": "Spark", "distributed": "Dask", "ray": "Ray"}
ON_GPU = {"cuml": "cuML", "cudf": "cuDF", "cupy": "CuPy"}
_GPU = re.compile(r"(?:cuda|gpu|mps)(?::\d+)?|gpu_hist", re.IGNORECASE)
_SETTINGS = ("device", "device_type", "tree_method", "task_type", "accelerator")  # of models, and of those who train
_SOME = 1000  # rows of which texts are measured
_DEEP = 4  # models within models


def machines_used(
    model: Any, source: str | None, names: Mapping[str, Any], tables: Iterable[Any]
) -> MachineSeen | None:
    """What a run used; None where it was one processor, or where nothing can be told.

    Args:
        model: that it handed over, or None.
        source: its cell as it was written, or None.
        names: the notebook's variables.
        tables: declared ones; those that the cell reads count as well.
    """
    try:
        return _used(model, _tree(source), names, tables)
    except Exception:  # the user's variables may be anything, and answer anything when looked at
        return None


@lru_cache(maxsize=8)
def _tree(source: str | None) -> ast.Module:
    try:
        return ast.parse(source or "")
    except (SyntaxError, ValueError, RecursionError):
        return ast.parse("")


def _used(model: Any, tree: ast.Module, names: Mapping[str, Any], tables: Iterable[Any]) -> MachineSeen | None:
    read = [names[name] for name in _read(tree) if name in names]
    cluster = _first(ENGINES, [model, *read])
    if cluster and _is_on_this_machine(names.values()):
        cluster = ""
    gpu = _gpu_of_model(model) or _gpu_of_code(tree) or _gpu_of_values(read)
    if not cluster and not gpu:
        return None
    sizes = [_bytes(one) for one in {id(one): one for one in (*tables, *read) if _is_table(one)}.values()]
    known = bool(sizes) and None not in sizes
    return MachineSeen(cluster, gpu, sum(size or 0 for size in sizes) if known else None)


def _read(tree: ast.Module) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _makers(value: Any) -> Iterator[str]:
    """The modules behind a value: of itself where it is a module, a function or a class, else of its class."""
    own = getattr(value, "__name__", "") if type(value).__name__ == "module" else getattr(value, "__module__", "")
    for name in (own, type(value).__module__):
        if isinstance(name, str):
            yield from name.split(".")


def _first(table: Mapping[str, str], values: Iterable[Any]) -> str:
    return next((table[part] for value in values for part in _makers(value) if part in table), "")


def _is_on_this_machine(values: Iterable[Any]) -> bool:
    """Whether the engine says that it works here alone: Dask's local cluster, Spark's local master."""
    for value in values:
        makers = set(_makers(value))
        if "distributed" in makers and "LocalCluster" in (
            type(value).__name__,
            type(getattr(value, "cluster", None)).__name__,
        ):
            return True
        if "pyspark" in makers and type(value).__name__ in ("SparkSession", "SparkContext"):
            context = getattr(value, "sparkContext", value)
            if str(getattr(context, "master", "")).startswith("local"):
                return True
    return False


def _gpu_of_model(model: Any, depth: int = 0) -> str:
    """A model's own word: its settings, or where a network's numbers lie."""
    if model is None or depth > _DEEP:
        return ""
    if found := _first(ON_GPU, [model]):
        return found
    if (steps := getattr(model, "steps", None)) is not None and isinstance(steps, list) and steps:
        return _gpu_of_model(steps[-1][-1], depth + 1)
    told = [getattr(model, name, None) for name in _SETTINGS]
    asked = getattr(model, "get_params", None)
    if callable(asked) and type(model).__module__.partition(".")[0] != "sklearn":
        told += [asked().get(name) for name in _SETTINGS]
    if "torch" in {part for kind in type(model).__mro__ for part in kind.__module__.split(".")}:
        told += [getattr(one, "device", None) for one in list(model.parameters())[:1]]
    return _named(told)


def _named(told: Iterable[Any]) -> str:
    texts = (str(one) for one in told if one is not None and not callable(one))
    return next((text.lower() for text in texts if _GPU.fullmatch(text)), "")


def _gpu_of_code(tree: ast.Module) -> str:
    """`device="cuda"`, `.to("cuda")`, `.cuda()`: written out, and not in a condition."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute) and node.func.attr == "cuda" and not node.args:
            return "cuda"
        said = [k.value for k in node.keywords if k.arg in _SETTINGS]
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("to", "device"):
            said += node.args[:1]
        if found := _named(one.value for one in said if isinstance(one, ast.Constant)):
            return found
    return ""


def _gpu_of_values(values: Iterable[Any]) -> str:
    """A device that the cell reads, or what lies on one."""
    for value in values:
        if found := _first(ON_GPU, [value]):
            return found
        if "torch" in _makers(value):
            device = value if type(value).__name__ == "device" else getattr(value, "device", None)
            if found := _named([device]):
                return found
    return ""


def _is_table(value: Any) -> bool:
    makers = set(_makers(value))
    made = makers & {"pandas", "polars", "numpy", "scipy", "pyarrow", *ENGINES, *ON_GPU, "dask"}
    return bool(made) and not isinstance(value, type) and hasattr(value, "shape") and len(value.shape) > 0


def _bytes(value: Any) -> int | None:
    """How large a table is, in memory; None where only computing would tell."""
    if {"dask", *ENGINES} & set(_makers(value)):
        size = getattr(value, "nbytes", None)
        return int(size) if isinstance(size, int | float) and math.isfinite(size) else None
    if hasattr(value, "memory_usage"):  # pandas; texts are measured on a part
        part = value.iloc[:_SOME]
        used = part.memory_usage(index=False, deep=True)
        return int(float(used if isinstance(used, int) else used.sum()) * len(value) / max(1, len(part)))
    if hasattr(value, "estimated_size"):
        return int(value.estimated_size())
    size = getattr(value, "nbytes", getattr(getattr(value, "data", None), "nbytes", None))
    return int(size) if isinstance(size, int | float) else None
