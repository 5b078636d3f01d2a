"""Generated cells in IPython's grammar: the checks read them as a real shell does. The long form is a benchmark."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from mlee_jupyter.convert.read.grammar import AUTOMAGIC, begins_with_magic, read_as_run

ROOT = Path(__file__).parents[1]
SHELL = "from IPython.core.interactiveshell import InteractiveShell\nshell = InteractiveShell.instance()\n"


def _printed(*command: str) -> str:
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    return done.stdout


@pytest.mark.parametrize("seed", [1, 2])
def test_a_shell_the_checks_and_the_packages_treat_generated_cells_alike(seed: int) -> None:
    said = _printed("-m", "benchmarks.cells_in_the_wild", "--cells", "90", "--seed", str(seed))
    assert "0 disagreements of the check" in said
    assert "0 disagreements of the package" in said
    assert "spoiled cells that no shell compiles" in said, "broken ones were among them"
    agreed = re.search(r"(\d+) package agrees", said)
    assert agreed is not None
    assert int(agreed[1]) >= 8, "most are packaged, not refused"


def test_every_magic_of_the_shell_is_known_without_its_sign() -> None:
    names = _printed("-c", SHELL + "print(*shell.magics_manager.magics['line'], *dict(shell.alias_manager.aliases))")
    assert set(names.split()) <= AUTOMAGIC


KERNEL = "from ipykernel.zmqshell import ZMQInteractiveShell\nshell = ZMQInteractiveShell.instance()\n"
LOADED_LATER = {"autoreload", "store", "paste", "cpaste"}  # by an extension, by the application, by a terminal


def test_no_other_word_is_taken_for_a_magic() -> None:
    names = _printed("-c", KERNEL + "print(*shell.magics_manager.magics['line'], *dict(shell.alias_manager.aliases))")
    assert AUTOMAGIC - set(names.split()) == LOADED_LATER


LINES = (
    "ls", "ls -l", "cd ..", "time(3)", "ls == 1", "ls, a = 1, 2", "ls += 1", "ls.foo", "ls[0]", "who",
    "pip install six", "lsx", "cat = 1", "ls | wc", "print(ls)", "pwd; x",
)  # fmt: skip


def test_a_line_is_a_magic_where_the_shell_takes_it_for_one() -> None:
    taken = _printed("-c", SHELL + f"for c in {LINES!r}: print(int('run_line_magic' in shell.transform_cell(c)))")
    assert [int(begins_with_magic(line)) for line in LINES] == [int(word) for word in taken.split()]
    assert not begins_with_magic("ls", frozenset({"ls"})), "a variable of that name hides it"


CELLS = {
    "lines keep their numbers": ("!echo a \\\n  b\nx = 1", "pass\n\nx = 1\n"),
    "an answer is unknown": ("x = !ls", "x = None\n"),
    "what %time runs": ("%time x = 1", "x = 1\n"),
    "in a block": ("if True:\n    !ls\n    %time # note\nx = 1", "if True:\n    pass\n    pass\nx = 1\n"),
    "under a cell magic": ("%%time\n!ls\nx = 1", "\npass\nx = 1\n"),
    "blank lines above": ("\n\n!ls", "\n\npass\n"),
    "another language": ("%%R\nx <- 1", "\n"),
}


@pytest.mark.parametrize(("cell", "python"), CELLS.values(), ids=CELLS)
def test_a_cell_as_it_is_run(cell: str, python: str) -> None:
    assert read_as_run(cell).python == python
