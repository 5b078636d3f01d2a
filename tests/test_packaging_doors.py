"""`mlee package`, `%mlee_package` and `mlee check` on notebook files, as a user types them."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest

from mlee_jupyter.cli import main
from mlee_jupyter.session import current

from .conftest import Shell
from .convert.makers import write_notebook
from .convert.test_slicing import EIGHT

CELLS = (
    "import numpy as np\nimport pandas as pd",
    "rows = pd.DataFrame({'x': np.arange(20.0), 'y': np.arange(20.0) * 2})",
    "slope = float((rows['x'] * rows['y']).sum() / (rows['x'] ** 2).sum())\nslope",
    "unused = rows['x'].max()",
)


@pytest.fixture
def notebook(project: Path) -> Path:
    made = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS],
    )
    path = project / "slopes.ipynb"
    nbformat.write(made, path)
    return path


def mlee_says(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main.main(arguments)
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_plan_writes_nothing(notebook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = mlee_says(capsys, "package", str(notebook), "--plan")
    assert code == 0
    assert "slopes" in out
    assert sorted(p.name for p in notebook.parent.iterdir()) == ["pyproject.toml", "slopes.ipynb"]


def test_without_a_run_it_is_not_proven_and_says_so(notebook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("package", str(notebook), "--output", "out", "--no-run")
    code, out, _ = mlee_says(capsys, *arguments, "--format", "json")
    value = json.loads(out)
    assert code == 3
    assert set(value) >= {"package", "modules", "functions", "config", "kept", "dropped", "proof", "seconds"}
    assert value["proof"]["status"] == "not proven"
    assert (notebook.parent / "out" / "pyproject.toml").is_file()
    assert "NOT PROVEN" in mlee_says(capsys, *arguments)[1], "written again over what is ours"


def test_a_package_is_proven(notebook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = mlee_says(capsys, "package", str(notebook), "--output", "out", "--keep-variables", "slope")
    assert code == 0, out
    assert out.startswith("IDENTICAL")


REFUSED = {
    "no such notebook": ("package", "absent.ipynb", "--plan"),
    "a folder of somebody else's": ("package", "slopes.ipynb", "--output", "theirs", "--no-run"),
    "an unknown candidate": ("package", "slopes.ipynb", "--keep", "absent", "--plan"),
}


@pytest.mark.parametrize("arguments", REFUSED.values(), ids=REFUSED)
def test_refusals_are_one_line_and_exit_code_2(
    notebook: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    (notebook.parent / "theirs").mkdir()
    (notebook.parent / "theirs" / "precious.txt").touch()
    code, out, err = mlee_says(capsys, *arguments)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1


def test_notebooks_are_checked_in_every_format(notebook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = nbformat.read(notebook, as_version=4)
    broken.cells.append(nbformat.v4.new_code_cell("print(defined_nowhere)"))
    nbformat.write(broken, notebook.parent / "ghost.ipynb")
    code, out, _ = mlee_says(capsys, "check", str(notebook))
    assert code == 0
    assert "MLE702" not in out
    code, out, _ = mlee_says(capsys, "check", ".")
    assert code == 1
    assert "MLE702" in out
    document = json.loads(mlee_says(capsys, "check", "ghost.ipynb", "--format", "json")[1])
    assert any(finding["rule"] == "MLE702" for finding in document["ghost.ipynb"])
    sarif = json.loads(mlee_says(capsys, "check", "ghost.ipynb", "--format", "sarif")[1])
    assert sarif["version"] == "2.1.0"


def test_the_magic_plans_the_notebook_it_is_told(notebook: Path, shell: Shell) -> None:
    assert "slopes" in shell.run(f"%mlee_package slopes --plan --notebook {notebook}")
    assert "--notebook" in shell.refused("%mlee_package slopes --plan")


def test_on_a_terminal_it_shows_what_runs_and_in_a_pipe_each_step_once(notebook: Path) -> None:
    slow = nbformat.read(notebook, as_version=4)
    slow.cells.append(nbformat.v4.new_code_cell("import time\ntime.sleep(2.5)\nslept = 1"))
    nbformat.write(slow, notebook)
    command = [sys.executable, "-m", "mlee_jupyter", "package", notebook.name, "--output", "out"]
    piped = subprocess.run(command, cwd=notebook.parent, capture_output=True, text=True, check=True)
    assert piped.stderr.splitlines() == ["running the original ...", "proving ...", "running the package ..."]
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*command, "--refresh"],
        cwd=notebook.parent,
        env={**os.environ, "COLUMNS": "100"},
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
    ) as running:
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # the terminal is gone with the process
            while read := os.read(ours, 4096):
                shown += read
        assert running.stdout is not None
        assert "IDENTICAL" in running.stdout.read()
    os.close(ours)
    for doing in ("running the original, cell 5 of 5", "running the package", "writing"):
        assert doing.encode() in shown


def test_the_third_of_eight_recorded_candidates_keeps_its_recorded_score(project: Path, shell: Shell) -> None:
    path = write_notebook(project, *EIGHT, name="iris.ipynb")
    for cell in EIGHT:
        shell.run(cell)
    shell.run("%mlee_experiment decide knn --because simple")
    printed = shell.run(f"%mlee_package iris --notebook {path} --output {project / 'out'}")
    assert "IDENTICAL" in printed
    assert [line for line in printed.splitlines() if line.endswith(" ...")] == [
        f"{step} ..."
        for step in ("reading and planning", "running the original", "proving", "running the package", "writing")
    ]
    recorded = {r.candidate: r.value for r in current.session().records().results}
    assert len(recorded) == 8
    code = "from iris.pipeline import run\nprint(*run().knn_predictions.tolist())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=project / "out",
        env={**os.environ, "PYTHONPATH": str(project / "out" / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    predicted = np.array(done.stdout.split(), dtype=int)
    assert float((predicted == shell.names["y_test"]).mean()) == recorded["knn"]
