"""A package runs by its README's commands: from its own folder, from another one, and installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mlee_jupyter.convert.package import write_package
from mlee_jupyter.convert.plan.planning import plan_notebook

from .makers import write_notebook

READS = (
    "import csv\nimport glob",
    "rows = list(csv.reader(open('data/points.csv')))",
    "print(len(rows), glob.glob('*.csv'))",
)


def run(folder: Path, source: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, "PYTHONPATH": str(source), **environment}
    command = [sys.executable, "-m", "points", *arguments]
    return subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=False)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A notebook that reads a file beside it and lists its folder, as a package two folders below."""
    home = tmp_path / "work"
    (home / "data").mkdir(parents=True)
    (home / "data" / "points.csv").write_text("a,b\n1,2\n", "utf-8")
    (home / "beside.csv").write_text("", "utf-8")
    write_package(plan_notebook(write_notebook(home, *READS), name="points"), home / "out" / "points")
    return home / "out" / "points"


@pytest.mark.parametrize("place", [".", "src", "../..", "/"])
def test_it_runs_from_any_folder(place: str, project: Path) -> None:
    found = run(project / place, project / "src")
    assert found.returncode == 0, found.stderr
    assert found.stdout.startswith("2 ['beside.csv']\n")


def test_installed_it_reads_where_one_is_or_where_it_is_told(project: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(project / "src", site)
    home = project.parents[1]
    assert run(home, site).stdout.startswith("2 ['beside.csv']")
    assert run(tmp_path, site, POINTS_DATA_ROOT=str(home)).stdout.startswith("2 ['beside.csv']")


def test_a_folder_that_is_not_there_is_one_line(project: Path) -> None:
    found = run(project, project / "src", POINTS_DATA_ROOT="/nowhere")
    assert found.returncode == 2
    assert "There is no folder /nowhere; name the one with the data files in POINTS_DATA_ROOT" in found.stderr
    assert "Traceback" not in found.stderr


def test_a_notebook_without_files_goes_nowhere(tmp_path: Path) -> None:
    plan = plan_notebook(write_notebook(tmp_path, "total = sum(range(3))"), name="points")
    written = write_package(plan, tmp_path / "out")
    assert "chdir" not in written.files["src/points/__main__.py"] + written.files["notebooks/points.ipynb"]
    assert "src/points/data_root.py" not in written.files
