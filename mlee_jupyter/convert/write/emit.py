"""A plan as files: modules, configuration, pipeline, tests, README, thin notebook; formatted and linted by ruff."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from mlee_jupyter.convert.analyse.dependencies import dependencies_of, local_modules
from mlee_jupyter.convert.analyse.hints import Hints
from mlee_jupyter.convert.draft import Draft
from mlee_jupyter.convert.interpreter import OWN
from mlee_jupyter.convert.read.effects import calls_in, of_call
from mlee_jupyter.convert.secrets.blanking import Blanker
from mlee_jupyter.convert.types import (
    Effect,
    FunctionLine,
    Kind,
    Plan,
    Probe,
    RecordedRun,
    Sameness,
    Statement,
    Written,
)
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.domain.files import read_text

from .bodies import Emission, line_count
from .commanding import data_root_py, main_py
from .configuring import config_py, config_toml
from .filling import filled
from .modules import module_source, names_needed
from .pipeline import pipeline_source
from .project import RULES, pyproject, readme
from .sections import is_configured, keywords
from .testing import test_files
from .thin import thin_notebook


def emit(
    plan: Plan, folder: Path, recording: RecordedRun | None = None, proof: Sameness | None = None, *, lint: bool = True
) -> Written:
    """The package as text; nothing is written.

    Args:
        plan: where everything goes.
        folder: where the package will stand (paths in its tests are relative to it).
        recording: what the original run gave, for tests and type hints.
        proof: what the README says of the proof.
        lint: format and lint with ruff.

    Raises:
        MleeError: ruff is not installed.
    """
    emission = Emission(plan=plan, hints=Hints(plan, recording.types if recording else {}))
    source = f"src/{plan.name}"
    modules = [m for m in ("os", "sys") if any(f"{m}." in line for line in plan.first)]
    first = "".join(f"\n{line}" for line in (*(f"import {m}" for m in modules), *plan.first))
    files: dict[str, str] = {f"{source}/__init__.py": f'"""Made from {plan.facts.notebook.path.name}."""\n{first}\n'}
    functions: list[FunctionLine] = []
    needed: set[str] = set()
    for module in dict.fromkeys((*plan.modules, *(g.module for g in emission.groups.all))):
        text, found = module_source(emission, module)
        files[f"{source}/{module}.py"] = text
        functions += found
        needed |= names_needed(text) | _bound_at_top(text)
    if any("show_figures" in text for text in files.values()):
        files[f"{source}/figures.py"] = filled("src/package_name/figures.py", plan.name)
    if is_configured(plan):
        files[f"{source}/config.py"] = config_py(plan)
    files[f"{source}/pipeline.py"] = pipeline_source(emission, needed)
    data_folder = _data_folder(plan, folder)
    files[f"{source}/__main__.py"] = main_py(plan, data_folder)
    if data_folder is not None:
        files[f"{source}/data_root.py"] = data_root_py(plan, data_folder)
    if is_configured(plan):
        files["config.toml"] = config_toml(plan)
    local = _local_files(plan)
    files |= test_files(plan, recording, data_folder)
    files["README.md"] = readme(plan, proof, emission.groups, data_folder)
    files[f"notebooks/{plan.name}.ipynb"] = thin_notebook(plan, data_folder)
    if lint:
        files = _formatted(files)
    files |= local  # they are the notebook's author's: neither formatted nor marked
    extra = tuple(sorted({f.split("/")[1] for f in local}))
    files["pyproject.toml"] = pyproject(plan, dependencies_of(files, (plan.interpreter or OWN)), extra)
    files = Blanker(plan.hidden).files(files)
    return Written(
        plan=plan,
        folder=folder,
        files=files,
        functions=_measured(files, functions, source),
        probes=probes_of(plan),
        unproven=_unproven(plan),
    )


def _bound_at_top(text: str) -> set[str]:
    names: set[str] = set()
    for node in ast.parse(text).body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names |= {a.asname or a.name.partition(".")[0] for a in node.names}
    return names


def _data_folder(plan: Plan, folder: Path) -> str | None:
    """Where the notebook's own files lie, seen from the package; None when it touches no files."""
    statements = [plan.facts.statements[i] for i in plan.flow]
    touches = {Effect.READS_FILE, Effect.WRITES_FILE, Effect.RUNS_COMMAND, Effect.ENVIRONMENT}
    if not any(_touches(s, touches) for s in statements):
        return None
    home = plan.facts.notebook.path.absolute().parent
    return Path(os.path.relpath(home, folder.absolute())).as_posix()


def _touches(statement: Statement, effects: set[Effect]) -> bool:
    return bool(statement.effects & effects) or any(of_call(c) & effects for c in calls_in(statement.node))


def _local_files(plan: Plan) -> dict[str, str]:
    """Modules beside the notebook that it imports, copied into src."""
    draft = Draft(name=plan.name, facts=plan.facts, original=plan.original or plan.facts, flow=list(plan.flow))
    files: dict[str, str] = {}
    for name, place in local_modules(draft).items():
        members = [place] if place.is_file() else sorted(p for p in place.rglob("*.py") if "__pycache__" not in p.parts)
        for file in members[:500]:
            relative = f"{name}.py" if place.is_file() else f"{name}/{file.relative_to(place).as_posix()}"
            try:
                files[f"src/{relative}"] = read_text(file)
            except (OSError, UnicodeDecodeError, MleeError):
                continue
    return files


def probes_of(plan: Plan) -> dict[str, Probe]:
    """Where each variable of the notebook has its last value while the package runs."""
    unproven = set(_unproven(plan))
    original = {new: old for old, new in plan.renames.items()}
    found: dict[str, Probe] = {}
    for stage in plan.stages:
        for index in stage.statements:
            statement = plan.facts.statements[index]
            for name in statement.binds:
                old = original.get(name, name)
                if old not in unproven:
                    found[old] = Probe(module=stage.module, function=stage.name, local=name)
            for name in statement.deletes:
                found.pop(original.get(name, name), None)
    given = keywords(plan)
    for name, one in plan.constants.items():
        place = Probe(module="config", function="", local=one.dotted)
        if name in given:
            place = Probe(module="pipeline", function="run", local=given[name])
        for variable in (one.variable, *one.also):
            if variable and one.kind != "absolute path" and variable not in unproven:
                found[variable] = place
    return found


def _unproven(plan: Plan) -> tuple[str, ...]:
    """Variables whose last value was made by code that is not in the package."""
    facts = plan.original or plan.facts
    flowing = set(plan.flow)
    lifted = {name for one in plan.constants.values() for name in (one.variable, *one.also)}
    code = {n for s in facts.statements if s.kind in (Kind.IMPORT, Kind.FUNCTION, Kind.CLASS) for n in s.binds}
    last: dict[str, int] = {}
    for statement in facts.statements:
        for name in statement.binds | (statement.updates & set(last)):
            last[name] = statement.index
    nameless = {  # a call that stands without the name that nobody read
        n
        for n, index in last.items()
        if n in facts.statements[index].binds
        and plan.renames.get(n, n) not in plan.facts.statements[index].binds | plan.facts.statements[index].updates
    }
    gone = {n for n, index in last.items() if index not in flowing} | nameless
    return tuple(sorted(gone - lifted - code))


def _measured(files: Mapping[str, str], functions: list[FunctionLine], source: str) -> tuple[FunctionLine, ...]:
    """The functions with their lines as written."""
    lines: dict[tuple[str, str], int] = {}
    for module in {f.module for f in functions}:
        text = files[f"{source}/{module}.py"]
        for node in ast.parse(text).body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                lines[(module, node.name)] = line_count(ast.get_source_segment(text, node) or "pass")
    return tuple(
        FunctionLine(
            name=f.name, module=f.module, inputs=f.inputs, outputs=f.outputs, lines=lines.get((f.module, f.name), 0)
        )
        for f in functions
    )


def _formatted(files: Mapping[str, str]) -> dict[str, str]:
    """The files after ruff's formatter and linter; what stays is marked where it stands."""
    ruff = _ruff()
    with tempfile.TemporaryDirectory(prefix="mlee-") as name:
        folder = Path(name)
        for relative, text in files.items():
            if relative.endswith((".py", ".ipynb")):
                place = folder / relative
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(text, "utf-8")
        common = ["--isolated", "--quiet", "--no-cache"]
        check = ["check", *common, "--select", ",".join(RULES)]
        for step in (
            ["format", *common],
            [*check, "--fix"],
            [*check, "--add-noqa"],
            ["format", *common],
            [*check, "--fix"],  # a mark may have moved away from its line
            [*check, "--add-noqa"],
        ):  # run there, as its users will: what is the package's own and what is not is judged from the folder
            before = {place: place.read_text("utf-8") for place in folder.rglob("*.py")}
            subprocess.run([ruff, *step, "."], cwd=folder, capture_output=True, check=False, timeout=120)
            for place, text in before.items():
                if not _parses(place):  # a mark behind a backslash, within a text that goes on in the next line
                    place.write_text(text, "utf-8")
        return {
            relative: (folder / relative).read_text("utf-8") if relative.endswith((".py", ".ipynb")) else text
            for relative, text in files.items()
        }


def _parses(place: Path) -> bool:
    try:
        ast.parse(place.read_text("utf-8"))
    except SyntaxError:
        return False
    return True


def _ruff() -> str:
    try:
        from ruff.__main__ import find_ruff_bin

        return str(find_ruff_bin())
    except (ImportError, FileNotFoundError):
        found = shutil.which("ruff")
        if found is None:
            raise MleeError("Writing a package needs ruff.", "pip install 'mlee_jupyter[convert]'") from None
        return found
