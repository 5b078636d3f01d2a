"""What a package calls its own things gives way to the notebook's names."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlee_jupyter.convert.plan.planning import plan_notebook

from .makers import both, same, write_notebook

MODEL = "from sklearn.linear_model import Ridge\nimport numpy as np"
FIT = (
    "x = np.linspace(0, 1, 12).reshape(-1, 1)\ny = 2 * x.ravel()",
    "model = Ridge(alpha=0.5, max_iter=200, tol=0.01, solver='lsqr').fit(x, y)",
)


@pytest.mark.parametrize("name", ["config", "settings", "results", "Results", "run", "load_config", "model_config"])
def test_a_variable_is_just_a_variable(name: str, tmp_path: Path) -> None:
    cells = (
        MODEL,
        "#md ## Data",
        f"{name} = {{'rows': 30}}",
        "#md ## Features",
        FIT[0],
        "#md ## Model",
        FIT[1],
        f"slope = model.coef_[0] * {name}['rows']",
    )
    plan, original, found = both(write_notebook(tmp_path, *cells), tmp_path / "out")
    assert plan.lifted, "the model's values still come from the configuration"
    for known in ("slope", "y", name):
        assert same(found[known], original[known]), known


@pytest.mark.parametrize("name", ["Config", "Results", "ModelConfig"])
def test_a_class_is_just_a_class(name: str, tmp_path: Path) -> None:
    define = f"from dataclasses import dataclass\n@dataclass\nclass {name}:\n    rows: int = 3"
    use = f"made = {name}()\nslope = model.coef_[0] * made.rows"
    _, original, found = both(write_notebook(tmp_path, MODEL, define, *FIT, use), tmp_path / "out")
    assert same(found["slope"], original["slope"])


SHOWING = (
    "plt.plot(xs)\nplt.show()",
    "fig, ax = plt.subplots()\nax.plot(xs)\nplt.show()",
    "plt.plot(xs)",
    "plt.plot(lost)",
)


@pytest.mark.parametrize("cell", SHOWING)
def test_no_note_names_what_the_notebook_has_not(cell: str, tmp_path: Path) -> None:
    path = write_notebook(tmp_path, "import matplotlib.pyplot as plt\nxs = [1, 2, 3]", cell, "n = sum(xs)")
    told = [note for note in plan_notebook(path).notes if "nothing above it binds" in note]
    assert told == (["cell 2 reads lost, which nothing above it binds"] if "lost" in cell else [])
