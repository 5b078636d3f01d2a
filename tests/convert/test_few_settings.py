"""Fewer than three settings are defaults of `run`: no config.toml, no reader of one, no test of it."""

from __future__ import annotations

import ast
import inspect
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mlee_jupyter.convert.package import package
from mlee_jupyter.convert.plan.planning import plan_notebook
from mlee_jupyter.convert.types import Plan, Written
from mlee_jupyter.convert.write.emit import emit
from mlee_jupyter.convert.write.sections import keywords

from .makers import packaged, run_cells, run_package, same, write_notebook

MODEL = "from sklearn.linear_model import Ridge\nX, y = [[0.0], [1.0], [2.0]], [0.0, 1.0, 4.0]"
# name -> (cells, what run takes and gives by default)
FEW: dict[str, tuple[tuple[str, ...], dict[str, object]]] = {
    "none": (("total = sum(range(10))",), {}),
    "a number": (("cutoff = 0.8", "kept = [v for v in range(3) if v > cutoff]"), {"cutoff": 0.8}),
    "a number below nothing": (("shift = -2", "kept = [v + shift for v in range(3)]"), {"shift": -2}),
    "a number with a comment": (("# as agreed in May\ncutoff = 2", "kept = cutoff * 2"), {"cutoff": 2}),
    "two of a model": ((MODEL, "model = Ridge(alpha=0.5, max_iter=200).fit(X, y)"), {"alpha": 0.5, "max_iter": 200}),
    "a word": (("STYLE = 'it\\'s'", "kept = [STYLE]"), {"style": "it's"}),
    "a switch": (("FAST = True", "kept = [FAST]"), {"fast": True}),
    "names of columns": (("FEATURES = ['a', 'b', 'c']", "kept = len(FEATURES)"), {"features": ["a", "b", "c"]}),
    "a list in a tuple": (("SIZES = (3, 4, 5)", "kept = sum(SIZES)"), {"sizes": (3, 4, 5)}),
    "a setting called like what a package has": (("RUN = 3", "kept = RUN + 1"), {"run": 3}),
    "a key that Python has": ((MODEL, "model = Ridge(alpha=2.5).fit(X, y)\nlambda_ = 3\nkept = lambda_ + 1"), {}),
    "the name of a list's constant is taken": (
        ("names = ['a', 'b', 'c']\nkept = [n for n in names]", "import math as NAMES\nmore = [*names, NAMES.pi]"),
        {"names": ["a", "b", "c"]},
    ),
    "read by a function": (
        ("cutoff = 3", "def big(v):\n    return v > cutoff", "kept = [big(v) for v in range(5)]"),
        {"cutoff": 3},
    ),
}  # fmt: skip


def of_package(cells: tuple[str, ...], folder: Path) -> tuple[Plan, Written]:
    return packaged(write_notebook(folder, *cells), folder / "out")


@pytest.mark.parametrize(("cells", "settings"), FEW.values(), ids=FEW)
def test_a_package_with_few_settings_has_defaults(
    cells: tuple[str, ...], settings: dict[str, object], tmp_path: Path
) -> None:
    plan, written = of_package(cells, tmp_path)
    assert not [name for name in written.files if "config" in name]
    assert not [name for name, text in written.files.items() if "load_config" in text or "tomllib" in text]
    results, seen = run_package(written)
    original = run_cells((plan.original or plan.facts).notebook)
    assert {n: v for n, v in seen.items() if n not in original or not same(v, original[n])} == {}
    source = ast.parse(written.files[f"src/{plan.name}/pipeline.py"])
    run = next(n for n in source.body if isinstance(n, ast.FunctionDef) and n.name == "run")
    assert not run.args.args
    assert {a.arg for a in run.args.kwonlyargs} == set(keywords(plan).values())
    if settings:
        assert {keywords(plan)[v]: one.value for v, one in plan.constants.items()} == {
            n: list(v) if isinstance(v, tuple) else v for n, v in settings.items()
        }
    assert results is not None


def test_three_settings_have_a_file(tmp_path: Path) -> None:
    _, written = of_package(("n_groups = 30\ncutoff = 0.8\nshift = 1", "kept = n_groups * cutoff + shift"), tmp_path)
    assert "n_groups = 30" in written.files["config.toml"]


def test_a_data_root_has_a_file(tmp_path: Path) -> None:
    """It is one more thing to set."""
    cells = ("import csv", "rows = list(csv.reader(open('/srv/data/points.csv')))")
    plan = plan_notebook(write_notebook(tmp_path, *cells))
    assert len(plan.constants) < 3
    assert "root =" in emit(plan, tmp_path / "out", lint=False).files["config.toml"]


def test_comments_of_settings_are_kept(tmp_path: Path) -> None:
    cells = (
        "# as agreed in May\ncutoff = 2  # metres",
        "# what the office has\nNAMES = ['a', 'b', 'c']",
        "k = cutoff * len(NAMES)",
    )
    plan = plan_notebook(write_notebook(tmp_path, *cells))
    text = emit(plan, tmp_path / "out").files[f"src/{plan.name}/pipeline.py"]
    assert [c for c in ("# as agreed in May", "# metres", "# what the office has") if c not in text] == []


@pytest.mark.parametrize("name", ["nb", "config", "my_config", "load_config", "dataclasses_import", "results_config"])
def test_the_whole_package_works_whatever_its_name(name: str, tmp_path: Path) -> None:
    """Tests pass, golden values are renewed, the command line sets what it may."""
    path = write_notebook(
        tmp_path, "cutoff = 3\nNAMES = ['a', 'b', 'c']", "kept = [cutoff, len(NAMES)]", name=f"{name}.ipynb"
    )
    outcome = package(path, tmp_path / "out")
    assert outcome.exit_code == 0
    assert outcome.proof is not None
    assert {v.name for v in outcome.proof.values} >= {"cutoff", "NAMES", "kept"}
    folder = tmp_path / "out"
    environment = {**os.environ, "PYTHONPATH": f"{folder / 'src'}{os.pathsep}{folder / 'tests'}"}

    def done(*arguments: str) -> str:
        command = [sys.executable, *arguments]
        found = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        assert found.returncode == 0, found.stdout + found.stderr
        return found.stdout

    assert "1 passed" in done("-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "addopts=", "tests")
    golden = (folder / "tests" / "golden.json").read_text("utf-8")
    assert list(json.loads(golden)) == ["results"]
    done("tests/golden.py")
    assert (folder / "tests" / "golden.json").read_text("utf-8") == golden
    module = outcome.plan.name
    assert done("-m", module) == "kept = [3, 3]\n"
    assert done("-m", module, "--cutoff", "5", "--names", "x", "y") == "kept = [5, 2]\n"
    assert f"python -m {module} --cutoff 3" in (folder / "README.md").read_text("utf-8")


def test_without_a_run_there_is_a_test_all_the_same(tmp_path: Path) -> None:
    package(write_notebook(tmp_path, "cutoff = 3", "kept = cutoff + 1"), tmp_path / "out", run=False)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "addopts="],
        cwd=tmp_path / "out", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "1 passed" in done.stdout, done.stdout


def test_a_default_is_what_the_proof_reads(tmp_path: Path) -> None:
    _, written = of_package(("cutoff = 3", "kept = cutoff + 1"), tmp_path)
    probe = written.probes["cutoff"]
    assert (probe.module, probe.function, probe.local) == ("pipeline", "run", "cutoff")
    assert inspect.cleandoc(written.files[f"src/{written.plan.name}/__main__.py"]).count("cutoff")
