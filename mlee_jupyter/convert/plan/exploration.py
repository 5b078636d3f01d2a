"""Values typed in to try something out: once the displays that looked at them are gone, they go as well."""

from __future__ import annotations

import ast

from mlee_jupyter.convert.analyse.flow import FlowStep, Stable, flow_of, stable_names
from mlee_jupyter.convert.analyse.showing import is_quiet
from mlee_jupyter.convert.draft import Draft
from mlee_jupyter.convert.types import Facts, Kind


def drop_exploration(draft: Draft) -> None:
    """Take out what was typed in and is read by displays alone, or by nothing; all stays where nothing else is left."""
    statements = draft.statements()
    stable = stable_names(statements)
    flow = flow_of(statements, stable, ())
    looked_at, shown = _displayed(draft)
    live: frozenset[str] = frozenset()
    dead: list[FlowStep] = []
    for step in reversed(flow.steps):
        if _is_typed_in(step, stable, looked_at) and not step.sure & (live | shown):
            dead.append(step)
        else:
            live = step.reads | (live - step.sure - step.deletes)
    kept = {n for step in flow.steps if step not in dead for n in step.sure | step.maybe}
    if not kept:
        return
    dead = [step for step in dead if not step.sure & kept]  # a display would see the other value of the name
    gone = {n for step in dead for n in step.sure}
    for step in dead[::-1]:
        draft.take_out(step.statement, "exploration: typed in, and nothing kept reads it")
    left = {n for s in draft.statements() for n in s.binds}
    lost = {s.cell for s in draft.original.statements if s.index in draft.gone and s.uses & (gone - left)}
    draft.thin = [cell for cell in draft.thin if cell not in lost]  # its display has nothing to show any more


def _displayed(draft: Draft) -> tuple[set[str], set[str]]:
    """Names that displays which are left out read, and those that they show as they are."""
    facts: Facts = draft.original
    looked_at: set[str] = set()
    shown: set[str] = set()
    for statement in facts.statements:
        if statement.index in draft.gone and statement.kind is Kind.EXPRESSION:
            value = getattr(statement.node, "value", None)
            is_bare = isinstance(value, ast.Name) or "display" in statement.calls
            (shown if is_bare else looked_at).update(statement.uses)
    return looked_at, shown


def _is_typed_in(step: FlowStep, stable: Stable, looked_at: set[str]) -> bool:
    """Whether a statement binds names to what is written there: a number, or a small table that displays look at."""
    statement = step.statement
    node = statement.node
    if (
        not isinstance(node, ast.Assign)
        or statement.effects
        or statement.updates - stable.names
        or step.maybe
        or step.reads
    ):
        return False
    if not all(isinstance(t, ast.Name) for t in node.targets) or not is_quiet(node.value, stable):
        return False
    is_number = isinstance(node.value, ast.Constant) and isinstance(node.value.value, (int, float))
    return is_number or step.sure <= looked_at
