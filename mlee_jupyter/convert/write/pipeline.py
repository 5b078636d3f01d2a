"""pipeline.py of a package: the stages in the notebook's order, in one process."""

from __future__ import annotations

import re

from mlee_jupyter.convert.types import Plan, Stage

from .bodies import Emission, bundle_name
from .configuring import expression
from .filling import filled
from .grouping import Group
from .modules import import_lines, unused_imports
from .sections import is_configured, keywords

_OURS = {  # what the template calls things, and what else they are called where the notebook has the name
    "config": ("settings", "configuration", "run_config", "package_config"),
    "Config": ("PackageConfig", "RunConfig"),
    "Results": ("RunResults", "PackageResults"),
}
_PLACES = {name: f"__{name}_of_the_pipeline__" for name in ("imports", "fields", "steps")}


def pipeline_source(emission: Emission, needed_elsewhere: set[str]) -> str:
    """The module pipeline."""
    plan = emission.plan
    ours = _our_names(plan)
    fields = "\n".join(f"    {n}: {emission.hints.of(n)[0]}" for n in plan.results)
    returned = ", ".join(f"{n}={_result(emission, n, ours['config'])}" for n in plan.results)
    calls = [_call(emission, stage, ours["config"]) for stage in plan.stages]
    steps = "\n".join([*calls, f"    return {ours['Results']}({returned})"])
    configured = is_configured(plan)
    constants, signature = _signature(emission) if not configured else ("", "")
    given = {} if configured else {"signature": signature}
    frame = filled("src/package_name/pipeline.py", plan.name, **_PLACES, **given)
    for name, ours_now in ours.items():
        frame = re.sub(rf"\b{name}\b", ours_now, frame)

    def whole(imports: str) -> str:
        text = frame.replace(_PLACES["imports"], imports)
        return text.replace(_PLACES["fields"], fields).replace(_PLACES["steps"], steps)

    own = {s.name: s.module for s in plan.stages}
    own |= {g.name: g.module for groups in emission.groups.gathered.values() for g in groups}
    lines = import_lines(emission, "pipeline", whole(""))
    lines = "\n".join(line for line in lines.split("\n") if "import *" not in line and "__future__" not in line)
    by_module: dict[str, list[str]] = {}
    for name, module in own.items():
        by_module.setdefault(module, []).append(name)
    local = [f"from .{module} import {', '.join(sorted(names))}" for module, names in by_module.items()]
    effects = unused_imports(emission, needed_elsewhere)
    config = "Config" if ours["Config"] == "Config" else f"Config as {ours['Config']}"
    local = [*([f"from .config import {config}"] if configured else []), *local]
    return whole("\n".join([lines, "", *effects, *local, constants]))


def _signature(emission: Emission) -> tuple[str, str]:
    """The first lines of a `run` with few settings, each a default; and lists that are defaults, as constants."""
    plan = emission.plan
    constants, taken = [], []
    for variable, keyword in keywords(plan).items():
        one = plan.constants[variable]
        value = tuple(one.value) if one.as_tuple else one.value
        written = repr(value)
        if isinstance(value, list):
            name = keyword.upper() if keyword.upper() not in {keyword, *plan.facts.bound} else f"{keyword}_by_default"
            constants += [one.comment, f"{name} = {written}"]
            written = name
        elif one.comment:
            taken.append(one.comment)
        taken.append(f"{keyword}: {emission.hints.of(variable)[0]} = {written},")
    inside = "".join(f"    {line}\n" for text in taken for line in text.split("\n"))
    parameters = f"\n    *,\n{inside}" if taken else ""
    said = '    """Run every step in order."""'
    return "\n".join(filter(None, constants)), f"def run({parameters}) -> Results:\n{said}"


def _our_names(plan: Plan) -> dict[str, str]:
    """What the package calls its own things in the pipeline: nothing that is a name of the notebook."""
    taken = {*plan.facts.bound, *plan.constants, *(plan.original or plan.facts).bound}
    return {name: next((n for n in (name, *others) if n not in taken), others[-1]) for name, others in _OURS.items()}


def _result(emission: Emission, name: str, config: str) -> str:
    if name in emission.plan.constants:
        return expression(emission.plan, name, config)
    group = emission.groups.at_the_end.get(name)
    return f"{group.variable}.{name}" if group else name


def _call(emission: Emission, stage: Stage, config: str) -> str:
    plan = emission.plan
    bundles = emission.bundles(stage)
    covered = {n for names in bundles.values() for n in names}
    arguments = [_argument(emission, stage, one) for one in emission.groups.parameters(stage)]
    arguments += [f"{bundle_name(section)}={config}.{section}" for section in bundles]
    spoken = emission.parameter_names(stage)
    arguments += [f"{spoken[n]}={expression(plan, n, config)}" for n in stage.settings if n not in covered]
    call = f"{stage.name}({', '.join(arguments)})"
    given = emission.groups.given.get(stage.name)
    bound = given.variable if given else ", ".join(stage.outputs)
    return f"    {bound} = {call}" if bound else f"    {call}"


def _argument(emission: Emission, stage: Stage, one: str | Group) -> str:
    if isinstance(one, str):
        return one
    fields = (f"{n}={emission.groups.in_the_pipeline(stage, n)}" for n in one.fields)
    return f"{one.name}({', '.join(fields)})" if one.gathered else one.variable
