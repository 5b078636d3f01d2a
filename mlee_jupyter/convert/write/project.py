"""pyproject.toml and README.md of a package."""

from __future__ import annotations

from typing import Any

import tomlkit

from mlee_jupyter.convert.interpreter import OWN
from mlee_jupyter.convert.types import Plan, Sameness

from .configuring import root_variable, toml
from .filling import filled
from .grouping import Group, Groups
from .markdown_text import plain, prose
from .sections import by_section, has_root, is_configured, keywords, option, setting_name

OLDEST = (3, 11)  # what a package asks for where no older interpreter ran it

# What the versions of the linter agree on; what they take by default grows from one to the next.
RULES = ("E4", "E7", "E9", "F", "I")


def pyproject(plan: Plan, dependencies: tuple[str, ...], extra_modules: tuple[str, ...] = ()) -> str:
    """A project that builds with hatchling and is tested with pytest."""
    written: Any = tomlkit.parse(filled("pyproject.toml", plan.name))
    project = written["project"]
    spoken = plan.name.replace("_", "-").strip("-")
    project["name"] = spoken
    project["description"] = f"Made from {plan.facts.notebook.path.name}."
    project["dependencies"] = tomlkit.item(list(dependencies)).multiline(True)
    project["requires-python"] = f">={'.'.join(map(str, min((plan.interpreter or OWN).version[:2], OLDEST)))}"
    scripts = project["scripts"]
    scripts[spoken] = scripts.pop("package-name")
    wheel = written["tool"]["hatch"]["build"]["targets"]["wheel"]
    wheel["packages"] = [f"src/{name}" for name in (plan.name, *extra_modules)]
    ruff = written["tool"]["ruff"]
    ruff["lint"]["select"] = list(RULES)
    if extra_modules:
        ruff["extend-exclude"] = [f"src/{name}" for name in extra_modules]
    else:
        ruff.pop("extend-exclude")
    if not is_configured(plan):
        wheel.pop("force-include")
    return tomlkit.dumps(written)


def readme(plan: Plan, proof: Sameness | None, groups: Groups, data_folder: str | None = None) -> str:
    """What the package is, how it is run and changed, and where it came from."""
    first = next((h.text for c in plan.facts.notebook.cells for h in c.headings), plan.name)
    lines = [
        f"# {plan.name}",
        "",
        f"{prose(first.strip().rstrip('.'))}. Made from the notebook {plain(plan.facts.notebook.path.name)}.",
        "",
    ]
    said = {
        Sameness.IDENTICAL: "Proven: in fresh processes, notebook and package gave identical values (see report.md).",
        Sameness.DIFFERENT: "**Differs from the notebook in places; report.md says where and why that was accepted.**",
        Sameness.NOT_PROVEN: "**NOT PROVEN to give what the notebook gave; see report.md.**",
        None: "**NOT PROVEN: nothing was run when this package was written.**",
    }
    lines += [said[proof], "", "## Run", "", "```", "pip install -e .[test]", f"python -m {plan.name}"]
    lines += _example(plan)
    lines += ["pytest", "```", ""]
    lines += ["## Steps", "", "| step | module | takes | gives |", "|---|---|---|---|"]
    for stage in plan.stages:
        taken = (one.variable if isinstance(one, Group) else one for one in groups.parameters(stage))
        takes = ", ".join((*taken, *(setting_name(plan, s) for s in stage.settings)))
        gives = ", ".join(stage.outputs)
        gives = f"{groups.given[stage.name].variable} ({gives})" if stage.name in groups.given else gives
        lines.append(f"| {stage.name} | {stage.module} | {takes} | {gives} |")
    if plan.constants:
        where = "config.toml" if is_configured(plan) else "the defaults of `run` in pipeline.py"
        lines += ["", f"## Settings ({where})", "", "| setting | kind |", "|---|---|"]
        for entries in by_section(plan.constants).values():
            lines += [f"| {setting_name(plan, variable)} | {one.kind} |" for variable, one in entries]
    variables = [f"- `{s.variable}`: a secret that stood in cell {s.cell} ({s.why})" for s in plan.secrets]
    if has_root(plan) or data_folder is not None:
        variables.append(f"- `{root_variable(plan)}`: the folder below which the data files lie")
    if variables:
        lines += ["", "## Environment variables", "", *variables]
    if plan.notes:
        lines += ["", "## Notes", "", *(f"- {note}" for note in plan.notes)]
    lines += ["", "After a wanted change of results, renew the golden values: `python tests/golden.py`.", ""]
    return "\n".join(lines)


def _example(plan: Plan) -> list[str]:
    """The command line with one setting changed."""
    given = keywords(plan)
    for variable, one in plan.constants.items():
        if variable in given and (isinstance(one.value, (bool, list))):
            continue
        shown = "VALUE" if isinstance(one.value, (list, str)) else toml(one.value)
        said = f"{option(given[variable])} {shown}" if variable in given else f"--set {one.dotted}={shown}"
        return [f"python -m {plan.name} {said}"]
    return []
