"""One table judged in memory and where it lies, and where the two verdicts differ."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from mlee_jupyter import Comparison, MleeError, compare, compare_table

NAMES = ["a", "b", "c", "same"]
FEW_ROWS = "few rows of the table"


def labels(rows: int = 500, seed: int = 0, classes: int = 3) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    truth = random.integers(0, classes, rows)
    made = {"y": truth}
    for place, name in enumerate("abc"):
        made[name] = np.where(random.random(rows) < 0.75 + 0.04 * place, truth, random.integers(0, classes, rows))
    return _beside(made, random)


def numbers(rows: int = 500, seed: int = 0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    truth = np.abs(random.normal(10, 3, rows)) + 0.5
    made = {"y": truth}
    for place, name in enumerate("abc"):
        made[name] = np.abs(truth + (1 + 0.1 * place) * random.standard_t(4, rows))
    return _beside(made, random)


def shares(rows: int = 500, seed: int = 0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    truth = random.integers(0, 2, rows)
    made = {"y": truth}
    for place, name in enumerate("abc"):
        made[name] = 1 / (1 + np.exp(-(2 * truth - 1 + random.normal(0, 1 + 0.15 * place, rows))))
    return _beside(made, random)


def _beside(made: dict[str, np.ndarray], random: np.random.Generator) -> pd.DataFrame:
    rows = len(made["y"])
    beside = {"same": made["b"].copy(), "who": random.integers(0, rows // 8, rows), "weight": random.gamma(2, 1, rows)}
    return pd.DataFrame({**made, **beside})


def said(judged: Any) -> Comparison | str:
    """The comparison, or the refusal as text."""
    try:
        return judged()
    except MleeError as fault:
        return str(fault)


def in_memory(frame: pd.DataFrame, metric: str, names: Sequence[str] = NAMES, **how: Any) -> Comparison | str:
    beside = {key: frame[how.pop(key)] for key in ("groups", "weights") if key in how}
    return said(lambda: compare(frame["y"], {name: frame[name] for name in names}, metric, **beside, **how))


def where_it_lies(table: Any, metric: str, names: Sequence[str] = NAMES, **how: Any) -> Comparison | str:
    return said(lambda: compare_table(table, "y", names, metric, **how))


def _flat(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _flat(one, f"{name}.{key}")
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from _flat(one, f"{name}.{place}")
    else:
        yield name, value


def unlike(one: Comparison | str, other: Comparison | str) -> dict[str, tuple[Any, Any]]:
    """Every number, word and flag of two verdicts that is not the same to ten digits."""
    if isinstance(one, str) or isinstance(other, str):
        return {} if one == other else {"refused": (one, other)}
    here, there = dict(_flat(one.to_dict())), dict(_flat(other.to_dict()))
    here["remarks"], there["remarks"] = (_of_the_judged(found) for found in (one, other))
    return {
        key: (here.get(key), there.get(key))
        for key in here.keys() | there.keys()
        if not _alike(here.get(key), there.get(key))
    }


def _of_the_judged(found: Comparison) -> list[str]:
    """In memory there is something to say of those that failed as well."""
    return [
        line for line in found.remarks if not any(line.startswith((f"{name} ", f"{name}'s")) for name in found.failed)
    ]


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-10, abs_tol=1e-13)
    if isinstance(one, str) and isinstance(other, str) and FEW_ROWS in other:
        return one.partition("above all on ")[0] == other.partition("above all on ")[0]  # a table's rows have no number
    return bool(one == other)
