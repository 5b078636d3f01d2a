"""Splits, fits and uses in the notebook's order, and what carries values between them; leakage is read from these."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from mlee_jupyter.convert.read.effects import calls_in, dotted, root
from mlee_jupyter.convert.types import Statement
from mlee_jupyter.domain import SameValue, Step

from .health_looks import Looks, answers_read, targets_read
from .health_nodes import Walked

_FITS = frozenset({"fit", "fit_transform", "fit_resample", "fit_sample", "fit_predict"})
_USES = frozenset({"predict", "predict_proba", "score", "transform", "evaluate", "decision_function"})
_CROSS_VALIDATES = frozenset({"cross_val_score", "cross_validate", "cross_val_predict"})
_FORECAST = re.compile(r"^(forecast|inverse_diff\w*|invert_?diff\w*|undiff\w*|inv_diff\w*)$")
_ABOUT = frozenset({"shape", "index", "columns", "size", "ndim", "dtype", "dtypes"})
_PREDICTIONS = frozenset({"predict", "predict_proba", "decision_function", "forecast", "get_forecast"})
_CARRIES = frozenset({"map", "merge", "join", "replace", "transform", "apply"})
_SIMPLE = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr)


class Steps:
    """One pass over the statements; remembers of which class each variable was made."""

    def __init__(self, statements: Sequence[Walked] = ()) -> None:
        self._makers: dict[str, str] = {}
        taken = {column for one in statements for column in targets_read(one.nodes)}
        self._looks = Looks(taken & {column for one in statements for column in answers_read(one.nodes)})

    def of(self, one: Walked) -> Iterator[Step]:
        """The steps of one top-level statement; function and class bodies run when they are called, so not here."""
        node = one.statement.node
        if isinstance(node, _SIMPLE) and not any(isinstance(n, ast.Lambda) for n in one.nodes):
            yield from self._ofsimple_statements(one.cell, node, one.calls)
            return
        for simple in simple_statements(node):
            yield from self._ofsimple_statements(one.cell, simple, tuple(calls_outside_lambdas(simple)))

    def _ofsimple_statements(self, cell: int, node: ast.stmt, calls: tuple[ast.Call, ...]) -> Iterator[Step]:
        bound, changed, value = _targets(node)
        for call in reversed(calls):  # inner calls run first
            for step in self._call(cell, call, bound + changed):
                self._looks.learned(step)
                yield step
        if value is not None:
            chosen = self._looks.chosen_in(value)
            yield from self._looks.of(cell, node, value, bound + changed)
            maker = _maker(value)
            for name in bound:
                if maker:
                    self._makers[name] = maker
                elif not (isinstance(value, ast.Call) and _short(value) in _FITS and _receiver(value)[0] == name):
                    self._makers.pop(name, None)
            if isinstance(value, ast.Name) and value.id in self._makers:
                self._makers |= dict.fromkeys(bound, self._makers[value.id])
            reads = (*_names([value]), *chosen)
            if bound and not any(_short(c) == "train_test_split" for c in calls):
                yield Step(cell, node.lineno, "assign", makes=bound, reads=reads, method=_carrier(calls))
            if changed:
                yield Step(cell, node.lineno, "update", makes=changed, reads=reads, method=_carrier(calls))

    def _call(self, cell: int, call: ast.Call, made: tuple[str, ...]) -> Iterator[Step]:
        short = _short(call)
        given = [*call.args, *(k.value for k in call.keywords if k.arg not in ("sample_weight", "validation_data"))]
        if short == "train_test_split":
            yield Step(cell, call.lineno, "split", makes=made, reads=_names(given))
        elif short in _CROSS_VALIDATES:
            rows = call.args[1] if len(call.args) > 1 else next((k.value for k in call.keywords if k.arg == "X"), None)
            yield Step(cell, call.lineno, "split", reads=_names([rows] if rows is not None else []))
        elif _FORECAST.match(short):
            kept = [*call.args, *(k.value for k in call.keywords if k.arg in ("start", "history", "last", "initial"))]
            yield Step(cell, call.lineno, "forecast", reads=_names(kept), method=short)
        elif isinstance(call.func, ast.Attribute) and short in _FITS | _USES:
            receiver, maker = _receiver(call)
            yield Step(
                cell, call.lineno, "fit" if short in _FITS else "use",
                makes=made, reads=_names(given), receiver=receiver,
                maker=maker or self._makers.get(receiver, ""), method=short,
                answers=len(call.args) > 1 or any(k.arg == "y" for k in call.keywords),
            )  # fmt: skip


def simple_statements(node: ast.stmt) -> Iterator[ast.stmt]:
    """The statements of a block in order, without function and class definitions."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return
    blocks = [getattr(node, part, None) for part in ("body", "orelse", "handlers", "finalbody", "cases")]
    if not any(isinstance(b, list) and b for b in blocks):
        yield node
        return
    for block in blocks:
        for child in block if isinstance(block, list) else []:
            for inner in child.body if isinstance(child, (ast.ExceptHandler, ast.match_case)) else [child]:
                yield from simple_statements(inner)


def _targets(node: ast.stmt) -> tuple[tuple[str, ...], tuple[str, ...], ast.expr | None]:
    """Names bound, names changed in place, and the value given to them."""
    if isinstance(node, ast.Assign):
        targets: list[ast.expr] = node.targets
    elif isinstance(node, (ast.AnnAssign, ast.AugAssign)) and node.value is not None:
        targets = [node.target]
    else:
        return (), (), None
    flat = [e for t in targets for e in (t.elts if isinstance(t, (ast.Tuple, ast.List)) else [t])]
    plain = not isinstance(node, ast.AugAssign)
    bound = tuple(t.id for t in flat if isinstance(t, ast.Name) and plain)
    roots = [root(t) for t in flat if not isinstance(t, ast.Name) or not plain]
    return bound, tuple(r.id for r in roots if r is not None), node.value


def calls_outside_lambdas(node: ast.AST) -> Iterator[ast.Call]:
    """Calls of a statement, the outer first; those in a lambda run later."""
    skipped = {id(c) for n in ast.walk(node) if isinstance(n, ast.Lambda) for c in calls_in(n)}
    return (c for c in calls_in(node) if id(c) not in skipped)


def _short(call: ast.Call) -> str:
    return dotted(call.func).rpartition(".")[2]


def _receiver(call: ast.Call) -> tuple[str, str]:
    """The variable whose method is called and "", or the text of an object made on the spot and its class."""
    if not isinstance(call.func, ast.Attribute):
        return "", ""
    base = call.func.value
    if isinstance(base, ast.Call):
        if isinstance(base.func, ast.Attribute) and base.func.attr in _FITS:
            return _receiver(base)
        return ast.unparse(base)[:200], _maker(base)
    return dotted(base), ""


def _carrier(calls: Sequence[ast.Call]) -> str:
    """The call that puts values of one frame into another, if there is one."""
    return next((short for c in calls if (short := _short(c)) in _CARRIES), "")


def _maker(value: ast.expr) -> str:
    while isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "fit":
        value = value.func.value  # Ridge().fit(X, y) is a Ridge
    if not isinstance(value, ast.Call):
        return ""
    short = _short(value)
    if short in ("make_pipeline", "make_column_transformer", "Pipeline"):
        parts = [_short(c) for c in calls_in(value) if c is not value]
        return f"Pipeline of {', '.join(parts)}" if short != "make_column_transformer" and parts else "Pipeline"
    return short if short[:1].isupper() else ""


def _names(nodes: list[ast.expr]) -> tuple[str, ...]:
    """Names whose values are read, in order; a length, a shape or an index is no value."""
    found: dict[str, None] = {}
    stack: list[ast.AST] = list(reversed(nodes))
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Attribute) and node.attr in _ABOUT:
            continue
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("len", "range", "type", "print")
        ):
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            found[node.id] = None
        stack += reversed(list(ast.iter_child_nodes(node)))
    return tuple(found)


def same_values(statements: tuple[Statement, ...]) -> Iterator[SameValue]:
    """Predictions written twice under two names, with nothing they read changed between."""
    version: dict[str, int] = {}
    first: dict[tuple[str, tuple[tuple[str, int], ...]], tuple[int, str]] = {}
    for statement in statements:
        node = statement.node
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if isinstance(node.value, ast.Call) and _short(node.value) in _PREDICTIONS and name not in statement.uses:
                key = ast.dump(node.value), tuple((n, version.get(n, -1)) for n in sorted(statement.uses))
                cell, other = first.setdefault(key, (statement.cell, name))
                if other != name and version.get(other, -1) >= 0:
                    yield SameValue(
                        statement.cell, statement.first_line, name, cell, other, ast.unparse(node.value)[:200]
                    )
        for changed in statement.binds | statement.updates:
            version[changed] = statement.index
