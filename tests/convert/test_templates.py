"""What is written into packages stands in a small package of its own: linted with the house, typed and run here."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mlee_jupyter.convert.plan.planning import plan_notebook
from mlee_jupyter.convert.write.configuring import config_toml
from mlee_jupyter.convert.write.emit import emit
from mlee_jupyter.convert.write.filling import FOLDER, filled, region

from .makers import write_notebook

TEMPLATES = sorted(p.relative_to(FOLDER).as_posix() for p in FOLDER.rglob("*.py"))


def _run(*command: str, folder: Path, **environment: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "package", ignore=shutil.ignore_patterns("__pycache__")))


def test_the_templates_are_typed(package: Path) -> None:
    _run(
        "mypy",
        "--strict",
        "--explicit-package-bases",
        "--follow-imports=silent",
        "src",
        "tests",
        folder=package,
        MYPYPATH="src:tests",
    )


@pytest.mark.parametrize("conftest", ["conftest.py", "conftest_beside_data.py"])
def test_the_templates_run_as_they_stand(conftest: str, package: Path) -> None:
    (package / "tests" / conftest).replace(package / "tests" / "conftest.py")
    _run("pytest", "-q", "-p", "no:cacheprovider", folder=package, PACKAGE_NAME_DATA_ROOT=str(package))
    _run("package_name", "--set", "model.n_neighbors=5", folder=package, PYTHONPATH="src")


def test_golden_values_are_renewed_on_one_thread(package: Path) -> None:
    threads = [f"{name}_NUM_THREADS" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "NUMBA")]
    code = f"import os, golden; golden.renew(); assert all(os.environ[n] == '1' for n in {threads}), dict(os.environ)"
    recorded = (package / "tests" / "golden.json").read_text("utf-8")
    environment = {name: value for name, value in os.environ.items() if name not in threads}
    environment["PYTHONPATH"] = "src:tests"
    subprocess.run([sys.executable, "-c", code], cwd=package, env=environment, check=True)
    assert (package / "tests" / "golden.json").read_text("utf-8") == recorded


@pytest.mark.parametrize("template", TEMPLATES)
def test_no_mark_reaches_a_package(template: str) -> None:
    text = filled(template, "mine")
    assert not re.search(r"# (begin|end) |package_name", text, re.IGNORECASE)
    compile(text, template, "exec")


def test_what_is_filled_in_stays_to_the_letter() -> None:
    odd = "def run(config):\n    # begin fields\n    package_name = PACKAGE_NAME\n    # end fields"
    assert odd in filled("src/package_name/pipeline.py", "mine", steps=odd)
    with pytest.raises(KeyError, match="no region nothing"):
        filled("src/package_name/pipeline.py", "mine", nothing="")
    with pytest.raises(KeyError, match="no region nothing"):
        region("src/package_name/config.py", "mine", "nothing")


def test_every_template_is_written_into_some_package(tmp_path: Path) -> None:
    """A template that no package has would be tested for nothing; the proof's recording has the three of its own."""
    plot = "import matplotlib.pyplot as plt\nplt.plot([1])\nplt.show()"
    written: set[str] = set()
    for settings in (
        "n_neighbors = 3\nrows = [n_neighbors, 2]",
        "low = 1\nhigh = 5\nstep = 2\nrows = [low, high, step]",
    ):
        path = write_notebook(tmp_path, settings, plot, "total = sum(rows)")
        written |= set(emit(plan_notebook(path, name="package_name"), tmp_path / "out", lint=False).files)
    recorded = {"tests/golden.py", "tests/test_golden.py", "tests/test_functions.py"}
    assert (
        set(TEMPLATES) - written - recorded - {"tests/conftest_beside_data.py", "src/package_name/data_root.py"}
        == set()
    )


CONTINUED = "data/\\\nrest-%d"


def test_a_text_that_goes_on_in_the_next_line_takes_no_mark(tmp_path: Path) -> None:
    """ruff would write its mark behind the backslash, into the text."""
    cell = f"count = 3\nplace = '{CONTINUED}' % count\nprint(place)"
    path = write_notebook(tmp_path, cell)
    files = emit(plan_notebook(path), tmp_path / "out").files
    for name, text in files.items():
        if name.endswith(".py"):
            compile(text, name, "exec")
    assert any("data/\\\n" in text for text in files.values())


def test_a_list_that_two_people_may_add_to_stands_one_item_a_line(tmp_path: Path) -> None:
    path = write_notebook(
        tmp_path, "FEATURES = ['rooms', 'age', 'tax']\nrows = [{f: 1 for f in FEATURES}]\nprint(rows)"
    )
    assert '= [\n    "rooms",\n    "age",\n    "tax",\n]\n' in config_toml(plan_notebook(path))
