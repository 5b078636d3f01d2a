"""Which rows a model learns from, stops on, is chosen by and is judged on: followed from the split, not by names alone.

    X_train, X_test, y_train, y_test = train_test_split(X, y)     # X_test holds rows of X, and they are held out
    m.fit(X_train, y_train, eval_set=[(X_test, y_test)], ...)     # m stops on them
    print(m.score(X_test, y_test))                                # and is judged on them

Two names hold the same rows where one is made from the other by something that keeps every row: a transform, a column,
a copy, a DMatrix. A slice holds a part. Whatever else is done to rows makes new ones, of which nothing is known.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from mlee_jupyter.convert.read.effects import calls_in, dotted
from mlee_jupyter.domain import FitSeen, Rows, SearchSeen

from .health_best import BestKept, Kept
from .health_declared import HandedOver
from .health_nodes import Walked
from .health_objectives import objective_of, scored_in
from .health_row_words import (
    FOR_CHOOSING,
    METRIC,
    PREDICTS,
    TEST,
    TRAIN,
    is_test_name,
    names_in,
    receiver,
    short_name,
    targets_of,
    without_scores,
)
from .health_rows_known import RowsKnown
from .health_steps import calls_outside_lambdas, simple_statements
from .health_stopping import StopsEarly

_FITS = frozenset({"fit", "fit_generator", "partial_fit"})
_SEARCHER = re.compile(r"\w*SearchCV\b|\bBayesSearch\w*")
_SEARCHES = frozenset({"optimize", "fmin", "gp_minimize", "forest_minimize", "gbrt_minimize", "dummy_minimize",
                       "BayesianOptimization"})  # fmt: skip
_BEST = frozenset({"best_value", "best_trial", "best_loss", "fun", "max"})

NOTHING = HandedOver()
BodyOf = Callable[[ast.FunctionDef], ast.FunctionDef]


@dataclass
class _Fit:
    """A model's last fit, while what follows it is read."""

    cell: int
    line: int
    model: str
    on: Rows | None
    stops_on: Rows | None
    tuned_on: Rows | None
    has_answers: bool
    judged: list[Rows] = field(default_factory=list)

    def seen(self) -> FitSeen:
        """It as a fact."""
        return FitSeen(self.cell, self.line, self.model, self.on, self.stops_on, self.tuned_on, self.has_answers,
                       tuple(self.judged))  # fmt: skip


@dataclass
class _Search:
    """A search over settings, while what follows it is read."""

    cell: int
    line: int
    objective: str
    on: Rows
    reported: bool = False


class RowsFollowed:
    """One pass over the statements of a notebook; `fits` and `searches` hold what was seen."""

    def __init__(self, handed: HandedOver = NOTHING, body_of: BodyOf = lambda function: function) -> None:
        self._handed = handed
        self._known = RowsKnown(handed)
        self._early = StopsEarly(self._known)
        self._best = BestKept(self._known, self._tune, self._keep, self._judge_kept)
        self._body_of = body_of
        self.on_test: set[tuple[int, int]] = set()  # cell, line of what learns from test rows
        self._searchers: set[str] = set()  # variables that hold a search over settings
        self._last: dict[str, _Fit] = {}  # model -> its last fit
        self._predicted: dict[str, tuple[_Fit | None, Rows]] = {}  # predictions -> the fit that made them, rows
        self._searched: _Search | None = None  # by a call whose answer gets a name in this statement
        self._pending: _Fit | None = None  # of xgb.train(...), until its name is known
        self._functions: dict[str, ast.FunctionDef] = {}
        self._tuned: dict[str, Rows] = {}  # studies, settings and models that a search chose
        self._by_search: dict[str, _Search] = {}
        self._thresholds: dict[str, _Fit] = {}
        self._cell = 0
        self._watched: tuple[str, Rows] | None = None  # a history of training, and the rows that it watched
        self._all: list[_Fit] = []
        self._searches: list[_Search] = []

    @property
    def fits(self) -> tuple[FitSeen, ...]:
        """Every fit with what its model was judged on afterwards."""
        return tuple(fit.seen() for fit in self._all)

    @property
    def searches(self) -> tuple[SearchSeen, ...]:
        """Every search whose objective scores its tries on rows that are known."""
        found = [SearchSeen(s.cell, s.line, s.objective, s.on, s.reported) for s in self._searches]
        return (*found, *(SearchSeen(best.cell, best.line, best.score, best.on, True) for best in self._best.told))

    def read_all(self, statements: Sequence[Walked]) -> None:
        """Follow a notebook's statements, and what its cells hand over to be judged."""
        left = sorted(self._handed.named)
        for place, one in enumerate(statements):
            while left and left[0] < one.cell:
                self._hand_over_names(left.pop(0))
            self.read(one)
            ends = place + 1 == len(statements) or statements[place + 1].cell != one.cell
            if ends and one.cell in self._handed.endings:
                self._end_candidate(one.statement.node)
        for cell in left:
            self._hand_over_names(cell)

    def _hand_over_names(self, cell: int) -> None:
        for name in self._handed.named[cell]:
            self._hand_over(ast.Name(name, ast.Load()))

    def _end_candidate(self, node: ast.stmt) -> None:
        """The last value of a candidate's cell is judged: an expression, or the name it was given."""
        if isinstance(node, ast.Expr):
            self._hand_over(node.value)
        elif isinstance(node, ast.Assign) and len(node.targets) == 1:
            self._hand_over(node.targets[0])

    def _hand_over(self, value: ast.expr) -> None:
        """Predictions are judged on their rows, a fitted model on the declared ones."""
        if (made := self._predictions_in(value)) is not None:
            self._judge(*made)
            return
        fits = isinstance(value, ast.Call) and short_name(value) in _FITS
        model = receiver(value) if fits and isinstance(value, ast.Call) else ast.unparse(value)
        for name in sorted(self._handed.features):
            self._judge(self._fit_of(model), self._known.rows_of(ast.Name(name, ast.Load())))

    def read(self, one: Walked) -> None:
        """Follow one top-level statement; of one that nests deeper than can be followed, nothing is known."""
        try:
            self._follow(one)
        except RecursionError:
            self._perhaps(one.statement.node)

    def _follow(self, one: Walked) -> None:
        self._read(one)
        self._best.read(one.cell, one.statement.node, shown=one.statement.displays)
        if self._watched is not None:
            self._best.watched(*self._watched)

    def _read(self, one: Walked) -> None:
        node, self._cell, self._watched = one.statement.node, one.cell, None
        self._known.modules.update(i.name for i in one.statement.imports)
        if isinstance(node, ast.FunctionDef):
            self._functions[node.name] = node
            return
        if not one.calls and not isinstance(node, (ast.Assign, ast.AnnAssign)):
            self._mentions(node)
            return
        self._forget_loop_variables(node)
        unsure = {id(s) for n in one.nodes if isinstance(n, (ast.If, ast.Match)) for s in simple_statements(n)}
        in_loop = isinstance(node, (ast.For, ast.While, ast.AsyncFor))
        for simple in simple_statements(node):
            if id(simple) in unsure:
                self._perhaps(simple)
            else:
                self._statement(one.cell, simple, in_loop)

    def _forget_loop_variables(self, node: ast.AST) -> None:
        """A loop's variable is another object than the one that had its name before."""
        if isinstance(node, (ast.For, ast.AsyncFor, ast.While, ast.With, ast.If, ast.Try)):
            for inner in ast.walk(node):
                if isinstance(inner, (ast.For, ast.AsyncFor)):
                    for name in names_in(inner.target):
                        self._forget(name)

    def _perhaps(self, node: ast.stmt) -> None:
        """A statement that a run may pass by: what it binds and fits is not known any more."""
        for target in targets_of(node):
            if isinstance(target, ast.Name):
                self._forget(target.id)
        for call in calls_in(node):
            if short_name(call) in _FITS:
                self._last.pop(receiver(call), None)

    # statements

    def _statement(self, cell: int, node: ast.stmt, in_loop: bool) -> None:
        targets = targets_of(node)
        value = getattr(node, "value", None)
        self._pending, self._searched = None, None
        for call in reversed(list(calls_outside_lambdas(node))):  # inner calls run first
            self._call(cell, call, targets)
        self._mentions(node)
        self._compared(node)
        if isinstance(value, ast.expr) and targets:
            self._assign(node, targets, value, in_loop)

    def _assign(self, node: ast.stmt, targets: Sequence[ast.expr], value: ast.expr, in_loop: bool) -> None:
        split = value if isinstance(value, ast.Call) and short_name(value) == "train_test_split" else None
        names = [t.id for t in targets if isinstance(t, ast.Name)]
        if split is not None:
            self._split(split, targets, in_loop)
            return
        if isinstance(node, ast.AugAssign):
            return
        tuples = isinstance(value, ast.Tuple) and len(value.elts) == len(targets)
        values = value.elts if isinstance(value, ast.Tuple) and tuples else [value] * len(targets)
        pairs = [(t.id, v) for t, v in zip(targets, values, strict=True) if isinstance(t, ast.Name)]
        made = [(name, written, self._known.rows_of(written), self._known.part_of(written)) for name, written in pairs]
        numbers = {name: rows for name, written in pairs if (rows := self._known.numbers_of(written)) is not None}
        groups: dict[str, int] = {}  # (x_train, y_train), (x_test, y_test) = load_data()
        for name, written, same, part in made:
            self._forget(name)
            if same is not None and (tuples or len(names) == 1):
                self._known.by_name[name] = same._replace(name=name)
            else:
                within = (part.id, *part.within) if part is not None else ()
                test = (is_test_name(name) and not in_loop) or name in self._handed.features
                group = "test" if TEST.search(name.replace("_", " ")) else name
                number = (
                    groups.setdefault(group, self._known.fresh())
                    if len(names) > 1 and not tuples
                    else self._known.fresh()
                )
                self._known.by_name[name] = Rows(number, name, within, test)
            self._know(name, written)
        self._known.places.update(numbers)

    def _forget(self, name: str) -> None:
        for known in (
            self._thresholds,
            self._known.by_name,
            self._known.places,
            self._last,
            self._predicted,
            self._tuned,
            self._by_search,
        ):
            known.pop(name, None)
        for names in (self._known.columns, self._searchers):
            names.discard(name)
        self._early.forget(name)

    def _know(self, name: str, value: ast.expr) -> None:
        """What else a new variable is: a column list, something that stops early, a model, predictions."""
        if isinstance(value, ast.Name) and value.id in self._last:
            self._last[name] = self._last[value.id]
        if isinstance(value, (ast.List, ast.ListComp)) or any(
            isinstance(n, ast.Attribute) and n.attr == "columns" for n in ast.walk(value)
        ):
            self._known.columns.add(name)
        self._early.know(name, value)
        if self._searched is not None:
            self._by_search[name], self._tuned[name] = self._searched, self._searched.on
        read = names_in(value)
        if tuned := next((self._tuned[n] for n in read if n in self._tuned), None):
            self._tuned[name] = tuned
        if (search := next((self._by_search[n] for n in read if n in self._by_search), None)) is not None:
            self._by_search[name] = search
        if any(_SEARCHER.search(short_name(c)) for c in calls_in(value)):
            self._searchers.add(name)
        if isinstance(value, ast.Attribute) and value.attr == "best_estimator_":
            chosen = self._last.get(ast.unparse(value.value))
            if chosen is not None:
                self._last[name] = chosen
        fitting = next((c for c in calls_in(value) if short_name(c) in ("fit", "train")), None)
        if fitting is not None and value is fitting and (rows := self._early.watched(fitting)) is not None:
            self._watched = name, rows
        if fitting is not None and value is fitting and (fit := self._last.get(receiver(fitting))) is not None:
            self._last[name] = fit  # model = Ridge().fit(X, y); history = model.fit(...) does no harm
            if fit.on is not None and fit.on.test and _SEARCHER.match(fit.model):
                self._tuned[name] = fit.on
        if self._pending is not None:
            self._last[name] = self._pending
        if (made := self._predictions_in(value)) is not None:
            self._predicted[name] = made

    def _split(self, call: ast.Call, targets: Sequence[ast.expr], in_loop: bool) -> None:
        sources = [a for a in call.args if not isinstance(a, ast.Starred)]
        numbered = [self._known.numbers_of(a) for a in sources]
        known = [r for a, n in zip(sources, numbered, strict=True) if (r := n or self._known.rows_of(a)) is not None]
        within = tuple(dict.fromkeys(i for r in known for i in (r.id, *r.within)))
        inner = any(r.held == "train" for r in known)
        parts = (self._known.fresh(), self._known.fresh())
        for place, target in enumerate(targets):
            if not isinstance(target, ast.Name):
                continue
            name, second = target.id, place % 2
            test = not in_loop and not inner and not FOR_CHOOSING.search(name) and (
                (bool(second) and not TRAIN.search(name)) or is_test_name(name)
            )  # fmt: skip
            self._forget(name)
            declared = name in self._handed.features
            held = ("part" if in_loop and second else "") if second or declared else "train"
            self._known.by_name[name] = Rows(parts[second], name, within, test or declared, held)
            source = numbered[place // 2] if place // 2 < len(numbered) else None
            if source is not None:
                self._known.places[name] = source

    # calls

    def _call(self, cell: int, call: ast.Call, targets: Sequence[ast.expr]) -> None:
        short = short_name(call)
        made = [t.id for t in targets if isinstance(t, ast.Name)]
        if short in ("fit_transform", "fit_resample"):
            self._learned(cell, call)
        elif short in _FITS and isinstance(call.func, ast.Attribute):
            self._learned(cell, call)
            self._fit(cell, call, receiver(call), call.args)
        elif short in ("record", "compare"):
            given = [v for a in call.args for v in (a.values if isinstance(a, ast.Dict) else [a])]
            for value in given:
                self._hand_over(value)
        elif short == "train" and dotted(call.func) in ("xgb.train", "lgb.train", "xgboost.train", "lightgbm.train"):
            named = [k.value for k in call.keywords if k.arg in ("dtrain", "train_set")]
            for name in made[:1]:
                self._fit(cell, call, name, call.args[1:2] or named, pending=True)
        elif short in ("score", "evaluate") and isinstance(call.func, ast.Attribute):
            given = [*call.args, *(k.value for k in call.keywords if k.arg in ("X", "x", "y"))]
            if given and (len(given) > 1 or short == "evaluate"):
                self._judge(self._fit_of(receiver(call)), self._known.rows_of(given[0]))
        elif METRIC.search(short):
            for argument in (*call.args, *(k.value for k in call.keywords)):
                if (made_by := self._predictions_in(argument)) is not None:
                    self._judge(*made_by)
        elif short == "set_params":
            self._early.set_on(receiver(call), call)
            if rows := next(
                (self._tuned[n] for k in call.keywords for n in names_in(k.value) if n in self._tuned), None
            ):
                self._tuned[receiver(call)] = rows
        if short in _SEARCHES:
            self._search(cell, call)

    def _fit(self, cell: int, call: ast.Call, model: str, given: Sequence[ast.expr], *, pending: bool = False) -> None:
        named = [k.value for k in call.keywords if k.arg in ("X", "x")]
        answers = len(given) > 1 or any(k.arg == "y" for k in call.keywords) or pending
        first = given[0] if given else (named[0] if named else None)
        base = call.func.value if isinstance(call.func, ast.Attribute) else None
        tuned = self._tuned.get(model) or next((self._tuned[n] for n in names_in(base) if n in self._tuned), None)
        set_here = (n for k in call.keywords for n in names_in(k.value) if n in self._best.chosen)
        tuned = tuned or next((self._tuned[n] for n in set_here if n in self._tuned), None)
        if pending and call.args:
            tuned = next((self._tuned[n] for n in names_in(call.args[0]) if n in self._tuned), tuned)
        fit = _Fit(
            cell, call.lineno, model[:60], self._known.rows_of(first) if first is not None else None,
            self._early.stopped_by(call, model, base), tuned, answers,
        )  # fmt: skip
        self._all.append(fit)
        self._last[model] = fit
        if (rows := self._early.watched(call)) is not None:
            for path in self._early.checkpoints(call):
                self._best.saved(path, rows, rounds=True)
        if fit.on is not None and fit.on.test and model in self._searchers:
            self._tuned[model] = fit.on
        if pending:
            self._pending = fit

    def _learned(self, cell: int, call: ast.Call) -> None:
        """Note where something learns from test rows, whatever it is."""
        rows = self._known.rows_of(call.args[0]) if call.args else None
        if rows is not None and rows.test:
            self.on_test.add((cell, call.lineno))

    def _fit_of(self, model: str) -> _Fit | None:
        """A model's last fit by now: who predicts first and is fitted again is judged on the first."""
        return self._last.get(model.removesuffix(".best_estimator_"))

    def _judge(self, fit: _Fit | None, rows: Rows | None) -> None:
        if rows is not None and fit is not None:
            fit.judged.append(rows)

    def _compared(self, node: ast.AST) -> None:
        """Predictions held against answers by hand: `(p == y_test).mean()`, `((p - y_test) ** 2).mean()`."""
        for inner in ast.walk(node):
            sides: list[ast.expr] = []
            if isinstance(inner, ast.Compare) and len(inner.ops) == 1 and isinstance(inner.ops[0], (ast.Eq, ast.NotEq)):
                sides = [inner.left, inner.comparators[0]]
            elif isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Sub):
                sides = [inner.left, inner.right]
            for one, other in (sides, sides[::-1]) if sides else ():
                made = self._predictions_in(one)
                rows = self._known.rows_of(other)
                if made is not None and rows is not None and rows.id == made[1].id:
                    self._judge(*made)

    def _predictions_in(self, value: ast.AST) -> tuple[_Fit | None, Rows] | None:
        """The fit and rows behind predictions in an expression; None where there are none or several."""
        found: dict[tuple[int, int], tuple[_Fit | None, Rows]] = {}
        for inner in without_scores(value):
            if isinstance(inner, ast.Name) and inner.id in self._predicted:
                fit, rows = self._predicted[inner.id]
                found[id(fit), rows.id] = fit, rows
            elif isinstance(inner, ast.Call) and short_name(inner) in PREDICTS and inner.args:
                given = self._known.rows_of(inner.args[0])
                if given is not None:
                    fit = self._fit_of(receiver(inner))
                    found[id(fit), given.id] = fit, given
        if len(found) != 1:
            return None
        fit, rows = next(iter(found.values()))
        return self._by_threshold(value, fit), rows

    # what was best on test rows

    def _tune(self, name: str, rows: Rows) -> None:
        self._tuned[name] = rows

    def _keep(self, cell: int, line: int, kept: Kept) -> None:
        stops, tuned = (kept.on, None) if kept.rounds else (None, kept.on)
        fit = _Fit(cell, line, kept.name[:60], None, stops, tuned, True)
        self._all.append(fit)
        self._last[kept.name] = fit

    def _judge_kept(self, name: str, rows: Rows) -> None:
        self._judge(self._last.get(name), rows)

    def _by_threshold(self, value: ast.AST, fit: _Fit | None) -> _Fit | None:
        """Predictions that a threshold cuts: the fit, or what stands for a threshold that test rows chose."""
        for inner in ast.walk(value):
            if not isinstance(inner, ast.Compare) or not isinstance(inner.ops[0], (ast.Gt, ast.GtE, ast.Lt, ast.LtE)):
                continue
            for name in names_in(inner):
                if name in self._best.chosen and name not in self._predicted:
                    if name not in self._thresholds:
                        rows = self._best.chosen[name]
                        self._thresholds[name] = _Fit(self._cell, inner.lineno, name, None, None, rows, True)
                        self._all.append(self._thresholds[name])
                    return self._thresholds[name]
        return fit

    # searches

    def _search(self, cell: int, call: ast.Call) -> None:
        first = next((k.value for k in call.keywords if k.arg in ("func", "fn", "f", "objective")), None)
        first = first if first is not None else (call.args[0] if call.args else None)
        body, names = objective_of(first, self._functions)
        if body is None:
            return
        body = self._body_of(body)
        rows = scored_in(body, names, self._known)
        if rows is None or not rows.test:
            return
        owner = receiver(call)
        search = _Search(cell, call.lineno, f"the best value of {body.name}", rows)
        self._searches.append(search)
        self._searched = search
        if owner:
            self._by_search[owner] = search
            self._tuned[owner] = rows

    def _mentions(self, node: ast.AST) -> None:
        """Whether a search's best value is read."""
        if not self._by_search:
            return
        for inner in ast.walk(node):
            read = isinstance(inner, ast.Attribute) and inner.attr in _BEST and isinstance(inner.value, ast.Name)
            if read and (search := self._by_search.get(inner.value.id)) is not None:  # type: ignore[attr-defined]
                search.reported = True
