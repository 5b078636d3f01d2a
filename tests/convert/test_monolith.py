"""The example of a real project's notebook, and what becomes of its mess."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from mlee_jupyter.convert.package import plan_notebook, plan_text
from mlee_jupyter.convert.write.emit import emit

from .makers import both

MONOLITH = Path(__file__).parents[2] / "example_notebooks" / "monolith.ipynb"


def test_the_winner_and_its_values(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.chdir(tmp_path)
    plan, original, found = both(MONOLITH, tmp_path / "package", keep="knn")
    assert found["knn_score"] == original["knn_score"]
    assert list(found["knn_pred"]) == list(original["knn_pred"])
    assert found["knn_share"].equals(original["knn_share"])
    source = "".join(p.read_text("utf-8") for p in (tmp_path / "package" / "src").rglob("*.py"))
    for loser in (
        "Dummy",
        "GaussianNB",
        "LogisticRegression",
        "DecisionTree",
        "RandomForest",
        "Boosting",
        "SVC",
        "plt.",
    ):
        assert loser not in source, loser
    assert len(plan.modules) >= 4


def test_the_mess_is_gone() -> None:
    plan = plan_notebook(MONOLITH, keep="knn")
    written = emit(plan, Path("package"))
    config = tomllib.loads(written.files["config.toml"])
    assert config["features"]["features"][:2] == ["alcohol", "malic_acid"]
    everything = "".join(text for name, text in written.files.items() if name.startswith("src"))
    assert '"malic_acid",' not in everything
    assert written.files["config.toml"].count("malic_acid") == 1
    assert config["data"]["wine_path"] == "lab_export/wine.csv"
    assert everything.count("lab_export/wine.csv") == 0
    assert "def scale(df, *, features, scaler):" in everything
    for comment in (
        "# nobody remembers column names",
        "# tartness",
        "# three was best last year",
        "# what the lab would",
    ):
        assert comment in everything
    inputs = sorted(len(f.inputs) for f in written.functions)
    assert inputs[len(inputs) // 2] <= 3
    assert max(inputs) <= 8


def test_its_plan_is_told_cell_by_cell() -> None:
    text = plan_text(plan_notebook(MONOLITH, keep="knn"))
    assert "monolith.ipynb: 59 code cells -> monolith" in text
    assert "features.scale" in text
    assert "cell 62: exploration" in text
