"""What was tried out and nobody reads: it goes whole, together with what it was made of and the displays of it.

A statement that surely does nothing but bind names goes where nothing reads them and they are no results. A call that
may do more stands without its name: `history = model.fit(x)` becomes `model.fit(x)`.
"""

from __future__ import annotations

import ast
from collections.abc import Collection

from mlee_jupyter.convert.analyse.flow import Flow, FlowStep, Stable, flow_of, stable_names
from mlee_jupyter.convert.analyse.showing import drawing_names, draws, is_quiet
from mlee_jupyter.convert.draft import Draft
from mlee_jupyter.convert.read.rewrite import Editor
from mlee_jupyter.convert.types import Effect, Facts, Kind, Statement

from .results import results_of

_BUILDS_CODE = frozenset({"eval", "exec", "globals", "locals", "vars", "dir", "get_ipython"})
_DOES = {Effect.DRAWS_RANDOM, Effect.PLOTS, Effect.PRINTS, Effect.WRITES_FILE, Effect.SEEDS, Effect.UNKNOWN}


def drop_exploration(draft: Draft) -> None:
    """Take out what was typed in and is read by displays alone, or by nothing; all stays where nothing else is left."""
    _drop_typed_in(draft)
    _drop_unread(draft)


def _drop_typed_in(draft: Draft) -> None:
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
    gone = {step.statement.index for step in dead}
    kept = {n for step in flow.steps if step.statement.index not in gone for n in step.sure | step.maybe}
    if kept:
        staying = _last_of_a_name(flow, dead)
        dead = [step for step in dead if step.statement.index not in staying]
        _take_out(draft, dead, "exploration: typed in, and nothing kept reads it")


def _drop_unread(draft: Draft) -> None:
    """Take out what binds names that are neither read nor results; of a call that does something, only the name."""
    statements = draft.statements()
    if any(call.rpartition(".")[2] in _BUILDS_CODE for s in statements for call in s.calls):
        return
    stable = stable_names(statements)
    results = results_of(flow_of(statements, stable, ()), stable, (), draft.named, draft.shown)
    flow = flow_of(statements, stable, results)
    draft.results = results
    drawing = drawing_names(stable)
    may_go = {
        step.statement.index
        for step in flow.steps
        if _only_binds(step.statement, stable) and not draws(step.statement, drawing)
    }
    dead, nameless = _unread(flow, results, may_go)
    while staying := _last_of_a_name(flow, dead):  # without it the name would end with another value
        may_go -= staying
        dead, nameless = _unread(flow, results, may_go)
    _take_out(draft, dead, "exploration: nothing kept reads it")
    editor = Editor(draft.facts)
    for step in nameless:
        statement = step.statement
        assert isinstance(statement.node, ast.Assign)
        source = editor.source(statement.cell)
        editor.at(statement, source.span(statement.node)[0], source.span(statement.node.value)[0], "")
    draft.facts = editor.done()


def _unread(flow: Flow, results: Collection[str], may_go: set[int]) -> tuple[list[FlowStep], list[FlowStep]]:
    """The steps that can go, from the last one up, and the calls that can do without the name of what they give."""
    later = {n for step in flow.steps for n in step.statement.late_uses}  # read whenever it is called
    live = frozenset(results)
    dead: list[FlowStep] = []
    nameless: list[FlowStep] = []
    for step in reversed(flow.steps):
        unread = step.sure and not (step.sure | step.maybe) & (live | later)
        if unread and step.statement.index in may_go:
            dead.append(step)
            continue
        if unread and _is_named_call(step.statement):
            nameless.append(step)
        live = step.reads | (live - step.sure - step.deletes)
    return dead, nameless


def _last_of_a_name(flow: Flow, dead: list[FlowStep]) -> set[int]:
    """Steps among the dead that are the last to bind a name which something kept binds above."""
    gone = {step.statement.index for step in dead}
    last = {n: step for step in flow.steps for n in step.sure | step.maybe}
    kept = {n for step in flow.steps if step.statement.index not in gone for n in step.sure | step.maybe}
    return {step.statement.index for n, step in last.items() if n in kept and step.statement.index in gone}


def _take_out(draft: Draft, dead: list[FlowStep], reason: str) -> None:
    """Take steps out, and displays that would see another value of a name, or none."""
    gone = {step.statement.index for step in dead}
    for step in dead[::-1]:
        draft.take_out(step.statement, reason)
    bound: dict[str, int] = {}
    lost: set[int] = set()
    for statement in draft.original.statements:
        if any(bound.get(name) in gone for name in statement.uses):
            lost.add(statement.cell)
        bound |= dict.fromkeys(statement.binds, statement.index)
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
    node = step.statement.node
    if not isinstance(node, ast.Assign) or step.reads or step.maybe or not _only_binds(step.statement, stable):
        return False
    is_number = isinstance(node.value, ast.Constant) and isinstance(node.value.value, (int, float))
    return is_number or step.sure <= looked_at


def _only_binds(statement: Statement, stable: Stable) -> bool:
    """Whether a statement surely does nothing but bind plain names."""
    node = statement.node
    if not isinstance(node, (ast.Assign, ast.AnnAssign)) or node.value is None or statement.may_define:
        return False
    if statement.effects & _DOES or statement.updates - stable.names:
        return False
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    names = [n for t in targets for n in (t.elts if isinstance(t, ast.Tuple) else [t])]
    return all(isinstance(n, ast.Name) for n in names) and is_quiet(node.value, stable)


def _is_named_call(statement: Statement) -> bool:
    """Whether it is a call whose value gets one name, and could stand without it."""
    node = statement.node
    return (
        isinstance(node, ast.Assign)
        and len(node.targets) == 1
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Call)
        and not statement.may_define
    )
