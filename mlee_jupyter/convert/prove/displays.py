"""Where the displays of a notebook stood, seen from the stage functions of its package; for the proof."""

from __future__ import annotations

from typing import Any

from mlee_jupyter.convert.analyse.hints import Hints
from mlee_jupyter.convert.types import Kind, Plan, Statement
from mlee_jupyter.convert.write.bodies import Emission, named_inside


def displays_of(plan: Plan) -> tuple[Statement, ...]:
    """The expressions that the notebook displays and that are not left out together with what they show."""
    facts = plan.original or plan.facts
    flow, shown = set(plan.flow), set(plan.thin)
    return tuple(
        s
        for s in facts.statements
        if s.kind is Kind.EXPRESSION and (s.index in flow or s.cell in shown) and (s.displays or "display" in s.calls)
    )


def stages_with_displays(plan: Plan) -> dict[str, Any]:
    """The job of a run that puts displays back: see `harness_shown.Displays`. Empty when nothing is displayed."""
    wanted = displays_of(plan)
    if not wanted or not plan.stages:
        return {}
    emission = Emission(plan=plan, hints=Hints(plan, {}))
    original = {new: old for old, new in plan.renames.items()}
    flow = set(plan.flow)
    kept = {s.index for s in wanted if s.index in flow and s.displays}
    stages: dict[str, Any] = {}
    homes: list[tuple[int, dict[str, Any], int]] = []  # statement, its stage, its place in the body
    for stage in plan.stages:
        key = f"{plan.name}.{stage.module}.{stage.name}"
        body: list[int | None] = [None] * len(emission.unpacked(stage))
        for index in stage.statements:
            body += [None] * len(named_inside(plan, plan.facts.statements[index]))
            body.append(index)
            homes.append((index, stages.setdefault(key, {"key": key}), len(body) - 1))
            if index in emission.figure_ends:
                body.append(None)
        local = {*stage.inputs, *(n for i in stage.statements for n in plan.facts.statements[i].binds)}
        stages[key] |= {
            "doc": bool(stage.doc), "body": body, "after": {}, "displays": sorted(kept & set(stage.statements)),
            "names": {n: original.get(n, n) for n in sorted(local)},
        }  # fmt: skip
    for statement in wanted:
        if statement.index in flow:
            continue
        before = [home for home in homes if home[0] < statement.index]
        _, found, place = before[-1] if before else (0, homes[0][1], -1)
        found["after"].setdefault(place, []).append([statement.index, statement.code])
    return stages


def imports_of(plan: Plan) -> dict[str, str]:
    """What each imported name of the notebook stands for, as a statement."""
    facts = plan.original or plan.facts
    return {one.name: one.text for s in facts.statements for one in s.imports if one.name != "*" and not one.level}
