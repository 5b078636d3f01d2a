"""Which looks are steered by earlier scores, in a real shell: by cell, by queue, by loop."""

from __future__ import annotations

import numpy as np

from mlee_jupyter.session import current

from .conftest import Shell

SETUP = """import mlee_jupyter as mlee, numpy as np
y_test = np.random.default_rng(0).integers(0, 2, 300)
def guess(seed):
    return np.where(np.random.default_rng(seed).random(300) < 0.8, y_test, 1 - y_test)
here = mlee.start("shelf", truth=y_test, metric="accuracy", useful_gain=0.02)"""
NAMES = ("knn", "svm", "forest", "mlp")


def looks() -> tuple[int, int]:
    judgement = current.session().evidence().judgement
    assert judgement is not None
    assert judgement.wear is not None
    return judgement.wear.looks, judgement.wear.steered


def test_candidates_of_one_cell_are_not_steered(shell: Shell) -> None:
    shell.run(SETUP)
    shell.run("for seed, name in enumerate(['knn', 'svm', 'forest', 'mlp']):\n    here.record(name, guess(seed))")
    assert looks() == (4, 0)
    assert "steered" not in shell.run("%mlee_scoreboard --text")


def test_candidates_of_one_cell_after_another_are(shell: Shell) -> None:
    shell.run(SETUP)
    for seed, name in enumerate(NAMES):
        shell.run(f"here.record({name!r}, guess({seed}))")
    assert looks() == (4, 3)


def test_candidates_that_the_charter_names_are_not(shell: Shell) -> None:
    shell.run(SETUP[:-1] + ', candidates=["knn", "svm", "forest", "mlp"])')
    for seed, name in enumerate((*NAMES, "unplanned")):
        shell.run(f"here.record({name!r}, guess({seed}))")
    assert looks() == (5, 1)


def test_settings_tried_in_a_loop_are_steered(shell: Shell) -> None:
    shell.run(SETUP)
    shell.run("for seed in range(5):\n    here.record('knn', guess(seed))")
    assert looks() == (5, 4)


def test_cells_that_run_all_had_queued_are_not(shell: Shell) -> None:
    """All were sent before the first score was known, by a front end whose clock is an hour behind."""
    shell.run(SETUP)
    cells = current.session().cells
    sent = cells.written - 3600
    cells.sent = lambda: sent
    for seed, name in enumerate(NAMES):
        shell.run(f"here.record({name!r}, guess({seed}))")
    assert looks() == (4, 0)
    cells.sent = lambda: sent + 3600.0 * 24
    shell.run("here.record('later', guess(9))")
    assert looks() == (5, 1)


def test_a_clock_that_is_ahead_excuses_nothing(shell: Shell) -> None:
    """How far the front end's clock is off shows in the quickest cell so far."""
    shell.run(SETUP)
    cells = current.session().cells
    cells.sent = lambda: float(np.nan_to_num(cells._wall())) - 7200.0
    for seed, name in enumerate(NAMES):
        shell.run(f"here.record({name!r}, guess({seed}))")
    assert looks() == (4, 3)
