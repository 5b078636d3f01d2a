"""`$x` and `{x}` in shell lines and magics mean what they mean in a kernel, or the package is refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell

from mlee_jupyter.convert.plan.planning import plan_notebook
from mlee_jupyter.convert.read.cells import read_notebook
from mlee_jupyter.convert.read.expansion import names_of
from mlee_jupyter.convert.read.file_facts import read_facts
from mlee_jupyter.convert.read.magic_code import carry
from mlee_jupyter.domain.errors import MleeError
from tests.convert.makers import write_notebook

BOUND = 'work = "a b"\nn = 3\nparts = ["x", "y"]\ntable = {"k": "v"}\n'
SPACE: dict[str, Any] = {}
exec(BOUND, SPACE)
FRAGMENTS = st.sampled_from(
    ["$work", "{work}", "$n", "{n}", "{n + 1}", "{parts[0]}", "{parts[0:1]}", "{table['k']}", '{table["k"]}', "{n!r}",
     "{n:>3}", "$work.upper", "$n.", "{work.upper()}", "{{work}}", "$$work", "{", "}", "{}", "{0}", "$1", "${HOME}",
     "{raw,clean}", "{work,n}", "@{upstream}", "'", '"', "\\", " ", "-rf", "/*", "awk '{print $1}'", "'$work'",
     "{sum}", "{len(parts)}", "{[p for p in parts]}", "{(lambda: n)()}", "$nobody", "{nobody}", "{n if n else 0}", "é",
     "\t", "#", "{work!s}", "{{", "}}", "{'{'}", "{work\n}", "$(ls)", "$?", "{n:x}", "{n!x}", "{ n }",
     "{*parts}", "{n=}"]
)  # fmt: skip


@pytest.fixture(scope="module")
def shell() -> InteractiveShell:
    return InteractiveShell.instance()


def expansion(command: str) -> tuple[str, list[tuple[int, str]]]:
    """What the package's command is, as the text that its subprocess gets, and the problems of the line."""
    carried = carry(f"!{command}", 2)
    names = names_of([(BOUND, []), (carried.python, carried.lines)])
    names.resolve(BOUND, [])
    python, problems = names.resolve(carried.python, carried.lines)
    ran: list[Any] = []
    fake = {"run": lambda what, **_: ran.append(what[-1] if isinstance(what, list) else what)}
    exec(python, {**SPACE, "subprocess": type("Subprocess", (), {k: staticmethod(v) for k, v in fake.items()})})
    return (ran[0] if ran else ""), problems


@given(st.lists(FRAGMENTS, min_size=1, max_size=6).map("".join))
@settings(max_examples=600, deadline=None)
@example("rm -rf $work/*")
@example("echo {n!r} '$work' $n")
@example("""{table['k']}{table["k"]}{work,n}{n!r}{work!s}{parts!a}""")
def test_a_shell_line_is_expanded_as_ipython_does(shell: InteractiveShell, text: str) -> None:
    command = f"echo {text}".strip()
    if "\n" in command or command.endswith(("\\", "?")) or "install" in command:
        return  # a continued line, or help
    shell.user_ns.update(SPACE)
    given_to_shell = shell.var_expand(command)
    try:
        found, problems = expansion(command)
    except AttributeError:  # the package stops where IPython would have run the line as it is
        assert given_to_shell == command
        return
    assert found == given_to_shell
    is_quoted = "'" in command or "\\" in command
    reads = re.findall(r"(?<!\$)\$(?:work|nobody)\b", given_to_shell)
    assert is_quoted or not reads or problems  # a shell would take the variable for empty


CELLS = {
    "cd": ("%cd {work}", 'os.chdir(f"{work}")'),
    "cd home": ("%cd", "os.chdir(os.path.expanduser('~'))"),
    "env": ("%env A=$n", "os.environ['A'] = f\"{n}\""),
    "env read": ("x = %env HOME", "x = os.environ['HOME']"),
    "pwd": ("x = %pwd", "x = os.getcwd()"),
    "writefile": ("%%writefile {work}.txt\n{n}\n", 'with pathlib.Path(f"{work}.txt").open('),
    "bash with arguments": ('%%bash -s "$work"\necho $1\n', '*shlex.split(f"-s \\"{work}\\"")], input=\'echo $1\\n\''),
    "bash to a name": ("%%bash --out got\necho $x\n", "got = subprocess.run(['bash'], input='echo $x\\n'"),
    "braces of a shell": ("!mkdir -p d/{raw,clean}", "subprocess.run(['bash', '-c', 'mkdir -p d/{raw,clean}']"),
    "a ref of git": ("!git log HEAD@{upstream}", "subprocess.run('git log HEAD@{upstream}', shell=True"),
    "a home": ("!ls ${HOME}", "subprocess.run('ls ${HOME}', shell=True"),
    "JSON in quotes": ("""!echo '{"a": 1}'""", "subprocess.run('echo \\'{\"a\": 1}\\'', shell=True"),
    "an alias": ("%mkdir -p {work}", 'subprocess.run(f"mkdir -p {work}", shell=True'),
    "sx": ("%sx ls $n", "subprocess.run(f\"ls {n}\", shell=True, executable=shutil.which('bash'), check=False"),
    "a cell of sx": ("%%sx\nls $n\n", 'subprocess.run(f"ls {n}"'),
    "in a function": ("def f(p):\n    !ls {p} $n\n", 'subprocess.run(f"ls {p} {n}"'),
    "in a loop": ("for p in parts:\n    !ls $p\n", 'subprocess.run(f"ls {p}"'),
    "guessed": ("cd data", "os.chdir('data')"),
    "only a comment": ("if n:\n    %time # note\n", "    pass"),
}


@pytest.mark.parametrize(("cell", "python"), CELLS.values(), ids=CELLS)
def test_a_magic_means_what_it_does_in_a_kernel(cell: str, python: str, tmp_path: Path) -> None:
    notebook = read_notebook(write_notebook(tmp_path, BOUND, cell))
    assert python in notebook.code[1].python
    assert not notebook.code[1].problems


REFUSED = {
    "an unset variable": ("!rm -rf $scratch/*", "with $scratch empty: nothing binds it above"),
    "bound below only": ("!rm -rf $late/*", "with $late empty"),
    "braces that IPython cannot read": ("!awk '{print $1}' $work", "with $work empty: IPython leaves this line"),
    "bound on one path": ("if n > 5:\n    p = 'x'\n!rm -rf $p/*", "reads p, which may or may not be bound"),
    "a file's ending": ("!rm -f $work.txt", "takes $work.txt for an attribute; write {work}.txt"),
    "another kernel's": ("%store -r table", "another notebook"),
    "a script that is not there": ("%run gone.py", "no Python script beside the notebook"),
    "a program left running": ("%%bash --bg\nsleep 1\n", "leaves a program running"),
    "a star": ("from os.path import *\n!ls $sep", "may or may not be bound"),
    "%xdel above": ("gone = work\n%xdel gone\n!ls {work}", "reads work, which %xdel may have deleted too (write del)"),
    "%xdel in its block": ("if n:\n    p = gone = n\n    %xdel gone\n    !echo {p}", "which %xdel may have deleted"),
    "%xdel before a call": ("def f():\n    !ls {work}\ngone = work\n%xdel gone\nf()", "which %xdel may have deleted"),
}
NOT_REFUSED = {
    "%xdel -n": "gone = work\n%xdel -n gone\n!ls {work}",
    "del": "gone = work\ndel gone\n!ls {work}",
    "%xdel below": "!ls {work}\ngone = 1\n%xdel gone",
    "bound again": "gone = 1\n%xdel gone\nwork = 'b'\n!ls {work}",
    "no such name": "gone = 1\n%xdel gone\n!ls data",
    "a variable set by a magic": "gone = 1\n%env NUM={work}x\n!echo $NUM",
    "a variable set by another magic": "gone = 1\n%set_env NUM={work}x\n!echo ${NUM}",
    "a variable set for a shell": "gone = 1\nimport os\nos.environ['NUM'] = work\n!echo $NUM",
    "a local of a function": "gone = 1\n%xdel gone\ndef f(v):\n    !ls {v}\nf(2)",
}


@pytest.mark.parametrize("cell", NOT_REFUSED.values(), ids=NOT_REFUSED)
def test_what_can_be_decided_is_not_refused(cell: str, tmp_path: Path) -> None:
    assert "gone" not in plan_notebook(write_notebook(tmp_path, BOUND, cell)).results


@pytest.mark.parametrize(("cell", "problem"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_decided_is_refused_before_anything_runs(cell: str, problem: str, tmp_path: Path) -> None:
    path = write_notebook(tmp_path, BOUND, cell, "late = 'x'\nprint(late)")
    with pytest.raises(MleeError, match=r"^Cell 2, line \d") as refused:
        plan_notebook(path)
    assert problem in str(refused.value)
    read_facts(path)  # a check still reads it


def test_a_shells_lines_are_a_plain_list_in_a_package(tmp_path: Path) -> None:
    plan_notebook(write_notebook(tmp_path, "files = !ls", "print(len(files), files[0])"))
    with pytest.raises(MleeError, match=r"Cell 2 reads files\.s, which only"):
        plan_notebook(write_notebook(tmp_path, "files = !ls", "print(files.s)"))


READ_LATER = {
    "captured": ("%%capture out\nprint(1)", "print(out)"),
    "timed": ("res = %timeit -o sum([1])", "print(res.best)"),
    "by an unknown magic": ("x = %nonsense 3", "print(x)"),
}


@pytest.mark.parametrize(("maker", "reader"), READ_LATER.values(), ids=READ_LATER)
def test_a_variable_that_only_a_magic_makes(maker: str, reader: str, tmp_path: Path) -> None:
    plan_notebook(write_notebook(tmp_path, maker, "n = 3\nprint(n)"))
    with pytest.raises(MleeError, match="Cell 2 reads"):
        plan_notebook(write_notebook(tmp_path, maker, reader))
    plan_notebook(write_notebook(tmp_path, maker, f"{reader.split('(')[1].split('.')[0].rstrip(')')} = 1\n{reader}"))


def test_the_names_of_a_script_that_is_run(tmp_path: Path) -> None:
    (tmp_path / "setup_names.py").write_text("total_rows = 4\nfactor = 2\nunread = 1\n", "utf-8")
    facts = read_facts(write_notebook(tmp_path, "%run setup_names.py", "print(total_rows * factor)"))
    assert facts.bound.keys() == {"total_rows", "factor"}
    assert not facts.ghosts


@pytest.mark.parametrize(
    "name",
    [
        "In",
        "Out",
        "_",
        "__",
        "___",
        "_i",
        "_ii",
        "_iii",
        "_dh",
        "_ih",
        "_oh",
        "get_ipython",
        "exit",
        "quit",
        "open",
        "display",
        "len",
    ],
)
def test_what_a_kernel_always_has_is_put_in(name: str) -> None:
    carried = carry(f"!echo {{{name}}}", 1)
    python, problems = names_of([(carried.python, carried.lines)]).resolve(carried.python, carried.lines)
    assert f'f"echo {{{name}}}"' in python
    assert problems == []
