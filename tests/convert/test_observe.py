"""Notebooks in fresh processes: what is seen of them, and what is said when they do not run."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlee_jupyter.convert.prove.observe import FreshProcesses
from mlee_jupyter.convert.read.file_facts import read_facts
from mlee_jupyter.convert.types import Facts, Hoisted, Plan, RecordedRun
from mlee_jupyter.convert.write.testing import fingerprint

from .makers import write_notebook


@pytest.fixture(scope="module")
def prover() -> FreshProcesses:
    return FreshProcesses(limit=60)


def plan_of(facts: Facts, hoisted: tuple[Hoisted, ...] = ()) -> Plan:
    return Plan(
        name="it", facts=facts, stages=(), hoisted=hoisted, kept=(), thin=(), dropped=(), lifted=(), secrets=(),
        results=(),
    )  # fmt: skip


def observed(prover: FreshProcesses, folder: Path, *cells: str) -> RecordedRun:
    return prover.observe(plan_of(read_facts(write_notebook(folder, *cells, name="it.ipynb"))))


def test_values_and_types(prover: FreshProcesses, tmp_path: Path) -> None:
    seen = observed(
        prover,
        tmp_path,
        "import time\nimport numpy as np",
        "%matplotlib inline\nstart = time.time()\nrng = np.random.default_rng(1)\nx = rng.normal(size=30)",
        "%%time\nmean = float(x.mean())",
        "!echo hello\n%pip install nothing-of-the-kind\nwords = ['a', 'b']\nmean",
    )
    assert (seen.failed_cell, seen.error) == (None, "")
    assert seen.types["x"] == "numpy.ndarray"
    assert seen.numbers["words"] == [fingerprint("a"), fingerprint("b")]
    assert seen.numbers["x"]["shape"] == [30]
    assert "mean" in seen.numbers
    assert "start" not in seen.numbers, "differs between two runs"


def test_small_calls_of_pure_functions(prover: FreshProcesses, tmp_path: Path) -> None:
    facts = read_facts(
        write_notebook(tmp_path, "def double(x, times=2):\n    return x * times", "a = double(3)\nb = double(4, 5)")
    )
    seen = prover.observe(plan_of(facts, (Hoisted(name="double", module="functions", statement=0),)))
    assert seen.calls["double"] == (
        {"args": [], "kwargs": {"x": 3, "times": 2}, "result": 6},
        {"args": [], "kwargs": {"x": 4, "times": 5}, "result": 20},
    )


def test_calls_that_give_something_else_next_time_are_not_recorded(prover: FreshProcesses, tmp_path: Path) -> None:
    cells = (
        "import random",
        "seen = []",
        "def draw(n):\n    return random.random() * n",
        "def twice(n):\n    return 2 * n",
    )
    facts = read_facts(write_notebook(tmp_path, *cells, "random.seed(1)\na = draw(2)\nb = twice(2)"))
    functions = tuple(Hoisted(name=n, module="functions", statement=0) for n in ("draw", "twice"))
    assert set(prover.observe(plan_of(facts, functions)).calls) == {"twice"}


def test_an_underscore_of_the_notebook_is_not_the_last_output(prover: FreshProcesses, tmp_path: Path) -> None:
    seen = observed(prover, tmp_path, "first, _ = 1, 2", "first + 40")
    assert seen.numbers == {"first": 1, "_": 2}


def test_what_is_drawn_without_a_seed_is_no_golden_value(prover: FreshProcesses, tmp_path: Path) -> None:
    cells = ("import numpy as np\nimport random", "x = np.random.normal()\ny = random.random()\nz = 1.5")
    seen = observed(prover, tmp_path, *cells, "words = list({'one', 'two', 'three', 'four', 'five', 'six', 'seven'})")
    assert seen.numbers == {"z": 1.5}


@pytest.mark.parametrize(
    ("cells", "cell", "error"),
    [
        (("a = 1", "b = 2", "c = a / 0"), 3, "ZeroDivisionError: division by zero"),
        (("a = 1", "import os\nos._exit(7)"), 2, "code 7"),
        (("a = 1", "raise SystemExit"), 2, "SystemExit"),
        (("a = input('name')",), 1, "nobody to ask"),
        (("from pathlib import Path", "Path(HERE, 'it.ipynb').write_text('')"), 2, "leaves the original folder alone"),
    ],
    ids=["an error", "the process ends", "exit", "input", "writes into the real folder"],
)
def test_a_failing_cell_is_named(
    prover: FreshProcesses, tmp_path: Path, cells: tuple[str, ...], cell: int, error: str
) -> None:
    seen = observed(prover, tmp_path, *(c.replace("HERE", repr(str(tmp_path))) for c in cells))
    assert seen.failed_cell == cell
    assert error in seen.error


def test_a_cell_without_end_is_stopped_and_named(tmp_path: Path) -> None:
    seen = observed(FreshProcesses(limit=4), tmp_path, "a = 1", "while True:\n    pass")
    assert seen.failed_cell == 2
    assert "did not end within 4 s" in seen.error


def test_it_runs_in_a_copy_with_the_files_it_names(prover: FreshProcesses, tmp_path: Path) -> None:
    home = tmp_path / "project" / "notebooks"
    home.mkdir(parents=True)
    (home / "near.txt").write_text("near")
    (tmp_path / "project" / "data").mkdir()
    (tmp_path / "project" / "data" / "far.txt").write_text("far")
    seen = observed(
        prover,
        home,
        "a = open('near.txt').read()",
        "b = open('../data/far.txt').read()",
        "open('new.txt', 'w').write('x')",
    )
    assert seen.numbers == {"a": fingerprint("near"), "b": fingerprint("far")}
    assert sorted(p.name for p in home.iterdir()) == ["it.ipynb", "near.txt"]
