"""The story of CONTRIBUTING.md, "add a metric in three files", works as written, and so do metrics of other kinds."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .story import ROOT, commands_of, files_of

TAKEN = ("mlee_jupyter", "docs", "tests", "changelog.d", "labextension/src")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "static", "built", "images", "node_modules", ".mlee")
STORY = files_of("Add a metric")
OTHERS = {
    f"mlee_jupyter/stats/metrics/of_labels/{path.name}": path.read_text("utf-8")
    for path in (ROOT / "tests" / "added_metrics").glob("[!_]*.py")
}
FEWEST = 18  # tests that a metric passes, or that look at all of them
WHAT_ALL_SHARE = "called_the_same or each_file or one_default or renewed or by_name or its_names"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The project without what is built, in another place."""
    for folder in TAKEN:
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=LEFT_OUT)
    for file in ("pyproject.toml", "CONTRIBUTING.md", "README.md"):
        shutil.copy(ROOT / file, tmp_path / file)
    return tmp_path


def typed(line: str, folder: Path) -> str:
    """Run a command line in a folder, with the product that stands there."""
    words = [sys.executable if word == "python" else word for word in shlex.split(line)]
    world = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(words, check=False, cwd=folder, env=world, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return done.stdout


def added(files: dict[str, str], folder: Path) -> str:
    """Write the files of a story and run its commands; gives back the metric's name."""
    for path, text in files.items():
        assert not (folder / path).exists(), path
        (folder / path).write_text(text, "utf-8")
    for line in commands_of("Add a metric"):
        typed(line, folder)
    return Path(next(iter(files))).stem


@pytest.mark.parametrize("files", [STORY, OTHERS], ids=["the story", "of another kind"])
def test_an_added_metric_works_everywhere(copy: Path, files: dict[str, str]) -> None:
    name = added(files, copy)
    tests = [path for path in files if path.startswith("tests/")]
    tests += ["tests/stats/test_every_metric.py", "tests/test_metric_surfaces.py"]
    wanted = f"{name} or {WHAT_ALL_SHARE}"
    said = typed(f'python -m pytest -v -n 0 -p no:cacheprovider {" ".join(tests)} -k "{wanted}"', copy)
    assert int(re.findall(r"(\d+) passed", said)[-1]) >= FEWEST, said
    table = (copy / "docs" / "metrics.md").read_text("utf-8")
    assert f"| `{name}` |" in table
    assert table.replace(next(line for line in table.splitlines() if f"`{name}`" in line) + "\n", "") == (
        ROOT / "docs" / "metrics.md"
    ).read_text("utf-8")
    offered = (copy / "labextension" / "src" / "metrics.ts").read_text("utf-8")
    assert (f"'neg_{name}'" in offered) is ("usual=" in next(iter(files.values())))


def test_the_files_of_the_story_are_in_order(copy: Path) -> None:
    added(STORY, copy)
    paths = " ".join(path for path in STORY if path.endswith(".py"))
    typed(f"python -m ruff check --no-cache {paths}", copy)
    typed(f"python -m ruff format --no-cache --check {paths}", copy)
