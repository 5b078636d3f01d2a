"""The use case with a small true prover in this process: proof step by step, writing, living with it, JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mlee_jupyter.convert.package import drift_of, package, package_value, packages_of
from mlee_jupyter.convert.types import Facts, Plan, Proof, RecordedRun, Sameness, ValueVerdict, Written
from mlee_jupyter.domain.errors import MleeError

from .makers import run_cells, run_package, same, write_notebook

CELLS = (
    "#md # Boxes\n\nHow much fits into a box.",
    "WIDTH = 4\nHEIGHT = 3\nDEPTH = 2\nsides = [WIDTH, HEIGHT, DEPTH]",
    "def volume(sides):\n    v = 1\n    for side in sides:\n        v *= side\n    return v",
    "#md ## Volume",
    "score = volume(sides)\nprint('volume', score)",
    "score",
)


class HereAndNow:
    """Runs both sides in this process: small, but a true comparison."""

    def __init__(self) -> None:
        self.original: dict[str, Any] = {}
        self.compared = 0

    def held_back(self, facts: Facts) -> tuple[tuple[int, str], ...]:
        return ()

    def observe(self, plan: Plan) -> RecordedRun:
        try:
            self.original = run_cells((plan.original or plan.facts).notebook)
        except Exception as fault:
            cell = int(str(fault.__traceback__.tb_next.tb_next.tb_frame.f_code.co_filename)[6:-1])  # type: ignore[union-attr]
            return RecordedRun(failed_cell=cell, error=f"{type(fault).__name__}: {fault}")
        plain = {n: v for n, v in self.original.items() if isinstance(v, (int, float, str, list))}
        calls = {"volume": ({"args": ([1, 2],), "kwargs": {}, "result": 2},)}
        return RecordedRun(types={n: type(v).__name__ for n, v in plain.items()}, numbers=plain, calls=calls)

    def compare(self, written: Written) -> Proof:
        self.compared += 1
        for relative, text in written.files.items():
            place = written.folder.with_name("proof") / relative
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, "utf-8")
        _, found = run_package(_moved(written))
        values = tuple(
            ValueVerdict(name=n, verdict=Sameness.IDENTICAL if same(found.get(n), v) else Sameness.DIFFERENT)
            for n, v in self.original.items()
            if not callable(v) and n in written.probes
        )
        alike = all(v.verdict is Sameness.IDENTICAL for v in values)
        return Proof(verdict=Sameness.IDENTICAL if alike else Sameness.DIFFERENT, values=values)


def _moved(written: Written) -> Written:
    from dataclasses import replace

    return replace(written, folder=written.folder.with_name("proof"))


class Contrary(HereAndNow):
    """Finds a difference wherever a value was lifted."""

    def compare(self, written: Written) -> Proof:
        proof = super().compare(written)
        if written.plan.lifted:
            wrong = ValueVerdict(name="score", verdict=Sameness.DIFFERENT, detail="24, not 25")
            return Proof(verdict=Sameness.DIFFERENT, values=(wrong,))
        return proof


class Never(HereAndNow):
    """Always finds a difference."""

    def compare(self, written: Written) -> Proof:
        return Proof(verdict=Sameness.DIFFERENT, values=(ValueVerdict(name="score", verdict=Sameness.DIFFERENT),))


@pytest.mark.slow
def test_an_identical_package_is_written_with_tests_that_pass(tmp_path: Path) -> None:
    prover = HereAndNow()
    outcome = package(write_notebook(tmp_path, *CELLS), tmp_path / "boxes", prover=prover)
    assert outcome.exit_code == 0
    assert prover.compared == 1
    assert not outcome.steps_dropped
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "addopts="],
        cwd=tmp_path / "boxes", capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "6 passed" in done.stdout
    config = tmp_path / "boxes" / "config.toml"
    config.write_text(config.read_text("utf-8").replace("width = 4", "width = 6"), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "addopts="],
        cwd=tmp_path / "boxes", capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "2 failed" in done.stdout


def test_the_command_line_of_a_package(tmp_path: Path) -> None:
    outcome = package(write_notebook(tmp_path, *CELLS), tmp_path / "boxes", run=False)
    call = [sys.executable, "-m", "nb"]
    source = tmp_path / "boxes" / "src"
    done = subprocess.run(call, cwd=source, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "volume 24\nscore = 24\n"
    done = subprocess.run(
        [*call, "--set", f"{outcome.plan.lifted[0].dotted}=10"],
        cwd=source, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert "score = 60" in done.stdout
    done = subprocess.run(
        [*call, "--set", "a.b=1"], cwd=source, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert "There is no setting 'a.b'" in done.stderr


def test_an_improvement_that_breaks_is_dropped_and_said(tmp_path: Path) -> None:
    outcome = package(write_notebook(tmp_path, *CELLS), tmp_path / "boxes", prover=Contrary())
    assert outcome.exit_code == 0
    assert [step for step, _ in outcome.steps_dropped] == ["lift"]
    assert "The improvement 'lift' was dropped" in (tmp_path / "boxes" / "report.md").read_text("utf-8")


def test_a_difference_stops_the_write_unless_accepted(tmp_path: Path) -> None:
    path = write_notebook(tmp_path, *CELLS)
    outcome = package(path, tmp_path / "boxes", prover=Never())
    assert outcome.exit_code == 4
    assert not (tmp_path / "boxes").exists()
    outcome = package(path, tmp_path / "boxes", prover=Never(), accept="rounding agreed on 3 May")
    assert outcome.exit_code == 0
    assert "rounding agreed on 3 May" in (tmp_path / "boxes" / "report.md").read_text("utf-8")


def test_a_notebook_that_fails_is_refused_with_its_cell(tmp_path: Path) -> None:
    path = write_notebook(tmp_path, "x = 1", "y = 1 / 0")
    with pytest.raises(MleeError, match="Cell 2 fails when the notebook runs from the top: ZeroDivisionError"):
        package(path, tmp_path / "boxes", prover=HereAndNow())
    assert not (tmp_path / "boxes").exists()


def test_without_a_run_it_says_so_loudly(tmp_path: Path) -> None:
    outcome = package(write_notebook(tmp_path, *CELLS), tmp_path / "boxes", run=False)
    assert outcome.exit_code == 3
    assert "NOT PROVEN" in (tmp_path / "boxes" / "README.md").read_text("utf-8")
    assert "NOT PROVEN" in (tmp_path / "boxes" / "report.md").read_text("utf-8")


def test_the_json_contract(tmp_path: Path) -> None:
    outcome = package(write_notebook(tmp_path, *CELLS), tmp_path / "boxes", prover=HereAndNow())
    value = json.loads(json.dumps(package_value(outcome)))
    assert value["package"] == "nb"
    assert value["proof"]["status"] == "identical"
    assert value["proof"]["values"]["score"] == "identical"
    assert {"name", "module", "inputs", "outputs", "lines"} == set(value["functions"][0])
    assert value["dropped"] == [{"cell": 6, "reason": "shows a value"}]
    assert set(value) >= {"package", "modules", "functions", "config", "kept", "dropped", "proof", "seconds"}


def test_edited_files_are_never_overwritten(tmp_path: Path) -> None:
    path = write_notebook(tmp_path, *CELLS)
    folder = tmp_path / "boxes"
    package(path, folder, run=False)
    edited = folder / "README.md"
    edited.write_text("mine now\n", "utf-8")
    outcome = package(write_notebook(tmp_path, *CELLS, "more = score + 1"), folder, run=False)
    assert edited.read_text("utf-8") == "mine now\n"
    assert outcome.landed is not None
    assert outcome.landed.beside == ("README.md.new",)
    assert "more" in (folder / "src" / "nb" / "pipeline.py").read_text("utf-8")
    again = package(path, folder, run=False)
    assert edited.read_text("utf-8") == "mine now\n"
    assert again.landed is not None


def test_drift_is_seen(tmp_path: Path) -> None:
    path = write_notebook(tmp_path, *CELLS)
    package(path, tmp_path / "boxes", run=False)
    assert packages_of(path) == [tmp_path / "boxes"]
    drift = drift_of(tmp_path / "boxes")
    assert drift is not None
    assert not drift.any
    write_notebook(tmp_path, *CELLS, "more = 1")
    drift = drift_of(tmp_path / "boxes")
    assert drift is not None
    assert drift.any
    assert drift_of(tmp_path) is None
