"""`mlee status` of many experiments: who, the box, the verdict, what blocks; of a store, and of all below a folder."""

from __future__ import annotations

import getpass
from pathlib import Path

import pytest

from mlee_jupyter.cli.main import main
from mlee_jupyter.domain import settings
from mlee_jupyter.session import current

from .conftest import Shell

RECORD = "%%mlee_candidate {}\n{}"
SERVER = "postgresql://team@db.example/mlee"


def says(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    current.forget_session()
    capsys.readouterr()
    code = main(words)
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def recorded(shell: Shell, name: str) -> None:
    shell.run("truth = [0, 1] * 60; svm = [0, 1] * 59 + [1, 0]; knn = [0, 0] * 60")
    shell.run(f"%mlee_experiment start {name} --budget 6h --truth truth")
    shell.run(RECORD.format("svm", "svm"))
    shell.run(RECORD.format("knn", "knn"))


def test_a_few_lines_an_experiment(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MLEE_USER", "ana")
    recorded(shell, "shelf")
    monkeypatch.setenv("MLEE_USER", "ben")
    recorded(shell, "shelf")
    shell.run("%mlee_experiment start lamp --budget 1h")
    code, out, _ = says(capsys, "status", "--short")
    first, *rest = out.splitlines()
    assert code == 0
    assert first.startswith("shelf: open, 0 min of 6 h used") or "of 6 h used" in first
    assert "by ana and ben" in first
    assert any("svm" in line for line in rest)
    assert any(line.startswith("lamp: open") for line in rest)
    assert "  No comparable result yet." in rest
    assert len(says(capsys, "status", "--short", "lamp")[1].splitlines()) < len(out.splitlines())


def test_every_store_below_a_folder(
    shell: Shell, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    recorded(shell, "shelf")
    current.forget_session()
    for place in ("one", "two/deep", "node_modules/gone", ".hidden"):
        (project / place / ".mlee").mkdir(parents=True)
        (project / place / ".mlee" / "experiments.db").write_bytes((project / ".mlee" / "experiments.db").read_bytes())
    (project / "two" / "deep" / ".mlee" / "experiments.db").write_bytes(b"no store at all" * 99)
    code, out, _ = says(capsys, "status", "--under", ".")
    assert code == 0
    assert out.count("shelf: open") == 2
    assert "2 experiments in 3 stores." in out
    assert "gone" not in out
    assert ".hidden" not in out
    (broken,) = [line for line in out.splitlines() if line.startswith("  ") and "deep" in line]
    assert len(broken) < 400
    assert " by " not in out.splitlines()[1]  # a file of one's own keeps no name


def test_what_cannot_be_looked_at_is_one_line(alone: None, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "empty").mkdir()
    for words, said in (
        (("--under", "nowhere"), "There is no folder nowhere."),
        (("--under", "empty"), "There is no .mlee/experiments.db below empty."),
        (("shelf", "--under", "."), "Leave the names out."),
    ):
        code, _, err = says(capsys, "status", *words)
        assert code != 0
        assert said in err
        assert len(err.strip().splitlines()) == 1


def test_whose_name_is_kept(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLEE_USER", raising=False)
    monkeypatch.setenv("LOGNAME", "carla")
    held = settings.read()
    assert held.person(SERVER) == getpass.getuser() == "carla"
    assert held.person("/home/carla/.mlee/experiments.db") is None
    monkeypatch.setenv("MLEE_USER", "  team\n two ")
    assert held.person(SERVER) == held.person("experiments.db") == "team two"
    monkeypatch.setenv("MLEE_USER", "")
    assert held.person(SERVER) is None
    monkeypatch.delenv("MLEE_USER")
    (project / "pyproject.toml").write_text("[tool.mlee]\nnote_person = false\n")
    assert settings.read().person(SERVER) is None
