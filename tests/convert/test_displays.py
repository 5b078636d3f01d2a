"""What a notebook displays is held against what the package's variables give at the same place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mlee_jupyter.convert.plan.planning import plan_notebook
from mlee_jupyter.convert.prove.observe import FreshProcesses
from mlee_jupyter.convert.types import Sameness, Written
from mlee_jupyter.convert.write.emit import emit

from .makers import write_notebook

CELLS = (
    "import random\nimport numpy as np\nimport pandas as pd",
    "FEATURES = ['a', 'b', 'c']\ntable = pd.DataFrame(np.arange(12.0).reshape(4, 3), columns=FEATURES)\ntable.head(2)",
    "np.mean(table[FEATURES].to_numpy())",
    "#md # Later\n",
    "level = 1.25\nbefore = level + len(FEATURES)\nlevel * 2",
    "level = 3.5\nrandom.random()",
    "display(table.shape)\ndisplay(table[['a', 'b', 'c']].sum())",
    "total = table.sum().sum() + level",
)


@pytest.fixture(scope="module")
def prover() -> FreshProcesses:
    return FreshProcesses(limit=60)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    folder = tmp_path_factory.mktemp("project")
    return emit(plan_notebook(write_notebook(folder, *CELLS, name="shows.ipynb")), folder / "out", lint=False)


def changed(written: Written, old: str, new: str) -> Written:
    files = {n: t.replace(old, new) if n.startswith("src/") else t for n, t in written.files.items()}
    assert files != written.files, f"{old!r} stands nowhere"
    return replace(written, files=files)


def test_displays_are_compared_where_they_stood(prover: FreshProcesses, written: Written) -> None:
    proof = prover.compare(written)
    assert proof.verdict is Sameness.IDENTICAL, proof.reason
    shown = [v for v in proof.values if v.name.startswith("display")]
    assert [v.name for v in shown] == [f"display of cell {n}" for n in (2, 3, 5, 6, 7, 7)]
    assert {v.verdict for v in shown} == {Sameness.IDENTICAL}, shown
    assert not proof.unstable, "random.random() begins in the same state on both sides"


CHANGES = {
    "a value that is bound anew before the end": ("level = 1.25", "level = 1.5", "display of cell 5"),
    "a draw more": ("level = 3.5", "level = 3.5 + 0 * random.random()", "display of cell 6"),
}


@pytest.mark.parametrize("case", CHANGES)
def test_a_display_that_differs_is_a_difference(prover: FreshProcesses, written: Written, case: str) -> None:
    old, new, name = CHANGES[case]
    proof = prover.compare(changed(written, old, new))
    assert proof.verdict is Sameness.DIFFERENT
    assert name in {v.name for v in proof.values if v.verdict is Sameness.DIFFERENT}


def test_a_display_with_an_effect_cannot_lend_it_to_the_package(prover: FreshProcesses, written: Written) -> None:
    """The run that the values come from has no displays in it."""
    proof = prover.compare(changed(written, "random.random()", "0.25"))
    assert proof.verdict is Sameness.DIFFERENT


def test_what_is_drawn_inside_of_show_is_kept(prover: FreshProcesses, tmp_path_factory: pytest.TempPathFactory) -> None:
    cells = (
        "import matplotlib.pyplot as plt",
        "def drawn(height):\n    return plt.plot([0, height])",
        "plt.show(drawn(3))",
        "plt.plot([1, 2])\nplt.show(block=False)",
        "level = 1.5",
    )
    folder = tmp_path_factory.mktemp("figures")
    proof = prover.compare(emit(plan_notebook(write_notebook(folder, *cells)), folder / "out", lint=False))
    assert proof.verdict is Sameness.IDENTICAL, proof.reason
    assert [v.name for v in proof.values if v.name.startswith("figure")] == ["figure 1", "figure 2"]


def test_a_cell_that_is_expected_to_fail(prover: FreshProcesses, tmp_path_factory: pytest.TempPathFactory) -> None:
    cells = ("pair = (1, 2)", "#tag raises-exception\nlevel = float('2.5')\npair[0] = 3", "score = pair[0] * level")
    folder = tmp_path_factory.mktemp("fails")
    plan = plan_notebook(write_notebook(folder, *cells))
    assert [(d.cell, d.code) for d in plan.dropped] == [(2, "pair[0] = 3")]
    proof = prover.compare(emit(plan, folder / "out", lint=False))
    assert proof.verdict is Sameness.IDENTICAL, proof.reason
