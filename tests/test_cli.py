"""The command line, as a user types it."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mlee_jupyter as mlee
from mlee_jupyter.cli import main
from mlee_jupyter.session import current

N = 300


@pytest.fixture
def recorded(project: Path) -> Iterator[Path]:
    """A project in which two candidates were judged and one decision made."""
    current.forget_session()
    rng = np.random.default_rng(3)
    truth = rng.integers(0, 2, N)
    shelf = mlee.start("shelf", budget="6h", truth=truth, metric="accuracy", useful_gain=0.05)
    for name, wrong in (("knn", 15), ("svm", 40)):
        predicted = truth.copy()
        predicted[:wrong] = 1 - truth[:wrong]
        shelf.record(name, predicted, simplicity=len(name))
    current.forget_session()
    yield project
    current.forget_session()


def mlee_says(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main.main(arguments)
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_readers_say_what_the_notebook_says(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "knn 95.0" in mlee_says(capsys, "status")[1]
    assert "knn" in mlee_says(capsys, "scoreboard", "shelf")[1]
    assert "shelf" in mlee_says(capsys, "list")[1]
    assert "knn" in mlee_says(capsys, "history")[1]
    assert "MLE201" in mlee_says(capsys, "explain", "test-set-too-small")[1]


FORMATS = {"text": "knn", "md": "knn", "html": "<table", "json": '"version"'}


@pytest.mark.parametrize(("form", "holds"), FORMATS.items(), ids=FORMATS)
def test_a_scoreboard_in_every_format(
    recorded: Path, capsys: pytest.CaptureFixture[str], form: str, holds: str
) -> None:
    code, out, _ = mlee_says(capsys, "scoreboard", "shelf", "--format", form)
    assert code == 0
    assert holds in out
    if form == "json":
        assert json.loads(out)["experiment"]["name"] == "shelf"


def test_check_fails_on_errors_only_unless_told(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mlee.start("shelf").decide("svm", because="simple")  # the brief will lack what the charter leaves open
    current.forget_session()
    code, out, _ = mlee_says(capsys, "check")
    assert code == 0
    assert "advice" in out
    assert mlee_says(capsys, "check", "--fail-on", "advice")[0] == 1
    document = json.loads(mlee_says(capsys, "check", "--format", "json")[1])
    assert {finding["rule"] for finding in document["shelf"]} >= {"MLE601"}


def test_check_fails_on_an_error(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = np.arange(N) % 2
    current.session().names  # noqa: B018 - the session is this process's
    handle = mlee.start("shelf", truth=other)
    handle.record("tree", other)
    current.forget_session()
    code, out, _ = mlee_says(capsys, "check")
    assert code == 1
    assert "MLE401" in out


REFUSED: dict[str, tuple[str, ...]] = {
    "an unknown experiment": ("scoreboard", "absent"),
    "an unknown rule": ("explain", "MLE999"),
    "a file that is not there": ("import", "absent.json"),
    "a file that cannot be written": ("export", "absent/folder/all.json"),
    "a rename of nothing": ("rename", "absent", "other"),
    "a deletion of nothing": ("delete", "absent", "--because", "x"),
}


@pytest.mark.parametrize("arguments", REFUSED.values(), ids=REFUSED)
def test_bad_input_is_one_line_and_exit_code_2(
    recorded: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    code, out, err = mlee_says(capsys, *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("mlee: ")
    assert err.count("\n") == 1


def test_an_empty_project_says_how_to_begin(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    current.forget_session()
    code, _, err = mlee_says(capsys, "status")
    assert code == 2
    assert "mlee demo" in err
    current.forget_session()


def test_export_delete_import_come_round(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = mlee_says(capsys, "history")[1]
    assert mlee_says(capsys, "export", "all.json")[0] == 0
    assert mlee_says(capsys, "delete", "shelf", "--because", "trying")[0] == 0
    assert mlee_says(capsys, "status")[0] == 2
    assert "shelf" in mlee_says(capsys, "import", "all.json")[1]
    assert [line.split()[3:] for line in mlee_says(capsys, "history")[1].splitlines()] == [
        line.split()[3:] for line in before.splitlines()
    ]
    assert "Nothing new" in mlee_says(capsys, "import", "all.json")[1]


def test_names_of_a_strangers_file_clear_no_screen(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever a command says of them: what moves a cursor, turns the reading order or ends a line is written out."""
    hostile = "up\u001b[2J\u202e\u0007\u009b1m\u2028x"
    mlee_says(capsys, "export", "e.json")
    document = (recorded / "e.json").read_text("utf-8")
    for name in ("shelf", "knn"):
        document = document.replace(json.dumps(name), json.dumps(hostile + name))
    (recorded / "strange.json").write_text(document, "utf-8")
    imported = mlee_says(capsys, "import", "strange.json")
    assert imported[0] == 0
    for said in (imported, *(mlee_says(capsys, verb) for verb in ("list", "status", "history", "check"))):
        told = said[1] + said[2]
        assert not {c for c in told if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")} - {"\n", "\t"}, told


def test_rename(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert mlee_says(capsys, "rename", "shelf", "kiosk")[0] == 0
    assert "kiosk" in mlee_says(capsys, "list")[1]


def test_the_doctor_says_all_is_well_and_what_is_not(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = mlee_says(capsys, "doctor")
    assert code == 0, out
    assert "1 experiment\n" in out
    assert "idle limit 10 min" in out
    (recorded / "pyproject.toml").write_text("[tool.mlee]\nidle_limit = 3\n")
    code, out, _ = mlee_says(capsys, "doctor")
    assert code == 1
    assert "idle_limit" in out


def test_a_damaged_store_is_named_and_left_alone(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = recorded / ".mlee" / "experiments.db"
    file.write_bytes(b"this is no database" * 100)
    code, _, err = mlee_says(capsys, "status")
    assert code == 2
    assert "experiments.db" in err
    assert file.read_bytes() == b"this is no database" * 100


def test_the_module_runs_as_a_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mlee_jupyter", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("mlee_jupyter 0.")


def test_plain_python_is_the_twin(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    handle = mlee.start("shelf")
    table: Any = handle.scoreboard()
    assert list(table["candidate"])[:2] == ["knn", "svm"]
    with pytest.raises(ValueError, match="theirs"), handle.candidate("broken"):
        raise ValueError("theirs")
    assert "failed" in str(handle.board())
    handle.decide("knn", because="good enough")
    assert handle.board()["decided"]["candidate"] == "knn"
