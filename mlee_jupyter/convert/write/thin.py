"""The thin notebook: the prose stays, the code is the package."""

from __future__ import annotations

import ast
import json
from typing import Any

from mlee_jupyter.convert.read.positions import Source
from mlee_jupyter.convert.read.rewrite import Edit, applied
from mlee_jupyter.convert.types import Plan, Statement


def thin_notebook(plan: Plan) -> str:
    """A notebook with the original's prose that imports the package, runs it and shows what it can."""
    original = plan.original or plan.facts
    shown = _shown(plan, original.statements)
    cells: list[dict[str, Any]] = []
    started = False
    for cell in original.notebook.cells:
        if cell.kind == "markdown" and cell.source.strip():
            cells.append(_markdown(cell.source, len(cells)))
        elif cell.kind == "code" and cell.source.strip() and not started:
            started = True
            cells.append(_code(_start(plan), len(cells)))
            cells.append(_code("results = run(config)", len(cells)))
        if cell.number in shown:
            cells.append(_code(shown[cell.number], len(cells)))
    if not any(number in shown for number in shown) and plan.results:
        cells.append(_code("\n".join(f"results.{name}" for name in plan.results[:1]), len(cells)))
    notebook = {
        "cells": cells,
        "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def _start(plan: Plan) -> str:
    lines = [f"from {plan.name}.config import load_config", f"from {plan.name}.pipeline import run", ""]
    if plan.constants:
        one = next(iter(plan.constants.values()))
        lines.append(f'# Change a value: load_config(overrides=["{one.dotted}=..."])')
    lines.append("config = load_config()")
    return "\n".join(lines)


def _shown(plan: Plan, statements: tuple[Statement, ...]) -> dict[int, str]:
    """Displays that need nothing but what a run gives back, rewritten to read it there."""
    renamed = dict(plan.renames)
    results = {
        n: f"results.{renamed.get(n, n)}" for n in (*plan.results, *renamed) if renamed.get(n, n) in plan.results
    }
    found: dict[int, str] = {}
    last_binding = {n: s.index for s in statements for n in s.binds}
    for statement in statements:
        if statement.cell not in plan.thin or not statement.displays:
            continue
        if (
            statement.uses
            and statement.uses <= set(results)
            and all(last_binding[n] < statement.index for n in statement.uses)
        ):
            source = Source((plan.original or plan.facts).notebook.cell(statement.cell).python)
            edits = [
                Edit(*_inside(source.span(m.node), statement.start), results[m.name])
                for m in statement.mentions
                if isinstance(m.node, ast.Name)
            ]
            found[statement.cell] = applied(statement.code, edits)
    return found


def _inside(span: tuple[int, int], start: int) -> tuple[int, int]:
    return span[0] - start, span[1] - start


def _markdown(source: str, place: int) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": f"cell-{place}", "metadata": {}, "source": _lines(source)}


def _code(source: str, place: int) -> dict[str, Any]:
    return {
        "cell_type": "code", "execution_count": None, "id": f"cell-{place}", "metadata": {}, "outputs": [],
        "source": _lines(source),
    }  # fmt: skip


def _lines(source: str) -> list[str]:
    return source.splitlines(keepends=True)
