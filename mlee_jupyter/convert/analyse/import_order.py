"""Imports that something above them matters to: environment variables that a module reads, files that it is made of.

A package imports at the top of its modules. So plain assignments to `os.environ` move to `__init__.py`, which runs
before them; an import of what the notebook itself writes or clones stays in its place, inside the function.
"""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Sequence

from mlee_jupyter.convert.draft import Draft
from mlee_jupyter.convert.read import effects
from mlee_jupyter.convert.types import Effect, Kind, Statement

# They read no variable that changes what they compute.
_UNMOVED = frozenset(
    {"numpy", "pandas", "scipy", "sklearn", "matplotlib", "seaborn", "statsmodels", "plotly", "sympy", "networkx"}
    | {"PIL", "tqdm", "requests", "IPython", "pylab", "mpl_toolkits"}
)


def environment_first(draft: Draft) -> None:
    """Move `os.environ["NAME"] = "value"` above the imports of modules that may read it when they are imported."""
    statements = draft.statements()
    reading = [s.index for s in statements if any(_may_read(i.top) for i in s.imports if not i.level)]
    for statement in statements:
        if _sets_environment(statement.node) and any(index > statement.index for index in reading):
            draft.first.append(statement.code)
            draft.take_out(statement, "set in __init__.py, before the imports")
    if waiting_imports(statements):
        draft.first.append('sys.path.insert(0, "")  # modules that the run itself writes lie where it runs')


def _may_read(top: str) -> bool:
    return bool(top) and top not in _UNMOVED and top not in sys.stdlib_module_names


def _sets_environment(node: ast.stmt) -> bool:
    """Whether a statement does nothing but set an environment variable to a text that stands there."""
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Subscript):
        target = node.targets[0]
        parts = [target.slice, node.value]
        return effects.dotted(target.value) == "os.environ" and all(isinstance(p, ast.Constant) for p in parts)
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        is_default = effects.dotted(node.value.func) in ("os.environ.setdefault", "os.putenv")
        return is_default and all(isinstance(a, ast.Constant) for a in node.value.args)
    return False


def waiting_imports(statements: Sequence[Statement]) -> set[int]:
    """Indexes of imports of a module that a statement above writes, or that is only there once a command has run."""
    found: set[int] = set()
    written, commands = "", False
    for statement in statements:
        if statement.kind is Kind.IMPORT:
            tops = {i.top for i in statement.imports if not i.level} - set(sys.stdlib_module_names)
            if any(f"{top}.py" in written or (commands and not _is_there(top)) for top in tops):
                found.add(statement.index)
        elif Effect.WRITES_FILE in statement.effects:
            written += statement.code
        commands = commands or any(Effect.RUNS_COMMAND in effects.of_call(c) for c in effects.calls_in(statement.node))
    return found


def _is_there(top: str) -> bool:
    try:
        return importlib.util.find_spec(top) is not None
    except (ImportError, ValueError):
        return False
