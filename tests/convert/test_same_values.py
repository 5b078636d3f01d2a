"""Notebooks with what real ones contain: each package gives every variable the value it had in the notebook."""

from __future__ import annotations

import types
from pathlib import Path

import pytest

from .makers import both, same, write_notebook

CASES: dict[str, tuple[str, ...]] = {
    "a chain": ("a = 1", "b = a + 1", "c = a + b"),
    "a redefinition": ("x = 1\ny = x", "x = 2", "z = x + y"),
    "a rebuilt list": ("xs = [3, 1]\nxs = xs + [2]", "xs = sorted(xs)", "n = len(xs)"),
    "changed in place across cells": ("xs = []", "xs.append(1)", "xs.append(2)", "n = sum(xs)"),
    "a subscript changed": ("d = {}", "d['a'] = 1", "d['b'] = d['a'] + 1", "total = sum(d.values())"),
    "augmented": ("n = 0", "n += 2", "n *= 5"),
    "two names of one object": ("a = [1]\nb = a", "b.append(2)", "n = len(a)"),
    "a loop variable afterwards": ("for i in range(3):\n    last = i * 2", "after = last + i"),
    "a branch": ("flag = True", "if flag:\n    v = 1\nelse:\n    v = 2", "w = v"),
    "a try": ("try:\n    v = int('x')\nexcept ValueError as fault:\n    v = -1", "w = v"),
    "with": ("import io\nwith io.StringIO('ab') as handle:\n    text = handle.read()", "n = len(text)"),
    "deleted": ("a = 1\nb = 2", "del a", "c = b"),
    "a walrus": ("if (n := 5) > 3:\n    m = n", "k = n + m"),
    "unpacking": ("a, (b, *c) = 1, (2, 3, 4)", "s = a + b + sum(c)"),
    "a pure function": ("def double(x):\n    return 2 * x", "y = double(4)", "z = double(y)"),
    "a function reading a variable": ("K = 3", "def scale(x):\n    return x * K", "y = scale(2)", "z = scale(y)"),
    "read late": ("def scale(x):\n    return x * k", "k = [3][0]", "y = scale(2)", "k = k + 1", "z = scale(2)"),
    "a function passed on": ("k = [2][0]", "def f(x):\n    return x * k", "ys = list(map(f, [1, 2, 3]))"),
    "calls of calls": ("k = [2][0]", "def f(x):\n    return x * k\ndef g(x):\n    return f(x) + 1", "y = g(3)"),
    "recursion with a variable": ("s = [1][0]", "def f(n):\n    return s if n == 0 else n * f(n - 1)", "y = f(5)"),
    "a default that is a variable": ("k = [4][0]", "def f(x, k=k):\n    return x + k", "k = 9", "y = f(1)"),
    "keyword, star and double star": (
        "k = [4][0]",
        "def f(a, *args, b=1, **more):\n    return a + sum(args) + b + k + len(more)",
        "y = f(1, 2, b=3, c=4)",
    ),
    "a comment behind the last argument": (
        "k = [4][0]\ndef f(a, b):\n    return a + b + k",
        "y = f(\n    1,\n    2,  # two\n)",
    ),
    "a call without arguments": ("k = [4][0]\ndef f():\n    return k", "y = f()"),
    "a bare generator": ("k = [4][0]\ndef f(xs):\n    return sum(xs) * k", "y = f(i for i in range(3))"),
    "a function twice": ("def f(x):\n    return x + 1", "a = f(1)", "def f(x):\n    return x + 2", "b = f(1)"),
    "a name for function and value": ("def mean(x):\n    return sum(x) / len(x)", "mean = mean([1, 2, 3])", "m = mean"),
    "a lambda with a variable": ("k = [2][0]\nf = lambda x: x * k", "y = f(3)"),
    "a decorator": ("import functools\n@functools.lru_cache(maxsize=None)\ndef f(n):\n    return n * 2", "y = f(4)"),
    "a class": (
        "class Box:\n    '''A box.'''\n    size = 2\n    def area(self):\n        return self.size ** 2",
        "b = Box().area()",
    ),
    "a class reading a variable": (
        "n = [3][0]\nclass Box:\n    size = n\n    def area(self):\n        return self.size * n",
        "b = Box().area()",
    ),
    "inheritance": (
        "class A:\n    def f(self):\n        return 1\nclass B(A):\n    def f(self):\n        return super().f() + 1",
        "v = B().f()",
    ),
    "a nested function": (
        "k = [1][0]\ndef outer(x):\n    def inner(y):\n        return y + k\n    return inner(x)",
        "v = outer(2)",
    ),
    "a comprehension": (
        "xs = [1, 2, 3]\nk = 2",
        "ys = [x * k for x in xs if x > 1]",
        "d = {x: y for x, y in zip(xs, ys)}",
    ),
    "a comprehension's name": ("x = 10", "ys = [x for x in range(3)]", "z = x"),
    "a shadowed built-in": ("n = max([1, 2])\nmax = max([4, 5])", "m = max"),
    "a shadowed built-in later": ("sum = sum([1, 2])", "list = [sum]", "v = list[0]"),
    "an import that is also a value": ("from math import pi", "pi = round(pi, 2)", "area = pi * 2"),
    "an import under two forms": ("import os\nimport os.path", "p = os.path.join('a', 'b')\ns = os.sep"),
    "an import in a try": ("try:\n    import math as m\nexcept ImportError:\n    m = None", "v = m.floor(2.5)"),
    "an import in a function": ("def f():\n    import json\n    return json.dumps([1])", "v = f()"),
    "from __future__": (
        "from __future__ import annotations\nimport math",
        "def f(x: Nowhere) -> float:\n    return math.sqrt(x)",
        "v = f(4)",
    ),
    "a star import": ("from math import *", "v = floor(2.5) + 1"),
    "text over lines": (
        'text = """one\n  two\n"""',
        "n = len(text)",
        "for _ in [1]:\n    more = '''a\nb'''\nm = len(more)",
    ),
    "f-strings": ("name = 'x'\nk = 3", "text = f'{name}={k:03d} {k!r}'", "def f():\n    return f'{name}'\nv = f()"),
    "a line of several": ("a = 1; b = a + 1; c = b  # three", "d = c"),
    "a backslash": ("a = 1 + \\\n    2", "b = a"),
    "a seed": ("import random\nrandom.seed(3)", "a = random.random()", "b = random.random()"),
    "numpy's seed": ("import numpy as np\nnp.random.seed(3)", "a = np.random.rand(3)", "b = np.random.rand(2)"),
    "a frame": (
        "import pandas as pd\ndf = pd.DataFrame({'a': [1, 2, 3], 'b': [3, 2, 1]})",
        "df['c'] = df['a'] * 2",
        "df = df[df['b'] > 1]",
        "n = len(df)",
    ),
    "a query": (
        "import pandas as pd\ndf = pd.DataFrame({'a': [1, 2, 3]})\nleast = 2",
        "big = df.query('a >= @least')",
        "n = len(big)",
    ),
    "eval": ("a = 2\nb = 3", "c = eval('a * b')"),
    "an out argument": (
        "import numpy as np\nx = np.arange(3)\ny = np.zeros(3)",
        "np.multiply(x, 10, out=y)",
        "z = y.sum()",
    ),
    "a lone main guard": ("def main():\n    return 3", "if __name__ == '__main__':\n    v = main()"),
    "repeated lists": (
        "import pandas as pd\ndf = pd.DataFrame({'a': [1], 'b': [2], 'c': [3]})",
        "X = df[['a', 'b', 'c']]",
        "Z = df[['a', 'b', 'c']].sum()",
        "COLS = ['a', 'b', 'c']\nW = df[COLS]",
    ),
    "a list that is changed": (
        "cols = ['a', 'b', 'c']\nmore = ['a', 'b', 'c']",
        "cols.append('d')",
        "n = len(cols) + len(more)",
    ),
    "hyper-parameters": (
        "from sklearn.neighbors import KNeighborsClassifier\nX = [[0], [1], [2], [3]]\ny = [0, 0, 1, 1]",
        "model = KNeighborsClassifier(n_neighbors=1, weights='distance').fit(X, y)",
        "pred = model.predict([[0.2], [2.8]])",
        "other = KNeighborsClassifier(n_neighbors=3).fit(X, y)\nscore = other.score(X, y)",
    ),
    "assert and pass": ("x = 1\nassert x == 1\npass", "y = x"),
    "a magic in front": ("%matplotlib inline\n%time x = 4", "%%time\ny = x + 1", "z = y"),
    "a global constant tuple": ("SIZE = (2, 3, 4)", "n = len(SIZE)\nt = type(SIZE).__name__"),
    "underscores": ("_, x = 1, 2", "y = x"),
    "names with accents": ("größe = 3", "x = größe * 2  # größe"),
}


@pytest.mark.parametrize("cells", CASES.values(), ids=CASES)
def test_every_variable_has_its_value(cells: tuple[str, ...], tmp_path: Path) -> None:
    plan, original, found = both(write_notebook(tmp_path, *cells), tmp_path / "package")
    assert plan.results, "a package gives something back"
    kinds = (types.ModuleType, types.FunctionType, type)
    imported = {n for s in plan.facts.statements for i in s.imports for n in [i.name]}
    for name, value in original.items():
        is_code = isinstance(value, kinds) or callable(value) or name in imported or name == "dumps"
        if is_code and name not in found:
            continue
        if name not in found and any(i.name == "*" for s in plan.facts.statements for i in s.imports):
            continue
        assert name in found, f"{name} was lost"
        if not callable(value):
            assert same(found[name], value), f"{name}: {found[name]!r} instead of {value!r}"
