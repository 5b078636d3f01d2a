"""What carries the project on names what there is: recipes, workflows, hooks, forms, the release."""

from __future__ import annotations

import importlib.util
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

import mlee_jupyter

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
RECIPE = re.compile(r"^([a-z][\w-]*)((?: [A-Z]+)*):$\n((?:^    .*$\n?)+)", re.MULTILINE)
WANTED = {"setup", "test", "fast", "lint", "types", "floors", "docs", "panel", "bench"}
COMES_WITH = {  # which requirement brings a command
    "pytest": "pytest",
    "ruff": "ruff",
    "mypy": "mypy",
    "lint-imports": "import-linter",
    "mkdocs": "mkdocs-material",
}
ALWAYS = {"python", "python3", "pip"}
STEP = re.compile(r" && ")


def requirements() -> set[str]:
    named = [one for extra in PROJECT["project"]["optional-dependencies"].values() for one in extra]
    return {re.split(r"[\[>=<]", one)[0] for one in (*named, *PROJECT["project"]["dependencies"])}


def recipes(text: str) -> dict[str, list[str]]:
    """Each recipe's commands, one a step."""
    return {
        name: [step for line in body.splitlines() for step in STEP.split(line.strip())]
        for name, _, body in RECIPE.findall(text)
    }


RECIPES = recipes((ROOT / "justfile").read_text("utf-8"))


def missing(command: str, folder: Path = ROOT) -> list[str]:
    """What a command names and is not there: its tool, its scripts, its paths."""
    tool, *words = command.split(">")[0].split()
    name = tool.removeprefix(".venv/bin/")
    lacks = []
    if tool.startswith(".venv/bin/") and name not in ALWAYS:
        installed = [words_before for words_before in ("nox",) if words_before == name]  # by the step before it
        lacks += [] if installed or COMES_WITH.get(name) in requirements() else [tool]
    if name == "npm" and words[:1] in (["run"], ["test"]):
        scripts = json.loads((ROOT / "labextension" / "package.json").read_text("utf-8"))["scripts"]
        lacks += [words[-1]] if words[-1] not in scripts else []
    if name == "python" and words[0] == "-m" and words[1].split(".")[0] in ("mlee_jupyter", "benchmarks"):
        module = words[1].replace(".{{NAME}}", "")
        lacks += [] if importlib.util.find_spec(module) else [module]
    extras = re.findall(r"\.\[([\w,]+)\]", command)
    known = PROJECT["project"]["optional-dependencies"]
    lacks += [extra for named in extras for extra in named.split(",") if extra not in known]
    paths = [
        word for word in words if re.fullmatch(r"[\w.-]+(/[\w.-]+)*", word) and ("/" in word or word.endswith(".py"))
    ]
    return lacks + [path for path in paths if not (folder / path).exists()]


def test_the_recipes_are_there() -> None:
    assert set(RECIPES) >= WANTED


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_names_what_there_is(name: str) -> None:
    assert [lack for step in RECIPES[name] for lack in missing(step)] == []


def test_what_a_recipe_lacks_is_seen() -> None:
    assert missing(".venv/bin/pytest tests/no_such_place") == ["tests/no_such_place"]
    assert missing(".venv/bin/black .") == [".venv/bin/black"]
    assert missing("npm run polish") == ["polish"]
    assert missing('.venv/bin/pip install -e ".[tset]"') == ["tset"]
    assert missing(".venv/bin/python -m benchmarks_.x") == []
    assert missing(".venv/bin/python -m mlee_jupyter.gardrails") == ["mlee_jupyter.gardrails"]


# ---------------------------------------------------------------------- workflows, hooks, forms

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FORMS = ("rule_is_wrong", "conversion_differs")


def read(*parts: str) -> Any:
    return yaml.safe_load(ROOT.joinpath(*parts).read_text("utf-8"))


def steps(name: str) -> list[dict[str, Any]]:
    return [step for job in read(".github", "workflows", name)["jobs"].values() for step in job["steps"]]


def test_the_workflow_runs_the_gate() -> None:
    assert any(step.get("run") == ".ci/run" for step in steps("ci.yml"))


def test_the_release_keeps_no_token() -> None:
    workflow = read(".github", "workflows", "release.yml")
    assert workflow["jobs"]["publish"]["permissions"] == {"id-token": "write"}
    assert workflow["permissions"] == {"contents": "read"}
    text = (ROOT / ".github" / "workflows" / "release.yml").read_text("utf-8")
    assert not re.search(r"secrets\.|password", text)


@pytest.mark.parametrize("name", FORMS)
def test_a_form_asks_what_runs_where(name: str) -> None:
    fields = {field["id"]: field for field in read(".github", "ISSUE_TEMPLATE", f"{name}.yml")["body"]}
    assert "mlee doctor" in fields["doctor"]["attributes"]["label"]
    assert fields["doctor"]["validations"]["required"]


def test_our_hooks_are_the_checks_of_the_house() -> None:
    (ours,) = read(".pre-commit-config.yaml")["repos"]
    entries = [hook["entry"].split()[0] for hook in ours["hooks"]]
    assert ours["repo"] == "local"
    assert {"ruff", "mypy", "lint-imports"} == set(entries)
    assert [entry for entry in entries if COMES_WITH[entry] not in requirements()] == []


def test_each_python_that_is_tried_is_one_that_is_promised() -> None:
    tried = re.search(r"^PYTHONS = \((.*)\)$", (ROOT / "noxfile.py").read_text("utf-8"), re.MULTILINE)
    assert tried is not None
    versions = re.findall(r'"([\d.]+)"', tried[1])
    assert PROJECT["project"]["requires-python"] == f">={versions[0]}"
    matrix = read(".github", "workflows", "ci.yml")["jobs"]["pythons"]["strategy"]["matrix"]["python"]
    assert set(matrix) < set(versions)


def test_the_version_is_one_everywhere() -> None:
    released = re.findall(r"^## (\S+) \((\S+)\)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    cited = read("CITATION.cff")
    assert released[0] == (mlee_jupyter.__version__, str(cited["date-released"]))
    assert cited["version"] == mlee_jupyter.__version__


def test_every_fragment_has_a_kind_and_a_line() -> None:
    gathered = PROJECT["tool"]["towncrier"]
    kinds = {kind["directory"] for kind in gathered["type"]}
    fragments = [file for file in (ROOT / gathered["directory"]).iterdir() if file.name not in gathered["ignore"]]
    assert [file.name for file in fragments if file.name.removesuffix(".md").rpartition(".")[2] not in kinds] == []
    assert [file.name for file in fragments if not file.read_text("utf-8").strip()] == []
    assert gathered["start_string"].strip() in (ROOT / gathered["filename"]).read_text("utf-8")
