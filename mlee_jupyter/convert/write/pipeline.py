"""pipeline.py of a package: the stages in the notebook's order, in one process."""

from __future__ import annotations

from mlee_jupyter.convert.types import Plan, Stage

from .bodies import Emission, bundle_name
from .configuring import expression
from .filling import filled
from .modules import import_lines, unused_imports


def pipeline_source(emission: Emission, needed_elsewhere: set[str]) -> str:
    """The module pipeline."""
    plan = emission.plan
    fields = "\n".join(f"    {n}: {emission.hints.of(n)[0]}" for n in plan.results)
    returned = ", ".join(f"{n}={_result(plan, n)}" for n in plan.results)
    steps = "\n".join([*(_call(emission, stage) for stage in plan.stages), f"    return Results({returned})"])
    body = filled("src/package_name/pipeline.py", plan.name, imports="", fields=fields, steps=steps)
    own = {s.name: s.module for s in plan.stages}
    lines = import_lines(emission, "pipeline", body)
    lines = "\n".join(line for line in lines.split("\n") if "import *" not in line and "__future__" not in line)
    by_module: dict[str, list[str]] = {}
    for name, module in own.items():
        by_module.setdefault(module, []).append(name)
    local = [f"from .{module} import {', '.join(sorted(names))}" for module, names in by_module.items()]
    effects = unused_imports(emission, needed_elsewhere)
    imports = "\n".join([lines, "", *effects, "from .config import Config", *local])
    return filled("src/package_name/pipeline.py", plan.name, imports=imports, fields=fields, steps=steps)


def _result(plan: Plan, name: str) -> str:
    return expression(plan, name) if name in plan.constants else name


def _call(emission: Emission, stage: Stage) -> str:
    plan = emission.plan
    bundles = emission.bundles(stage)
    covered = {n for names in bundles.values() for n in names}
    arguments = list(stage.inputs)
    arguments += [f"{bundle_name(section)}=config.{section}" for section in bundles]
    spoken = emission.parameter_names(stage)
    arguments += [f"{spoken[n]}={expression(plan, n)}" for n in stage.settings if n not in covered]
    call = f"{stage.name}({', '.join(arguments)})"
    return f"    {', '.join(stage.outputs)} = {call}" if stage.outputs else f"    {call}"
