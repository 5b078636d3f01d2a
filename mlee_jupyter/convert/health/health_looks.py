"""Looks at all rows that no fit shows: means of the target, features ranked by it, rows drawn twice.

Each is told as a step that learns, with a word for what it does; rules see whether what it made is split afterwards.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator

from mlee_jupyter.convert.read.effects import calls_in, dotted, root
from mlee_jupyter.domain import Step

from .health_row_words import names_in, short_name

_RANKS = re.compile(r"^(f_classif|f_regression|chi2|mutual_info_(classif|regression))$")
_MEANS = frozenset({"transform", "mean", "median", "agg", "aggregate", "sum", "std"})
_IMPORTANCES = frozenset({"feature_importances_", "coef_"})
_COPIES = frozenset({"resample", "sample", "concat", "repeat"})
_RESAMPLES = frozenset({"resample", "utils.resample", "sklearn.utils.resample"})


def targets_read(nodes: Collection[ast.AST]) -> Iterator[str]:
    """Columns that are taken out of a frame: X = df.drop(columns="t"), y = df.pop("t")."""
    for node in nodes:
        if isinstance(node, ast.Call) and short_name(node) in ("drop", "pop"):
            given = [*node.args[:1], *(k.value for k in node.keywords if k.arg in ("columns", "labels"))]
            for argument in given:
                parts = argument.elts if isinstance(argument, (ast.List, ast.Tuple)) else [argument]
                yield from (p.value for p in parts if isinstance(p, ast.Constant) and isinstance(p.value, str))


def answers_read(nodes: Collection[ast.AST]) -> Iterator[str]:
    """Columns that stand alone as a value: y = df["t"], fit(X, train["t"]), y = df.pop("t")."""
    for node in nodes:
        values: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            values = list(node.value.elts) if isinstance(node.value, ast.Tuple) else [node.value]
        elif isinstance(node, ast.Call) and short_name(node) in ("fit", "train_test_split", "fit_resample"):
            values = node.args[1:]
        yield from (column for value in values if (column := _column(_bare(value))) is not None)


def _bare(value: ast.expr) -> ast.expr:
    """A value without what keeps it: df["t"] of df["t"].values; a column that is taken out is one that is read."""
    while isinstance(value, (ast.Attribute, ast.Call)) and short_of(value) in ("values", "to_numpy", "astype", "copy"):
        inner = value.func if isinstance(value, ast.Call) else value
        value = inner.value if isinstance(inner, ast.Attribute) else inner
    if isinstance(value, ast.Call) and short_name(value) == "pop" and value.args:
        return ast.Subscript(value, value.args[0], ast.Load())
    return value


def short_of(node: ast.AST) -> str:
    """The last name of an attribute or of what is called."""
    return short_name(node) if isinstance(node, ast.Call) else getattr(node, "attr", "")


def _column(node: ast.AST) -> str | None:
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
        return node.slice.value
    return node.attr if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) else None


class Looks:
    """One pass beside that of the steps.

    Args:
        targets: the columns that are answers somewhere in the notebook.
    """

    def __init__(self, targets: Collection[str]) -> None:
        self._targets = targets
        self._correlations: set[str] = set()
        self._fitted: dict[str, tuple[str, tuple[str, ...]]] = {}  # model -> its class, the rows it was fitted on
        self._parts: set[str] = set()  # of a split
        self._ranked: set[str] = set()  # tables of features, whose index is what was chosen

    def learned(self, step: Step) -> None:
        """Note what a step fitted or split."""
        if step.what == "split":
            self._parts.update(step.makes)
        elif step.what == "fit" and step.method == "fit" and step.answers:
            for name in (step.receiver, *step.makes):
                self._fitted[name] = step.maker, step.reads

    def of(self, cell: int, node: ast.stmt, value: ast.AST, made: tuple[str, ...]) -> Iterator[Step]:
        """The looks of one assignment."""
        ranked = bool(self._ranked & set(names_in(value)))
        for what, reads in self._seen(value):
            if reads and not self._parts & set(reads):
                yield Step(cell, node.lineno, "fit", makes=made, reads=reads, maker=what, method="look")
                ranked = ranked or what not in _COPIES
        if isinstance(value, ast.Call) and short_name(value) == "corr":
            self._correlations.update(made)
        else:
            self._correlations.difference_update(made)
        self._ranked = self._ranked | set(made) if ranked else self._ranked - set(made)

    def chosen_in(self, value: ast.AST) -> tuple[str, ...]:
        """Tables of features whose index an expression reads: X[ranked.index[-9:]]."""
        if not self._ranked:
            return ()
        under = [n.value for n in ast.walk(value) if isinstance(n, ast.Attribute) and n.attr == "index"]
        return tuple(name for part in under for name in names_in(part) if name in self._ranked)

    def _seen(self, value: ast.AST) -> Iterator[tuple[str, tuple[str, ...]]]:
        for inner in ast.walk(value):
            if isinstance(inner, ast.Call):
                yield from self._of_call(inner)
            elif isinstance(inner, ast.Subscript):
                if (column := _column(inner)) in self._targets and self._is_correlation(inner.value):
                    yield f"the correlation with {column}", _rows(inner.value)
                elif _repeats(inner.slice):
                    yield "repeat", _rows(inner.value)
            elif isinstance(inner, ast.Attribute) and inner.attr in _IMPORTANCES and isinstance(inner.value, ast.Name):
                maker, reads = self._fitted.get(inner.value.id, ("", ()))
                if maker:
                    yield f"{maker}.{inner.attr}", reads[:1]

    def _of_call(self, call: ast.Call) -> Iterator[tuple[str, tuple[str, ...]]]:
        short = short_name(call)
        options = {k.arg: k.value for k in call.keywords}
        if _RANKS.match(short) and len(call.args) > 1:
            yield short, _rows(call.args[0])
        elif dotted(call.func) in _RESAMPLES and call.args and not _is(options.get("replace"), False):
            yield "resample", _rows(call.args[0])
        elif short == "sample" and isinstance(call.func, ast.Attribute) and _is(options.get("replace"), True):
            yield "sample", _rows(call.func.value)
        elif short == "concat" and call.args and (twice := _twice(call.args[0])):
            yield "concat", (twice,)
        elif short == "corrwith" and isinstance(call.func, ast.Attribute) and call.args:
            if (column := _column(call.args[0])) in self._targets:
                yield f"the correlation with {column}", _rows(call.func.value)
        elif short in _MEANS and isinstance(call.func, ast.Attribute) and (mean := self._mean(call.func.value)):
            yield mean

    def _mean(self, node: ast.AST) -> tuple[str, tuple[str, ...]] | None:
        """The target of df.groupby("city")["target"], and the frame."""
        column = _column(node) or (node.attr if isinstance(node, ast.Attribute) else None)
        grouped = getattr(node, "value", None)
        if column not in self._targets or not isinstance(grouped, ast.Call) or short_name(grouped) != "groupby":
            return None
        return f"the mean of {column} by group", _rows(grouped.func)

    def _is_correlation(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Name):
            return node.id in self._correlations
        return isinstance(node, ast.Call) and short_name(node) == "corr"


def _rows(node: ast.AST) -> tuple[str, ...]:
    base = root(node) if isinstance(node, ast.expr) else None
    if base is not None:
        return (base.id,)
    return tuple(names_in(node)[:1])


def _repeats(index: ast.AST) -> bool:
    return any(short_name(c) == "repeat" for c in calls_in(index))


def _twice(node: ast.AST) -> str:
    """The variable that stands twice in a list that is laid together: [df, df], [df] * 3."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and isinstance(node.left, ast.List):
        node = ast.List(node.left.elts * 2, ast.Load())
    if not isinstance(node, (ast.List, ast.Tuple)):
        return ""
    names = [part.id for part in node.elts if isinstance(part, ast.Name)]
    return next((name for name in names if names.count(name) > 1), "")


def _is(node: ast.AST | None, value: bool) -> bool:
    return isinstance(node, ast.Constant) and node.value is value
