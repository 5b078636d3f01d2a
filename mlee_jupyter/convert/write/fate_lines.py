"""The explanation of a plan as it is read: a line a statement, or JSON."""

from __future__ import annotations

from typing import Any

from mlee_jupyter.convert.secrets.blanking import Blanker
from mlee_jupyter.convert.types import Plan

from .statement_fates import Explained, explained

_CODE = 44  # characters of a statement that are shown


def explanation_text(plan: Plan) -> str:
    """One line a statement: its cell, how it begins, where it went and why."""
    found = explained(plan)
    lines = [f"{(plan.original or plan.facts).notebook.path.name} -> {plan.name}: {_counted(found)}", ""]
    cell = 0
    for one in found:
        place = f"cell {one.cell}" if one.cell != cell else ""
        cell = one.cell
        code = one.code if len(one.code) <= _CODE else f"{one.code[: _CODE - 3]}..."
        went = f"{one.where}: " if one.where and one.fate == "kept" else ""
        fate = {"left out": "left out: ", "setting": f"setting {one.where}: "}.get(one.fate, went)
        lines.append(f"{place:<9}{code:<{_CODE}}  {fate}{one.why}".rstrip())
    return Blanker(plan.hidden).said("\n".join(lines) + "\n")


def explanation_value(plan: Plan) -> dict[str, Any]:
    """The same as JSON."""
    blank = Blanker(plan.hidden)
    return {
        "package": plan.name,
        "results": list(plan.results),
        "statements": [
            {
                "cell": one.cell,
                "line": one.line,
                "code": blank.said(one.code),
                "fate": one.fate,
                "where": one.where,
                "why": blank.said(one.why),
                "results": list(one.results),
            }
            for one in explained(plan)
        ],
    }


def _counted(found: tuple[Explained, ...]) -> str:
    counts = {fate: sum(1 for one in found if one.fate == fate) for fate in ("kept", "setting", "left out")}
    said = f"{counts['kept']} statements kept, {counts['left out']} left out"
    return f"{said}, {counts['setting']} became settings" if counts["setting"] else said
