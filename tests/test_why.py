"""`--why` and `--figure` through the notebook's door and the command line's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from IPython.utils.capture import capture_output

import mlee_jupyter as mlee
from mlee_jupyter.cli import main
from mlee_jupyter.session import current

from .conftest import Shell

N = 300
TRUTH = np.arange(N) % 3


@pytest.fixture
def notebook(shell: Shell) -> Shell:
    shell.names["y_test"] = TRUTH
    shell.run('%%mlee_experiment start shelf --truth y_test\nuseful_gain = 0.02\nmetric = "accuracy"')
    for name, many in (("svm", 6), ("a colleague's", 9), ("centroid", 90)):
        predicted = TRUTH.copy()
        predicted[:many] = (TRUTH[:many] + 1) % 3
        shell.names["predicted"] = predicted
        shell.run(f'%mlee_candidate "{name}" --pred predicted')
    return shell


ASKED = {
    "nobody: the headline": ("--why", "There is no winner because"),
    "a candidate": ("--why svm", "svm is right on 294 of 300 cases"),
    "a name of two words": ('--why "a colleague\'s"', "a colleague's is right on 291 of 300"),
    "a number of two words": ("--why rows needed", "rows needed: "),
    "of a named experiment": ("shelf --why centroid", "so it is worse"),
}


@pytest.mark.parametrize(("line", "says"), ASKED.values(), ids=ASKED)
def test_the_magic_says_why(notebook: Shell, line: str, says: str) -> None:
    assert says in notebook.run(f"%mlee_scoreboard {line}")


def test_an_unknown_name_is_one_line(notebook: Shell) -> None:
    assert "Did you mean svm" in notebook.refused("%mlee_scoreboard --why smv")


def test_before_anything_is_recorded_it_is_one_line(shell: Shell) -> None:
    shell.run("%mlee_experiment start empty")
    assert "nothing to explain yet" in shell.refused("%mlee_scoreboard --why")
    assert "nothing to draw yet" in shell.refused("%mlee_scoreboard --figure")


def test_the_magic_draws(notebook: Shell) -> None:
    with capture_output() as shown:
        notebook.ipython.run_cell("%mlee_scoreboard --figure").raise_error()
    (picture,) = shown.outputs
    assert picture.data["image/png"]
    assert "centroid" in picture.data["text/plain"]


def test_tab_completes_whom_to_ask_for(notebook: Shell) -> None:
    _, found = notebook.ipython.complete("", "%mlee_scoreboard --why ", 23)
    assert "svm" in found
    _, options = notebook.ipython.complete("--", "%mlee_scoreboard --", 19)
    assert {"--why", "--figure"} <= set(options)


def test_the_command_line_says_why_from_the_store(notebook: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    here = mlee.start("shelf").explain("svm")
    current.forget_session()

    def said(*arguments: str) -> tuple[int, Any]:
        capsys.readouterr()
        code = main.main(("scoreboard", *arguments))
        return code, capsys.readouterr()

    code, out = said("shelf", "--why", "svm")
    assert (code, out.out) == (0, f"{here}\n")
    assert "There is no winner" in said("shelf", "--why")[1].out
    assert "effective n: " in said("shelf", "--why", "effective", "n")[1].out
    code, out = said("shelf", "--why", "smv")
    assert code == main.REFUSED
    assert "Did you mean svm" in out.err
