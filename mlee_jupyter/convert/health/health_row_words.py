"""How rows and models are spoken of in code: short names of calls, what a name says of the rows it holds."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from mlee_jupyter.convert.read.effects import calls_in, dotted

PREDICTS = frozenset({"predict", "predict_proba", "decision_function", "predict_classes", "predict_log_proba"})
METRIC = re.compile(
    r"(^|_)(score|error|loss|report|auc|accuracy|rmse|mse|mae|mape|r2|f1|logloss|rmsle)$|^(confusion_matrix|roc_curve|accuracy"
    r"|precision_recall_curve|precision_recall_fscore_support|log_loss|auc|rmse|mae|mse|cohen_kappa_score)$|_score_\w+$"
)
_JOINS = frozenset({"vstack", "row_stack", "concatenate", "concat", "append"})
TRAIN = re.compile(r"train|trn", re.IGNORECASE)
FOR_CHOOSING = re.compile(r"val|dev(?![a-z])|eval|tune", re.IGNORECASE)
TEST = re.compile(r"(?<![a-z])test(?![a-z])", re.IGNORECASE)
MODULES = frozenset({"np", "pd", "tf", "torch", "jnp", "keras", "sklearn", "numpy", "pandas", "K", "F"})


def laid_under(node: ast.AST) -> list[ast.expr] | None:
    """The parts of an expression that lays rows one under the other: np.vstack([a, b]), np.r_[a, b]."""
    if isinstance(node, ast.Subscript):
        named = isinstance(node.value, ast.Attribute) and node.value.attr == "r_"
        return list(node.slice.elts) if named and isinstance(node.slice, ast.Tuple) else None
    if not isinstance(node, ast.Call) or short_name(node) not in _JOINS:
        return None
    axis = next((k.value for k in node.keywords if k.arg in ("axis", "how")), None)
    if axis is not None and not (isinstance(axis, ast.Constant) and axis.value in (0, "index", "rows", "vertical")):
        return None
    if short_name(node) == "append":
        by_method = isinstance(node.func, ast.Attribute) and not (
            isinstance(node.func.value, ast.Name) and node.func.value.id in MODULES
        )
        return [node.func.value, *node.args] if by_method and isinstance(node.func, ast.Attribute) else node.args[:2]
    first = node.args[0] if node.args else next((k.value for k in node.keywords if k.arg in ("objs", "tup")), None)
    return list(first.elts) if isinstance(first, (ast.List, ast.Tuple)) else None


def short_name(call: ast.Call) -> str:
    """The last name of what is called: `fit` of `a.b.fit(...)`."""
    return dotted(call.func).rpartition(".")[2]


def receiver(call: ast.Call) -> str:
    """The variable or text whose method is called; `Ridge().fit(X, y)` is a model of its own."""
    if not isinstance(call.func, ast.Attribute):
        return ""
    base = call.func.value
    while isinstance(base, ast.Call) and isinstance(base.func, ast.Attribute) and base.func.attr == "fit":
        base = base.func.value
    return ast.unparse(base)[:200]


def names_in(node: ast.AST | None) -> list[str]:
    """Every name that an expression reads."""
    return [] if node is None else [n.id for n in ast.walk(node) if isinstance(n, ast.Name)]


def without_scores(node: ast.AST) -> Iterator[ast.AST]:
    """Every node of an expression but those inside a score, and inside what is tried in a comprehension."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        if isinstance(one, ast.Call) and METRIC.search(short_name(one)):
            continue
        if isinstance(one, (ast.ListComp, ast.SetComp, ast.GeneratorExp)):
            waiting += [part.iter for part in one.generators]
        else:
            waiting += ast.iter_child_nodes(one)


def targets_of(node: ast.stmt) -> list[ast.expr]:
    """What a statement assigns to, tuples taken apart."""
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


def makes_catboost(node: ast.AST) -> bool:
    """Whether a CatBoost model is made that keeps its best round: it does where it is given rows to watch."""
    return any(short_name(c).startswith("CatBoost") and not says(c, "use_best_model", False) for c in calls_in(node))


def is_lightgbm(call: ast.Call, base: ast.AST | None) -> bool:
    """LightGBM stops when any set that it watches, other than the training rows, gets no better."""
    said = (dotted(call.func) + (ast.dump(base) if base is not None else "")).lower()
    return "lgb" in said or "lightgbm" in said or any(k.arg == "valid_sets" for k in call.keywords)


def says(call: ast.Call, name: str, value: object) -> bool:
    """Whether a call gives an option this very value."""
    return any(k.arg == name and isinstance(k.value, ast.Constant) and k.value.value is value for k in call.keywords)


def is_nothing(node: ast.expr) -> bool:
    """Whether an option is switched off: None, False or 0."""
    return isinstance(node, ast.Constant) and not node.value


def holds_pairs(node: ast.Tuple) -> bool:
    """Whether all that a tuple holds is tuples: sets to watch, not one set."""
    return bool(node.elts) and all(isinstance(e, ast.Tuple) for e in node.elts)


def drops_columns(call: ast.Call) -> bool:
    """Whether a call takes columns away and keeps every row."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in ("drop", "filter", "pop", "select"):
        return False
    named = {k.arg: k.value for k in call.keywords}
    axis = named.get("axis", call.args[1] if len(call.args) > 1 else None)
    by_axis = isinstance(axis, ast.Constant) and axis.value in (1, "columns")
    return call.func.attr != "drop" or "columns" in named or by_axis


def is_test_name(name: str) -> bool:
    """Whether a name says that its rows are the test's."""
    return bool(TEST.search(name.replace("_", " "))) and not TRAIN.search(name) and not FOR_CHOOSING.search(name)
