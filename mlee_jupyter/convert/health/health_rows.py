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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from mlee_jupyter.convert.read.effects import calls_in, dotted
from mlee_jupyter.domain import FitSeen, Rows, SearchSeen

from .health_declared import HandedOver
from .health_nodes import Walked
from .health_steps import calls_outside_lambdas, simple_statements

_KEEPS_ROWS = re.compile(
    r"^(copy|astype|to_numpy|to_frame|fillna|reshape|ravel|flatten|squeeze|toarray|todense|assign|rename|reset_index|float"
    r"|to|cpu|cuda|numpy|values|tolist|to_list|batch|cache|prefetch|repeat)$"
)
_CARRIES_ROWS = re.compile(
    r"transform|preprocess|scale|normali[sz]e|encode|vectori[sz]e|pad_sequences|texts_to_|to_categorical|expand_dims"
    r"|^(array|asarray|DataFrame|Series|tensor|FloatTensor|from_numpy|DMatrix|QuantileDMatrix|Dataset|Pool|csr_matrix|get_dummies"
    r"|add_constant|hstack_one|list|from_tensor_slices|convert_to_tensor)$"
)
_PARTS = frozenset({"sample", "head", "tail", "query", "dropna", "drop_duplicates", "take"})
_PREDICTS = frozenset({"predict", "predict_proba", "decision_function", "predict_classes", "predict_log_proba"})
_METRIC = re.compile(
    r"(^|_)(score|error|loss|report|auc|accuracy|rmse|mse|mae|mape|r2|f1|logloss|rmsle)$|^(confusion_matrix|roc_curve|accuracy"
    r"|precision_recall_curve|precision_recall_fscore_support|log_loss|auc|rmse|mae|mse|cohen_kappa_score)$|_score_\w+$"
)
_FITS = frozenset({"fit", "fit_generator", "partial_fit"})
_JOINS = frozenset({"vstack", "row_stack", "concatenate", "concat", "append"})
_SEARCHER = re.compile(r"\w*SearchCV\b|\bBayesSearch\w*")
_SETS = frozenset({"eval_set", "validation_data", "evals", "valid_sets"})
_ROUNDS = frozenset({"early_stopping_rounds", "early_stopping_round", "early_stopping", "od_wait", "stopping_rounds"})
_SEARCHES = frozenset({"optimize", "fmin", "gp_minimize", "forest_minimize", "gbrt_minimize", "dummy_minimize",
                       "BayesianOptimization"})  # fmt: skip
_BEST = frozenset({"best_value", "best_trial", "best_loss", "fun", "max"})
_TEST = re.compile(r"(?<![a-z])test(?![a-z])", re.IGNORECASE)
_TRAIN = re.compile(r"train|trn", re.IGNORECASE)
_FOR_CHOOSING = re.compile(r"val|dev(?![a-z])|eval|tune", re.IGNORECASE)
_COLUMNS = re.compile(r"col|feat|predictor|variables|inputs|target|label", re.IGNORECASE)

NOTHING = HandedOver()


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

    def __init__(self, handed: HandedOver = NOTHING) -> None:
        self._handed = handed
        self.on_test: set[tuple[int, int]] = set()  # cell, line of what learns from test rows
        self._joins: dict[frozenset[int], Rows] = {}  # of rows laid one under the other
        self._searchers: set[str] = set()  # variables that hold a search over settings
        self._rows: dict[str, Rows] = {}
        self._modules: set[str] = set(_MODULES)
        self._columns: set[str] = set()  # names of column lists
        self._stopping: set[str] = set()  # models, callbacks and settings that stop early
        self._catboost: set[str] = set()
        self._last: dict[str, _Fit] = {}  # model -> its last fit
        self._predicted: dict[str, tuple[_Fit | None, Rows]] = {}  # predictions -> the fit that made them, rows
        self._lists: dict[str, ast.List | ast.Tuple] = {}  # watchlist = [(dtrain, "train"), (dtest, "eval")]
        self._searched: _Search | None = None  # by a call whose answer gets a name in this statement
        self._pending: _Fit | None = None  # of xgb.train(...), until its name is known
        self._functions: dict[str, ast.FunctionDef] = {}
        self._tuned: dict[str, Rows] = {}  # studies, settings and models that a search chose
        self._by_search: dict[str, _Search] = {}
        self._all: list[_Fit] = []
        self._searches: list[_Search] = []
        self._number = 0

    @property
    def fits(self) -> tuple[FitSeen, ...]:
        """Every fit with what its model was judged on afterwards."""
        return tuple(fit.seen() for fit in self._all)

    @property
    def searches(self) -> tuple[SearchSeen, ...]:
        """Every search whose objective scores its tries on rows that are known."""
        return tuple(SearchSeen(s.cell, s.line, s.objective, s.on, s.reported) for s in self._searches)

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
        fits = isinstance(value, ast.Call) and _short(value) in _FITS
        model = _receiver(value) if fits and isinstance(value, ast.Call) else ast.unparse(value)
        for name in sorted(self._handed.features):
            self._judge(self._fit_of(model), self.rows_of(ast.Name(name, ast.Load())))

    def read(self, one: Walked) -> None:
        """Follow one top-level statement."""
        node = one.statement.node
        self._modules.update(i.name for i in one.statement.imports)
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
                    for name in _names(inner.target):
                        self._forget(name)

    def _perhaps(self, node: ast.stmt) -> None:
        """A statement that a run may pass by: what it binds and fits is not known any more."""
        for target in _targets(node):
            if isinstance(target, ast.Name):
                self._forget(target.id)
        for call in calls_in(node):
            if _short(call) in _FITS:
                self._last.pop(_receiver(call), None)

    # statements

    def _statement(self, cell: int, node: ast.stmt, in_loop: bool) -> None:
        targets = _targets(node)
        value = getattr(node, "value", None)
        self._pending, self._searched = None, None
        for call in reversed(list(calls_outside_lambdas(node))):  # inner calls run first
            self._call(cell, call, targets)
        self._mentions(node)
        if isinstance(value, ast.expr) and targets:
            self._assign(node, targets, value, in_loop)
        self._compared(node)

    def _assign(self, node: ast.stmt, targets: Sequence[ast.expr], value: ast.expr, in_loop: bool) -> None:
        split = value if isinstance(value, ast.Call) and _short(value) == "train_test_split" else None
        names = [t.id for t in targets if isinstance(t, ast.Name)]
        if split is not None:
            self._split(split, targets, in_loop)
            return
        if isinstance(node, ast.AugAssign):
            return
        tuples = isinstance(value, ast.Tuple) and len(value.elts) == len(targets)
        values = value.elts if isinstance(value, ast.Tuple) and tuples else [value] * len(targets)
        pairs = [(t.id, v) for t, v in zip(targets, values, strict=True) if isinstance(t, ast.Name)]
        made = [(name, written, self.rows_of(written), self._part_of(written)) for name, written in pairs]
        groups: dict[str, int] = {}  # (x_train, y_train), (x_test, y_test) = load_data()
        for name, written, same, part in made:
            self._forget(name)
            if same is not None and (tuples or len(names) == 1):
                self._rows[name] = same._replace(name=name)
            else:
                within = (part.id, *part.within) if part is not None else ()
                test = (_is_test(name) and not in_loop) or name in self._handed.features
                group = "test" if _TEST.search(name.replace("_", " ")) else name
                number = groups.setdefault(group, self._fresh()) if len(names) > 1 and not tuples else self._fresh()
                self._rows[name] = Rows(number, name, within, test)
            self._know(name, written)

    def _forget(self, name: str) -> None:
        for known in (self._rows, self._last, self._predicted, self._tuned, self._by_search, self._lists):
            known.pop(name, None)
        for names in (self._stopping, self._catboost, self._columns, self._searchers):
            names.discard(name)

    def _know(self, name: str, value: ast.expr) -> None:
        """What else a new variable is: a column list, something that stops early, a model, predictions."""
        if isinstance(value, ast.Name) and value.id in self._last:
            self._last[name] = self._last[value.id]
        if isinstance(value, (ast.List, ast.ListComp)) or any(
            isinstance(n, ast.Attribute) and n.attr == "columns" for n in ast.walk(value)
        ):
            self._columns.add(name)
        if self._stops(value):
            self._stopping.add(name)
        if _makes_catboost(value):
            self._catboost.add(name)
        if isinstance(value, (ast.List, ast.Tuple)):
            self._lists[name] = value
        if self._searched is not None:
            self._by_search[name], self._tuned[name] = self._searched, self._searched.on
        read = _names(value)
        if tuned := next((self._tuned[n] for n in read if n in self._tuned), None):
            self._tuned[name] = tuned
        if (search := next((self._by_search[n] for n in read if n in self._by_search), None)) is not None:
            self._by_search[name] = search
        if any(_SEARCHER.search(_short(c)) for c in calls_in(value)):
            self._searchers.add(name)
        if isinstance(value, ast.Attribute) and value.attr == "best_estimator_":
            chosen = self._last.get(ast.unparse(value.value))
            if chosen is not None:
                self._last[name] = chosen
        fitting = next((c for c in calls_in(value) if _short(c) in ("fit", "train")), None)
        if fitting is not None and value is fitting and (fit := self._last.get(_receiver(fitting))) is not None:
            self._last[name] = fit  # model = Ridge().fit(X, y); history = model.fit(...) does no harm
            if fit.on is not None and fit.on.test and _SEARCHER.match(fit.model):
                self._tuned[name] = fit.on
        if self._pending is not None:
            self._last[name] = self._pending
        if (made := self._predictions_in(value)) is not None:
            self._predicted[name] = made

    def _split(self, call: ast.Call, targets: Sequence[ast.expr], in_loop: bool) -> None:
        sources = [a for a in call.args if not isinstance(a, ast.Starred)]
        known = [r for a in sources if (r := self.rows_of(a)) is not None]
        within = tuple(dict.fromkeys(i for r in known for i in (r.id, *r.within)))
        inner = any(r.held == "train" for r in known)
        parts = (self._fresh(), self._fresh())
        for place, target in enumerate(targets):
            if not isinstance(target, ast.Name):
                continue
            name, second = target.id, place % 2
            test = not in_loop and not inner and not _FOR_CHOOSING.search(name) and (
                (bool(second) and not _TRAIN.search(name)) or _is_test(name)
            )  # fmt: skip
            self._forget(name)
            declared = name in self._handed.features
            held = "" if second or declared else "train"
            self._rows[name] = Rows(parts[second], name, within, test or declared, held)

    # calls

    def _call(self, cell: int, call: ast.Call, targets: Sequence[ast.expr]) -> None:
        short = _short(call)
        made = [t.id for t in targets if isinstance(t, ast.Name)]
        if short in ("fit_transform", "fit_resample"):
            self._learned(cell, call)
        elif short in _FITS and isinstance(call.func, ast.Attribute):
            self._learned(cell, call)
            self._fit(cell, call, _receiver(call), call.args)
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
                self._judge(self._fit_of(_receiver(call)), self.rows_of(given[0]))
        elif _METRIC.search(short):
            for argument in (*call.args, *(k.value for k in call.keywords)):
                if (made_by := self._predictions_in(argument)) is not None:
                    self._judge(*made_by)
        elif short == "set_params" and self._stops(call):
            self._stopping.add(_receiver(call))
        if short in _SEARCHES:
            self._search(cell, call)

    def _fit(self, cell: int, call: ast.Call, model: str, given: Sequence[ast.expr], *, pending: bool = False) -> None:
        named = [k.value for k in call.keywords if k.arg in ("X", "x")]
        answers = len(given) > 1 or any(k.arg == "y" for k in call.keywords) or pending
        first = given[0] if given else (named[0] if named else None)
        base = call.func.value if isinstance(call.func, ast.Attribute) else None
        tuned = self._tuned.get(model) or next((self._tuned[n] for n in _names(base) if n in self._tuned), None)
        if pending and call.args:
            tuned = next((self._tuned[n] for n in _names(call.args[0]) if n in self._tuned), tuned)
        fit = _Fit(
            cell, call.lineno, model[:60], self.rows_of(first) if first is not None else None,
            self._stopped_by(call, model, base), tuned, answers,
        )  # fmt: skip
        self._all.append(fit)
        self._last[model] = fit
        if fit.on is not None and fit.on.test and model in self._searchers:
            self._tuned[model] = fit.on
        if pending:
            self._pending = fit

    def _learned(self, cell: int, call: ast.Call) -> None:
        """Note where something learns from test rows, whatever it is."""
        rows = self.rows_of(call.args[0]) if call.args else None
        if rows is not None and rows.test:
            self.on_test.add((cell, call.lineno))

    def _stopped_by(self, call: ast.Call, model: str, base: ast.AST | None) -> Rows | None:
        """The rows on which a fit stops, where it is sure that it stops on them."""
        watched = next((k for k in call.keywords if (k.arg or "").rpartition("__")[2] in _SETS), None)
        if watched is None:
            return None
        catboost = model in self._catboost or (base is not None and _makes_catboost(base))
        stops = (
            model in self._stopping
            or (base is not None and self._stops(base))
            or self._stops_by_call(call)
            or (catboost and not _says(call, "use_best_model", False))
        )
        if not stops:
            return None
        value = watched.value
        if isinstance(value, ast.Name) and value.id in self._lists:
            value = self._lists[value.id]
        sets = list(value.elts) if isinstance(value, (ast.List, ast.Tuple)) else [value]
        if watched.arg == "validation_data" or (isinstance(value, ast.Tuple) and not _holds_pairs(value)):
            sets = [value]
        rows = [self.rows_of(s.elts[0] if isinstance(s, ast.Tuple) and s.elts else s) for s in sets]
        if not _is_lightgbm(call, base):
            rows = rows[-1:]  # XGBoost stops on the last one
        known = [r for r in rows if r is not None and r.held != "train"]
        return known[0] if known and all(r is not None for r in rows) and len({r.id for r in known}) == 1 else None

    def _stops_by_call(self, call: ast.Call) -> bool:
        for keyword in call.keywords:
            name = (keyword.arg or "").rpartition("__")[2]
            if name in _ROUNDS and not _is_nothing(keyword.value):
                return True
            if name == "callbacks" and self._stops(keyword.value):
                return True
        first = call.args[0] if call.args else None
        return _short(call) == "train" and first is not None and self._stops(first)

    def _stops(self, node: ast.AST) -> bool:
        """Whether an expression makes or names something that stops early on what is watched."""
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and inner.id in self._stopping:
                return True
            if isinstance(inner, ast.Call):
                short = _short(inner)
                monitor = next((k.value for k in inner.keywords if k.arg == "monitor"), None)
                if short == "EarlyStopping" and inner.args and monitor is None:
                    monitor = inner.args[0]
                watches = not isinstance(monitor, ast.Constant) or str(monitor.value).startswith("val")
                if short in ("EarlyStopping", "early_stopping") and watches:
                    return True
                if any(k.arg in _ROUNDS and not _is_nothing(k.value) for k in inner.keywords):
                    return short[:1].isupper() or short in ("dict", "set_params")
            if isinstance(inner, ast.Dict) and any(
                isinstance(k, ast.Constant) and k.value in _ROUNDS and not _is_nothing(v)
                for k, v in zip(inner.keys, inner.values, strict=True)
            ):
                return True
        return False

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
                rows = self.rows_of(other)
                if made is not None and rows is not None and rows.id == made[1].id:
                    self._judge(*made)

    def _predictions_in(self, value: ast.AST) -> tuple[_Fit | None, Rows] | None:
        """The fit and rows behind predictions in an expression; None where there are none or several."""
        found: dict[tuple[int, int], tuple[_Fit | None, Rows]] = {}
        for inner in ast.walk(value):
            if isinstance(inner, ast.Name) and inner.id in self._predicted:
                fit, rows = self._predicted[inner.id]
                found[id(fit), rows.id] = fit, rows
            elif isinstance(inner, ast.Call) and _short(inner) in _PREDICTS and inner.args:
                given = self.rows_of(inner.args[0])
                if given is not None:
                    fit = self._fit_of(_receiver(inner))
                    found[id(fit), given.id] = fit, given
        return next(iter(found.values())) if len(found) == 1 else None

    # searches

    def _search(self, cell: int, call: ast.Call) -> None:
        first = next((k.value for k in call.keywords if k.arg in ("func", "fn", "f", "objective")), None)
        first = first if first is not None else (call.args[0] if call.args else None)
        body, names = self._objective(first)
        if body is None:
            return
        rows = self._scored_in(body, names)
        if rows is None or not rows.test:
            return
        owner = _receiver(call)
        search = _Search(cell, call.lineno, body.name, rows)
        self._searches.append(search)
        self._searched = search
        if owner:
            self._by_search[owner] = search
            self._tuned[owner] = rows

    def _objective(self, given: ast.expr | None) -> tuple[ast.FunctionDef | None, dict[str, ast.expr]]:
        """The function that is searched over, and what its parameters are given."""
        if isinstance(given, ast.Name):
            return self._functions.get(given.id), {}
        if isinstance(given, ast.Lambda) and isinstance(given.body, ast.Call) and isinstance(given.body.func, ast.Name):
            body = self._functions.get(given.body.func.id)
            if body is not None:
                arguments = [a.arg for a in body.args.args]
                bound = dict(zip(arguments, given.body.args, strict=False))
                return body, bound | {k.arg: k.value for k in given.body.keywords if k.arg}
        return None, {}

    def _scored_in(self, body: ast.FunctionDef, names: dict[str, ast.expr]) -> Rows | None:
        """The rows on which an objective scores a model that it fits; None where it has others, or splits itself."""
        own = {n.id for n in ast.walk(body) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
        own |= {a.arg for a in (*body.args.args, *body.args.kwonlyargs)} - set(names)
        found: dict[int, Rows] = {}
        fits = False
        for call in calls_in(body):
            short = _short(call)
            if re.search(r"cross_val|train_test_split|KFold|ShuffleSplit", short):
                return None
            fits = fits or short in ("fit", "train", "fit_transform")
            if short in _PREDICTS | {"score", "evaluate"} and call.args:
                argument = call.args[0]
                argument = names.get(argument.id, argument) if isinstance(argument, ast.Name) else argument
                if set(_names(argument)) & own:
                    return None
                rows = self.rows_of(argument)
                if rows is None:
                    return None
                if rows.held != "train":
                    found[rows.id] = rows
        return next(iter(found.values())) if fits and len(found) == 1 else None

    def _mentions(self, node: ast.AST) -> None:
        """Whether a search's best value is read."""
        if not self._by_search:
            return
        for inner in ast.walk(node):
            read = isinstance(inner, ast.Attribute) and inner.attr in _BEST and isinstance(inner.value, ast.Name)
            if read and (search := self._by_search.get(inner.value.id)) is not None:  # type: ignore[attr-defined]
                search.reported = True

    # rows

    def rows_of(self, node: ast.AST) -> Rows | None:
        """The rows an expression holds all of, where that can be told."""
        if isinstance(node, ast.Name):
            if node.id in self._modules:
                return None
            if node.id not in self._rows:  # made elsewhere
                test = node.id in self._handed.features or _is_test(node.id)
                self._rows[node.id] = Rows(self._fresh(), node.id, test=test)
            return self._rows[node.id]
        if isinstance(node, ast.Attribute):
            return None if node.attr in ("shape", "columns", "index", "T", "iloc", "loc") else self.rows_of(node.value)
        if (parts := _laid_under(node)) is not None:
            return self._joined(parts)
        if isinstance(node, ast.Subscript):
            return self.rows_of(node.value) if self._is_columns(node.slice) else None
        if isinstance(node, ast.BinOp):
            if isinstance(node.op, ast.Add) and (both := self._lists_added(node)) is not None:
                return both
            sides = [r for side in (node.left, node.right) if (r := self.rows_of(side)) is not None]
            split = [r for r in sides if r.test or r.held] or sides  # X_test - mean
            return split[0] if split and len({r.id for r in split}) == 1 and not isinstance(node.op, ast.Add) else None
        if isinstance(node, ast.Tuple):
            return self.rows_of(node.elts[0]) if node.elts else None
        if isinstance(node, ast.Call):
            short = _short(node)
            if isinstance(node.func, ast.Attribute) and (_KEEPS_ROWS.match(short) or _drops_columns(node)):
                if isinstance(node.func.value, ast.Name) and node.func.value.id in self._modules:
                    return self.rows_of(node.args[0]) if node.args else None  # np.reshape(X, ...)
                return self.rows_of(node.func.value)
            if _CARRIES_ROWS.search(short):
                given = node.args[0] if node.args else next((k.value for k in node.keywords if k.arg in _FIRST), None)
                return self.rows_of(given) if given is not None else None
        return None

    def _joined(self, parts: Sequence[ast.expr]) -> Rows | None:
        """Rows laid one under the other; every part lies within them from now on."""
        found = [rows for part in parts if (rows := self.rows_of(part) or self._part_of(part)) is not None]
        held = frozenset(rows.id for rows in found)
        if len(held) < 2:
            return found[0] if found and len(parts) == 1 else None
        if held not in self._joins:
            name = " with ".join(dict.fromkeys(rows.name for rows in found))
            self._joins[held] = Rows(self._fresh(), name)
        whole = self._joins[held]
        for name, rows in self._rows.items():
            if held & {rows.id, *rows.within} and whole.id not in rows.within and rows.id != whole.id:
                self._rows[name] = rows._replace(within=(*rows.within, whole.id))
        return whole

    def _lists_added(self, node: ast.BinOp) -> Rows | None:
        """Training rows + test rows: arrays of two lengths cannot be added, so these are lists."""
        sides = [self.rows_of(side) for side in (node.left, node.right)]
        known = [rows for rows in sides if rows is not None]
        apart = any(rows.test for rows in known) and any(rows.held == "train" for rows in known)
        return self._joined([node.left, node.right]) if apart else None

    def _is_columns(self, index: ast.expr) -> bool:
        if isinstance(index, ast.Constant):
            return isinstance(index.value, str)
        if isinstance(index, ast.List):
            return all(isinstance(e, ast.Constant) and isinstance(e.value, str) for e in index.elts)
        if isinstance(index, ast.Name):
            return index.id in self._columns or bool(_COLUMNS.search(index.id))
        return isinstance(index, ast.Attribute) and index.attr == "columns"

    def _part_of(self, node: ast.AST) -> Rows | None:
        """The rows an expression holds a part of."""
        if isinstance(node, ast.Subscript):
            base = node.value
            if isinstance(base, ast.Attribute) and base.attr in ("iloc", "loc"):
                base = base.value
            return self.rows_of(base) or self._part_of(base)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in _PARTS:
                return self.rows_of(node.func.value)
            if _KEEPS_ROWS.match(node.func.attr) or _drops_columns(node):
                return self._part_of(node.func.value)
        if isinstance(node, ast.Attribute):
            return self._part_of(node.value)
        return None

    def _fresh(self) -> int:
        self._number += 1
        return self._number


_MODULES = frozenset({"np", "pd", "tf", "torch", "jnp", "keras", "sklearn", "numpy", "pandas", "K", "F"})
_FIRST = frozenset({"X", "x", "data"})


def _laid_under(node: ast.AST) -> list[ast.expr] | None:
    """The parts of an expression that lays rows one under the other: np.vstack([a, b]), np.r_[a, b]."""
    if isinstance(node, ast.Subscript):
        named = isinstance(node.value, ast.Attribute) and node.value.attr == "r_"
        return list(node.slice.elts) if named and isinstance(node.slice, ast.Tuple) else None
    if not isinstance(node, ast.Call) or _short(node) not in _JOINS:
        return None
    axis = next((k.value for k in node.keywords if k.arg in ("axis", "how")), None)
    if axis is not None and not (isinstance(axis, ast.Constant) and axis.value in (0, "index", "rows", "vertical")):
        return None
    if _short(node) == "append":
        by_method = isinstance(node.func, ast.Attribute) and not (
            isinstance(node.func.value, ast.Name) and node.func.value.id in _MODULES
        )
        return [node.func.value, *node.args] if by_method and isinstance(node.func, ast.Attribute) else node.args[:2]
    first = node.args[0] if node.args else next((k.value for k in node.keywords if k.arg in ("objs", "tup")), None)
    return list(first.elts) if isinstance(first, (ast.List, ast.Tuple)) else None


def _short(call: ast.Call) -> str:
    return dotted(call.func).rpartition(".")[2]


def _receiver(call: ast.Call) -> str:
    """The variable or text whose method is called; `Ridge().fit(X, y)` is a model of its own."""
    if not isinstance(call.func, ast.Attribute):
        return ""
    base = call.func.value
    while isinstance(base, ast.Call) and isinstance(base.func, ast.Attribute) and base.func.attr == "fit":
        base = base.func.value
    return ast.unparse(base)[:200]


def _names(node: ast.AST | None) -> list[str]:
    return [] if node is None else [n.id for n in ast.walk(node) if isinstance(n, ast.Name)]


def _targets(node: ast.stmt) -> list[ast.expr]:
    if isinstance(node, ast.Assign):
        targets: list[ast.expr] = list(node.targets)
    elif isinstance(node, (ast.AnnAssign, ast.AugAssign)):
        targets = [node.target]
    else:
        return []
    return [e for t in targets for e in _flat(t)]


def _flat(target: ast.expr) -> Iterator[ast.expr]:
    if isinstance(target, (ast.Tuple, ast.List)):
        for inner in target.elts:
            yield from _flat(inner)
    else:
        yield target


def _makes_catboost(node: ast.AST) -> bool:
    """Whether a CatBoost model is made that keeps its best round: it does where it is given rows to watch."""
    return any(_short(c).startswith("CatBoost") and not _says(c, "use_best_model", False) for c in calls_in(node))


def _is_lightgbm(call: ast.Call, base: ast.AST | None) -> bool:
    """LightGBM stops when any set that it watches, other than the training rows, gets no better."""
    said = (dotted(call.func) + (ast.dump(base) if base is not None else "")).lower()
    return "lgb" in said or "lightgbm" in said or any(k.arg == "valid_sets" for k in call.keywords)


def _says(call: ast.Call, name: str, value: object) -> bool:
    return any(k.arg == name and isinstance(k.value, ast.Constant) and k.value.value is value for k in call.keywords)


def _is_nothing(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and not node.value


def _holds_pairs(node: ast.Tuple) -> bool:
    return bool(node.elts) and all(isinstance(e, ast.Tuple) for e in node.elts)


def _drops_columns(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in ("drop", "filter", "pop", "select"):
        return False
    named = {k.arg: k.value for k in call.keywords}
    axis = named.get("axis", call.args[1] if len(call.args) > 1 else None)
    by_axis = isinstance(axis, ast.Constant) and axis.value in (1, "columns")
    return call.func.attr != "drop" or "columns" in named or by_axis


def _is_test(name: str) -> bool:
    return bool(_TEST.search(name.replace("_", " "))) and not _TRAIN.search(name) and not _FOR_CHOOSING.search(name)
