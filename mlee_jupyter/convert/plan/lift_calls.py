"""Values inside calls: seeds, paths, hyper-parameters."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
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
_NOT_TUNED = frozenset(
    {"formula", "verbose", "n_jobs", "axis", "as_frame", "return_X_y", "copy", "figsize", "ax", "inplace", "dtype"}
)
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
    several = _several_values(wishes)
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
                _lift_argument(wishes, statement, call, kind, word, node, value, several)


def _is_of_models(one: Import) -> bool:
    """Whether an import brings models: how a metric averages is no setting of one."""
    return one.top in _MODELS and not one.module.startswith("sklearn.metrics")


def _several_values(wishes: Wishes) -> set[tuple[str, str]]:
    """Arguments that one function is given several values of: (function, argument). None of them is *the* value."""
    found: dict[tuple[str, str], set[str]] = {}
    for statement in wishes.statements:
        if statement.kind in (Kind.FUNCTION, Kind.CLASS, Kind.IMPORT):
            continue
        for call in effects.calls_in(statement.node):
            short = snake(effects.dotted(call.func).rpartition(".")[2])
            for kind, word, node in _tuned(wishes, call):
                if kind == "hyper-parameter":
                    found.setdefault(("other" if short == word else short, word), set()).add(ast.dump(node))
    return {key for key, values in found.items() if len(values) > 1}


def _keys_of_owner(statement: Statement, word: str) -> list[str]:
    """A key by the variable that the call makes: few_n_estimators, many_n_estimators."""
    node = statement.node
    given = {ast.dump(k.value) for call in effects.calls_in(node) for k in call.keywords if k.arg == word}
    if len(given) > 1:
        return []  # two of them would have one key
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        owner = snake(node.targets[0].id)
        return [f"{owner}_{word}"] if len(owner) > 1 else []
    return []


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
            yield "path", _path_word(first.value), first
    root = name.partition(".")[0]
    imported = wishes.stable.imports.get(root)
    is_model = bool(imported) and imported is not None and _is_of_models(imported[0][0])
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
    several: set[tuple[str, str]],
) -> None:
    section = "random" if kind == "seed" else wishes.section(kind, statement)
    short = snake(effects.dotted(call.func).rpartition(".")[2])
    short = "other" if short == word else short
    same = [v for v, w in wishes.made.items() if w.kind == kind and w.value == value and type(w.value) is type(value)]
    if kind in ("seed", "path") and same:
        variable = same[0]
    else:
        everywhere = [v for v in same if word in _SHARED and wishes.made[v].key == word]
        variable = everywhere[0] if everywhere else ""
        keys = [word, f"{short}_{word}"]
        if word in _SHARED:
            keys = [word, *_keys_of_owner(statement, word)]
        elif (short, word) in several:
            keys = _keys_of_owner(statement, word)
        for key in () if variable else keys:
            known = wishes.keys.get((section, key))
            shared = word in _SHARED or (known is not None and wishes.made[known].comment == short)
            if known and wishes.made[known].value == value and shared:
                variable = known
                break
            if known is None and kind == "hyper-parameter" and (section, key) not in wishes.keys:
                if not wishes.is_free(key) and not wishes.is_free(f"{short}_{word}"):
                    continue
                variable = wishes.fresh(key, f"{short}_{word}")
                wish = wishes.wish(kind, section, key, variable, value, node)
                wish.comment = short
                break
            if known is None:
                variable = wishes.fresh(key, f"{short}_{word}")
                wish = wishes.wish(kind, section, key, variable, value, node)
                break
        if not variable and kind == "hyper-parameter":
            return  # the code says it best: a number behind its key would say nothing
        if not variable:
            key = wishes.fresh(f"{short}_{word}_{statement.cell}")
            variable = key
            wishes.wish(kind, section, key, variable, value, node)
    wish = wishes.made[variable]
    wish.places.append((statement.cell, node.lineno))
    wishes.editor.replace(statement, node, wish.original or variable)


def _path_word(path: str) -> str:
    stem = re.split(r"[/\\]", path.rstrip("/\\"))[-1].partition(".")[0]
    word = snake(re.sub(r"\W+", "_", stem)).strip("_")
    return f"{word}_path" if word and not word[0].isdigit() else "path"
