"""Values inside calls: seeds, paths, hyper-parameters."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from mlee_jupyter.convert.read import effects
from mlee_jupyter.convert.read.literals import literal
from mlee_jupyter.convert.read.paths import is_path
from mlee_jupyter.convert.read.rewrite import out_of_reach
from mlee_jupyter.convert.types import Effect, Import, Kind, Statement

from .naming import snake
from .wishes import SEED_WORDS, Wishes

_MODELS = frozenset(
    [
        "sklearn",
        "xgboost",
        "lightgbm",
        "catboost",
        "statsmodels",
        "keras",
        "tensorflow",
        "torch",
        "imblearn",
        "prophet",
        "umap",
        "hdbscan",
    ]
)
_OF_NO_FIT = """
formula verbose n_jobs axis axes dim dims keepdim keepdims as_frame return_X_y copy figsize ax inplace dtype device
decimals digits ndigits precision name version title label labels color colors cmap palette fontsize linewidth
marker rotation orientation feature_names class_names target_names out_file display_labels xticks_rotation
values_format special_characters filled rounded proportion start end stop order data_home subset missing prefix
suffix index columns
"""
_NOT_TUNED = frozenset(_OF_NO_FIT.split())  # which axis, how it looks, what it is called
_TENSORS = frozenset({"torch", "tensorflow"})  # their functions in lower case are arithmetic: torch.sum(x, dim=1)
_SHARED = frozenset({"cv", "scoring", "test_size", "train_size", "n_splits"})  # one choice for the whole project
_POSITIONAL = {
    "KNeighborsClassifier": "n_neighbors",
    "KNeighborsRegressor": "n_neighbors",
    "KMeans": "n_clusters",
    "PCA": "n_components",
    "KFold": "n_splits",
    "RandomForestClassifier": "n_estimators",
    "RandomForestRegressor": "n_estimators",
    "PolynomialFeatures": "degree",
    "Ridge": "alpha",
    "Lasso": "alpha",
}


def calls(wishes: Wishes) -> None:
    """Wish for the seeds, paths and hyper-parameters that calls are given."""
    removed = {s.index for s in wishes.removed}
    values = _values(wishes)
    for statement in wishes.statements:
        if statement.index in removed or statement.kind in (Kind.FUNCTION, Kind.CLASS, Kind.IMPORT):
            continue
        far, is_picture = out_of_reach(statement.node), wishes.draws(statement)
        for call in effects.calls_in(statement.node):
            for kind, word, node in _tuned(wishes, call):
                value = literal(node)
                if value is None or isinstance(value, (list, bool)) or id(node) in far:
                    continue
                if kind == "hyper-parameter" and is_picture:
                    continue
                _lift_argument(wishes, statement, call, kind, word, node, value, values)


def _is_of_models(one: Import) -> bool:
    """Whether an import brings models: how a metric averages is no setting of one."""
    return one.top in _MODELS and not one.module.startswith("sklearn.metrics")


@dataclass
class _Values:
    """The values that arguments are given all over the notebook."""

    of: dict[tuple[str, str], set[str]] = field(default_factory=dict)  # (function, argument) -> values
    owned: dict[tuple[str, str], set[str]] = field(default_factory=dict)  # (variable made, argument) -> values
    seeds: Counter[str] = field(default_factory=Counter)

    @property
    def seed(self) -> str:
        """The seed that is *the* seed: the one that stands there most often."""
        return max(self.seeds, key=lambda one: self.seeds[one], default="")


def _values(wishes: Wishes) -> _Values:
    """What there is of each argument: of several values none is *the* value."""
    found = _Values()
    for statement in wishes.statements:
        if statement.kind in (Kind.FUNCTION, Kind.CLASS, Kind.IMPORT):
            continue
        for call in effects.calls_in(statement.node):
            for kind, word, node in _tuned(wishes, call):
                value = ast.dump(node)
                found.of.setdefault((_short(call, word), word), set()).add(value)
                found.owned.setdefault((_owner(statement), word), set()).add(value)
                if kind == "seed" and isinstance(node, ast.Constant):
                    found.seeds[value] += 1
    return found


def _short(call: ast.Call, word: str) -> str:
    """What the function of a call is called in a key."""
    short = snake(effects.dotted(call.func).rpartition(".")[2])
    return "other" if short == word else short


def _owner(statement: Statement) -> str:
    """The variable that a statement makes, as a key says it; empty where a name would say nothing."""
    node = statement.node
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        owner = snake(node.targets[0].id)
        return owner if len(owner) > 1 else ""
    return ""


def _keys(values: _Values, statement: Statement, call: ast.Call, kind: str, word: str, node: ast.expr) -> list[str]:
    """The keys that a value may have, the best first; none where the code says it best."""
    short, owner = _short(call, word), _owner(statement)
    by_owner = [f"{owner}_{word}"] if owner and len(values.owned.get((owner, word), ())) == 1 else []
    if kind == "path":
        return _path_keys(str(getattr(node, "value", "")))
    if kind == "seed":
        is_one = short != "other" and len(values.of.get((short, word), ())) == 1
        return ["seed"] if ast.dump(node) == values.seed else [*by_owner, *([f"{short}_seed"] if is_one else [])]
    if word in _SHARED:
        return [word, *by_owner]
    if len(values.of.get((short, word), ())) > 1:
        return by_owner
    return [word, f"{short}_{word}"] if short != "other" else [word, *by_owner]


def _tuned(wishes: Wishes, call: ast.Call) -> Iterator[tuple[str, str, ast.expr]]:
    name = effects.dotted(call.func)
    found = effects.of_call(call)
    short = name.rpartition(".")[2]
    if Effect.SEEDS in found and call.args:
        yield "seed", "seed", call.args[0]
    if short in ("RandomState", "default_rng") and call.args:
        yield "seed", "seed", call.args[0]
    if found & {Effect.READS_FILE, Effect.WRITES_FILE} and call.args:
        first = call.args[0]
        if isinstance(first, ast.Constant) and isinstance(first.value, str) and is_path(first.value):
            yield "path", "path", first
    root = name.partition(".")[0]
    imported = wishes.stable.imports.get(root)
    is_model = bool(imported) and imported is not None and _is_of_models(imported[0][0])
    is_model = is_model and not (imported is not None and imported[0][0].top in _TENSORS and short.islower())
    for keyword in call.keywords:
        if keyword.arg in SEED_WORDS:
            yield "seed", "seed", keyword.value
        elif is_model and keyword.arg and keyword.arg not in _NOT_TUNED:
            yield "hyper-parameter", keyword.arg, keyword.value
    if is_model and short in _POSITIONAL and len(call.args) == 1:
        yield "hyper-parameter", _POSITIONAL[short], call.args[0]


def _lift_argument(
    wishes: Wishes,
    statement: Statement,
    call: ast.Call,
    kind: str,
    word: str,
    node: ast.expr,
    value: Any,
    values: _Values,
) -> None:
    section = "random" if kind == "seed" else wishes.section(kind, statement)
    variable = _known(wishes, kind, word, value)
    short = _short(call, word)
    for key in () if variable else _keys(values, statement, call, kind, word, node):
        known = wishes.keys.get((section, key))
        if known is None:
            spoken = [one for one in (key, f"{short}_{key}") if wishes.is_free(one)]
            if not spoken and kind == "hyper-parameter":
                continue
            variable = wishes.fresh(*(spoken or [key]))
            wishes.wish(kind, section, key, variable, value, node).comment = short
        elif wishes.made[known].value == value and (word in _SHARED or wishes.made[known].comment == short):
            variable = known
        if variable:
            break
    if not variable:
        return  # the code says it best: a number behind its key would say nothing
    wish = wishes.made[variable]
    wish.places.append((statement.cell, node.lineno))
    wishes.editor.replace(statement, node, wish.original or variable)


def _known(wishes: Wishes, kind: str, word: str, value: Any) -> str:
    """The setting that holds the value already, where one is enough for the whole project."""
    same = [v for v, w in wishes.made.items() if w.kind == kind and w.value == value and type(w.value) is type(value)]
    if kind not in ("seed", "path"):
        same = [v for v in same if word in _SHARED and wishes.made[v].key == word]
    return same[0] if same else ""


def _path_keys(path: str) -> list[str]:
    """By the file, else by its folders as well: houses_path, train_houses_path."""
    words: list[str] = []
    keys = []
    for part in reversed([p for p in re.split(r"[/\\]", path) if p.strip(".")]):
        plain = part.partition(".")[0] if not words else part
        word = snake(re.sub(r"\W+", "_", plain)).strip("_")
        words = [word, *words] if word else words
        if words and not words[0][0].isdigit():
            keys.append(f"{'_'.join(words)}_path")
    return [*keys, "path"]
