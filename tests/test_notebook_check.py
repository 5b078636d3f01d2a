from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mlee_jupyter import report
from mlee_jupyter.convert.health.notebook_facts import notebook_facts
from mlee_jupyter.domain import Finding, Ignore, Level, Outcome
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.domain.settings import Settings
from mlee_jupyter.session.notebook_check import check_notebook, check_notebooks, judge_notebook, notebooks_under
from tests.notebooks import tagged, written

MESS = [
    "import pandas as pd\nFEATURES = ['age', 'rooms', 'tax']",
    "df = pd.read_csv('/home/ann/houses.csv')[['age', 'rooms', 'tax']]",
    "print(gone)",
    "password = 'tr0ub4dor&3'  # mlee: ignore[secret] of a closed demo",
]


def _file(folder: Path, cells: list[str], name: str = "nb.ipynb", **more: object) -> Path:
    path = folder / name
    path.write_text(written(cells, **more), "utf-8")  # type: ignore[arg-type]
    return path


def _settings(folder: Path, **changes: object) -> Settings:
    return Settings(root=folder, **changes)  # type: ignore[arg-type]


def _open(findings: tuple[Finding, ...]) -> dict[str, Finding]:
    return {f.rule: f for f in findings if f.outcome is Outcome.FINDING}


def test_a_notebook_with_faults(tmp_path: Path) -> None:
    answers = check_notebook(_file(tmp_path, MESS), _settings(tmp_path))
    assert set(_open(answers)) == {"MLE702", "MLE704", "MLE707"}
    assert _open(answers)["MLE702"].facts["places"] == ((3, 1, "gone, which no cell makes"),)
    assert _open(answers)["MLE707"].facts["cells"] == (1, 2)
    secret = next(f for f in answers if f.rule == "MLE705")
    assert secret.outcome is Outcome.IGNORED
    assert secret.ignored is not None
    assert (secret.ignored.because, secret.ignored.where) == ("of a closed demo", "notebook")
    text = report.findings_text(answers)
    assert "Cell 3 reads gone" in text
    assert "tr0ub4dor" not in text + json.dumps(report.sarif({"nb.ipynb": answers}))


def test_a_clean_notebook_has_no_findings(tmp_path: Path) -> None:
    clean = ["import math", "def area(r):\n    return math.pi * r * r", "print(area(2))"]
    path = _file(tmp_path, clean, counts=[1, 2, 3])
    assert _open(check_notebook(path, _settings(tmp_path))) == {}


def test_nothing_of_the_notebook_is_run(tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    path = _file(tmp_path, [f"open({str(trap)!r}, 'w').write('x')", f"!touch {trap}", f"%%bash\ntouch {trap}"])
    check_notebook(path)
    assert not trap.exists()


def test_settings_of_the_project_count(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.mlee]\nignore = [{rule = "ghost-name", reason = "a template"}]\n'
        "[tool.mlee.rules.hard-coded-path]\noff = true\n"
        "[tool.mlee.rules.huge-cell]\npreview = true\nlimit = 1\n"
    )
    answers = {f.rule: f for f in check_notebook(_file(tmp_path, MESS))}
    assert answers["MLE702"].outcome is Outcome.IGNORED
    assert answers["MLE704"].outcome is Outcome.NOT_APPLICABLE
    assert answers["MLE711"].outcome is Outcome.FINDING


def test_a_config_ignore_is_held_against_its_last_day(tmp_path: Path) -> None:
    from datetime import date

    old = Ignore(rule="ghost-name", because="a template", until=date(2020, 1, 1), where="config")
    answers = _open(check_notebook(_file(tmp_path, MESS), _settings(tmp_path, ignores=(old,))))
    assert {"MLE702", "MLE790"} <= set(answers)


def test_files_and_folders_and_the_exit_code(tmp_path: Path) -> None:
    (tmp_path / "sub" / ".ipynb_checkpoints").mkdir(parents=True)
    _file(tmp_path / "sub", ["a = 1"], "clean.ipynb")
    _file(tmp_path / "sub" / ".ipynb_checkpoints", ["print(gone)"], "clean-checkpoint.ipynb")
    _file(tmp_path / "sub", ["x <- 1"], "r.ipynb", metadata={"kernelspec": {"name": "ir", "language": "R"}})
    clean = check_notebooks([tmp_path / "sub"], _settings(tmp_path))
    assert [Path(p).name for p in clean.findings] == ["clean.ipynb"]
    assert [Path(p).name for p in clean.skipped] == ["r.ipynb"]
    assert clean.exit_code() == 0
    (tmp_path / "sub" / "torn.ipynb").write_bytes('{"cells": []'.encode("utf-16"))
    assert check_notebooks([tmp_path / "sub"], _settings(tmp_path)).exit_code() == 2
    (tmp_path / "sub" / "torn.ipynb").unlink()

    warned = check_notebooks([_file(tmp_path, ["open('/home/ann/x')"], "w.ipynb")], _settings(tmp_path))
    assert (warned.exit_code(), warned.exit_code(Level.WARNING), warned.exit_code("advice")) == (0, 1, 1)
    wrong = check_notebooks([_file(tmp_path, ["print(gone)"], "e.ipynb"), tmp_path / "sub"], _settings(tmp_path))
    assert wrong.exit_code() == 1
    named = check_notebooks([tmp_path / "sub" / "r.ipynb", tmp_path / "e.ipynb"], _settings(tmp_path))
    assert named.exit_code() == 2
    assert len(named.findings) == 1
    with pytest.raises(MleeError, match="no notebook"):
        check_notebooks([tmp_path / "missing.ipynb"])


LEFT_OUT = [
    "venv/lib/python3.11/site-packages/x", "env/share", "conda/x", "old/x", "node_modules/x", "build/lib", "dist",
    "_build", ".ipynb_checkpoints", ".hidden/x", "x.egg-info", "__pycache__", "deep/er/.tox/x",
]  # fmt: skip


@pytest.mark.parametrize("folder", LEFT_OUT)
def test_what_other_programs_fill_is_left_out(folder: str, tmp_path: Path) -> None:
    (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "notes" / "venv_notes").mkdir(parents=True)
    _file(tmp_path / folder, ["print(gone)"], "theirs.ipynb")
    _file(tmp_path / "notes" / "venv_notes", ["print(gone)"], "ours.ipynb")
    for mark in ("env/pyvenv.cfg", "conda/conda-meta/history", "old/bin/activate"):
        if mark.startswith(folder.split("/")[0] + "/"):
            (tmp_path / mark).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / mark).write_text("")
    assert [p.name for p in notebooks_under(tmp_path)] == ["ours.ipynb"]


@pytest.mark.parametrize("folder", ["build", ".hidden", "dist/x"])
def test_a_folder_that_is_named_is_walked(folder: str, tmp_path: Path) -> None:
    (tmp_path / folder).mkdir(parents=True)
    _file(tmp_path / folder, ["x = 1"])
    assert [p.name for p in notebooks_under(tmp_path / folder)] == ["nb.ipynb"]


def test_a_cell_that_is_no_python_fails_the_check(tmp_path: Path) -> None:
    checked = check_notebooks([_file(tmp_path, ["def f(:\n    return 1", "total = 2"])], _settings(tmp_path))
    assert checked.exit_code() == 1


HOSTILE: dict[str, list[str]] = {
    "no cells": [],
    "empty cells": ["", "   ", "\n\n"],
    "broken cells": ["def (", "print(gone)", "'''", "x = = 1", "\x00", "if True:\n"],
    "other languages": ["%%R\nx <- 1", "%%html\n<b>", "%%bash\necho 1", "%%julia\nx = 1", "%%cython\ncdef int x"],
    "magics": ["%", "%%", "!", "?", "%time", "%%time", "%timeit", "a = !", "b = %", "%%capture\n", ";x", ",f a", "/f"],
    "deep": ["x = " + "(" * 150 + "1" + ")" * 150, "y = " + "-" * 3000 + "1", "z = " + "+".join(["1"] * 4000)],
    "deep calls": ["a" + ".b()" * 900, "f = " + "lambda: " * 400 + "1"],
    "one long line": ["x = '" + "a" * 2_000_000 + "'"],
    "odd names": ["ä = 1; 变量 = 2; print(ä, 变量, ﬁ)", "global x", "nonlocal y", "return 1", "yield 2", "await z"],
    "odd statements": ["del (a, b)", "for x.y in z: pass", "(a := 1)", "class A: pass\nA.__doc__ = 'x'", "*a, = b"],
    "odd comments": ["# mlee: ignore[]", "# mlee: ignore[", "# mlee: ignore[,,]", "# mlee: ignore[<script>] \u202e"],
    "odd calls": ["fit()", "(lambda: 1)()", "train_test_split()", "a, b = train_test_split", "x = fit(1)", "f()()"],
    "control marks": ["x = 1 # \u202e\u2028 \x1b[31m", "open('/home/\u202e\x1b/x.csv')"],
}


@pytest.mark.parametrize("cells", HOSTILE.values(), ids=HOSTILE)
def test_hostile_notebooks_are_answered(cells: list[str], tmp_path: Path) -> None:
    settings = _settings(tmp_path, rules={"huge-cell": {"preview": True}, "seeded-from-test": {"preview": True}})
    answers = judge_notebook(notebook_facts(_file(tmp_path, cells)), settings, trust=False)
    assert all(f.message.isprintable() and len(f.message) < 300 for f in answers if f.message)
    json.dumps(report.sarif({"a b/ä.ipynb": answers}))


ODD_FILES = {
    "empty": "",
    "not JSON": "{",
    "a list": "[]",
    "no cells": '{"nbformat": 4}',
    "cells of text": '{"cells": ["x"]}',
    "conflict": "<<<<<<< HEAD\n{}",
}


@pytest.mark.parametrize("text", ODD_FILES.values(), ids=ODD_FILES)
def test_what_is_no_notebook_is_refused_in_one_line(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.ipynb"
    path.write_text(text)
    with pytest.raises(MleeError) as refused:
        check_notebook(path)
    assert "\n" not in str(refused.value)


ODD_CELLS = {
    "old": {
        "nbformat": 3,
        "worksheets": [{"cells": [{"cell_type": "code", "input": ["print(gone)"], "prompt_number": 1}]}],
    },
    "lists of lines": {"cells": [{"cell_type": "code", "source": ["a = 1\n", "print(gone)"]}]},
    "no source": {"cells": [{"cell_type": "code"}, {"cell_type": "code", "source": "print(gone)"}]},
    "odd counts": {"cells": [{"cell_type": "code", "source": "gone", "execution_count": "7", "outputs": None}]},
    "odd tags": {"cells": [{"cell_type": "code", "source": "gone", "metadata": {"tags": "x"}}, {"cell_type": "wat"}]},
}


@pytest.mark.parametrize("notebook", ODD_CELLS.values(), ids=ODD_CELLS)
def test_old_and_odd_files_are_read(notebook: dict[str, object], tmp_path: Path) -> None:
    path = tmp_path / "x.ipynb"
    path.write_text(json.dumps(notebook))
    assert "MLE702" in _open(check_notebook(path, _settings(tmp_path)))


def test_a_cell_that_is_expected_to_fail_is_silent(tmp_path: Path) -> None:
    path = tmp_path / "x.ipynb"
    path.write_text(written([tagged("print(gone)", "raises-exception")]))
    assert _open(check_notebook(path, _settings(tmp_path))) == {}


def _calls(work: Callable[[], object]) -> int:
    """Functions called: the same on any machine, whatever runs beside it."""
    count = 0

    def one_more(_frame: object, event: str, _what: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(one_more)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def test_four_times_the_cells_take_about_four_times_the_work(tmp_path: Path) -> None:
    def work(count: int) -> int:
        cells = [
            f"part_{k} = frame_{k - 1 if k else 0}[['age', 'rooms', 'tax', 'c{k % 60}']]\n"
            f"frame_{k} = Ridge(alpha=0.{k % 9 + 1}).fit(part_{k}, part_{k})\n"
            for k in range(count)
        ]
        path = _file(tmp_path, ["frame_0 = 1", *cells])
        return _calls(lambda: check_notebook(path, _settings(tmp_path)))

    few, many = work(250), work(1000)
    assert few > 100_000, "it was counted"
    assert many < 8 * few, "every cell against every other would be sixteen times as much"


def test_sarif_has_the_structure_that_readers_need(tmp_path: Path) -> None:
    answers = check_notebook(_file(tmp_path, MESS), _settings(tmp_path))
    log = json.loads(json.dumps(report.sarif({"note books/nb.ipynb": answers}, version="1.0")))
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "mlee"
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(ids) == len(set(ids))
    assert run["results"]
    for result in run["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note", "none")
        assert re.search(r"\(cell \d+, line \d+\)", result["message"]["text"])
        (location,) = result["locations"]
        assert location["physicalLocation"]["artifactLocation"]["uri"] == "note%20books/nb.ipynb"
        assert location["physicalLocation"]["region"]["startLine"] >= 1
        assert location["logicalLocations"][0]["name"].startswith("cell ")
    suppressed = [r for r in run["results"] if "suppressions" in r]
    assert [r["ruleId"] for r in suppressed] == ["MLE705"]
    assert suppressed[0]["suppressions"] == [{"kind": "inSource", "justification": "of a closed demo"}]


def test_sarif_of_nothing_is_a_log_without_results() -> None:
    assert report.sarif({})["runs"][0]["results"] == []


def test_a_folder_deeper_than_paths_may_be_long_is_walked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _file(tmp_path, ["a = 1"], "above.ipynb")
    monkeypatch.chdir(tmp_path)
    for _ in range(40):
        os.mkdir("n" * 200)
        os.chdir("n" * 200)
    Path("below.ipynb").write_text("{}")
    monkeypatch.chdir(tmp_path)
    assert [Path(one).name for one in check_notebooks([tmp_path], _settings(tmp_path)).findings] == ["above.ipynb"]


def test_a_name_that_a_terminal_would_obey_is_written_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from mlee_jupyter.cli.main import main

    _file(tmp_path, ["print(gone)"], "\x1b[2J.ipynb")
    (tmp_path / "\x1b[3J.ipynb").write_text("no JSON")
    main(["check", str(tmp_path)])
    shown = capsys.readouterr()
    assert "\x1b" not in shown.out + shown.err
    assert "\\x1b[2J.ipynb" in shown.out
    assert "\\x1b[3J.ipynb" in shown.err
