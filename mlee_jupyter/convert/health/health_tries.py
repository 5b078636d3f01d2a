"""Loops that try: settings, thresholds, the epochs of a training; and what such a loop keeps of a try."""

from __future__ import annotations

import ast
import re
from typing import NamedTuple

from mlee_jupyter.convert.read.effects import calls_in, root

from .health_measures import Measures
from .health_row_words import names_in, receiver, short_name, targets_of

LEARNS = re.compile(
    r"^(fit|fit_transform|fit_generator|partial_fit|backward|step|train_on_batch|train|train_\w+|\w+_train|run_epoch|fit_\w+"
    r"|apply_gradients)$"
)
_FOLDS = re.compile(r"split$|fold|^cv$|groupby|iterrows|itertuples", re.IGNORECASE)
_ROUNDS = frozenset({"backward", "partial_fit", "train_on_batch", "step", "apply_gradients", "train_step"})
_BARS = (ast.Gt, ast.GtE, ast.Lt, ast.LtE)


class Tries(NamedTuple):
    """A loop that tries: over settings or epochs."""

    node: ast.stmt
    rounds: bool
    breaks: bool
    models: frozenset[str]


def over_folds(node: ast.For | ast.AsyncFor) -> bool:
    """Whether a loop passes over folds or groups: each has test rows of its own."""
    return any(_FOLDS.search(w) for w in [*(short_name(c) for c in calls_in(node.iter)), *names_in(node.iter)])


def tries_of(node: ast.For | ast.AsyncFor | ast.While, names: frozenset[str], measures: Measures) -> Tries | None:
    """A loop in which something learns, or a threshold is tried; over models it is a comparison, and none of ours."""
    calls = list(calls_in(node))
    learns = any(LEARNS.match(short_name(c)) for c in calls)
    compares = [n for n in ast.walk(node) if isinstance(n, ast.Compare) and isinstance(n.ops[0], _BARS)]
    if not learns and not any(names & set(names_in(one)) for one in compares):
        return None
    if any(_is_model(call, names) for call in calls):
        return None
    models = {receiver(c) for c in calls if LEARNS.match(short_name(c)) or short_name(c) in ("predict", "score")}
    models |= {c.func.id for c in calls if isinstance(c.func, ast.Name) and measures.predicts(c)}
    models |= {a.id for c in calls for a in c.args if isinstance(a, ast.Name) and _over_models(a.id)}
    rounds = any(short_name(c) in _ROUNDS for c in calls) or any(n.startswith("epoch") for n in names)
    return Tries(node, rounds, any(isinstance(n, ast.Break) for n in ast.walk(node)), frozenset(models - {""}))


def _is_model(call: ast.Call, names: frozenset[str]) -> bool:
    """Whether a call uses a loop's variable as a model."""
    base = root(call.func) if isinstance(call.func, ast.Attribute) else None
    if (
        base is not None
        and base.id in names
        and (LEARNS.match(short_name(call)) or short_name(call) in ("predict", "score"))
    ):
        return True
    return any(isinstance(a, ast.Name) and a.id in names and _over_models(a.id) for a in call.args)


def counted(node: ast.expr) -> ast.expr:
    """What a loop passes over: loader of enumerate(tqdm(loader), 1)."""
    while (
        isinstance(node, ast.Call) and short_name(node) in ("enumerate", "tqdm", "trange", "iter", "list") and node.args
    ):
        node = node.args[0]
    return node


def bound_in(node: ast.stmt) -> list[tuple[ast.expr, ast.expr]]:
    """(target, value) of every assignment in a statement, tuples taken apart."""
    made: list[tuple[ast.expr, ast.expr]] = []
    for inner in ast.walk(node):
        value = getattr(inner, "value", None)
        if isinstance(inner, (ast.Assign, ast.AnnAssign)) and value is not None:
            targets = targets_of(inner)
            apart = isinstance(value, ast.Tuple) and len(value.elts) == len(targets)
            made += zip(targets, value.elts if apart else [value] * len(targets), strict=True)
    return made


def paths_of(call: ast.Call) -> list[ast.expr]:
    """Where something is saved: a text, or a variable that is called so."""
    given = [*call.args, *(k.value for k in call.keywords)]
    return [a for a in given if isinstance(a, (ast.Constant, ast.JoinedStr, ast.Name, ast.Attribute))]


def is_state(value: ast.expr, models: frozenset[str]) -> bool:
    """Whether a value is a model, a copy of one, or what it has learned."""
    copies = any(short_name(c) in ("copy", "deepcopy", "clone", "state_dict", "get_weights") for c in calls_in(value))
    return copies or (isinstance(value, ast.Name) and value.id in models)


def _over_models(name: str) -> bool:
    return bool(re.search(r"model|net|clf|classifier|regressor|estimator|algo", name, re.IGNORECASE))
