"""A story of CONTRIBUTING.md: the files that it adds and the lines that it changes, done in a copy of the tree."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
_BLOCK = re.compile(r"^```(python|ts|diff)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_PATH = re.compile(r"`([\w./-]+/[\w.-]+\.\w+)`")
_FILE = re.compile(r"\*\*\d\. [^*]+\*\*, `([^`]+)`.*?```\w+\n(.*?)```", re.DOTALL)
_LEFT_OUT = shutil.ignore_patterns("__pycache__", "node_modules", "static", "built", "lib", "test-build", "types")


@dataclass(frozen=True, kw_only=True)
class Step:
    """One block of a story: a new file, or changes of one that is there."""

    path: str
    is_change: bool
    text: str


def section_of(heading: str) -> str:
    """The part of the page under a heading that begins so."""
    (found,) = [part for part in TEXT.split("\n## ") if part.startswith(heading)]
    return found


def files_of(heading: str) -> dict[str, str]:
    """The files that a story writes, by their path."""
    return dict(_FILE.findall(section_of(heading)))


def commands_of(heading: str) -> list[str]:
    """The command lines at the end of a story."""
    return re.findall(r"^    (python .*)$", section_of(heading), re.MULTILINE)


def steps(heading: str) -> list[Step]:
    """The blocks below a heading, each with the first path that the paragraph above it names."""
    section = section_of(heading)
    found = []
    end = 0
    for block in _BLOCK.finditer(section):
        told = section[end : block.start()].rpartition("\n**")[2]
        end = block.end()
        found.append(Step(path=_PATH.findall(told)[0], is_change=block[1] == "diff", text=block[2]))
    return found


def copy_tree(folder: Path) -> Path:
    """The product and its tests, without what is built, as a place to change."""
    tree = folder / "tree"
    for part in ("mlee_jupyter", "tests", "labextension"):
        shutil.copytree(ROOT / part, tree / part, ignore=_LEFT_OUT)
    for file in ("pyproject.toml", "README.md", "CONTRIBUTING.md"):
        shutil.copy(ROOT / file, tree)
    (tree / "docs").symlink_to(ROOT / "docs")
    modules = ROOT / "labextension" / "node_modules"
    if modules.is_dir():
        (tree / "labextension" / "node_modules").symlink_to(modules.resolve())
    return tree


def carry_out(tree: Path, step: Step) -> None:
    """Do what one block says; lines that are not there any more fail."""
    file = tree / step.path
    if not step.is_change:
        assert not file.exists(), f"{step.path} is there already"
        file.write_text(step.text, "utf-8")
        return
    assert file.is_file(), f"there is no {step.path}"
    text = file.read_text("utf-8")
    for change in re.split(r"^@@\n", step.text, flags=re.MULTILINE):
        before = "".join(line[1:] for line in change.splitlines(keepends=True) if line[0] in " -")
        after = "".join(line[1:] for line in change.splitlines(keepends=True) if line[0] in " +")
        assert text.count(before) == 1, f"{step.path} has {text.count(before)} times:\n{before}"
        text = text.replace(before, after)
    file.write_text(text, "utf-8")


def run(tree: Path, *command: str, folder: Path | None = None, **variables: str) -> str:
    """A command of this Python in the copy; gives back what it printed, and fails with all of it."""
    done = subprocess.run(
        [sys.executable, *command],
        cwd=folder or tree,
        env={**os.environ, "PYTHONPATH": str(tree), "MPLBACKEND": "agg", **variables},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def holds(tree: Path, *tests: str, **variables: str) -> None:
    """Those tests pass in the copy."""
    run(tree, "-m", "pytest", "-n", "0", "-q", "-p", "no:cacheprovider", *tests, **variables)


def reads_well(tree: Path, *files: str) -> None:
    """Those files are formatted and linted as ours are."""
    run(tree, "-m", "ruff", "format", "--check", "--no-cache", *files)
    run(tree, "-m", "ruff", "check", "--no-cache", *files)
