"""A settings file comes with its folder: it names no place outside of it, unless the user says so himself."""

from __future__ import annotations

from pathlib import Path

from .conftest import Shell

BEGIN = "import numpy as np\ny = np.tile([0, 1], 50)"


def test_a_notebook_records_in_memory_until_the_user_confirms(shell: Shell, project: Path) -> None:
    elsewhere = project.parent / f"{project.name}_elsewhere" / "team.db"
    (project / "pyproject.toml").write_text(f'[tool.mlee]\nstore = "{elsewhere}"\n')
    shell.run(BEGIN)
    said = shell.run("%mlee_experiment start shelf --truth y")
    assert "MLEE_STORE" in said
    assert "memory only" in said
    assert "recorded" in shell.run("%%mlee_candidate knn\ny")
    assert not elsewhere.parent.exists()
    assert [p.name for p in project.iterdir() if p.name != ".ipython"] == ["pyproject.toml"]

    shell.run(f"%env MLEE_STORE={elsewhere}")
    shell.run("%reload_ext mlee_jupyter")
    assert "MLEE_STORE" not in shell.run("%mlee_experiment start shelf --truth y")
    assert elsewhere.exists()


def test_looking_from_a_notebook_makes_no_store(shell: Shell, project: Path) -> None:
    for line in ("%mlee", "%mlee_experiment list", "%mlee_check MLE201"):
        shell.run(line)
    assert "No experiment" in shell.refused("%mlee_scoreboard")
    assert not (project / ".mlee").exists()
    shell.run(BEGIN)
    shell.run("%mlee_experiment start shelf --truth y")
    assert (project / ".mlee" / "experiments.db").exists()
