"""Which module a function or class of the notebook goes to: its only user's, or functions.py for several.

Where all stages are in one module, the functions get a module of their own.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from mlee_jupyter.convert.analyse.flow import Stable
from mlee_jupyter.convert.types import Facts, Hoisted, Stage, Statement

SHARED = "functions"


def place_functions(
    facts: Facts, statements: Sequence[Statement], stable: Stable, stages: Sequence[Stage]
) -> tuple[Hoisted, ...]:
    """Stage modules import from functions.py and never from each other, so no import goes in a circle."""
    users: dict[str, set[str]] = {name: set() for name in stable.functions}
    for stage in stages:
        for index in stage.statements:
            for name in _mentioned(facts.statements[index]) & set(users):
                users[name].add(stage.module)
    homes: dict[str, str] = {}
    apart = len({s.module for s in stages}) == 1 and len(users) > 1
    called_by = {
        name: {n for n, s in stable.functions.items() if n != name and name in _mentioned(s)}
        for name in stable.functions
    }
    pending = set(stable.functions)
    while pending:
        ready = [n for n in pending if not called_by[n] & pending]
        if not ready:
            homes |= dict.fromkeys(pending, SHARED)  # they call each other in a circle, or through one
            break
        for name in ready:
            modules = users[name] | {homes[c] for c in called_by[name]}
            homes[name] = modules.pop() if len(modules) == 1 and not apart else SHARED
        pending -= set(ready)
    placed = []
    for name, statement in sorted(stable.functions.items(), key=lambda pair: pair[1].index):
        node = statement.node
        keyword_only = node.args.kwonlyargs if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) else []
        placed.append(
            Hoisted(
                name=name,
                module=homes[name],
                statement=statement.index,
                parameters=tuple(a.arg for a in keyword_only),
                pure=not statement.effects and isinstance(node, ast.FunctionDef),
            )
        )
    return tuple(placed)


def _mentioned(statement: Statement) -> frozenset[str]:
    return statement.uses | statement.late_uses
