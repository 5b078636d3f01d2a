"""Calls of get_ipython() are the magics that they stand for; what needs IPython's shell otherwise is refused."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from mlee_jupyter.convert.plan.planning import plan_notebook
from mlee_jupyter.convert.read.cells import read_notebook
from mlee_jupyter.domain.errors import MleeError
from tests.convert.makers import packaged, write_notebook

BOUND = "n = 3"
CARRIED = {
    "system": ("get_ipython().system('mkdir -p d')", "subprocess.run('mkdir -p d', shell=True, check=False)"),
    "system, expanded": ("get_ipython().system('echo $n')", 'subprocess.run(f"echo {n}"'),
    "getoutput": ("x = get_ipython().getoutput('ls')", "x = subprocess.run('ls', shell=True"),
    "inside an expression": ("x = len(get_ipython().getoutput('ls'))", ".stdout.splitlines())"),
    "by IPython": ("import IPython\nIPython.get_ipython().system('ls')", "subprocess.run('ls'"),
    "in a block": ("for i in range(n):\n    get_ipython().system('echo $i')", 'subprocess.run(f"echo {i}"'),
    "a line magic": ("get_ipython().run_line_magic('cd', '{n}')", 'os.chdir(f"{n}")'),
    "by keywords": ("get_ipython().run_line_magic(magic_name='time', line='x = 1')", "x = 1"),
    "the old way": ("get_ipython().magic('env A=1')", "os.environ['A'] = '1'"),
    "an answer": ("x = get_ipython().run_line_magic('pwd', '')", "x = os.getcwd()"),
    "a sum": ("x = 2 * get_ipython().run_line_magic('time', 'n + 1')", "x = 2 * (n + 1)"),
    "only shown": ("get_ipython().run_line_magic('matplotlib', 'inline')\ny = 1", "None\ny = 1"),
    "an install": ("get_ipython().system('pip install six')\ny = 1", "None\ny = 1"),
    "a cell magic": ("get_ipython().run_cell_magic('bash', '--out x', 'ls\\n')", "x = subprocess.run(['bash']"),
    "a file": ("get_ipython().run_cell_magic('writefile', 'a.txt', 'b\\n')", "file_written.write('b\\n')"),
    "over lines": ("get_ipython().system(\n    'ls'\n)\ny = 1", "check=False)\n\n\ny = 1"),
}


@pytest.mark.parametrize(("cell", "python"), CARRIED.values(), ids=CARRIED)
def test_a_call_is_the_magic_that_it_stands_for(cell: str, python: str, tmp_path: Path) -> None:
    made = read_notebook(write_notebook(tmp_path, BOUND, cell)).code[1]
    ast.parse(made.python)
    assert python in made.python
    assert "get_ipython" not in made.python
    assert not made.problems
    assert [m.name for m in made.magics], "the plan lists it"


REFUSED = {
    "what it is": "inside = 'google' in str(get_ipython())",
    "its names": "x = get_ipython().user_ns['n']",
    "names handed in": "get_ipython().push({'x': 1})",
    "a cell as text": "get_ipython().run_cell('x = 1')",
    "a text that is not known": "command = 'ls'\nget_ipython().system(command)",
    "a name for it": "shell = get_ipython()\nshell.system('ls')",
    "one string": "x = get_ipython().getoutput('ls', split=False)",
    "a body of Python": "get_ipython().run_cell_magic('time', '', 'x = 1')",
    "asked for": "try:\n    get_ipython()\n    inside = True\nexcept NameError:\n    inside = False",
    "handed on": "from tools import show\nshow(get_ipython)",
}


@pytest.mark.parametrize("cell", REFUSED.values(), ids=REFUSED)
def test_other_uses_of_the_shell_are_refused_with_the_cell(cell: str, tmp_path: Path) -> None:
    with pytest.raises(MleeError, match=r"Cell 2 uses IPython's shell \(get_ipython, line \d\)"):
        plan_notebook(write_notebook(tmp_path, BOUND, cell))


NOT_NEEDED = {
    "settings": "get_ipython().config.InlineBackend.figure_format = 'svg'",
    "events": "get_ipython().events.register('post_run_cell', print)",
}


@pytest.mark.parametrize("cell", NOT_NEEDED.values(), ids=NOT_NEEDED)
def test_what_only_the_notebook_hears_is_left_out_and_said(cell: str, tmp_path: Path) -> None:
    plan = plan_notebook(write_notebook(tmp_path, BOUND, cell, "print(n)"))
    assert [d.reason for d in plan.dropped if d.cell == 2] == ["speaks to the notebook itself"]


def test_a_use_that_nothing_kept_needs_refuses_nothing(tmp_path: Path) -> None:
    path = write_notebook(tmp_path, BOUND, "inside = str(get_ipython())", "m = n + 1")
    assert plan_notebook(path, keep_variables=("m",)).results == ("m",)


ANSWERS = {
    "set": "x = %env A=1",
    "a statement": "x = %time y = 1",
    "a copy": "x = %cp a.txt b.txt",
    "a folder": "x = %cd -q .",
    "all of them": "x = %env",
    "a profile": "x = %prun n + 1",
    "through the shell": "x = get_ipython().system('ls')",
    "by a call": "x = get_ipython().run_line_magic('who_ls', '')",
    "folders kept": "%pushd .",
    "an old way": "%sc x=ls",
    "a command of its own": "%alias say echo %s",
    "cells again": "%rerun 1",
}


@pytest.mark.parametrize("cell", ANSWERS.values(), ids=ANSWERS)
def test_a_magic_whose_effect_python_has_not_is_refused(cell: str, tmp_path: Path) -> None:
    with pytest.raises(MleeError, match=r"^Cell 2, line 1: "):
        plan_notebook(write_notebook(tmp_path, BOUND, cell))


def test_forgetting_every_name_is_refused_below_code_and_harmless_above_it(tmp_path: Path) -> None:
    plan_notebook(write_notebook(tmp_path, "%reset -f", BOUND))
    with pytest.raises(MleeError, match=r"Cell 2 forgets every name \(%reset, line 1\)"):
        plan_notebook(write_notebook(tmp_path, BOUND, "%reset -f", "m = 1"))


LINES = {
    "s": "print(files.s)",
    "another name": "again = files\nprint(again.n)",
    "an argument": "def show(lines):\n    print(lines.fields(0))\nshow(files)",
    "a result": "def listed():\n    got = !ls\n    return got\nprint(listed().s)",
    "at once": "print(get_ipython().getoutput('ls').s)",
    "a copy that is sorted": "files.sort()",
    "its type": "print(type(files))",
    "one of two": "some = files if n else []\nprint(some.grep('a'))",
    "a walrus": "if (more := files):\n    print(more.p)",
}


@pytest.mark.parametrize("cell", LINES.values(), ids=LINES)
def test_what_only_ipythons_lines_have_is_refused_wherever_they_went(cell: str, tmp_path: Path) -> None:
    with pytest.raises(MleeError, match="which only IPython's list of lines has"):
        plan_notebook(write_notebook(tmp_path, BOUND, "files = !ls", cell))


PLAIN = {
    "sorted": "print(sorted(files))",
    "a list of its own": "names = [f for f in files]\nnames.sort()",
    "another object": "import types\nbox = types.SimpleNamespace(s=1)\nprint(box.s, files)",
}


@pytest.mark.parametrize("cell", PLAIN.values(), ids=PLAIN)
def test_what_any_list_has_is_not(cell: str, tmp_path: Path) -> None:
    plan_notebook(write_notebook(tmp_path, BOUND, "files = !ls", cell))


def test_captured_prints_are_said(tmp_path: Path) -> None:
    said = "what %%capture hides in cell 2 is printed by the package"
    assert said in plan_notebook(write_notebook(tmp_path, BOUND, "%%capture\nprint(n)")).notes
    assert said not in plan_notebook(write_notebook(tmp_path, BOUND, "%%capture --no-stdout\nprint(n)")).notes
    assert said not in plan_notebook(write_notebook(tmp_path, BOUND, "%%capture\nm = n")).notes


def test_an_error_that_a_notebook_goes_past_is_said(tmp_path: Path) -> None:
    said = "an error under %%capture in cells 2, 3 stops the package; a notebook goes on"
    cells = ("%%capture --no-stdout\np = n / 0", "%%capture held\n%%time\nm = 2")
    assert said in plan_notebook(write_notebook(tmp_path, BOUND, *cells, "k = n, m, p")).notes
    assert not any(
        "%%capture" in note for note in plan_notebook(write_notebook(tmp_path, BOUND, "%%time\nm = 2")).notes
    )


def test_an_answer_that_its_own_block_reads_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MleeError, match="Cell 2 reads names, which %who_ls makes"):
        plan_notebook(write_notebook(tmp_path, BOUND, "if n:\n    names = %who_ls\n    print(names)"))


def test_a_variable_hides_the_magic_of_its_name(tmp_path: Path) -> None:
    assert read_notebook(write_notebook(tmp_path, "ls = 5", "ls")).code[1].magics == ()
    assert read_notebook(write_notebook(tmp_path, BOUND, "ls")).code[1].magics[0].name == "%ls"
    assert read_notebook(write_notebook(tmp_path, BOUND, "who_ls")).code[1].magics[0].name == "%who_ls"


SLICED = {
    "a folder that a command made": ("!mkdir -p made", "%cd -q made", "m = n"),
    "a file that a command reads": ("!echo a > f.txt", "m = !cat f.txt"),
    "a file that a function made": ("def make():\n    !echo a > f.txt\nmake()", "m = open('f.txt').read()"),
}


@pytest.mark.parametrize("cells", SLICED.values(), ids=SLICED)
def test_a_slice_keeps_the_command_that_made_what_it_reads(cells: tuple[str, ...], tmp_path: Path) -> None:
    plan = plan_notebook(write_notebook(tmp_path, BOUND, *cells, "print('apart')"), keep_variables=("m",))
    assert 2 in plan.kept
    assert not [d for d in plan.dropped if d.cell == 2]
    assert 2 + len(cells) not in plan.kept, "what nothing kept needs is left out"


def test_a_shell_that_keeps_backslashes_is_asked_for_them(tmp_path: Path) -> None:
    made = read_notebook(write_notebook(tmp_path, "!echo 'a\\tb'", "!((1 < 2)) && echo yes")).code
    assert all("['bash', '-c'" in cell.python for cell in made)


def test_a_prompt_is_no_annotation(tmp_path: Path) -> None:
    assert read_notebook(write_notebook(tmp_path, "In [1]: a = 5")).code[0].python == "a = 5\n"


def test_what_a_magic_needs_is_imported_once(tmp_path: Path) -> None:
    cell = "%env A=1\nif n:\n    import os\n    m = os.environ['A']\nelse:\n    m = ''"
    made = packaged(write_notebook(tmp_path, BOUND, cell, "k = m"), tmp_path / "made")
    assert not any("    import os" in text for text in made[1].files.values())


def test_a_block_that_imports_and_reads_a_variable_stays_below_it(tmp_path: Path) -> None:
    cell = "try:\n    pass\nfinally:\n    import math\n    got = word"
    plan, _ = packaged(write_notebook(tmp_path, "word, other = 6, 8", cell, "print(got)"), tmp_path / "made")
    assert {1, 2} <= {plan.facts.statements[i].cell for stage in plan.stages for i in stage.statements}
