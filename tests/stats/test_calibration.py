"""A reduced run of benchmarks/calibration.py: few samples of a small cell for every kind of evidence."""

from __future__ import annotations

import math
import zlib

import pytest

from benchmarks import calibration

SAMPLES = 60
CELLS = {cell.name: cell for cell in calibration.cells()}
SMALL = [
    *(f"{label} n=100 K=2" for label in ("MSE t5", "RMSE", "R2", "log loss", "F1 30%", "macro F1", "groups")),
    *(f"{label} n=100 K=2" for label in ("Brier", "AP 30%", "MAPE", "pinball 90%", "Spearman", "own by row")),
    "own F1 30% n=30 K=2",
    "RMSE n=30 K=5",
    "AR(1) 0.6 n=200 K=2",
    "folds model 5 K=5",
]


@pytest.mark.parametrize("name", SMALL)
def test_a_truly_best_candidate_is_rarely_lost(name: str) -> None:
    found = calibration.run(CELLS[name], SAMPLES, zlib.crc32(name.encode()))
    # three standard errors: many cells are looked at, and each has few samples
    assert found["lost"] <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / SAMPLES)
    assert found["refused"] < 0.5  # two labellings that differ on fewer than six rows name no winner


@pytest.mark.parametrize("name", ["AP 5% n=30 K=2", "AUC 5% n=30 K=2"])
def test_too_few_rows_of_a_class_refuse_a_winner(name: str) -> None:
    found = calibration.run(CELLS[name], 10, 1)
    assert found["refused"] == 1
    assert found["winners"] == 0


def test_the_run_can_fail() -> None:
    """Candidates that are not equally good are not kept together, so a cell of such would be above."""

    def unequal(random: calibration.np.random.Generator) -> calibration.Judgement:
        truth = random.standard_normal(100)
        return calibration.judged(truth, [truth, truth + random.standard_normal(100)], "mse")

    found = calibration.run(calibration.Cell(name="unequal", count=2, draw=unequal), 20, 1)
    assert found["above"]


def test_every_cell_of_the_grid_has_its_own_name() -> None:
    names = [cell.name for cell in calibration.cells()]
    assert len(set(names)) == len(names)
    assert {f"accuracy r=0.95 n={n} K={k}" for n in calibration.ROWS for k in calibration.COUNTS} <= set(names)
