"""pipeline.py, __main__.py and figures.py of a package: the stages in the notebook's order, in one process."""

from __future__ import annotations

from mlee_jupyter.convert.types import Plan, Stage

from .bodies import Emission, bundle_name
from .configuring import expression
from .modules import import_lines, unused_imports

FIGURES = '''"""Figures as a notebook handles them: shown at the end of a step, then closed."""

import matplotlib.pyplot as plt


def show_figures(*_drawn: object) -> None:
    """Show every open figure, then close it, so that the next step draws on a fresh one."""
    plt.show()
    plt.close("all")
'''


def pipeline_source(emission: Emission, needed_elsewhere: set[str]) -> str:
    """The module pipeline."""
    plan = emission.plan
    fields = [f"    {n}: {emission.hints.of(n)[0]}" for n in plan.results]
    results = "\n".join(fields)
    calls = "\n".join(_call(emission, stage) for stage in plan.stages)
    returned = ", ".join(f"{n}={_result(plan, n)}" for n in plan.results)
    body = f'''@dataclass(frozen=True, eq=False)
class Results:
    """What a run gives back."""

{results}


def run(config: Config) -> Results:
    """Run every step in order.

    Args:
        config: see `load_config`.
    """
{calls}
    return Results({returned})
'''
    own = {s.name: s.module for s in plan.stages}
    lines = import_lines(emission, "pipeline", body)
    lines = "\n".join(line for line in lines.split("\n") if "import *" not in line and "__future__" not in line)
    by_module: dict[str, list[str]] = {}
    for name, module in own.items():
        by_module.setdefault(module, []).append(name)
    local = [f"from .{module} import {', '.join(sorted(names))}" for module, names in by_module.items()]
    effects = unused_imports(emission, needed_elsewhere)
    head = ['"""The whole pipeline, in the order of the notebook."""', "", "from __future__ import annotations", ""]
    head += ["from dataclasses import dataclass", lines, "", *effects, "from .config import Config", *local]
    return "\n".join(head) + "\n\n\n" + body


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


def main_source(plan: Plan) -> str:
    """The module __main__: the command line."""
    return f'''"""The command line: python -m {plan.name} --set section.key=value."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Sequence

from .config import load_config
from .pipeline import run


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the pipeline and print what it gives back."""
    parser = argparse.ArgumentParser(prog="{plan.name}", description="Run the pipeline of {plan.name}.")
    parser.add_argument("--config", help="a TOML file instead of the package's own")
    parser.add_argument(
        "--set", action="append", default=[], metavar="SECTION.KEY=VALUE", dest="overrides", help="override one value"
    )
    options = parser.parse_args(arguments)
    try:
        config = load_config(options.config, options.overrides)
    except (OSError, ValueError) as fault:
        parser.error(str(fault))
    results = run(config)
    for field in dataclasses.fields(results):
        print(f"{{field.name}} = {{getattr(results, field.name)}}")


if __name__ == "__main__":
    main()
'''
