"""How simple a fitted model is, read from the model: a rank with its reason, or why it cannot be told.

A pipeline is as simple as its least simple step. What is nobody's known is not guessed at: it stays unknown, unless the
only models that are found in it are known.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Any, NamedTuple

from .model_ranks import BY_CLASS, BY_MAKER, KNOWN_BY, LINEAR, REMOTE, SINGLE, WRAPPERS

SMALL_TREE = 8  # leaves that can be read at a glance
_DEEP = 6  # models within models


class Ranked(NamedTuple):
    """How simple, 1 being the simplest, and why; None where it cannot be told, and why not."""

    rank: int | None
    reason: str


def of_model(model: Any) -> Ranked:
    """How simple a fitted model is; nothing of it is called."""
    try:
        return _of(model, 0)
    except Exception as fault:  # its attributes may be properties that raise
        return Ranked(None, f"{type(model).__name__[:40]} cannot be looked into ({type(fault).__name__})")


def _of(model: Any, depth: int) -> Ranked:
    if depth > _DEEP:
        return Ranked(None, "it is nested too deep to be read")
    name = type(model).__name__
    if (steps := _steps(model)) is not None:
        return _of_steps(steps, depth)
    if name in WRAPPERS and _made_by(model) & KNOWN_BY:
        inside = next((m for of in WRAPPERS[name] if (m := getattr(model, of, None)) is not None), None)
        return _of(inside, depth + 1) if inside is not None else Ranked(None, f"the model in {name} is not there")
    if (of_stats := _of_statsmodels(model)) is not None:
        return of_stats
    for kind in type(model).__mro__:
        maker = kind.__module__.partition(".")[0]
        if maker in KNOWN_BY and kind.__name__ in BY_CLASS:
            return _sized(model, kind.__name__, depth)
        if maker == "transformers" and "generat" in name.lower():
            return Ranked(REMOTE, "a generative model")
        if maker in BY_MAKER and kind is not object:
            return Ranked(*BY_MAKER[maker])
    return _of_own(model, name, depth)


def _of_steps(steps: list[Any], depth: int) -> Ranked:
    """The least simple step; steps of the user's own are named, since they are not read."""
    found = [_of(steps[-1], depth + 1)]
    own = []
    for step in steps[:-1]:
        if isinstance(step, str) or step is None:
            continue
        ranked = _of_transformer(step, depth)
        if ranked is not None and ranked.rank is not None:
            found.append(ranked)
        elif ranked is not None:
            own.append(ranked.reason)
    if found[0].rank is None:
        return found[0]
    worst = max(found, key=lambda one: one.rank or 0)
    after = f", after a step of your own that is not read ({own[0]})" if own else ""
    return Ranked(worst.rank, worst.reason + after)


def _of_transformer(step: Any, depth: int) -> Ranked | None:
    """None of a known step that only prepares columns; a rank where it is a model; without one where it is your own."""
    inner = [one for one in _columns_of(step) if not isinstance(one, str)]
    if inner:
        ranked = [r for one in inner if (r := _of_transformer(one, depth + 1)) is not None]
        known = [r for r in ranked if r.rank is not None]
        return max(known, key=lambda one: one.rank or 0) if known else (ranked[0] if ranked else None)
    if (steps := _steps(step)) is not None:
        ranked = [r for one in steps if not isinstance(one, str) and (r := _of_transformer(one, depth + 1)) is not None]
        return max(ranked, key=lambda one: one.rank or 0) if ranked else None
    makers, name = _made_by(step), type(step).__name__
    if name == "FunctionTransformer":
        function = getattr(step, "func", None)
        maker = (getattr(function, "__module__", None) or "numpy").partition(".")[0]
        return None if function is None or maker in ("numpy", "scipy", "pandas") else Ranked(None, _called(function))
    if name in BY_CLASS and makers & KNOWN_BY:
        return Ranked(*BY_CLASS[name])
    if maker := next((m for m in makers if m in BY_MAKER), None):
        return Ranked(*BY_MAKER[maker])
    if (inside := getattr(step, "estimator_", None) or getattr(step, "estimator", None)) is not None:
        return _of(inside, depth + 1)  # a selector by a model, an imputer
    return None if makers & (KNOWN_BY | {"category_encoders", "feature_engine", "numpy"}) else Ranked(None, name[:40])


def _sized(model: Any, name: str, depth: int) -> Ranked:
    """What its class says, and its size where that matters."""
    rank, reason = BY_CLASS[name]
    if "Tree" in name and "Trees" not in name:
        leaves = getattr(getattr(model, "tree_", None), "n_leaves", None)
        if leaves is not None and leaves <= SMALL_TREE:
            return Ranked(LINEAR, f"a small tree of {leaves} leaves")
        return Ranked(rank, reason if leaves is None else f"a tree of {leaves:,} leaves")
    if name in ("SVC", "SVR", "NuSVC", "NuSVR") and getattr(model, "kernel", None) == "linear":
        return Ranked(LINEAR, "a linear model")
    if str(getattr(model, "booster", "")) == "gblinear":
        return Ranked(LINEAR, "a linear model")
    members = [one for one in _members(model) if not isinstance(one, str)]
    if reason == "several models together" and members:
        inner = [_of(one, depth + 1) for one in members[:50]]
        worst = max(inner, key=lambda one: one.rank or 0)
        if (worst.rank or 0) > rank:
            return Ranked(worst.rank, f"{reason}, {worst.reason} among them")
    trees = getattr(model, "n_estimators", None)
    if reason in ("a forest", "boosted trees") and isinstance(trees, int) and not isinstance(trees, bool):
        if trees == 1 and reason == "a forest":
            return Ranked(SINGLE, "a tree")
        return Ranked(rank, f"a forest of {trees:,} trees" if reason == "a forest" else f"{trees:,} boosted trees")
    return Ranked(rank, reason)


def _of_statsmodels(model: Any) -> Ranked | None:
    """A result of statsmodels is what it is a result of."""
    if "statsmodels" not in _made_by(model):
        return None
    of = getattr(model, "model", None)
    for kind in type(of if of is not None else model).__mro__:
        if kind.__name__ in BY_CLASS:
            return Ranked(*BY_CLASS[kind.__name__])
    return None


def _of_own(model: Any, name: str, depth: int) -> Ranked:
    """A class of the user's own: as simple as the models that it holds, if it holds any."""
    if isinstance(model, types.FunctionType | types.MethodType):
        return Ranked(None, f"it is your own function {_called(model)}")
    held = [one for one in _values(model) if _is_model(one)]
    inner = [_of(one, depth + 1) for one in held[:20]]
    if not inner or any(one.rank is None for one in inner):
        return Ranked(None, f"{name[:40]} is not known here")
    worst = max(inner, key=lambda one: one.rank or 0)
    return Ranked(worst.rank, f"{worst.reason}, in {name[:40]} of your own")


def _values(model: Any) -> Iterator[Any]:
    for value in vars(model).values() if hasattr(model, "__dict__") else ():
        yield value
        if isinstance(value, list | tuple):
            yield from value[:20]
        elif isinstance(value, dict):
            yield from list(value.values())[:20]


def _is_model(value: Any) -> bool:
    return hasattr(type(value), "predict") and not isinstance(value, type)


def _steps(model: Any) -> list[Any] | None:
    """The steps of a pipeline, whoever made it."""
    steps = getattr(model, "steps", None)
    if type(model).__name__.endswith("Pipeline") and isinstance(steps, list) and steps:
        return [step[-1] for step in steps if isinstance(step, tuple)]
    return None


def _columns_of(step: Any) -> list[Any]:
    """What a step holds that treats columns apart, or side by side."""
    fitted = getattr(step, "transformers_", None) or getattr(step, "transformers", None)
    if fitted is None and type(step).__name__ == "FeatureUnion":
        fitted = step.transformer_list
    return [one[1] for one in fitted if isinstance(one, tuple)] if isinstance(fitted, list) else []


def _members(model: Any) -> list[Any]:
    members = getattr(model, "estimators_", None)
    found = list(members) if isinstance(members, list | tuple) else []
    final = getattr(model, "final_estimator_", None)
    return [*found, *([final] if final is not None else [])]


def _made_by(model: Any) -> set[str]:
    return {kind.__module__.partition(".")[0] for kind in type(model).__mro__}


def _called(function: Any) -> str:
    return str(getattr(function, "__name__", type(function).__name__))[:40]
