"""Builds what npm makes into the wheel and the sdist; where it cannot be built, the package comes without it.

That is the JupyterLab extension, and the script of the live scoreboard.

MLEE_SKIP_LABEXTENSION=1 leaves it out, MLEE_REQUIRE_LABEXTENSION=1 makes a missing one an error. A mistake in the
extension's own source is always an error: only a machine without npm, or without its registry, goes on without.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

INSTALLED = "share/jupyter/labextensions/mlee-jupyter"
OLDEST_NODE = 18
SOURCES = (
    *("labextension/src", "labextension/style", "labextension/schema", "labextension/generate.mjs"),
    *("labextension/package.json", "labextension/package-lock.json", "labextension/tsconfig.json"),
    *("mlee_jupyter/panel", "mlee_jupyter/magics/live", "mlee_jupyter/report/board", "mlee_jupyter/report/render"),
)
KINDS = (".schema.json", ".css")  # of mlee_jupyter's own folders only these are built into it
EXTENSION, SCRIPT = "mlee_jupyter/labextension", "mlee_jupyter/magics/live/built"


class LabextensionHook(BuildHookInterface):
    """Runs npm when the built files are missing or older than their source."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it collects files."""
        root = Path(self.root)
        source, built = root / "labextension", root / EXTENSION
        reason = ""
        if os.environ.get("MLEE_SKIP_LABEXTENSION") == "1":
            reason = "MLEE_SKIP_LABEXTENSION=1"
        elif not _is_current(root):
            reason = self._build(source)
        there = not reason and all(made.is_file() for made in _made(root))
        if not there:
            if os.environ.get("MLEE_REQUIRE_LABEXTENSION") == "1":
                raise RuntimeError(f"the JupyterLab extension cannot be built: {reason}")
            self.app.display_warning(
                f"{reason}: building mlee_jupyter without its JupyterLab extension and the script of --live;"
                " magics and command line work."
            )
            return
        build_data["artifacts"] += [f"/{EXTENSION}", f"/{SCRIPT}"]  # git does not know the built files
        if self.target_name == "wheel":
            build_data["shared_data"][str(built)] = INSTALLED
            build_data["shared_data"][str(source / "install.json")] = f"{INSTALLED}/install.json"

    def _build(self, source: Path) -> str:
        """Run npm; gives back why it could not be run, or nothing."""
        npm = shutil.which("npm")
        if npm is None:
            return "npm not found"
        node = shutil.which("node")
        if node is None:
            return "node not found"
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
        if int(version.removeprefix("v").split(".")[0] or 0) < OLDEST_NODE:
            return f"node {version} is older than {OLDEST_NODE}"
        lock, installed = source / "package-lock.json", source / "node_modules" / ".package-lock.json"
        if not installed.is_file() or installed.stat().st_mtime < lock.stat().st_mtime:
            done = subprocess.run([npm, "ci", "--no-progress"], cwd=source, capture_output=True, text=True, check=False)
            if done.returncode:
                return f"npm ci failed ({(done.stderr.strip().splitlines() or ['no word why'])[0][:160]})"
        subprocess.run([npm, "run", "--silent", "build"], cwd=source, check=True)
        return ""


def _made(root: Path) -> tuple[Path, ...]:
    return root / EXTENSION / "package.json", root / SCRIPT / "scoreboard.js", root / SCRIPT / "scoreboard.css"


def _is_current(root: Path) -> bool:
    """Whether the built files are there, and no source is newer (an sdist gives all files one time)."""
    made = _made(root)
    if not all(file.is_file() for file in made):
        return False
    oldest = min(file.stat().st_mtime for file in made)
    return not any(file.stat().st_mtime > oldest for file in _sources(root))


def _sources(root: Path) -> Iterator[Path]:
    for name in SOURCES:
        place = root / name
        for file in place.rglob("*") if place.is_dir() else [place]:
            is_made = file.is_relative_to(root / SCRIPT)
            if file.is_file() and not is_made and (name.startswith("labextension/") or file.name.endswith(KINDS)):
                yield file
