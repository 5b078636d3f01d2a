"""The lifted values: by section of the configuration, or, where there are few, as what `run` takes by keyword."""

from __future__ import annotations

from collections.abc import Mapping
from keyword import iskeyword

from mlee_jupyter.convert.read.facts import BUILTINS
from mlee_jupyter.convert.types import Lifted, Plan

CONFIG_FROM = 3  # settings; fewer are defaults of `run`, and a file with its reader would be longer than they are


def by_section(lifted: Mapping[str, Lifted]) -> dict[str, list[tuple[str, Lifted]]]:
    """The lifted values by section of the configuration, in order: (variable, value)."""
    found: dict[str, list[tuple[str, Lifted]]] = {}
    for variable, one in lifted.items():
        found.setdefault(one.section, []).append((variable, one))
    return found


def has_root(plan: Plan) -> bool:
    """Whether some path was absolute and is now read below a data root."""
    return any(one.kind == "absolute path" for one in plan.constants.values())


def is_configured(plan: Plan) -> bool:
    """Whether the package has a config.toml; one with few settings has defaults of `run` instead."""
    return len(plan.constants) >= CONFIG_FROM or has_root(plan)


def keywords(plan: Plan) -> dict[str, str]:
    """Variable -> the parameter of `run` that gives it; empty where a configuration does."""
    if is_configured(plan):
        return {}
    bound = {*plan.facts.bound, *(plan.original or plan.facts).bound, *(s.name for s in plan.stages)}
    bound |= BUILTINS | set(plan.constants) | {"run", "Any", "dataclass", "annotations"}
    found: dict[str, str] = {}
    for variable, one in plan.constants.items():
        is_free = one.key.isidentifier() and not iskeyword(one.key) and one.key not in bound
        found[variable] = one.key if is_free and one.key not in found.values() else variable
    return found


def setting_name(plan: Plan, variable: str) -> str:
    """What a setting is called by whoever sets it: model.max_depth, or max_depth alone."""
    return keywords(plan).get(variable) or plan.constants[variable].dotted


def option(keyword: str) -> str:
    """The option of the command line for a parameter of `run`."""
    return f"--{keyword.strip('_').replace('_', '-')}"
