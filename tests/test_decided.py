"""`mlee package` keeps what was decided in the notebook's experiment, as the magic does, unless told otherwise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import mlee_jupyter as mlee
from mlee_jupyter.cli import main
from mlee_jupyter.session import current

from .convert.makers import write_notebook
from .convert.test_slicing import EIGHT


@pytest.fixture
def notebook(project: Path) -> Path:
    return write_notebook(project, *EIGHT, name="iris.ipynb")


def decide(notebook: Path, name: str, candidate: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Record for the notebook, as its kernel would, and decide."""
    monkeypatch.setenv("JPY_SESSION_NAME", str(notebook))
    current.forget_session()
    here = mlee.start(name, truth=np.arange(20) % 2, metric="accuracy")
    for one in ("knn", "svm"):
        here.record(one, np.arange(20) % 2, quiet=True)
    here.decide(candidate, because="simple")
    monkeypatch.delenv("JPY_SESSION_NAME")
    current.forget_session()


def planned(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main.main(["package", *arguments, "--plan"])
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.mark.parametrize("name", ["iris", "another name, known by its file"])
def test_the_decided_candidate_is_kept(
    name: str, notebook: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    everything = planned(capsys, str(notebook))
    kept = planned(capsys, str(notebook), "--keep", "knn")
    assert everything[1] != kept[1]
    assert everything[2] == ""
    decide(notebook, name, "knn", monkeypatch)
    code, out, err = planned(capsys, str(notebook))
    assert (code, out) == (0, kept[1])
    assert err == f'Keeping knn, decided in {name}; --keep "" keeps everything.\n'


def test_what_is_asked_for_goes_first(
    notebook: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    everything = planned(capsys, str(notebook))[1]
    svm = planned(capsys, str(notebook), "--keep", "svm")[1]
    rows = planned(capsys, str(notebook), "--keep-variables", "X_train")[1]
    decide(notebook, "iris", "knn", monkeypatch)
    assert planned(capsys, str(notebook), "--keep", "") == (0, everything, "")
    assert planned(capsys, str(notebook), "--keep", "svm") == (0, svm, "")
    assert planned(capsys, str(notebook), "--keep-variables", "X_train") == (0, rows, "")


def test_two_decisions_are_asked_about(
    notebook: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    decide(notebook, "iris", "knn", monkeypatch)
    decide(notebook, "again", "svm", monkeypatch)
    code, out, err = planned(capsys, str(notebook))
    assert (code, out) == (2, "")
    assert "knn in iris, svm in again" in err
    assert "--keep" in err


def test_another_notebooks_decision_and_a_decision_against_all_say_nothing(
    notebook: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    everything = planned(capsys, str(notebook))
    decide(notebook, "iris", None, monkeypatch)
    decide(notebook.with_name("other.ipynb"), "other", "knn", monkeypatch)
    assert planned(capsys, str(notebook)) == everything


def test_a_store_that_the_folder_names_elsewhere_is_not_opened(
    notebook: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    everything = planned(capsys, str(notebook))
    far = tmp_path_factory.mktemp("far") / "experiments.db"
    monkeypatch.setenv("MLEE_STORE", str(far))
    decide(notebook, "iris", "knn", monkeypatch)
    monkeypatch.delenv("MLEE_STORE")
    settings = notebook.with_name("pyproject.toml")
    for place in (str(far), "postgresql://user@nowhere.invalid/db"):
        settings.write_text(f"[tool.mlee]\nstore = '{place}'\n", "utf-8")
        assert planned(capsys, str(notebook)) == everything
    settings.write_text("", "utf-8")
    monkeypatch.setenv("MLEE_STORE", str(far))
    assert "Keeping knn" in planned(capsys, str(notebook))[2]


def test_no_store_is_made_for_the_question(notebook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    planned(capsys, str(notebook))
    assert not notebook.with_name(".mlee").exists()
