"""Loops that try and keep the best by a score on rows that are kept for judging; thresholds that are found on them.

    for epoch in range(99):                       # settings, epochs, seeds: tries
        m.partial_fit(X_train, y_train)
        acc = m.score(X_test, y_test)             # measured on test rows, and on no others
        if acc > best: best, kept = acc, copy(m)  # kept is chosen by them, best is the best of many tries

Loops over models, folds, columns or rows are no tries; where it is not sure what is kept, nothing is said.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import NamedTuple

from mlee_jupyter.convert.read.effects import calls_in, root
from mlee_jupyter.domain import Rows

from .health_measures import Measures, test_rows
from .health_row_words import names_in, receiver, short_name, targets_of
from .health_rows_known import RowsKnown
from .health_steps import calls_outside_lambdas
from .health_tries import LEARNS, Tries, bound_in, counted, is_state, over_folds, paths_of, tries_of

_PICKS = frozenset({"max", "min", "argmax", "argmin", "idxmax", "idxmin", "amax", "amin", "nanmax", "nanmin",
                    "nanargmax", "nanargmin", "nlargest", "nsmallest", "sorted", "argsort", "sort_values"})  # fmt: skip
_BESTS = frozenset({"max", "min", "amax", "amin", "nanmax", "nanmin"})
_SAVES = frozenset({"save", "save_weights", "dump", "save_model", "save_checkpoint"})
_LOADS = frozenset({"load", "load_weights", "load_model", "load_state_dict", "set_weights"})
_SHOWS = frozenset({"print", "display", "info", "write", "log"})


class Kept(NamedTuple):
    """Something that was kept because it was best on test rows."""

    name: str
    on: Rows
    rounds: bool  # of one training, rather than of several settings


class BestTold(NamedTuple):
    """What one statement chose, and what it told of it."""

    cell: int
    line: int
    score: str  # the variable, or the text of the expression, that holds the best score
    on: Rows


class BestKept:
    """One pass beside that of the rows.

    Args:
        known: the rows of each variable.
        chosen: is told of a setting that test rows chose.
        kept: is told of a model, or what holds its state, that test rows chose.
        judged: is told of a kept name that is measured on rows.
    """

    def __init__(
        self,
        known: RowsKnown,
        chosen: Callable[[str, Rows], None],
        kept: Callable[[int, int, Kept], None],
        judged: Callable[[str, Rows], None],
    ) -> None:
        self._tell = chosen, kept, judged
        self._measures = Measures(known)
        self._many: dict[str, Rows] = {}  # lists of the scores of tries
        self._histories: dict[str, Rows] = {}  # of keras: what it watched
        self.chosen: dict[str, Rows] = {}
        self._best: dict[str, BestTold] = {}
        self._states: dict[str, Kept] = {}  # by the text of a path
        self._models: dict[str, Kept] = {}
        self.told: list[BestTold] = []  # best scores that are shown
        self._cell = 0

    def read(self, cell: int, node: ast.stmt, *, shown: bool) -> None:
        """Follow one top-level statement, after its rows were followed."""
        self._cell = cell
        self._block([node], None)
        if shown and isinstance(node, ast.Expr):
            self._show(node.value)

    def watched(self, name: str, rows: Rows) -> None:
        """A history of training holds the scores of every epoch on rows that it watched."""
        if rows.test:
            self._histories[name] = rows

    def saved(self, path: str, rows: Rows, *, rounds: bool) -> None:
        """A file holds what was best on rows."""
        self._states[path] = Kept(path, rows, rounds)

    # blocks

    def _block(self, nodes: Sequence[ast.stmt], tries: Tries | None) -> None:
        for node in nodes:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                continue
            if isinstance(node, (ast.For, ast.AsyncFor)):
                self._loop(node, tries)
            elif isinstance(node, ast.While):
                self._block(node.body, tries_of(node, frozenset(), self._measures) or tries)
            elif isinstance(node, ast.If):
                self._branch(node, tries)
            elif isinstance(node, (ast.With, ast.AsyncWith)):
                self._block(node.body, tries)
            elif isinstance(node, ast.Try):
                self._block([*node.body, *node.orelse, *node.finalbody], tries)
            else:
                self._simple(node, tries)

    def _loop(self, node: ast.For | ast.AsyncFor, tries: Tries | None) -> None:
        names = names_in(node.target)
        for name in names:
            self._forget(name)
        rows = self._measures.rows_in(counted(node.iter))
        passes = bool(rows) or any(self._measures.rows_in(n) for n in ast.walk(node.iter) if isinstance(n, ast.Name))
        if (many := self._measures.curve(node.iter)) and test_rows(many):
            self._measures.predictions |= dict.fromkeys(names, many)
            self._block(node.body, Tries(node, True, False, frozenset()))
            return
        if len({r.id for r in rows}) == 1:
            self._measures.batches |= dict.fromkeys(names, next(iter(rows)))
        folds = over_folds(node)
        mine = None if passes or folds else tries_of(node, frozenset(names), self._measures)
        self._block(node.body, None if folds else mine or tries)
        self._block(node.orelse, tries)

    # the best so far

    def _branch(self, node: ast.If, tries: Tries | None) -> None:
        won = self._won(node) if tries is not None else None
        self._block(node.body, tries)
        self._block(node.orelse, tries)
        if won is None or tries is None:
            return
        best, rows = won
        self._best[best] = BestTold(self._cell, node.lineno, best, rows)
        for part in node.body:
            for target, value in bound_in(part):
                base = root(target)
                if base is None or ast.unparse(target) == best:
                    continue
                self.chosen[base.id] = rows
                self._tell[0](base.id, rows)
                if is_state(value, tries.models):
                    self._keep(Kept(base.id, rows, tries.rounds), node.lineno)
        for part in node.body:
            for call in calls_in(part):
                if short_name(call) in _SAVES:
                    self._states |= {ast.unparse(a): Kept(name, rows, tries.rounds) for a in paths_of(call)
                                     for name in [ast.unparse(a)]}  # fmt: skip
        if tries.breaks:
            for name in tries.models:
                self._keep(Kept(name, rows, True), node.lineno)

    def _won(self, node: ast.If) -> tuple[str, Rows] | None:
        """The variable of the best score so far, and the rows that it was measured on."""
        for test in ast.walk(node.test):
            if not isinstance(test, ast.Compare) or len(test.ops) != 1:
                continue
            if not isinstance(test.ops[0], (ast.Gt, ast.GtE, ast.Lt, ast.LtE)):
                continue
            for new, old in ((test.left, test.comparators[0]), (test.comparators[0], test.left)):
                rows = test_rows(self._measures.score(new))
                if rows is None or isinstance(old, ast.Constant):
                    continue
                wanted = ast.unparse(old), ast.unparse(new)
                if any((ast.unparse(t), ast.unparse(v)) == wanted for part in node.body for t, v in bound_in(part)):
                    return wanted[0], rows
        return None

    def _keep(self, kept: Kept, line: int) -> None:
        self._models[kept.name] = kept
        self._tell[1](self._cell, line, kept)

    # statements

    def _simple(self, node: ast.stmt, tries: Tries | None) -> None:
        value = getattr(node, "value", None)
        calls = list(calls_outside_lambdas(node))
        for call in calls:
            self._call(call, node.lineno, tries)
        targets = targets_of(node) if isinstance(value, ast.expr) else []
        if not targets or not isinstance(value, ast.expr):
            return
        if not calls and not self._is_known(value):
            for target in targets:
                if isinstance(target, ast.Name) and not isinstance(node, ast.AugAssign):
                    self._forget(target.id)
            return
        tuples = isinstance(value, ast.Tuple) and len(value.elts) == len(targets)
        pairs = list(zip(targets, value.elts if tuples else [value] * len(targets), strict=True))  # type: ignore[attr-defined]
        facts = [(t, v, self._facts_of(v, tries)) for t, v in pairs]
        for target, written, known in facts:
            if isinstance(target, ast.Name):
                self._bind(target.id, written, known, isinstance(node, ast.AugAssign), node.lineno, tries)
            elif (base := root(target)) is not None and tries is not None and known.score is not None:
                self._many[base.id] = known.score

    def _is_known(self, value: ast.expr) -> bool:
        """Whether a value reads anything that was noted."""
        noted = (self._measures.scores, self._measures.predictions, self._measures.batches, self._many, self._histories,
                 self.chosen, self._models)  # fmt: skip
        return any(name in table for name in names_in(value) for table in noted)

    def _facts_of(self, value: ast.expr, tries: Tries | None) -> _Facts:
        measures = self._measures
        scored = measures.score(value)
        listed = None
        if isinstance(value, ast.List) and tries is not None:
            listed = test_rows(scored)  # accs += [acc]
        elif isinstance(value, (ast.ListComp, ast.DictComp)):
            listed = self._comprehension(value)
        read = names_in(value)
        if curve := test_rows(measures.curve(value)):
            listed = curve
        picked = self._picked(value)
        carries = next((self.chosen[n] for n in read if n in self.chosen), None)
        if any(LEARNS.match(short_name(c)) or measures.predicts(c) for c in calls_in(value)):
            carries = None
        many = listed or self._many_in(value)
        return _Facts(test_rows(scored), scored, measures.prediction(value), None if picked else many, picked, carries,
                      bool(picked) and _is_best(value))  # fmt: skip

    def _bind(self, name: str, value: ast.expr, known: _Facts, adds: bool, line: int, tries: Tries | None) -> None:
        running = (
            tries is not None
            and known.score is not None
            and isinstance(value, ast.Call)
            and short_name(value) in _BESTS
        )
        if running and name in names_in(value):
            self._best[name] = BestTold(self._cell, line, name, known.score)  # type: ignore[arg-type]
            return
        if adds:
            if known.scored:
                self._measures.scores[name] = self._measures.scores.get(name, frozenset()) | known.scored
            if known.many is not None:
                self._many[name] = known.many
            return
        alias = self._models.get(value.id) if isinstance(value, ast.Name) else None
        watched = next((self._histories[n] for n in names_in(value) if n in self._histories), None)
        self._forget(name)
        if alias is not None:
            self._models[name] = alias
        if watched is not None and known.many is None:
            self._histories[name] = watched
        if known.picked is not None or known.carries is not None:
            rows = known.picked or known.carries
            if known.best:
                self._best[name] = BestTold(self._cell, line, name, rows)  # type: ignore[arg-type]
            if alias is None and rows is not None:
                self.chosen[name] = rows
                self._tell[0](name, rows)
        elif known.many is not None:
            self._many[name] = known.many
        elif known.scored:
            self._measures.scores[name] = known.scored
        elif known.predicted:
            self._measures.predictions[name] = known.predicted
        if isinstance(value, ast.Call) and (state := self._loaded(value)) is not None:
            self._keep(state._replace(name=name), line)

    def _comprehension(self, value: ast.ListComp | ast.DictComp) -> Rows | None:
        """Scores of tries: [SVC(C=c).fit(X_train, y_train).score(X_test, y_test) for c in grid]."""
        element = value.elt if isinstance(value, ast.ListComp) else value.value
        names = {n for part in value.generators for n in names_in(part.target)}
        learners = [root(c.func) for c in calls_in(element) if LEARNS.match(short_name(c))]
        learns = any(one is None or one.id not in names for one in learners)
        bars = any(isinstance(n, ast.Compare) and names & set(names_in(n)) for n in ast.walk(element))
        staged = next((many for part in value.generators if (many := self._measures.curve(part.iter))), None)
        if staged is not None:
            return test_rows(staged)
        if any(self._measures.rows_in(part.iter) for part in value.generators) or not (learns or bars):
            return None
        return test_rows(self._measures.score(element))

    def _picked(self, value: ast.AST) -> Rows | None:
        """The rows by whose scores something is picked in an expression: np.argmax(accs), accs.index(max(accs))."""
        for call in calls_in(value):
            if short_name(call) not in _PICKS:
                continue
            held = [call.func.value] if isinstance(call.func, ast.Attribute) else []
            for part in (*held, *call.args):
                if (rows := self._many_in(part)) is not None:
                    return rows
                if isinstance(part, ast.ListComp) and (rows := self._comprehension(part)) is not None:
                    return rows
        return None

    def _many_in(self, node: ast.AST) -> Rows | None:
        """The rows behind a list of scores that an expression reads."""
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and inner.id in self._many:
                return self._many[inner.id]
            if _is_of_validation(inner) and (base := root(inner)) is not None and base.id in self._histories:  # type: ignore[arg-type]
                return self._histories[base.id]
        return None

    def _call(self, call: ast.Call, line: int, tries: Tries | None) -> None:
        short = short_name(call)
        if short in ("append", "insert", "extend") and isinstance(call.func, ast.Attribute) and tries is not None:
            base = root(call.func.value)
            rows = test_rows(frozenset().union(*(self._measures.score(a) for a in call.args)))
            if base is not None and rows is not None:
                self._many[base.id] = rows
            elif base is not None and any(self._measures.score(a) for a in call.args):
                self._many.pop(base.id, None)
        elif short in _SHOWS:
            for argument in call.args:
                self._show(argument)
        elif short in _LOADS and isinstance(call.func, ast.Attribute) and (state := self._loaded(call)) is not None:
            self._keep(state._replace(name=receiver(call)), line)
        if tries is None and self._models:
            self._judge(call)

    def _judge(self, call: ast.Call) -> None:
        """A kept model that is measured again: evaluate(model, test_loader), model(x)."""
        measured = self._measures.predicts(call) or self._measures.score(call)
        if not measured:
            return
        held = {n for part in (call.func, *call.args) for n in names_in(part) if n in self._models}
        rows = [r for part in call.args for r in self._measures.rows_in(part)]
        for name in held:
            for one in rows:
                self._tell[2](name, one)

    def _loaded(self, call: ast.Call) -> Kept | None:
        """What a call loads, if test rows chose it."""
        if short_name(call) not in _LOADS:
            return None
        for part in (call, *calls_in(call)):
            for argument in part.args if isinstance(part, ast.Call) else ():
                if (kept := self._states.get(ast.unparse(argument))) is not None:
                    return kept
                base = root(argument)
                if base is not None and base.id in self._models:
                    return self._models[base.id]
        return None

    def _show(self, node: ast.AST) -> None:
        """A best score that is shown to somebody."""
        for inner in ast.walk(node):
            if isinstance(inner, (ast.Name, ast.Attribute, ast.Subscript)):
                if (found := self._best.get(ast.unparse(inner))) is not None:
                    self.told.append(found)
            elif isinstance(inner, ast.Call) and short_name(inner) in _BESTS and (rows := self._picked(inner)):
                self.told.append(BestTold(self._cell, inner.lineno, ast.unparse(inner)[:40], rows))

    def _forget(self, name: str) -> None:
        self._measures.forget(name)
        for table in (self._many, self._histories, self.chosen, self._best, self._models):
            table.pop(name, None)


class _Facts(NamedTuple):
    """What a value is."""

    score: Rows | None
    scored: frozenset[Rows]
    predicted: frozenset[Rows]
    many: Rows | None
    picked: Rows | None
    carries: Rows | None
    best: bool


def _is_best(value: ast.AST) -> bool:
    """Whether an expression is a best score itself, and not its place."""
    return (
        isinstance(value, ast.Call) and short_name(value) in _BESTS and not any(k.arg == "key" for k in value.keywords)
    )


def _is_of_validation(node: ast.AST) -> bool:
    """Whether a column of a history is that of the rows that were watched: history["val_loss"]."""
    index = node.slice if isinstance(node, ast.Subscript) else None
    return isinstance(index, ast.Constant) and str(index.value).startswith("val")
