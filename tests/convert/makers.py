"""Small notebooks, and both sides of a conversion run in this process: the cells as they stand, and the package."""

from __future__ import annotations

import importlib
import itertools
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import pandas as pd

from mlee_jupyter.convert.plan.planning import plan_notebook
from mlee_jupyter.convert.types import Notebook, Plan, Written
from mlee_jupyter.convert.write.emit import emit

_NUMBERS = itertools.count()


def write_notebook(folder: Path, *cells: str, name: str = "nb.ipynb", **metadata: Any) -> Path:
    """A notebook file; a cell that begins with "#md " is prose, one that begins with "#tag NAME" carries a tag."""
    written = []
    for place, whole in enumerate(cells):
        text, tags = whole, list[str]()
        while text.startswith("#tag "):
            first, _, text = text.partition("\n")
            tags.append(first[5:].strip())
        if text.startswith("#md "):
            written.append({"cell_type": "markdown", "metadata": {}, "source": text[4:]})
        else:
            cell = {"cell_type": "code", "metadata": {"tags": tags}, "source": text, "outputs": []}
            written.append({**cell, "execution_count": None, "id": f"c{place}"})
    path = folder / name
    path.write_text(json.dumps({"cells": written, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}), "utf-8")
    return path


def run_cells(notebook: Notebook) -> dict[str, Any]:
    """The variables a notebook leaves behind when its cells run from the top."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in notebook.code:
        for module in cell.needs:
            names[module] = importlib.import_module(module)
        exec(compile(cell.python, f"<cell {cell.number}>", "exec"), names)
    return {n: v for n, v in names.items() if not n.startswith("__")}


def packaged(path: Path, folder: Path, **options: Any) -> tuple[Plan, Written]:
    """A notebook's package on disk, unformatted, under a name of its own."""
    plan = plan_notebook(path, name=f"made_{next(_NUMBERS)}", **options)
    written = emit(plan, folder, lint=False)
    for relative, text in written.files.items():
        place = folder / relative
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
    return plan, written


def run_package(written: Written) -> tuple[Any, dict[str, Any]]:
    """What the package gives back, and every variable seen through the probes."""
    name = written.plan.name
    source = str(written.folder / "src")
    sys.path.insert(0, source)
    importlib.invalidate_caches()
    try:
        configured = "config.toml" in written.files
        given = [importlib.import_module(f"{name}.config").load_config()] if configured else []
        run = importlib.import_module(f"{name}.pipeline").run
        places: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for variable, probe in written.probes.items():
            places.setdefault((f"{name}.{probe.module}", probe.function), []).append((variable, probe.local))
        seen: dict[str, Any] = {}

        def look(frame: FrameType, event: str, _: Any) -> None:
            if event == "return":
                key = (frame.f_globals.get("__name__", ""), frame.f_code.co_name)
                for variable, local in places.get(key, ()):
                    if local in frame.f_locals:
                        seen[variable] = frame.f_locals[local]

        before = sys.getprofile()
        sys.setprofile(look)
        try:
            results = run(*given)
        finally:
            sys.setprofile(before)
        for variable, probe in written.probes.items():
            if probe.module == "config":
                section, _, key = probe.local.partition(".")
                seen[variable] = getattr(getattr(given[0], section), key)
        return results, seen
    finally:
        sys.path.remove(source)
        for module in [m for m in sys.modules if m == name or m.startswith(f"{name}.")]:
            del sys.modules[module]


def both(path: Path, folder: Path, **options: Any) -> tuple[Plan, Mapping[str, Any], Mapping[str, Any]]:
    """The plan, the notebook's variables and the package's."""
    plan, written = packaged(path, folder, **options)
    original = run_cells((plan.original or plan.facts).notebook)
    _, found = run_package(written)
    return plan, original, found


def same(one: object, other: object) -> bool:
    """Equal and of one kind; models by their class."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return np.array_equal(one, other)
    if isinstance(one, (pd.DataFrame, pd.Series)):
        return one.equals(other)
    if type(one).__module__.startswith(("sklearn", "io", "_io")) or type(one).__name__ == "Box":
        return type(one).__name__ == type(other).__name__
    return type(one) is type(other) and one == other
