"""What a run gives back: what the notebook showed, fitted, and came to; not what drawing left behind."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping

from mlee_jupyter.convert.analyse.flow import Flow, FlowStep, Stable
from mlee_jupyter.convert.analyse.showing import artists, drawing_names, draws, is_quiet
from mlee_jupyter.convert.read import effects
from mlee_jupyter.convert.read.literals import literal
from mlee_jupyter.convert.types import Effect, Kind, Statement

from .result_names import TELLING
from .shown_results import fitted_names

MOST_RESULTS = 8
_FILLS = frozenset({"append", "extend", "add", "insert", "update", "setdefault"})


def results_of(
    flow: Flow,
    stable: Stable,
    wanted: tuple[str, ...],
    named: Mapping[int, tuple[str, ...]],
    bare: Collection[str] = (),
) -> tuple[str, ...]:
    """The wanted variables; else what was shown and fitted, and what nothing computes with any more.

    Args:
        flow: the statements that flow.
        stable: names that do not travel.
        wanted: what was asked for.
        named: names that displayed and printed results were given, by statement.
        bare: results that were shown by their own names.
    """
    if wanted:
        return wanted
    last = _last_bindings(flow)
    drawing = drawing_names(stable)
    drawn = artists(tuple(s.statement for s in flow.steps), drawing)
    shown = {n for step in flow.steps for n in named.get(step.statement.index, ())} | set(bare)
    fitted = set(fitted_names([s.statement for s in flow.steps]))
    last_read = {
        name: place
        for place, step in enumerate(flow.steps)
        if _computes(step, stable, drawing, drawn)
        for name in step.reads - _filled(step.statement)
    }
    filled = {n for step in flow.steps for n in step.statement.updates}
    found = []
    for name, place in last.items():
        statement = flow.steps[place].statement
        is_code = statement.kind in (Kind.FUNCTION, Kind.CLASS, Kind.IMPORT) or "lambda" in statement.code
        if name.startswith("_") or is_code or name in drawn or _is_closed(statement):
            continue
        if (
            name in shown
            or name in fitted
            or (last_read.get(name, -1) <= place and not (_is_given(statement) and name not in filled))
        ):
            found.append(name)
    if not found:
        left = [n for n in last if not n.startswith("_") and n not in drawn]
        found = [n for n in left if TELLING.search(n.lower())][-3:] or left[-2:]
    if len(found) > MOST_RESULTS:
        first = [n for n in found if n in shown or n in fitted] or []
        telling = [n for n in found if n not in first and TELLING.search(n.lower())]
        rest = [n for n in found if n not in first and n not in telling]
        chosen = {n for n in found if n in shown or not _may_go(flow.steps[last[n]].statement, stable)}
        chosen |= set((first + telling + rest[::-1])[: max(MOST_RESULTS, len(chosen))])
        found = [n for n in found if n in chosen]
    return tuple(found)


def _is_closed(statement: Statement) -> bool:
    """Whether a statement leaves behind what it has closed: `with open(path) as file`."""
    return isinstance(statement.node, (ast.With, ast.AsyncWith))


def _last_bindings(flow: Flow) -> dict[str, int]:
    """Variables that are surely there at the end, in the order of their last binding -> its place."""
    last: dict[str, int] = {}
    for place, step in enumerate(flow.steps):
        for name in step.binding:
            last.pop(name, None)
            if name in step.sure:
                last[name] = place
        for name in step.maybe | step.deletes:
            last.pop(name, None)
    return last


def _may_go(statement: Statement, stable: Stable) -> bool:
    """Whether what binds a name can be left out; else its value is there anyway, and is given back."""
    value = getattr(statement.node, "value", None)
    return value is None or is_quiet(value, stable)


def _computes(step: FlowStep, stable: Stable, drawing: set[str], drawn: frozenset[str]) -> bool:
    """Whether something is made of what a statement reads, beside a picture or a line of text."""
    statement = step.statement
    if draws(statement, drawing) or (step.sure and step.sure <= drawn):
        return False
    prints = Effect.PRINTS in statement.effects and not step.sure and not statement.updates - stable.names
    return not (prints and statement.kind in (Kind.EXPRESSION, Kind.BLOCK))


def _filled(statement: Statement) -> set[str]:
    """Containers that a statement only adds to: `losses.append(loss)`, in a loop as well."""
    if statement.kind not in (Kind.EXPRESSION, Kind.BLOCK):
        return set()
    found = set()
    for call in effects.calls_in(statement.node):
        is_method = isinstance(call.func, ast.Attribute) and call.func.attr in _FILLS
        if is_method and isinstance(call.func.value, ast.Name):  # type: ignore[attr-defined]
            found.add(call.func.value.id)  # type: ignore[attr-defined]
    return found & statement.updates


def _is_given(statement: Statement) -> bool:
    """Whether a statement binds what is written there: `start = 0` is no result."""
    node = statement.node
    if not isinstance(node, (ast.Assign, ast.AnnAssign)) or node.value is None:
        return False
    return literal(node.value) is not None or _is_typed_in(node.value)


def _is_typed_in(node: ast.expr) -> bool:
    """Whether a value is written out, a table in braces included."""
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, MemoryError, RecursionError):
        return False
    return bool(value) or not isinstance(value, (list, tuple, dict, set))  # an empty one waits to be filled
