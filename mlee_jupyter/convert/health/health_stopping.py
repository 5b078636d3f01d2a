"""What stops early, and on which rows: XGBoost, LightGBM, CatBoost and Keras, each in its own way."""

from __future__ import annotations

import ast

from mlee_jupyter.domain import Rows

from .health_row_words import holds_pairs, is_lightgbm, is_nothing, makes_catboost, says, short_name
from .health_rows_known import RowsKnown

_SETS = frozenset({"eval_set", "validation_data", "evals", "valid_sets"})
_ROUNDS = frozenset({"early_stopping_rounds", "early_stopping_round", "early_stopping", "od_wait", "stopping_rounds"})


class StopsEarly:
    """The variables that stop early, or hold what a fit watches, by now."""

    def __init__(self, known: RowsKnown) -> None:
        self._known = known
        self._stopping: set[str] = set()  # models, callbacks and settings that stop early
        self._catboost: set[str] = set()
        self._savers: dict[str, list[ast.Call]] = {}  # callbacks that keep the best round in a file
        self._lists: dict[str, ast.List | ast.Tuple] = {}  # watchlist = [(dtrain, "train"), (dtest, "eval")]

    def know(self, name: str, value: ast.expr) -> None:
        """What a new variable is."""
        self.set_on(name, value)
        if makes_catboost(value):
            self._catboost.add(name)
        if isinstance(value, (ast.List, ast.Tuple)):
            self._lists[name] = value
        savers = [c for c in ast.walk(value) if isinstance(c, ast.Call) and _best_path(c)]
        savers += [c for n in ast.walk(value) if isinstance(n, ast.Name) for c in self._savers.get(n.id, ())]
        if savers:
            self._savers[name] = savers

    def set_on(self, name: str, value: ast.expr) -> None:
        """A model stops early where what it is made or set with does."""
        if self._stops(value):
            self._stopping.add(name)

    def forget(self, name: str) -> None:
        """The variable is something else from now on."""
        self._lists.pop(name, None)
        self._savers.pop(name, None)
        self._stopping.discard(name)
        self._catboost.discard(name)

    def stopped_by(self, call: ast.Call, model: str, base: ast.AST | None) -> Rows | None:
        """The rows on which a fit stops, where it is sure that it stops on them."""
        watched = next((k for k in call.keywords if (k.arg or "").rpartition("__")[2] in _SETS), None)
        if watched is None:
            return None
        catboost = model in self._catboost or (base is not None and makes_catboost(base))
        stops = (
            model in self._stopping
            or (base is not None and self._stops(base))
            or self._by_call(call)
            or (catboost and not says(call, "use_best_model", False))
        )
        if not stops:
            return None
        value = watched.value
        if isinstance(value, ast.Name) and value.id in self._lists:
            value = self._lists[value.id]
        sets = list(value.elts) if isinstance(value, (ast.List, ast.Tuple)) else [value]
        if watched.arg == "validation_data" or (isinstance(value, ast.Tuple) and not holds_pairs(value)):
            sets = [value]
        pair = (ast.Tuple, ast.List)  # keras takes [X_test, y_test] as well
        rows = [self._known.rows_of(s.elts[0] if isinstance(s, pair) and s.elts else s) for s in sets]
        if not is_lightgbm(call, base):
            rows = rows[-1:]  # XGBoost stops on the last one
        known = [r for r in rows if r is not None and r.held != "train"]
        return known[0] if known and all(r is not None for r in rows) and len({r.id for r in known}) == 1 else None

    def watched(self, call: ast.Call) -> Rows | None:
        """The rows that keras watches in a fit."""
        value = next((k.value for k in call.keywords if k.arg == "validation_data"), None)
        if isinstance(value, ast.Name) and value.id in self._lists:
            value = self._lists[value.id]
        if isinstance(value, (ast.Tuple, ast.List)):
            value = value.elts[0] if value.elts else None
        rows = self._known.rows_of(value) if value is not None else None
        return rows if rows is not None and rows.held != "train" else None

    def checkpoints(self, call: ast.Call) -> tuple[str, ...]:
        """The texts of the paths where a fit keeps its best round."""
        given = next((k.value for k in call.keywords if k.arg == "callbacks"), None)
        if given is None:
            return ()
        made = [c for c in ast.walk(given) if isinstance(c, ast.Call)]
        made += [c for n in ast.walk(given) if isinstance(n, ast.Name) for c in self._savers.get(n.id, ())]
        return tuple(path for c in made if (path := _best_path(c)))

    def _by_call(self, call: ast.Call) -> bool:
        for keyword in call.keywords:
            name = (keyword.arg or "").rpartition("__")[2]
            if name in _ROUNDS and not is_nothing(keyword.value):
                return True
            if name == "callbacks" and self._stops(keyword.value):
                return True
        first = call.args[0] if call.args else None
        return short_name(call) == "train" and first is not None and self._stops(first)

    def _stops(self, node: ast.AST) -> bool:
        """Whether an expression makes or names something that stops early on what is watched."""
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and inner.id in self._stopping:
                return True
            if isinstance(inner, ast.Call):
                short = short_name(inner)
                monitor = next((k.value for k in inner.keywords if k.arg == "monitor"), None)
                if short == "EarlyStopping" and inner.args and monitor is None:
                    monitor = inner.args[0]
                watches = not isinstance(monitor, ast.Constant) or str(monitor.value).startswith("val")
                if short in ("EarlyStopping", "early_stopping") and watches:
                    return True
                if any(k.arg in _ROUNDS and not is_nothing(k.value) for k in inner.keywords):
                    return short[:1].isupper() or short in ("dict", "set_params")
            if isinstance(inner, ast.Dict) and any(
                isinstance(k, ast.Constant) and k.value in _ROUNDS and not is_nothing(v)
                for k, v in zip(inner.keys, inner.values, strict=True)
            ):
                return True
        return False


def _best_path(call: ast.Call) -> str:
    """The text of the path where a callback keeps the best round, by what is watched; empty: it keeps none."""
    if short_name(call) != "ModelCheckpoint" or not says(call, "save_best_only", True):
        return ""
    monitor = next((k.value for k in call.keywords if k.arg == "monitor"), call.args[1] if len(call.args) > 1 else None)
    if isinstance(monitor, ast.Constant) and not str(monitor.value).startswith("val"):
        return ""
    path = next((k.value for k in call.keywords if k.arg == "filepath"), call.args[0] if call.args else None)
    return ast.unparse(path) if path is not None else ""
