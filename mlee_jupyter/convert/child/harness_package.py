"""The package's side of the proof, in the child process: `run(load_config())` or `run()`, its functions watched."""

from __future__ import annotations

import ast
import builtins
import copy
import dataclasses
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import inspect
import sys
import types
from pathlib import Path
from typing import Any

from .harness_figures import Figures, OnImport
from .harness_printed import Printed, failure
from .harness_recorded import described, summary_of
from .harness_shown import KEPT, LEFT_OUT, Displays, Shown

_RUN = ("pipeline", "run")  # what the notebook set, where there is no configuration
_LOCALS, _SEEN = "__locals_of_a_stage__", "__stage_returns__"


def watched(source: str, functions: set[str], module: str = "", displays: Displays | None = None) -> ast.Module:
    """The module with `try: ... finally: seen(name, locals())` around the bodies of its stage functions.

    With `displays`, what the notebook displays there is put back.
    """
    tree = ast.parse(source)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name in functions:
            if displays is not None:
                displays.put_back(module, node)
            told = ast.parse(f"{_SEEN}(__name__, {node.name!r}, {_LOCALS}())").body
            node.body = [ast.Try(body=node.body, handlers=[], orelse=[], finalbody=told)]
    return ast.fix_missing_locations(tree)


class _Watching(importlib.machinery.SourceFileLoader):
    functions: set[str] = set()  # noqa: RUF012
    displays: Displays | None = None

    def source_to_code(self, data: Any, path: Any, *, _optimize: int = -1) -> Any:  # type: ignore[override]
        tree = watched(bytes(data).decode("utf-8"), self.functions, self.name, self.displays)
        return compile(tree, path, "exec", dont_inherit=True)

    def get_code(self, fullname: str) -> Any:
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)


def run_package(
    job: dict[str, Any],
    folder: Path,
    printed: Printed,
    figures: Figures,
    shown: Shown,
    result: dict[str, Any],
) -> dict[str, Any]:
    """Run the package; the variables that its probes point to, by name."""
    name, probes = job["name"], job["probes"]
    by_module: dict[str, set[str]] = {}
    for module, function, _ in probes.values():
        if module != "config" and (module, function) != _RUN:
            by_module.setdefault(f"{name}.{module}", set()).add(function)
    seen: dict[tuple[str, str], dict[str, Any]] = {}
    displays = Displays(job, shown) if job.get("stages") else None
    for key in job.get("stages", {}):
        module, _, function = key.rpartition(".")
        by_module.setdefault(module, set()).add(function)

    def stage_ends(module: str, function: str, found: dict[str, Any]) -> None:
        seen[(module, function)] = dict(found)
        if displays is not None:
            displays.learn(f"{module}.{function}", found)

    setattr(builtins, _LOCALS, locals)
    setattr(builtins, _SEEN, stage_ends)
    if displays is not None:
        setattr(builtins, KEPT, displays.kept)
        setattr(builtins, LEFT_OUT, displays.left_out)

    def changed(loader: importlib.abc.Loader, module: str) -> importlib.abc.Loader:
        watching = _Watching(module, loader.get_filename(module))  # type: ignore[attr-defined]
        watching.functions, watching.displays = by_module[module], displays
        return watching

    sys.meta_path.insert(0, OnImport(lambda module: module in by_module, changed))
    sys.path.insert(0, job["source"])
    printed.now = "run"
    _lend_tomli(job["settings"])
    try:
        importlib.import_module(name)
        has_config = importlib.util.find_spec(f"{name}.config") is not None
        given = [importlib.import_module(f"{name}.config").load_config()] if has_config else []
        run = importlib.import_module(f"{name}.pipeline").run
        defaults = {one.name: one.default for one in inspect.signature(run).parameters.values()}
        settings = {
            variable: _part(given[0], local) if module == "config" else defaults[local]
            for variable, (module, function, local) in probes.items()
            if module == "config" or (module, function) == _RUN
        }
        if displays is not None:
            displays.space |= settings
        results = run(*given)
        figures.show()
    except BaseException as fault:
        failure(result, fault, None)
        return {}
    found: dict[str, Any] = dict(settings)
    for variable, (module, function, local) in probes.items():
        if variable not in settings:
            space = seen.get((f"{name}.{module}", function), {})
            if local in space:
                found[variable] = space[local]
    returned = {field.name: getattr(results, field.name) for field in dataclasses.fields(results)}
    result |= described(returned, summary_of(job["summary"], folder))
    found |= {f"results.{field}": value for field, value in returned.items()}
    return found


def _lend_tomli(settings: dict[str, Any]) -> None:
    """Before Python 3.11 a package reads its settings with tomli, which it declares and which may not be there yet."""
    if sys.version_info < (3, 11) and importlib.util.find_spec("tomli") is None:
        lent = sys.modules["tomli"] = types.ModuleType("tomli")
        lent.loads = lambda _: copy.deepcopy(settings)  # type: ignore[attr-defined]


def _part(config: Any, dotted: str) -> Any:
    for word in dotted.split("."):
        config = getattr(config, word)
    return config
