"""The thin notebook: the prose stays, the code is the package."""

from __future__ import annotations

import ast
from typing import Any

from mlee_jupyter.convert.read.positions import Source
from mlee_jupyter.convert.read.rewrite import Edit, applied
from mlee_jupyter.convert.types import Plan, Statement

from .sections import is_configured, keywords


def thin_notebook(plan: Plan, data_folder: str | None = None) -> str:
    """A notebook with the original's prose that imports the package, runs it and shows what it can."""
    import nbformat
    from nbformat import v4

    original = plan.original or plan.facts
    shown = _shown(plan, original.statements)
    cells: list[Any] = []
    started = False
    for cell in original.notebook.cells:
        if cell.kind == "markdown" and cell.source.strip():
            cells.append(v4.new_markdown_cell(cell.source))
        elif cell.kind == "code" and cell.source.strip() and not started:
            started = True
            cells.append(v4.new_code_cell(_start(plan, touches_files=data_folder is not None)))
            cells.append(v4.new_code_cell("results = run(config)" if is_configured(plan) else "results = run()"))
        if cell.number in shown:
            cells.append(v4.new_code_cell(shown[cell.number]))
    if not any(number in shown for number in shown) and plan.results:
        cells.append(v4.new_code_cell("\n".join(f"results.{name}" for name in plan.results[:1])))
    for place, made in enumerate(cells):
        made.id = f"cell-{place}"  # theirs are drawn at random, and the same notebook gives the same package
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.validate(notebook)
    return str(nbformat.writes(notebook)) + "\n"


def _start(plan: Plan, *, touches_files: bool) -> str:
    configured = is_configured(plan)
    lines = ["import os", ""] if touches_files else []
    lines += [f"from {plan.name}.config import load_config"] if configured else []
    lines += [f"from {plan.name}.data_root import data_root"] if touches_files else []
    lines += [f"from {plan.name}.pipeline import run", ""]
    lines += ["os.chdir(data_root())"] if touches_files else []
    if not configured:
        given = next(iter(keywords(plan).values()), "")
        return "\n".join([*lines, *([f"# Change a value: run({given}=...)"] if given else [])]).rstrip("\n")
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
    for index, names in plan.named.items():
        if all(n in plan.results for n in names) and statements[index].displays:
            found[statements[index].cell] = ", ".join(f"results.{n}" for n in names)
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
