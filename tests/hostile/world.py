"""A folder to harm, a world outside of it that must stay as it is, and honest things to spoil."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .child import ROOM, SECONDS

ROOT = Path(__file__).parents[2]
Make = Callable[["World"], object]
REFUSED, SAFE = "one line", "safe"


@dataclass(frozen=True)
class Case:
    """What is done to a folder, what is typed in it, and what comes of it."""

    make: Make
    command: Sequence[str]
    outcome: str = REFUSED  # one line and exit code 2, or safe: any answer that is no fault
    says: str = ""
    untouched: bool = True  # nothing in the folder changes either


@dataclass(frozen=True)
class World:
    folder: Path
    outside: Path
    templates: Path

    def honest(self, name: str) -> Path:
        """A copy of a template in the folder: `.mlee`, `pkg`, `nb.ipynb`, `all.json`."""
        source, target = self.templates / name, self.folder / name
        if source.is_dir():
            shutil.copytree(source, target, copy_function=shutil.copy)
        else:
            shutil.copy(source, target)
        return target

    @property
    def kept(self) -> Path:
        return self.outside / "home" / ".bashrc"

    def store(self, *statements: str) -> Path:
        """An honest store, spoilt by statements."""
        file = self.honest(".mlee") / "experiments.db"
        if statements:
            connection = sqlite3.connect(file, isolation_level=None)
            for statement in statements:
                connection.executescript(statement)
            connection.close()
        return file

    def settings(self, text: str) -> None:
        (self.folder / "pyproject.toml").write_text(text)

    def write(self, name: str, content: str | bytes) -> Path:
        place = self.folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
        return place


def make_templates(folder: Path) -> Path:
    """An honest project, made by the product itself."""
    program = """
import json, sys
import mlee_jupyter as mlee
from mlee_jupyter.cli import main as cli
shelf = mlee.start("shelf", metric="accuracy", useful_gain=0.02, truth=[0, 1] * 50, candidates=["knn"])
with shelf.candidate("knn", tags=["a"]) as run:
    run.record([0, 1] * 49 + [1, 1])
with shelf.candidate("svm") as run:
    run.record([0, 1] * 48 + [1, 1, 0, 0])
cli.main(["export", "all.json"])
cells = [{"cell_type": "code", "metadata": {}, "source": s, "outputs": [], "execution_count": None}
         for s in ("x = 1; low = 2; high = 3; step = 4", "y = x + 1 + low * high * step", "print(y)")]
open("nb.ipynb", "w").write(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
sys.exit(cli.main(["package", "nb.ipynb", "--no-run", "--output", "pkg"]))
"""
    folder.mkdir()
    (folder / "pyproject.toml").touch()
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode in (0, 3), done.stdout + done.stderr
    return folder


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("MLEE_STORE", "JPY_SESSION_NAME")}
    return {**kept, "HOME": str(home), "PYTHONPATH": str(ROOT)}


def fingerprint(folder: Path) -> dict[str, str]:
    """Every name below a folder with its kind, rights and content."""
    found: dict[str, str] = {}
    for place in sorted(folder.rglob("*")):
        state = place.lstat()
        if place.is_symlink():
            content = os.readlink(place)
        elif place.is_file():
            content = hashlib.sha256(place.read_bytes()).hexdigest() if state.st_size < 2**25 else str(state.st_size)
        else:
            content = ""
        found[str(place.relative_to(folder))] = f"{state.st_mode:o} {content}"
    return found


def attempt(cases: dict[str, Case], root: Path) -> list[str]:
    """Run all cases in one process; what went wrong, one line each."""
    templates = make_templates(root / "templates")
    orders: list[dict[str, Any]] = []
    worlds: dict[str, tuple[World, dict[str, str], dict[str, str]]] = {}
    for number, (name, case) in enumerate(cases.items()):
        place = root / f"case{number}"
        world = World(folder=place / "cloned", outside=place / "outside", templates=templates)
        world.folder.mkdir(parents=True)
        (world.outside / "home").mkdir(parents=True)
        world.kept.write_text("alias ls='ls --color'\n")
        (world.outside / "empty").mkdir()
        (world.folder / "pyproject.toml").touch()
        case.make(world)
        worlds[name] = (world, fingerprint(world.outside), fingerprint(world.folder))
        command = [part.replace("OUTSIDE", str(world.outside)) for part in case.command]
        orders.append({"folder": str(world.folder), "command": command})
    (root / "orders.json").write_text(json.dumps(orders))
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile.child", str(root / "orders.json")],
        cwd=ROOT,
        env=environment(root),
        capture_output=True,
        text=True,
        check=False,
        timeout=3600,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    wrong = []
    if len(answers) < len(orders):
        wrong = [f"{list(cases)[len(answers)]}: ended the process ({done.returncode}): {done.stderr[-2000:]}"]
    for (name, case), answer in zip(cases.items(), answers, strict=False):
        world, outside, inside = worlds[name]
        wrong += [f"{name}: {fault}" for fault in _faults(case, answer)]
        if fingerprint(world.outside) != outside:
            wrong.append(f"{name}: something outside was touched")
        if case.untouched and fingerprint(world.folder) != inside:
            after = fingerprint(world.folder)
            wrong.append(f"{name}: the folder was touched: {set(inside.items()) ^ set(after.items())}")
    return wrong


def _faults(case: Case, answer: dict[str, Any]) -> list[str]:
    shown = f"{answer['code']} {answer['out'][-200:]!r} {answer['err'][-400:]!r}"
    if answer["fault"]:
        return [f"a fault: {answer['fault']} {shown}"]
    if took := too_much(answer):
        return [took]
    lines = answer["err"].splitlines()
    if case.outcome == REFUSED and (answer["code"] != 2 or len(lines) != 1 or not lines[0].startswith("mlee: ")):
        return [f"not refused in one line: {shown}"]
    if case.outcome == SAFE and answer["code"] not in (0, 1, 3):
        return [f"refused: {shown}"]
    if case.says not in answer["err"] + answer["out"]:
        return [f"does not say {case.says!r}: {shown}"]
    return []


def too_much(answer: dict[str, Any], seconds: float = SECONDS) -> str:
    """What a command took where that is more than one may take."""
    if answer["seconds"] <= seconds and answer["bytes"] <= ROOM:
        return ""
    return f"took {answer['seconds']:.1f} s of the processor and {answer['bytes'] / 2**20:.0f} MB"
