from __future__ import annotations

import sys

import pytest

from mlee_jupyter.domain import Level
from tests.builders import evidence
from tests.guardrails.table import FINDING, IGNORED, NOT_APPLICABLE, OK, Case, ask, cases, hold
from tests.notebooks import facts, read, seen, tagged

READ = {
    "Python": ["a = 1", "print(a)"],
    "magics": ["%matplotlib inline\nx = 1", "%time y = f(1)", "%%time\nx = 1", "%%capture out\nprint(1)"],
    "shell": ["!ls {raw,clean} | wc -l", "files = !ls *.csv", "!!ls", "if True:\n    !echo $x {y}\nelse:\n    !ls"],
    "shell over lines": ["!echo a \\\n  b \\\n  c\nx = 1"],
    "help": ["len?", "?len", "len??", "%time?", "%%capture?", "str.*find*?", "x = 1\nx?"],
    "quoting": [",f a b", ";f a b", "/f 1"],
    "answers of magics": ["x = %pwd", "r = %timeit -o sum([1])", "a, b = 1, 2\nx = %env HOME"],
    "indented": ["    x = 1\n    y = 2", "\n\n  x = 1", "if True:\n    %time x = 1\n    %cd ."],
    "the first line alone indented": [" x = 1\ny = 2"],
    "a note alone indented": ["    # a note\nwhile True:\n    %timeit 1\n    break", " # a note\nif x:\n !ls\ny = 2"],
    "an indented magic above": ["  !ls\nx = 1", "%%time\n  # a note\n  for i in a:\n      %time i"],
    "a magic with only a comment": ["def f():\n    if True:\n        %time # the note\n    return 1"],
    "prompts": [">>> x = 1\n>>> y = 2", "In [1]: x = 1", "  >>> x = 1", ">>> if x:\n...     !ls"],
    "top-level await": ["await g()", "async with a() as b:\n    pass", "x = [i async for i in g()]"],
    "other languages": ["%%R -o x\nx <- 1", "%%bash\nfor i in a; do echo $i; done", "%%sql\nselect 1", "%%html\n<b>"],
    "a cell magic in a cell magic": ["%%time\n%%capture\nx = 1", "%%time\n!ls\nx = 1"],
    "writefile": ["%%writefile x.py\nthis is (no python"],
    "a magic alone without its sign": ["ls -l data", "pip install six", "cd ..", "time x = 1", "conda install -y x"],
    "a future import in the middle": ["import os\nfrom __future__ import annotations\nx = 1"],
    "nothing": ["", "  \n", "# a comment", "%", "%%"],
    "semicolons": ["x = 1; y = 2;", "plot(x);"],
    "Databricks": ["%sql\nselect * from t", "%md\n# A title, it's", "# MAGIC\n%sh\nls | wc"],
    "prose": ["markdown:def f(:", {"cell_type": "raw", "source": "def f(:", "metadata": {}}],
    "another language in the metadata": [
        {"cell_type": "code", "source": "x <- 1 2", "outputs": [], "metadata": {"vscode": {"languageId": "r"}}}
    ],
}
BROKEN = {
    "no name": (["x = 1", "def f(:\n    return 1"], "Cell 2, line 1: no Python (invalid syntax)"),
    "the line": (["x = 1\ny = (2"], "Cell 1, line 2"),
    "after blank lines": (["\n\nx = = 1"], "Cell 1, line 3"),
    "under a magic": (["%%time\nx = 1\nfor i in x\n    pass"], "Cell 1, line 3"),
    "under a cell magic with magics": (["%%capture\n!ls\nx ="], "Cell 1, line 3"),
    "beside magics": (["!ls\n%pwd\nx = = 1"], "Cell 1, line 3"),
    "indentation back to nowhere": (["if x:\n        a = 1\n    b = 2"], "Cell 1, line 3"),
    "a merge conflict": (["x = 1\n<<<<<<< HEAD\ny = 1\n=======\ny = 2\n>>>>>>> b"], "Cell 1, line 2"),
    "an unclosed text": (["s = 'abc"], "Cell 1, line 1"),
    "return at the top": (["x = 1\nreturn x"], "Cell 1, line 2"),
    "more blanks behind the first prompt": ([">>>  x = 1\n>>> y = 2"], "Cell 1, line 1"),
    "two blanks behind a prompt": (["In [1]:  x = 1"], "Cell 1, line 1"),
    "more blanks behind a later prompt": ([">>> x = 1\n>>>  y = 2"], "Cell 1, line 2"),
    "Python 2 in Python 3": (["print 'a'"], "Cell 1, line 1"),
    "two of them": (["a b", "x = 1", "c d"], "(and 1 more cell)"),
    "prose in a code cell": (["We now load the data."], "Cell 1, line 1"),
}
CASES: dict[str, Case] = {
    **{name: (OK, seen(*cells), "") for name, cells in READ.items()},
    **{name: (FINDING, seen(*cells), words) for name, (cells, words) in BROKEN.items()},
    "expected to fail": (OK, seen(tagged("def f(:", "raises-exception")), ""),
    "muted": (IGNORED, seen("def f(:  # mlee: ignore[broken-cell] a template"), ""),
    "an honest experiment": (NOT_APPLICABLE, evidence(), "mlee check NOTEBOOK.ipynb"),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE713", case)


@pytest.mark.parametrize("cells", [cells for cells, _ in BROKEN.values()], ids=BROKEN)
def test_a_broken_cell_is_an_error(cells: list[str]) -> None:
    assert ask("MLE713", seen(*cells)).level is Level.ERROR


SAID = {
    "Python 2": ({"language_info": {"name": "python", "version": "2.7.6"}}, "print 'a'", "Python 2"),
    "the kernel of Python 2": ({"kernelspec": {"name": "python2", "language": "python"}}, "exec 'a'", "Python 2"),
    "no version": ({}, "print 'a', x", "Python 2"),
    "a later Python": (
        {"language_info": {"name": "python", "version": f"3.{sys.version_info.minor + 1}.0"}},
        "def first[T](x: T) -> T:\n    return x" if sys.version_info < (3, 12) else "x = t'{a b}'",
        "this Python cannot read it",
    ),
    "a magic beside other lines": ({}, "pip install six\nimport six", "a magic without %"),
}


@pytest.mark.parametrize(("metadata", "cell", "words"), SAID.values(), ids=SAID)
def test_what_another_kernel_may_read_is_a_warning(metadata: dict[str, object], cell: str, words: str) -> None:
    answer = ask("MLE713", evidence(notebook=read([cell, "x = 1"], metadata=metadata)))
    assert answer.outcome is FINDING
    assert answer.level is Level.WARNING
    assert words in answer.message


def test_what_no_python_reads_is_an_error_in_a_notebook_of_a_later_one() -> None:
    later = {"language_info": {"name": "python", "version": f"3.{sys.version_info.minor + 1}.0"}}
    assert ask("MLE713", evidence(notebook=read(["def f(:"], metadata=later))).level is Level.ERROR


def test_a_notebook_in_no_language_is_refused_in_one_line() -> None:
    from mlee_jupyter.domain.errors import MleeError

    with pytest.raises(MleeError, match="names no language"):
        read(["x <- c(1 2)", "y <- x %>% f", "for (i in x) {", "z = 1"], metadata={})


def test_what_stands_beside_a_broken_cell_is_checked() -> None:
    assert ask("MLE702", evidence(notebook=facts("def f(:", "print(gone)"))).outcome is FINDING
