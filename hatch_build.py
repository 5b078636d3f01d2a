"""Builds the JupyterLab extension into the wheel and the sdist; where it cannot be built, the package comes without it.

MLEE_SKIP_LABEXTENSION=1 leaves it out, MLEE_REQUIRE_LABEXTENSION=1 makes a missing one an error. A mistake in the
extension's own source is always an error: only a machine without npm, or without its registry, goes on without.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

INSTALLED = "share/jupyter/labextensions/mlee-jupyter"
OLDEST_NODE = 18
SOURCES = ("src", "style", "schema", "package.json", "package-lock.json", "tsconfig.json")


class LabextensionHook(BuildHookInterface):
    """Runs npm when the built files are missing or older than their source."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it collects files."""
        source, built = Path(self.root, "labextension"), Path(self.root, "mlee_jupyter", "labextension")
        reason = ""
        if os.environ.get("MLEE_SKIP_LABEXTENSION") == "1":
            reason = "MLEE_SKIP_LABEXTENSION=1"
        elif not _is_current(source, built):
            reason = self._build(source)
        there = (built / "package.json").is_file() and not reason
        if not there:
            if os.environ.get("MLEE_REQUIRE_LABEXTENSION") == "1":
                raise RuntimeError(f"the JupyterLab extension cannot be built: {reason}")
            self.app.display_warning(
                f"{reason}: building mlee_jupyter without its JupyterLab extension; magics and command line work."
            )
            return
        build_data["artifacts"].append("/mlee_jupyter/labextension")  # git does not know the built files
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


def _is_current(source: Path, built: Path) -> bool:
    """Whether the built files are there, and no source is newer (an sdist gives all files one time)."""
    made = built / "package.json"
    if not made.is_file():
        return False
    files = [
        p for name in SOURCES for p in ((source / name).rglob("*") if (source / name).is_dir() else [source / name])
    ]
    return not any(p.is_file() and p.stat().st_mtime > made.stat().st_mtime for p in files)
