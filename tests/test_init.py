"""`mlee init`: a notebook that runs as it is, never over another one; on a terminal it asks and takes what is right."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import nbformat
import pytest

from mlee_jupyter.cli.init_command import asked
from mlee_jupyter.cli.main import main
from mlee_jupyter.session.current import session
from tests.conftest import Shell

pytestmark = pytest.mark.usefixtures("alone")


class Terminal(io.StringIO):
    """What a user types, and what is shown, as on a terminal."""

    def isatty(self) -> bool:
        return True


def sources(place: Path) -> dict[str, str]:
    notebook = nbformat.reads(place.read_text("utf-8"), as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    return {cell.id: cell.source for cell in notebook.cells}


def test_without_a_terminal_nothing_is_asked_and_nothing_is_claimed(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("never read"))
    assert main(["init", "mail.ipynb"]) == 0
    assert "Written to mail.ipynb" in capsys.readouterr().out
    start = sources(Path("mail.ipynb"))["start"]
    assert start.startswith("%%mlee_experiment start mail --budget 6h\n# question ")
    assert all(line.startswith("# ") for line in start.splitlines()[1:])
    assert "by_hand" in start


def test_it_runs_as_it_is(shell: Shell, project: Path) -> None:
    assert main(["init", "--name", "when mail is read"]) == 0
    told = sources(Path("experiment.ipynb"))
    for key in ("load", "start", "plan"):
        shell.run(told[key])
    assert session().experiment().name == "when mail is read"


def test_nothing_is_written_over(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("mine.ipynb").write_text("mine", "utf-8")
    assert main(["init", "mine.ipynb"]) == 2
    assert Path("mine.ipynb").read_text("utf-8") == "mine"
    assert "mine.ipynb is there already. Name another one" in capsys.readouterr().err
    assert main(["init", "mine.py"]) == 2
    assert main(["init", "--name=-x"]) == 2
    assert not Path("experiment.ipynb").exists()


def test_on_a_terminal_it_asks_and_asks_again_where_it_is_not_right() -> None:
    typed = iter(["When is mail read?", "", "look it up", "", "", "soon", "3h", "", "", "", "", "", "query, forest"])
    said: list[str] = []
    found = asked({"name": "mail"}, lambda _: next(typed), said.append)
    assert found == {
        "name": "mail",
        "question": "When is mail read?",
        "by_hand": "look it up",
        "budget": "3h",
        "candidates": "query, forest",
    }
    assert any("'soon' is not a duration" in line for line in said)


def test_what_was_answered_is_the_cell(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal("When is mail read?\n"))  # and then nothing more
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert main(["init", "mail.ipynb"]) == 0
    assert sources(Path("mail.ipynb"))["start"] == (
        '%%mlee_experiment start mail --budget 6h\nquestion = "When is mail read?"'
    )
    assert json.loads(Path("mail.ipynb").read_text("utf-8"))["nbformat"] == 4
