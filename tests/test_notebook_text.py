"""What a notebook's text shows to be fitted on its test rows holds the verdict on every surface, as it was saved."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

import mlee_jupyter as mlee
from mlee_jupyter import report
from mlee_jupyter.cli.main import main
from mlee_jupyter.experiment.handle import ExperimentHandle
from mlee_jupyter.panel.snapshot import snapshot
from mlee_jupyter.session import boards, current, notebook_text

from .conftest import Shell
from .notebooks import written

SPLIT = "X_train, X_test, y_train, y_test = train_test_split(X, y)"
LEAKY = [
    SPLIT,
    "m = XGBClassifier(early_stopping_rounds=9)\nm.fit(X_train, y_train, eval_set=[(X_test, y_test)])",
    "m.score(X_test, y_test)",
]
HONEST = [SPLIT, "m = XGBClassifier().fit(X_train, y_train)", "m.score(X_test, y_test)"]
RANDOM = np.random.default_rng(1)
TRUTH = RANDOM.integers(0, 3, 600)


def saved(file: Path, cells: list[str]) -> None:
    """Write the notebook; a second later than before, as a person would."""
    before = file.stat().st_mtime_ns if file.exists() else 10**18
    file.write_text(written(cells), "utf-8")
    os.utime(file, ns=(before + 10**9, before + 10**9))


def wrong(many: int, shift: int) -> np.ndarray:
    predicted = TRUTH.copy()
    predicted[:many] = (TRUTH[:many] + shift) % 3
    return predicted


@pytest.fixture
def notebook(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The session's notebook, named as JupyterLab names it."""
    file = project / "shelf.ipynb"
    monkeypatch.setenv("JPY_SESSION_NAME", str(file))
    return file


def begun() -> ExperimentHandle:
    """An experiment in which svm is clearly best."""
    here = mlee.start("shelf", truth=TRUTH, metric="accuracy", useful_gain=0.02)
    here.record("svm", wrong(12, 1), simplicity=3, quiet=True)
    here.record("knn", wrong(200, 2), simplicity=1, quiet=True)
    return here


def surfaces(here: ExperimentHandle, capsys: pytest.CaptureFixture[str], shell: Shell) -> dict[str, str]:
    """Whatever shows the board, by name."""
    session, board = current.session(), here.board()
    evidence = session.evidence()
    shown = {
        "text": report.text(board),
        "html": here.html,
        "markdown": report.markdown(board),
        "frame": here.scoreboard().to_string(),
        "why": str(here.explain()),
        "status": str(here.status()),
        "panel": str(snapshot(evidence, session.findings(evidence))),
        "magic": shell.run("%mlee_scoreboard --text"),
        "magic why": shell.run("%mlee_scoreboard --why"),
        "magic check": shell.run("%mlee_check"),
    }
    current.forget_session()
    for form in ("text", "md", "html", "json"):
        capsys.readouterr()
        main(["scoreboard", "shelf", "--format", form])
        shown[f"command line {form}"] = capsys.readouterr().out
    main(["scoreboard", "shelf", "--why"])
    shown["command line why"] = capsys.readouterr().out
    return shown


WITHOUT_FINDINGS = ("frame",)


def test_every_surface_reads_the_notebook(notebook: Path, shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    saved(notebook, LEAKY)
    here = begun()
    shown = surfaces(here, capsys, shell)
    for name, text in shown.items():
        assert "MLE410" in text or name in WITHOUT_FINDINGS, name
        assert "svm is best" not in text, name
        assert "svm is suggested" not in text, name
    assert "best" not in shown["frame"].replace("best score", "")


def test_the_command_line_finds_the_notebooks_that_recorded(
    notebook: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    saved(notebook, LEAKY)
    begun()
    monkeypatch.delenv("JPY_SESSION_NAME")
    current.forget_session()
    assert main(["check", "shelf"]) == 1
    assert "shelf.ipynb" in capsys.readouterr().out
    assert boards.board_of(current.session(), "shelf")["boards"][0]["winner"] is None


def test_a_mended_notebook_is_read_again(notebook: Path, shell: Shell) -> None:
    saved(notebook, LEAKY)
    here = begun()
    assert here.board()["boards"][0]["winner"] is None
    saved(notebook, HONEST)
    assert here.board()["boards"][0]["winner"] == "svm"
    saved(notebook, LEAKY)
    assert here.board()["boards"][0]["winner"] is None
    notebook.unlink()
    assert here.board()["boards"][0]["winner"] == "svm"


@pytest.mark.parametrize("kept", ["withdrawn", "dropped"])
def test_a_notebook_whose_runs_count_no_longer_holds_nothing(
    kept: str, notebook: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved(notebook, LEAKY)
    begun()
    other = notebook.with_name("other.ipynb")
    saved(other, HONEST)
    monkeypatch.setenv("JPY_SESSION_NAME", str(other))
    current.forget_session()
    here = mlee.start("shelf", truth=TRUTH)
    here.record("forest", wrong(6, 1), quiet=True)
    assert here.board()["boards"][0]["winner"] is None
    assert "shelf.ipynb" in here.board()["boards"][0]["words"][0]
    for name in ("svm", "knn"):
        if kept == "dropped":
            here.drop(name, because="fitted on the test rows")
        else:
            runs = [r.run_id for r in current.session().records().results if r.candidate == name]
            here.withdraw(runs[0], because="fitted on the test rows")
    assert not [f for f in here.check() if f.rule == "MLE410" and f.outcome == "finding"]


def test_an_ignored_leak_holds_nothing(notebook: Path, shell: Shell) -> None:
    saved(notebook, LEAKY)
    here = begun()
    here.ignore("MLE410", because="those rows judge nothing here")
    assert here.board()["boards"][0]["winner"] == "svm"
    assert "MLE410" in str(here.board()["findings"]["ignored"])


def test_a_record_reads_no_notebook(notebook: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    saved(notebook, LEAKY)
    here = begun()
    read: list[str] = []
    real = notebook_text.text_of
    monkeypatch.setattr(notebook_text, "text_of", lambda path: (read.append(path), real(path))[1])
    here.record("forest", wrong(30, 1), quiet=True)
    assert read == []
    here.board()
    assert len(read) == 1


def test_what_is_known_is_said_once_under_a_cell(notebook: Path, shell: Shell) -> None:
    saved(notebook, LEAKY)
    here = begun()
    here.board()
    shell.names["here"], shell.names["rows"] = here, wrong(30, 1)
    assert "MLE410" in shell.run("here.record('forest', rows)")
    assert "MLE410" not in shell.run("here.record('tree', rows)")


def test_what_is_no_notebook_is_left_alone(notebook: Path, shell: Shell) -> None:
    notebook.write_text("{ no JSON", "utf-8")
    assert begun().board()["boards"][0]["winner"] == "svm"
    notebook.unlink()
    notebook.mkdir()
    assert mlee.start("shelf", truth=TRUTH).board()["boards"][0]["winner"] == "svm"
