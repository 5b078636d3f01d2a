"""What a result is called that the notebook computed and only showed: by the function that gave it."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Sequence

from mlee_jupyter.convert.analyse.flow import Stable
from mlee_jupyter.convert.read import effects
from mlee_jupyter.convert.types import Statement

from .naming import snake

# Words of a name that tells what a notebook came to.
TELLING = re.compile(r"score|acc|rmse|mse|mae|r2|auc|f1|report|result|pred|forecast|model|coef|best|metric|error|loss")
_METRIC = re.compile(
    r"(_score|_error|_loss|_report|_matrix|_auc|_deviance|_coefficient|_coef|_index)$|^(auc|rmse|mse|mae)$"
)
_METRIC_MODULES = ("sklearn.metrics", "statsmodels.tools.eval_measures", "sklearn.model_selection")
_SHORT = {
    "accuracy_score": "accuracy", "f1_score": "f1", "r2_score": "r2", "precision_score": "precision",
    "recall_score": "recall", "roc_auc_score": "roc_auc", "mean_squared_error": "mse",
    "root_mean_squared_error": "rmse", "mean_absolute_error": "mae", "confusion_matrix": "confusion",
    "classification_report": "report", "cross_val_score": "cross_val_scores", "cross_validate": "cross_val_scores",
    "balanced_accuracy_score": "balanced_accuracy", "average_precision_score": "average_precision",
    "jaccard_score": "jaccard", "silhouette_score": "silhouette", "matthews_corrcoef": "matthews_correlation",
    "cohen_kappa_score": "kappa", "mean_absolute_percentage_error": "mape", "mean_squared_log_error": "msle",
}  # fmt: skip
_METHODS = {"score": "score", "evaluate": "evaluation", "predict": "predictions", "predict_proba": "probabilities"}
_OF_FITTED = {  # attributes of fitted models that carry no underscore
    "rsquared": "r_squared", "rsquared_adj": "adjusted_r_squared", "pvalues": "p_values", "params": "params",
    "aic": "aic", "bic": "bic", "llf": "log_likelihood", "fvalue": "f_value", "f_pvalue": "f_p_value",
    "bse": "standard_errors", "tvalues": "t_values",
}  # fmt: skip
_SAYS_NOTHING = re.compile(r"(^|_)(y|pred|preds|predicted|predictions?|true|test|hat)(?=_|$)")
_WRAPPERS = frozenset({"round", "float", "abs", "sqrt", "mean", "std", "min", "max", "median"})
_ONE_NUMBER = frozenset({"sum", "mean", "median", "std", "var", "min", "max", "nunique", "skew", "kurt"})
_AVERAGES = {"mean": "mean", "average": "mean", "median": "median", "std": "std"}
_SCORES = re.compile(r"(score|acc|accuracy|rmse|mse|mae|r2|auc|f1|loss|error)(e?s)?$")
_GROUPED = frozenset({"mean", "sum", "count", "median", "size", "min", "max", "std", "nunique", "agg", "aggregate"})


def names_of(node: ast.expr, stable: Stable) -> tuple[str, ...]:
    """Names for a result, the best first; none where an expression is not known to be one.

    A metric, a fitted attribute, a table of groups is one; `df.head()` and `df.shape` look at the data.
    """
    if isinstance(node, ast.BinOp):
        sides = [s for s in (node.left, node.right) if not isinstance(s, ast.Constant)]
        return names_of(sides[0], stable) if len(sides) == 1 else ()
    if isinstance(node, ast.UnaryOp):
        return names_of(node.operand, stable)
    if isinstance(node, ast.Attribute):
        return _of_attribute(node, stable)
    return _of_call(node, stable) if isinstance(node, ast.Call) else ()


def _of_attribute(node: ast.Attribute, stable: Stable) -> tuple[str, ...]:
    owner = effects.root(node)
    if owner is None or owner.id in stable.names or not isinstance(node.value, ast.Name):
        return ()
    if node.attr in _OF_FITTED:
        plain = _OF_FITTED[node.attr]
    elif re.fullmatch(r"[a-z]\w*[a-z0-9]_", node.attr):
        plain = node.attr.rstrip("_")
    else:
        return ()
    return plain, f"{snake(owner.id)}_{plain}"


def _of_call(call: ast.Call, stable: Stable) -> tuple[str, ...]:
    word = effects.dotted(call.func).rpartition(".")[2]
    inner = _wrapped(call, word)
    if inner is not None and (found := names_of(inner, stable)):
        return _around(word, found)
    if isinstance(call.func, ast.Attribute) and word in _METHODS:
        owner = effects.root(call.func)
        if owner is None or owner.id not in stable.names:
            return _of_method(call, _METHODS[word], owner)
    if _is_metric(call, word, stable):
        plain = _SHORT.get(word, snake(word))
        return (*_of_part(call, plain), plain, *_of_predicted(call, plain), f"{plain}_value")
    return _of_table(call, word, stable)


def _wrapped(call: ast.Call, word: str) -> ast.expr | None:
    """What a call such as round(x, 2), np.sqrt(x) or x.mean() says of one value."""
    if word not in _WRAPPERS:
        return None
    if call.args:
        return call.args[0]
    return call.func.value if isinstance(call.func, ast.Attribute) else None


def _around(word: str, names: Sequence[str]) -> tuple[str, ...]:
    if word == "sqrt":
        return tuple("rmse" if n == "mse" else n.replace("mse", "rmse") for n in names)
    if word in ("mean", "std", "min", "max", "median"):
        plain = tuple(n.removesuffix("s") if n.endswith("scores") else n for n in names)
        return tuple(f"{word}_{n}" for n in plain)
    return tuple(names)


def _of_method(call: ast.Call, plain: str, owner: ast.Name | None) -> tuple[str, ...]:
    of_owner = (f"{snake(owner.id)}_{plain}",) if owner is not None else ()
    return (*_of_part(call, plain), plain, *of_owner)


def _of_part(call: ast.Call, plain: str) -> tuple[str, ...]:
    """`train_score` where the rows are called like the training's: that is not the score."""
    words = [a.id.lower() for a in call.args if isinstance(a, ast.Name)]
    for part in ("train", "valid", "val"):
        if words and any(re.search(rf"(^|_){part}(_|$)", w) for w in words):
            return (f"{part}_{plain}",)
    return ()


def _of_predicted(call: ast.Call, plain: str) -> tuple[str, ...]:
    """`svm_accuracy` for accuracy_score(y_test, svm_pred) or accuracy_score(y, svm.predict(X))."""
    found = []
    for argument in call.args:
        name = effects.root(argument.func) if isinstance(argument, ast.Call) else effects.root(argument)
        if name is not None:
            word = _SAYS_NOTHING.sub("", snake(name.id)).strip("_")
            found += [f"{word}_{plain}"] if word and word != plain else []
    return tuple(found[-1:])


def _is_metric(call: ast.Call, word: str, stable: Stable) -> bool:
    owner = call.func if isinstance(call.func, ast.Name) else effects.root(call.func)
    if not isinstance(owner, ast.Name):
        return False
    if owner.id in stable.functions:
        return bool(_METRIC.search(word.lower()))
    imported = stable.imports.get(owner.id)
    if not imported:
        return False
    one = imported[0][0]
    module = one.module if one.attribute is None or one.attribute == word else f"{one.module}.{one.attribute}"
    known = module.startswith(_METRIC_MODULES) or effects.dotted(call.func).startswith(f"{owner.id}.metrics.")
    return (known and bool(_METRIC.search(word) or word in _SHORT)) or word in _SHORT


def _of_table(call: ast.Call, word: str, stable: Stable) -> tuple[str, ...]:
    """Tables that sum something up: by groups, crossed, of metrics."""
    if word in ("crosstab", "pivot_table"):
        return {"crosstab": ("cross_table",), "pivot_table": ("pivot",)}[word]
    if found := _of_column(call, word):
        return found
    if word not in _GROUPED or not isinstance(call.func, ast.Attribute):
        return ()
    grouped = next((c for c in effects.calls_in(call) if effects.dotted(c.func).endswith(".groupby")), None)
    if grouped is None or not grouped.args:
        return ()
    by = grouped.args[0]
    column = by.value if isinstance(by, ast.Constant) and isinstance(by.value, str) else ""
    plain = re.sub(r"\W+", "_", snake(column)).strip("_")
    verb = "summary" if word in ("agg", "aggregate") else word
    return (f"{verb}_by_{plain}",) if plain else (f"{verb}_by_group",)


def _of_column(call: ast.Call, word: str) -> tuple[str, ...]:
    """One number of a column, `df["paid"].sum()`, or of scores, `np.mean(scores)`."""
    if isinstance(call.func, ast.Attribute) and not call.args and word in _ONE_NUMBER:
        owner = call.func.value
        if isinstance(owner, (ast.Attribute, ast.Subscript)) and (column := _column(owner)):
            return (f"{column}_{word}", f"{column}_{word}_value")
        inner: ast.expr | None = owner
    else:
        inner = call.args[0] if len(call.args) == 1 and word in ("mean", "average", "median", "std") else None
    if isinstance(inner, ast.Name) and _SCORES.search(inner.id.lower()) and word in _AVERAGES:
        return (f"{_AVERAGES[word]}_{snake(inner.id).removesuffix('s')}",)
    return ()


def chosen_rows(node: ast.expr, computed: Collection[str]) -> tuple[str, ...]:
    """Names for the rows of a table that a condition chooses by values which were computed: outliers, not a look.

    Args:
        node: what is shown.
        computed: the variables that hold something computed.
    """
    if not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Name):
        return ()
    conditions = [n for n in ast.walk(node.slice) if isinstance(n, ast.Compare)]
    sides = [s for one in conditions for s in (one.left, *one.comparators)]
    if not any(isinstance(s, ast.Name) and s.id in computed and s.id != node.value.id for s in sides):
        return ()
    column = next(filter(None, map(_column, sides)), "")
    owner = snake(node.value.id)
    return (f"chosen_by_{column}", f"{owner}_chosen_by_{column}") if column else (f"{owner}_chosen",)


def column_behind(names: Collection[str], above: Sequence[Statement]) -> str:
    """The column of a table that some variables were made of, where there is only one; else nothing."""
    wanted, found = set(names), set[str]()
    for statement in reversed(above):
        if statement.defines & wanted and isinstance(statement.node, ast.Assign):
            wanted = (wanted - statement.defines) | (statement.uses - statement.defines)
            inner = [n for n in ast.walk(statement.node.value) if isinstance(n, ast.expr) and _column(n)]
            found |= {_column(n) for n in inner}
            wanted -= {root.id for n in inner if (root := effects.root(n)) is not None}
    return found.pop() if len(found) == 1 else ""


def _column(node: ast.AST) -> str:
    """A column as code names it: `df.weight`, `df["weight"]`, also with a method behind it."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return _column(node.func.value)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return snake(node.attr)
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and isinstance(node.slice, ast.Constant):
        word = node.slice.value
        return re.sub(r"\W+", "_", snake(word)).strip("_") if isinstance(word, str) else ""
    return ""
