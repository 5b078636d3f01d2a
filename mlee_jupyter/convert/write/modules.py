"""Stage modules: a docstring, the imports that the module itself needs, its functions in the notebook's order."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable
from pathlib import Path

from mlee_jupyter.convert.interpreter import OWN
from mlee_jupyter.convert.read.facts import BUILTINS
from mlee_jupyter.convert.read.scopes import Walk
from mlee_jupyter.convert.read.tokens import comments_in
from mlee_jupyter.convert.types import FunctionLine, Import, Plan, Statement
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.domain.files import read_text

from .bodies import Emission, class_name, group_source, stage_source, statement_text
from .grouping import Group

_QUIET_IMPORTS = frozenset(
    {
        "numpy",
        "pandas",
        "scipy",
        "matplotlib",
        "math",
        "collections",
        "itertools",
        "functools",
        "datetime",
        "statistics",
    }
    | {"plotly", "requests", "tqdm", "pathlib", "IPython", "ipywidgets", "pprint", "typing", "warnings", "sklearn"}
    | {"statsmodels", "xgboost", "lightgbm", "catboost", "PIL", "bs4", "networkx", "sympy", "joblib", "yaml", "patsy"}
)
_LINES = {  # what carried magics and lifted values need, with its group of imports
    **{
        name: (1, f"import {name}")
        for name in ("os", "subprocess", "pathlib", "functools", "builtins", "shlex", "runpy", "shutil")
    },
    "pd": (2, "import pandas as pd"),
    "np": (2, "import numpy as np"),
}


def module_source(emission: Emission, module: str) -> tuple[str, list[FunctionLine]]:
    """The text of one module of the package, unformatted, and its functions."""
    plan = emission.plan
    blocks: list[tuple[int, str]] = []
    functions: list[FunctionLine] = []
    strings: set[str] = set()
    blocks += [(-1, group_source(emission, group)) for group in emission.groups.all if group.module == module]
    for hoisted in plan.hoisted:
        if hoisted.module == module:
            statement = emission.statement(hoisted.statement)
            strings |= statement.string_uses
            said = emission.moved.get(statement.index, "")
            blocks.append((statement.index, said + statement_text(plan, statement, {})))
            functions.append(
                FunctionLine(name=hoisted.name, module=module, inputs=_arguments(statement), outputs=(), lines=0)
            )
    for stage in plan.stages:
        if stage.module == module:
            for index in stage.statements:
                strings |= emission.statement(index).string_uses
            bundles = emission.bundles(stage)
            covered = {n for names in bundles.values() for n in names}
            taken = (g.variable if isinstance(g, Group) else g for g in emission.groups.parameters(stage))
            inputs = (*taken, *bundles, *(n for n in stage.settings if n not in covered))
            blocks.append((stage.statements[0], stage_source(emission, stage)))
            given = emission.groups.given.get(stage.name)
            outputs = (given.variable,) if given else stage.outputs
            functions.append(FunctionLine(name=stage.name, module=module, inputs=inputs, outputs=outputs, lines=0))
    blocks.sort(key=lambda pair: pair[0])
    body = "\n\n\n".join(text for _, text in blocks)
    imports = import_lines(emission, module, body, strings)
    doc = module_doc(emission, module)
    return f'"""{doc}"""\n\n{imports}\n\n\n{body}\n', functions


def module_doc(emission: Emission, module: str) -> str:
    """What a module holds, said once."""
    spoken = module.replace("_", " ")
    return {
        "functions": "Functions that several steps use.",
        "records": "What one step hands to others.",
        "data": "Where the data comes from.",
        "features": "From raw data to features.",
        "split": "What is trained on and what is held out.",
        "model": "The model and how it is fitted.",
        "evaluate": "How good it is.",
        "plots": "What is drawn.",
    }.get(module, f"{spoken[:1].upper()}{spoken[1:]}.")


def _arguments(statement: Statement) -> tuple[str, ...]:
    node = statement.node
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return ()
    a = node.args
    return tuple(x.arg for x in (*a.posonlyargs, *a.args, *a.kwonlyargs))


def names_needed(body: str) -> set[str]:
    """Names that a module's text reads and does not bind."""
    walk = Walk()
    walk.block(ast.parse(body).body)
    return {m.name for m in walk.mentions if not m.binds} - walk.bound


def import_lines(emission: Emission, module: str, body: str, strings: Iterable[str] = ()) -> str:
    """The imports of a module: __future__, the standard library, others, the package's own."""
    stable, plan = emission.stable, emission.plan
    needed = names_needed(body)
    only_in_strings = {n for n in strings if n in stable.imports} - needed
    groups: dict[int, list[str]] = {0: [], 1: [], 2: [], 3: []}
    merged: dict[tuple[int, str], list[str]] = {}
    homes = {**_homes(plan), **{g.name: (3, f".{g.module}") for g in emission.groups.all}}
    star_needed = False
    guarded: dict[int, str] = {}
    seen: set[int] = set()
    for statement in _import_statements(emission):
        for one in statement.imports:
            if one.module == "__future__":
                groups[0].append(one.text)
            elif one.name in needed or one.name in only_in_strings or _is_for_effect(one, emission.plan):
                _add_import(
                    emission,
                    statement,
                    one,
                    groups,
                    merged,
                    one.name in only_in_strings or one.name not in needed,
                    seen,
                )
    for name in sorted(needed):
        if name in stable.imports:
            continue
        if name in stable.guarded:
            block = stable.guarded[name]
            guarded.setdefault(block.index, statement_text(plan, block, {}))
        elif name in homes:
            merged.setdefault(homes[name], []).append(name)
        elif name in _LINES:
            group, line = _LINES[name]
            groups[group].append(line)
        elif name not in BUILTINS:
            star_needed = True
    if star_needed:
        groups[2] += star_imports(emission)
    for (group, origin), names in merged.items():
        groups[group].append(f"from {origin} import {', '.join(dict.fromkeys(sorted(names, key=_by_name)))}")
    parts = ["\n".join(dict.fromkeys(groups[g])) for g in (0, 1, 2)]
    parts += ["\n".join(guarded.values()), "\n".join(dict.fromkeys(groups[3]))]
    return "\n\n".join(p for p in parts if p)


def _homes(plan: Plan) -> dict[str, tuple[int, str]]:
    """Name -> the group of imports it belongs to, and the module it comes from; the package's own names win."""
    sections = {class_name(one.section) for one in plan.constants.values()}
    return {
        **{"Any": (1, "typing"), "dataclass": (1, "dataclasses"), "display": (2, "IPython.display")},
        **dict.fromkeys(sections, (3, ".config")),
        "show_figures": (3, ".figures"),
        **{h.name: (3, f".{h.module}") for h in plan.hoisted},
    }


def _by_name(text: str) -> tuple[str, str]:
    return text.lower(), text


def _import_statements(emission: Emission) -> list[Statement]:
    plan = emission.plan
    flowing = set(plan.flow) | emission.stable.statements
    return [
        s for s in plan.facts.statements if s.index in flowing and s.index in emission.stable.statements and s.imports
    ]


def _add_import(
    emission: Emission,
    statement: Statement,
    one: Import,
    groups: dict[int, list[str]],
    merged: dict[tuple[int, str], list[str]],
    unread: bool,
    seen: set[int],
) -> None:
    group = 1 if one.top in sys.stdlib_module_names else 2
    first = statement.index not in emission.said
    beside = statement.trailing if first and not statement.trailing.startswith("\n") else ""
    leading = statement.leading.rstrip("\n") if first and statement.index not in emission.silent else ""
    if first and statement.trailing.startswith("\n"):
        leading = "\n".join(t for t in (leading, statement.trailing.strip()) if t)
    if first:
        leading = "\n".join(t for t in (leading, *comments_in(statement.code)) if t)
    emission.said.add(statement.index)
    if one.name == "*":
        return
    if unread:
        beside = "# noqa: F401  " + (beside or "# imported for its effect")
    if leading:
        groups[group].append(leading)
    if one.attribute is not None and not beside and not leading and statement.index not in seen:
        as_name = f" as {one.name}" if one.alias else ""
        merged.setdefault((group, one.module), []).append(f"{one.attribute}{as_name}")
        return
    groups[group].append(f"{one.text}  {beside}".rstrip())


def _is_for_effect(one: Import, plan: Plan) -> bool:
    """Whether importing it is known to do something: it makes the rest of the package work."""
    if one.top == "mpl_toolkits":  # what makes plots of three dimensions known, which matplotlib does since 3.2
        version = (plan.interpreter or OWN).version_of("matplotlib") or "0"
        return tuple(int(part) if part.isdigit() else 0 for part in version.split(".")[:2]) < (3, 2)
    return one.module.startswith("sklearn.experimental")


def star_imports(emission: Emission) -> list[str]:
    """The notebook's star imports, each as a line."""
    found = [one for s in _import_statements(emission) for one in s.imports if one.name == "*"]
    lines = [f"from {one.module} import *  # noqa: F403" for one in found]
    if any("pylab" in c.needs for c in emission.plan.facts.notebook.cells):
        lines += ["import numpy as np", "from matplotlib import pyplot as plt", "from pylab import *  # noqa: F403"]
    return lines


def unused_imports(emission: Emission, needed: Iterable[str]) -> list[str]:
    """Imports nothing reads, of packages that may do something when imported: one line each."""
    known, plan = set(needed), emission.plan
    home = plan.facts.notebook.path.absolute().parent
    found = [one for statement in _import_statements(emission) for one in statement.imports]
    loaded = {one.module for one in found if one.name in known}  # what is read of them loads them
    lines = []
    for statement in _import_statements(emission):
        for one in statement.imports:
            quiet = one.top in sys.stdlib_module_names or one.top in _QUIET_IMPORTS or one.module in loaded
            quiet = quiet or one.top == "mpl_toolkits" or _only_defines(home, one.top, frozenset())
            if one.name not in known and one.name != "*" and not quiet and not _is_for_effect(one, plan):
                lines.append(f"{one.text}  # noqa: F401  # imported for its effect")
    return list(dict.fromkeys(lines))


def _only_defines(home: Path, module: str, seen: frozenset[str]) -> bool:
    """Whether a module beside the notebook does nothing when it is imported but define, and import such others."""
    file = home / f"{module}.py"
    if module in seen or not file.is_file():
        return module in seen
    try:
        body = ast.parse(read_text(file)).body
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError, MleeError):
        return False
    tops: set[str] = set()
    for node in body:
        if isinstance(node, ast.Import):
            tops |= {a.name.partition(".")[0] for a in node.names}
        elif isinstance(node, ast.ImportFrom):
            tops.add((node.module or "").partition(".")[0])
        elif not _defines(node):
            return False
    known = sys.stdlib_module_names | _QUIET_IMPORTS
    return all(top in known or _only_defines(home, top, seen | {module}) for top in tops)


def _defines(node: ast.stmt) -> bool:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return not node.decorator_list
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        return not any(isinstance(inner, (ast.Call, ast.Attribute)) for inner in ast.walk(node))
    is_main = isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"
    return is_main or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
