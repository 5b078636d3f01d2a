"""Random draws and the seeds set before them, by generator."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence

from mlee_jupyter.convert.read.effects import dotted
from mlee_jupyter.convert.types import Statement
from mlee_jupyter.domain import Place

from .health_nodes import Walked

_STATE_WORDS = frozenset({"random_state", "seed", "rng", "generator", "random_seed"})
_SKLEARN = re.compile(
    r"^(train_test_split|ShuffleSplit|StratifiedShuffleSplit|GroupShuffleSplit|(RandomForest|ExtraTrees|Bagging|MLP|SGD)(Classifier|Regressor)"
    r"|KMeans|MiniBatchKMeans|IsolationForest|RandomizedSearchCV|GaussianMixture|BayesianGaussianMixture|TSNE|SMOTE|RandomOverSampler|RandomUnderSampler"
    r"|make_(blobs|classification|regression|moons|circles|gaussian_quantiles|friedman\d|hastie_10_2|swiss_roll|s_curve))$"
)
_FOLDS = frozenset({"KFold", "StratifiedKFold", "StratifiedGroupKFold"})
_NUMPY_QUIET_WORDS = """
seed RandomState default_rng Generator SeedSequence get_state set_state PCG64 MT19937 Philox SFC64
bit_generator BitGenerator
"""
_NUMPY_QUIET = frozenset(_NUMPY_QUIET_WORDS.split())
_PYTHON_DRAWS_WORDS = """
random randint randrange choice choices shuffle sample uniform gauss normalvariate betavariate expovariate
getrandbits triangular
"""
_PYTHON_DRAWS = frozenset(_PYTHON_DRAWS_WORDS.split())
_TORCH_DRAWS_WORDS = """
rand randn randint randperm normal bernoulli multinomial
"""
_TORCH_DRAWS = frozenset(_TORCH_DRAWS_WORDS.split())
_SEED_ALL = re.compile(r"seed|set_determinis", re.IGNORECASE)


def modules_of(statements: tuple[Statement, ...]) -> dict[str, str]:
    """What an imported name stands for, dotted: np -> numpy, tts -> sklearn.model_selection.train_test_split."""
    found: dict[str, str] = {}
    for statement in statements:
        for one in statement.imports:
            if one.attribute is not None:
                found[one.name] = f"{one.module}.{one.attribute}"
            else:
                found[one.name] = one.module if one.alias else one.module.partition(".")[0]
    return found


def full_name(call: ast.Call, modules: Mapping[str, str]) -> str:
    """The dotted name of a called function with its import spelled out: numpy.random.rand."""
    first, dot, rest = dotted(call.func).partition(".")
    return f"{modules.get(first, first)}{dot}{rest}"


def randoms_and_seeds(nodes: Sequence[Walked], modules: Mapping[str, str]) -> tuple[list[Place], list[Place]]:
    """Draws without a seed of their own, and seeds.

    What a function or class draws is drawn where its name is first used: a seed between the two is in time, and what
    nothing uses draws nothing.
    """
    randoms: list[Place] = []
    seeds: list[Place] = []
    waiting: dict[str, tuple[list[Place], frozenset[str]]] = {}  # by name: its draws, and the names inside
    for one in nodes:
        found = list(draws_and_seeds(one, modules))
        seeds += [place for is_seed, place in found if is_seed]
        draws = [place for is_seed, place in found if not is_seed]
        node = one.statement.node
        names = frozenset(n.id for n in one.nodes if isinstance(n, ast.Name))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            waiting[node.name] = draws, names
            continue
        seeded = {place.what for place in seeds}
        randoms += [draw for draw in _released(names, waiting) if not seeded & {draw.more, "all"}]
        randoms += draws
    return sorted(randoms, key=lambda place: (place.cell, place.line)), seeds


def _released(names: frozenset[str], waiting: dict[str, tuple[list[Place], frozenset[str]]]) -> Iterator[Place]:
    """Draws of the functions that some names lead to, through each other; each is followed once."""
    reached = set(names & waiting.keys())
    while reached:
        draws, inside = waiting.pop(reached.pop())
        reached |= inside & waiting.keys()
        yield from draws


def draws_and_seeds(one: Walked, modules: Mapping[str, str]) -> Iterator[tuple[bool, Place]]:
    """(True, place) of a seed, (False, place) of a draw that has none of its own, in the order they are written."""
    given = {id(c.func.value) for c in one.calls if _gives_a_state(c) and isinstance(c.func, ast.Attribute)}
    for call in sorted(one.calls, key=lambda c: (c.lineno, c.col_offset)):
        if id(call) in given:
            continue
        name = full_name(call, modules)
        short = name.rpartition(".")[2]
        if seeded := _seeded(name, short, call):
            yield True, Place(one.cell, call.lineno, seeded)
        elif drawn := _drawn(name, short, call, one.statement):
            yield False, Place(one.cell, call.lineno, dotted(call.func), drawn)


def _seeded(name: str, short: str, call: ast.Call) -> str:
    if name == "numpy.random.seed":
        return "numpy" if call.args or call.keywords else ""
    if name == "random.seed":
        return "random" if call.args or call.keywords else ""
    if name.startswith("torch") and short.startswith(("manual_seed", "seed")):
        return "torch"
    return "all" if _SEED_ALL.search(short) and short != "SeedSequence" else ""


def _drawn(name: str, short: str, call: ast.Call, statement: Statement) -> str:
    if any(k.arg is None or (k.arg in _STATE_WORDS and not _is_none(k.value)) for k in call.keywords):
        return ""
    if name in ("numpy.random.default_rng", "numpy.random.RandomState"):
        bare = not call.args or _is_none(call.args[0])
        return "a generator of its own" if bare else ""
    if name.startswith("numpy.random."):
        return "" if short in _NUMPY_QUIET or name.count(".") > 2 else "numpy"
    if name.startswith("random."):
        return "random" if short in _PYTHON_DRAWS and name.count(".") == 1 else ""
    if name.startswith("torch."):
        return "torch" if short in _TORCH_DRAWS and name.count(".") == 1 else ""
    if _SKLEARN.match(short):
        return "" if any(k.arg == "shuffle" and _is_false(k.value) for k in call.keywords) else "numpy"
    if short in _FOLDS:
        return "numpy" if any(k.arg == "shuffle" and not _is_false(k.value) for k in call.keywords) else ""
    if short == "sample" and isinstance(statement.node, ast.Assign):
        return "numpy" if any(k.arg in ("n", "frac") for k in call.keywords) else ""
    return ""


def _gives_a_state(call: ast.Call) -> bool:
    """`Model().set_params(random_state=1)`: the model has its seed."""
    named = isinstance(call.func, ast.Attribute) and call.func.attr == "set_params"
    return named and any(k.arg in _STATE_WORDS and not _is_none(k.value) for k in call.keywords)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False
