from __future__ import annotations

from tests.builders import evidence
from tests.guardrails.table import FINDING, IGNORED, NOT_APPLICABLE, OK, Case, cases, hold
from tests.notebooks import seen, tagged

SILENT = {
    "made above": ["a = 1", "print(a)"],
    "built-ins": ["print(len([]), __name__, display, get_ipython, exit)"],
    "what IPython keeps": ["1", "print(_, __, ___, _1, _i, _i1, In, Out, _ih, _oh, _dh)"],
    "what hosts give": ["spark.read, sc, dbutils, displayHTML"],
    "%%capture": ["%%capture out\nprint(1)", "out.show()"],
    "a shell line's answer": ["files = !ls", "print(files)"],
    "a magic's answer": ["here = %pwd", "print(here)"],
    "a magic that sets a variable": ["%sql result << select 1", "print(result)"],
    "a cell of another language that sets one": ["%%R -o fit\nfit <- lm(y ~ x)", "print(fit)"],
    "a cell magic nobody knows": ["%%skip\nprint(b)"],
    "a cell that is no Python may make it": ["b <- c(1 2)", "print(b)"],
    "help": ["b?", "?b", "b??"],
    "a bare magic word": ["ls", "pwd", "colors", "ls -l"],
    "in a function, when it is called": ["def f():\n    return late", "late = 1", "f()"],
    "in a branch": ["if False:\n    print(b)", "a = 1 if True else b", "True or b"],
    "guarded": ["try:\n    b\nexcept NameError:\n    b = 1", "b"],
    "suppressed": ["import contextlib", "with contextlib.suppress(NameError):\n    b"],
    "made in one branch": ["if a_flag_of_mine() if False else True:\n    b = 1", "b"],
    "made in a loop": ["for k in []:\n    b = 1", "print(k, b)"],
    "made in a guarded loop": [
        "for k in [1]:\n    try:\n        b = 1\n    except ValueError:\n        pass\n    print(b)"
    ],
    "made by an inner loop": ["for k in [1]:\n    for j in [1]:\n        b = 1\n    print(b)"],
    "made by global": ["def f():\n    global b\n    b = 1", "f()", "b"],
    "made by with, walrus, import, except": [
        "with open('x') as handle:\n    pass\nhandle",
        "if (n := 1):\n    pass\nn",
        "import os.path as p, sys\np, sys",
    ],
    "unpacked": ["(a, *b), c = [1, 2], 3", "a, b, c"],
    "a comprehension's own": ["[x for x in [1]]", "{k: v for k, v in {}.items()}", "[y for x in [[1]] for y in x]"],
    "a lambda's body": ["f = lambda: later", "later = 1"],
    "a class body's own": ["class A:\n    x = 1\n    y = x"],
    "an annotation": ["def f(a: Frame) -> Frame:\n    return a", "x: Frame = 1"],
    "deleted and made again": ["a = 1", "del a", "a = 2", "a"],
    "Python 2's built-ins": ["xrange(3), unicode, raw_input"],
    "a match": ["match [1]:\n    case [first, *rest]:\n        print(first, rest)"],
    "a formula": ["import statsmodels.formula.api as smf\nsmf.ols('price ~ rooms', data={})"],
    "autoreload": ["%load_ext autoreload\n%autoreload 2\n%matplotlib inline"],
    "a magic at the end of a line": ["x = 1\n%timeit x + y"],
}
CASES = {
    "made nowhere": (FINDING, seen("a = 1", "print(b)"), "Cell 2 reads b, which no cell makes"),
    "made only below": (FINDING, seen("print(df)", "df = 1"), "Cell 1 reads df, which is made only in cell 2"),
    "deleted above": (FINDING, seen("a = 1", "del a", "a"), "Cell 3 reads a, which cell 2 deletes"),
    "its own value": (FINDING, seen("n = n + 1"), "Cell 1 reads n, before it is made"),
    "updated": (FINDING, seen("n += 1"), "n, before it is made"),
    "two names": (FINDING, seen("f(x)"), "(and 1 more name)"),
    "in a loop": (FINDING, seen("for k in range(3):\n    print(z)"), "reads z"),
    "a default": (FINDING, seen("def f(a=start):\n    return a"), "reads start"),
    "a decorator": (FINDING, seen("@njit\ndef f():\n    return 1"), "reads njit"),
    "after %time": (FINDING, seen("%time y = fit(q)"), "reads"),
    "beside a cell that is no Python": (FINDING, seen("this is no python", "print(b)"), "Cell 2 reads b"),
    **{name: (OK, seen(*cells), "") for name, cells in SILENT.items()},
    "expected to fail": (OK, seen(tagged("print(missing)", "raises-exception")), ""),
    "muted": (IGNORED, seen("print(b)  # mlee: ignore[ghost-name] set by the startup file"), ""),
    "a star import": (NOT_APPLICABLE, seen("from math import *", "print(pi, b)"), "bound unseen"),
    "%run": (NOT_APPLICABLE, seen("%run setup.py", "print(b)"), "bound unseen"),
    "%pylab": (NOT_APPLICABLE, seen("%pylab inline", "plot(b)"), "bound unseen"),
    "exec": (NOT_APPLICABLE, seen("exec('b = 1')", "print(b)"), "bound unseen"),
    "globals": (NOT_APPLICABLE, seen("globals()['b'] = 1", "print(b)"), "bound unseen"),
    "a magic called as a function": (
        NOT_APPLICABLE,
        seen("get_ipython().run_line_magic('run', 'x.py')", "print(b)"),
        "bound unseen",
    ),
    "an honest experiment": (NOT_APPLICABLE, evidence(), "mlee check NOTEBOOK.ipynb"),
    "an empty notebook": (OK, seen(), ""),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE702", case)
