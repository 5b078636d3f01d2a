"""What is kept of a notebook gives the value that the whole notebook gives, whatever changes things on the way."""

from __future__ import annotations

import itertools
import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlee_jupyter.convert.draft import Draft
from mlee_jupyter.convert.plan.slicing import slice_to
from mlee_jupyter.convert.read.file_facts import read_facts

from .makers import write_notebook

HELPER = """
import random
def grow(xs, more=1):
    xs.append(more)
def noise():
    return random.random()
def start():
    random.seed(5)
def set_seed(_):
    pass
class Keeper:
    def __init__(self, xs):
        self.xs = xs
    def add(self):
        self.xs.append(9)
"""
_SEEDS = itertools.count(1000)
SEEDED = "import random\nimport helper_of_mine\nrandom.seed(1)\ndef noise():\n    return random.random()"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A notebook's folder with a module beside it, whose state no test leaves to the next."""
    (tmp_path / "helper_of_mine.py").write_text(HELPER, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    sys.modules.pop("helper_of_mine", None)


def sliced(folder: Path, cells: tuple[str, ...], wanted: str) -> tuple[list[str], list[str]]:
    """The statements of a notebook, and those that are kept for a variable."""
    facts = read_facts(write_notebook(folder, *cells))
    draft = Draft(name="it", facts=facts, original=facts, flow=[s.index for s in facts.statements])
    slice_to(draft, [wanted])
    return [s.code for s in facts.statements], [s.code for s in draft.statements()]


def value(codes: list[str] | tuple[str, ...], wanted: str) -> Any:
    """What a variable is when statements have run in a fresh space; a failure is a value as well."""
    names: dict[str, Any] = {"__name__": "__main__"}
    before = dict(os.environ)
    sys.modules.pop("helper_of_mine", None)
    random.seed(next(_SEEDS))  # whoever does not seed gets numbers of their own
    np.random.seed(next(_SEEDS))
    try:
        for code in codes:
            exec(compile(code, "<cell>", "exec"), names)
        return names[wanted]
    except Exception as fault:
        return f"{type(fault).__name__}: {fault}"
    finally:
        os.environ.clear()
        os.environ.update(before)
        for file in Path().glob("*.made"):
            file.unlink()


# The cell before the last is what must not be lost: without it `n` is another. ----------------------------------------
DRAWS = {
    "by a function": (SEEDED, "lost = noise()", "n = noise()"),
    "two functions deep": (f"{SEEDED}\ndef two():\n    return noise()", "lost = two()", "n = two()"),
    "by a function, then directly": (SEEDED, "lost = noise()", "n = random.random()"),
    "by a lambda": (f"{SEEDED}\nf = lambda: random.random()", "lost = f()", "n = f()"),
    "by a method": (
        f"{SEEDED}\nclass Sim:\n    def step(self):\n        return random.random()\na, b = Sim(), Sim()",
        "lost = a.step()",
        "n = b.step()",
    ),
    "by an object that is called": (
        f"{SEEDED}\nclass Sim:\n    def __call__(self):\n        return random.random()\na = Sim()\nb = Sim()",
        "lost = a()",
        "n = b()",
    ),
    "by a module beside the notebook": (SEEDED, "lost = helper_of_mine.noise()", "n = random.random()"),
    "by its function": (f"{SEEDED}\nfrom helper_of_mine import noise as draw", "lost = draw()", "n = random.random()"),
    "handed on": (SEEDED, "lost = sorted([1, 2], key=lambda _: noise())", "n = noise()"),
    "under an imported name": (
        "import random as r\nfrom random import gauss\nr.seed(1)",
        "lost = gauss(0, 1)",
        "n = gauss(0, 1)",
    ),
    "of numpy under its own name": (
        "import numpy.random as npr\nnpr.seed(1)",
        "lost = npr.normal()",
        "n = npr.normal()",
    ),
    "with a generator of its own": (
        "import numpy as np\nrng = np.random.default_rng(1)\ndef draw():\n    return rng.normal()",
        "lost = draw()",
        "n = draw()",
    ),
    "with one that is handed over": (
        "import numpy as np\nrng = np.random.default_rng(1)\ndef draw(r):\n    return r.normal()",
        "lost = draw(rng)",
        "n = draw(rng)",
    ),
    "by what a variable holds": (
        ("import numpy as np\nfrom sklearn.model_selection import ShuffleSplit\nnp.random.seed(1)\n"
        "folds = ShuffleSplit(1)"),
        "for lost in folds.split([0] * 9):\n    pass",
        "n = int(np.random.randint(10**9))",
    ),
    "a seed in a function": ("import random\ndef start():\n    random.seed(1)", "start()", "n = random.random()"),
    "a seed in a module": ("import random\nimport helper_of_mine", "helper_of_mine.start()", "n = random.random()"),
    "a seed of another generator": (
        "import random\nimport numpy as np",
        "random.seed(1)",
        "np.random.seed(2)\nn = random.random()",
    ),
    "a seed of who knows what": (
        "import random\nimport helper_of_mine",
        "random.seed(1)",
        "helper_of_mine.set_seed(2)\nn = random.random()",
    ),
    "a seed on one path": ("import random\nrandom.seed(1)", "lost = random.random()",
                           "if len('a') > 3:\n    random.seed(2)\nn = random.random()"),
}  # fmt: skip

CHANGES = {
    "by a helper": ("from helper_of_mine import grow\nxs = []", "grow(xs)", "n = len(xs)"),
    "by a helper's module": ("import helper_of_mine as h\nxs = []", "h.grow(xs, 3)", "n = len(xs)"),
    "named in the call": ("from helper_of_mine import grow\nxs = []", "grow(xs=xs)", "n = len(xs)"),
    "named, of its module": ("import helper_of_mine\nxs = []", "helper_of_mine.grow(xs=xs)", "n = len(xs)"),
    "unpacked": ("import helper_of_mine as h\nxs = []\nargs = (xs, 3)", "h.grow(*args)", "n = len(xs)"),
    "a part": ("import helper_of_mine as h\nxs = []\nd = {'a': xs}", "h.grow(d['a'])", "n = len(xs)"),
    "handed on": ("from helper_of_mine import grow\nxs = []", "r = list(map(grow, [xs]))", "n = len(xs)"),
    "by a helper in a function": (
        "import helper_of_mine as h\ndef f(ys):\n    h.grow(ys)\nxs = []",
        "f(xs)",
        "n = len(xs)",
    ),
    "by a helper's class": ("from helper_of_mine import Keeper\nxs = []\nb = Keeper(xs)", "b.add()", "n = len(xs)"),
    "two functions deep": (
        "def g(zs):\n    zs.append(1)\ndef f(ys):\n    g(ys)\nxs = []",
        "f(xs)",
        "n = len(xs)",
    ),
    "keyword only": ("def g(*, zs):\n    zs.append(1)\nxs = []", "g(zs=xs)", "n = len(xs)"),
    "one of several": ("def g(a, zs):\n    zs.append(1)\nxs = []", "g(1, zs=xs)", "n = len(xs)"),
    "any number": ("def g(*zs):\n    zs[0].append(1)\nxs = []", "g(xs)", "n = len(xs)"),
    "after others": ("def g(a, *zs):\n    zs[0].append(1)\nxs = []", "g(1, xs)", "n = len(xs)"),
    "any name": ("def g(**zs):\n    zs['a'].append(1)\nxs = []", "g(a=xs)", "n = len(xs)"),
    "a dictionary of names": ("def g(zs):\n    zs.append(1)\nxs = []", "g(**{'zs': xs})", "n = len(xs)"),
    "under a local name": ("def g(zs):\n    y = zs\n    y.append(1)\nxs = []", "g(xs)", "n = len(xs)"),
    "of outside": ("xs = []\ndef g():\n    xs.append(1)", "g()", "n = len(xs)"),
    "a global": ("k = 0\ndef g():\n    global k\n    k = 1", "g()", "n = k"),
    "of outside, two deep": (
        "xs = []\ndef g():\n    xs.append(1)\ndef f():\n    g()",
        "f()",
        "n = len(xs)",
    ),
    "by a function inside": (
        "xs = []\ndef outer():\n    def inner():\n        xs.append(1)\n    inner()",
        "outer()",
        "n = len(xs)",
    ),
    "by a lambda": ("g = lambda zs: zs.append(1)\nxs = []", "g(xs)", "n = len(xs)"),
    "by a lambda on the spot": ("xs = []", "r = list(map(lambda v: v.append(1), [xs]))", "n = len(xs)"),
    "by a method": (
        (
            "class B:\n    def __init__(self, xs):\n        self.x = xs\n    def add(self):\n        self.x.append(1)\n"
            "xs = []\nb = B(xs)"
        ),
        "b.add()",
        "n = len(xs)",
    ),
    "what a method is given": (
        "class B:\n    def fill(self, other):\n        other.append(1)\nxs = []\nb = B()",
        "b.fill(xs)",
        "n = len(xs)",
    ),
    "by making an object": (
        "class B:\n    def __init__(self, xs):\n        xs.append(1)\nxs = []",
        "b = B(xs)",
        "n = len(xs)",
    ),
    "by looking": (
        "class C:\n    k = 0\n    @property\n    def v(self):\n        self.k += 1\n        return self.k\nc = C()",
        "lost = c.v",
        "n = c.v",
    ),
    "by a decorator": (
        "xs = []\ndef note(f):\n    xs.append(1)\n    return f",
        "@note\ndef g():\n    return 1",
        "n = len(xs)",
    ),
    "by a decorated function": (
        (
            "xs = []\ndef note(f):\n    def inner(*a):\n        xs.append(1)\n        return f(*a)\n    return inner\n"
            "@note\ndef g():\n    return 1"
        ),
        "g()",
        "n = len(xs)",
    ),
    "while sorting": (
        "seen = []\ndef keyed(a):\n    seen.append(a)\n    return a",
        "ys = sorted([2, 1], key=keyed)",
        "n = len(seen)",
    ),
    "of a cache": (
        "import functools\nseen = []\n@functools.lru_cache\ndef f(k):\n    seen.append(k)\n    return k",
        "f(1)",
        "n = len(seen)",
    ),
    "what a default remembers": (
        "def f(x, memo=[]):\n    memo.append(x)\n    return len(memo)",
        "lost = f(1)",
        "n = f(1)",
    ),
    "a function's own attribute": ("def f():\n    f.count += 1\nf.count = 0", "f()", "n = f.count"),
    "a class's own attribute": (
        "class C:\n    k = 0\n    def __init__(self):\n        C.k += 1",
        "lost = C()",
        "n = C.k",
    ),
    "a module's attribute": ("import helper_of_mine", "helper_of_mine.level = 4", "n = helper_of_mine.level"),
    "a module's attribute among others": (
        "import helper_of_mine",
        "m, helper_of_mine.level = 1, 4",
        "n = helper_of_mine.level",
    ),
    "by what a call gives": (
        "def maker():\n    return lambda zs: zs.append(1)\nxs = []",
        "maker()(xs)",
        "n = len(xs)",
    ),
    "by one of a list": ("from helper_of_mine import grow\nsteps = [grow]\nxs = []", "steps[0](xs)", "n = len(xs)"),
    "set by name": ("import helper_of_mine", "setattr(helper_of_mine, 'level', 4)", "n = helper_of_mine.level"),
    "a function put in its place": (
        "import helper_of_mine",
        "helper_of_mine.noise = lambda: 3",
        "n = helper_of_mine.noise()",
    ),
    "the environment in a function": (
        "import os\ndef setting():\n    os.environ.update(Q='3')",
        "setting()",
        "n = os.environ['Q']",
    ),
}

SHARED = {
    "unpacked": ("xs = []\na, b = xs, 1", "a.append(1)", "n = len(xs)"),
    "crosswise": ("xs = []\nys = []\na, b = ys, xs", "b.append(1)", "n = len(xs)"),
    "unpacked from one": ("xs = [[1], [2]]\nfirst, *rest = xs", "first.append(1)", "n = len(xs[0])"),
    "in a tuple": ("xs = []\nt = (xs, 1)", "t[0].append(1)", "n = len(xs)"),
    "on the spot": ("xs = []\nif (a := xs) is not None:\n    pass", "a.append(1)", "n = len(xs)"),
    "annotated": ("xs = []\na: list = xs", "a.append(1)", "n = len(xs)"),
    "with": ("import contextlib as c\nxs = []\nwith c.nullcontext(xs) as a: pass", "a.append(1)", "n = len(xs)"),
    "in a comprehension": ("xs = []", "r = [y.append(1) for y in [xs]]", "n = len(xs)"),
    "kept by a comprehension": ("xs = [[]]\nr = [y for y in xs]", "r[0].append(1)", "n = len(xs[0])"),
    "by a loop": ("xs = []\nfor y in [xs]:\n    pass", "y.append(1)", "n = len(xs)"),
    "by zip": ("a = []\nb = []", "for u, v in zip([a], [b]):\n    v.append(1)", "n = len(b)"),
    "by enumerate": ("a = [[]]", "for i, u in enumerate(a):\n    u.append(1)", "n = len(a[0])"),
    "put inside": ("xs = []\nouter = []\nouter.append(xs)", "outer[0].append(1)", "n = len(xs)"),
    "set inside": ("xs = []\nouter = {}\nouter['a'] = xs", "outer['a'].append(1)", "n = len(xs)"),
    "an attribute": ("import types\nxs = []\no = types.SimpleNamespace()\no.a = xs", "o.a.append(1)", "n = len(xs)"),
    "update": ("xs = []\nouter = {}\nouter.update(a=xs)", "outer['a'].append(1)", "n = len(xs)"),
    "setdefault": ("xs = []\nouter = {}\nouter.setdefault('a', xs)", "outer['a'].append(1)", "n = len(xs)"),
    "get": ("d = {'a': []}\nx = d.get('a')", "x.append(1)", "n = len(d['a'])"),
    "values": ("d = {'a': []}", "for v in d.values():\n    v.append(1)", "n = len(d['a'])"),
    "items": ("d = {'a': []}", "for k, v in d.items():\n    v.append(1)", "n = len(d['a'])"),
    "one of two": ("a = []\nb = [2]\nc = a if len('x') else b", "c.append(1)", "n = len(a)"),
    "or": ("a = []\nb = [2]\nc = b or a", "c.append(1)", "n = len(b)"),
    "given back": ("def same(xs):\n    return xs\na = []\nb = same(a)", "b.append(1)", "n = len(a)"),
    "back by a local": ("def same(x):\n    y = x\n    return y\na = []\nb = same(a)", "b.append(1)", "n = len(a)"),
    "given back inside": ("def same(xs):\n    return {'k': xs}\na = []\nb = same(a)", "b['k'].append(1)", "n = len(a)"),
    "given back by name": ("def same(x, *, y):\n    return y\na = []\nb = same(1, y=a)", "b.append(1)", "n = len(a)"),
    "one of any number": ("def same(*xs):\n    return xs[0]\na = []\nb = same(a)", "b.append(1)", "n = len(a)"),
    "yielded": ("def same(xs):\n    yield xs\na = []", "for b in same(a):\n    b.append(1)", "n = len(a)"),
    "yielded from": ("def same(xs):\n    yield from [xs]\na = []", "for b in same(a):\n    b.append(1)", "n = len(a)"),
    "given back from outside": ("a = []\ndef get():\n    return a\nb = get()", "b.append(1)", "n = len(a)"),
    "a partial": (
        "import functools\ndef add(xs):\n    xs.append(1)\na = []\ng = functools.partial(add, a)",
        "g()",
        "n = len(a)",
    ),
    "a bound method": ("a = []\ng = a.append", "g(1)", "n = len(a)"),
    "a closure": ("a = []\ng = lambda: a.append(1)", "g()", "n = len(a)"),
    "a view": ("import numpy as np\na = np.zeros(3)\nb = a[1:]", "b[0] = 5", "n = float(a.sum())"),
    "another shape": ("import numpy as np\na = np.zeros(4)\nb = a.reshape(2, 2)", "b[0, 0] = 5", "n = float(a.sum())"),
    "transposed": ("import numpy as np\na = np.zeros((2, 2))\nb = a.T", "b[0, 0] = 5", "n = float(a.sum())"),
    "by numpy": ("import numpy as np\na = np.zeros((2, 2))\nb = np.ravel(a)", "b[0] = 5", "n = float(a.sum())"),
    "split": ("import numpy as np\na = np.zeros(4)\nb, c = np.split(a, 2)", "b[0] = 5", "n = float(a.sum())"),
    "given back by itself": (
        "def last(x, k):\n    return last(x, k - 1) if k else x\na = []\nb = last(a, 2)",
        "b.append(1)",
        "n = len(a)",
    ),
    "given back by another": (
        "def one(x):\n    return two(x)\ndef two(x):\n    return x\na = []\nb = one(a)",
        "b.append(1)",
        "n = len(a)",
    ),
    "added to": ("a = [1]\nb = a", "b += [2]", "n = len(a)"),
    "added up": ("a = []\nb = [1] + [a]", "b[1].append(1)", "n = len(a)"),
    "added in place": ("a = []\nb = [1]\nb += [a]", "b[1].append(1)", "n = len(a)"),
    "a queue": ("import collections\na = []\nb = collections.deque([a])", "b[0].append(1)", "n = len(a)"),
    "the chosen one": ("import random\na = []\nb = random.choice([a])", "b.append(1)", "n = len(a)"),
    "by numpy, from it": ("from numpy import ravel, zeros\na = zeros((2, 2))\nb = ravel(a)", "b[0] = 5",
                          "n = float(a.sum())"),
    "in a pipeline": (
        ("from sklearn.pipeline import make_pipeline\nfrom sklearn.linear_model import Ridge\n"
         "a = Ridge()\nb = make_pipeline(a)"), "b.fit([[1], [2]], [1, 2])", "n = hasattr(a, 'coef_')"),
    "a part deleted": ("a = [1, 2]", "del a[0]", "n = len(a)"),
}  # fmt: skip

USED_UP = {
    "next": ("it = iter([1, 2, 3])", "lost = next(it)", "n = next(it)"),
    "a loop": ("it = iter([1, 2, 3])", "for _ in it:\n    break", "n = next(it)"),
    "a list": ("it = iter([1, 2, 3])", "lost = list(it)", "n = len(list(it))"),
    "a sum": ("g = (i for i in range(4))", "lost = sum(g)", "n = sum(g)"),
    "a zip": ("g = (i for i in range(4))", "lost = list(zip(g, 'ab'))", "n = sum(g)"),
    "a generator's": ("def gen():\n    yield 1\n    yield 2\ng = gen()", "lost = sum(g)", "n = sum(g)"),
    "of itertools": ("import itertools\ng = itertools.count()", "lost = [*zip(g, 'ab')]", "n = next(g)"),
    "a table's rows": (
        "import pandas as pd\nrows = pd.DataFrame({'a': [1, 2]}).itertuples()",
        "lost = [r for r in rows]",
        "n = len(list(rows))",
    ),
    "a file": (
        "from pathlib import Path\nPath('h.made').write_text('1\\n2\\n')\nh = open('h.made')",
        "lost = h.readline()",
        "n = h.readline()\nh.close()",
    ),
    "a file that is open for a while": (
        "from pathlib import Path\nPath('h.made').write_text('1\\n2\\n')",
        "with open('h.made') as h:\n    lost = list(h)\n    n = len(list(h))",
        "m = 1",
    ),
}

FILES = {
    "written by a function": (
        "from pathlib import Path\ndef put(t):\n    Path('w.made').write_text(t)",
        "put('5')",
        "n = Path('w.made').read_text()",
    ),
    "read by a function": (
        "from pathlib import Path\ndef take():\n    return Path('w.made').read_text()",
        "Path('w.made').write_text('7')",
        "n = take()",
    ),
    "with": (
        "import json",
        "with open('c.made', 'w') as f:\n    json.dump([1], f)",
        "with open('c.made') as f:\n    n = json.load(f)[0]",
    ),
}

TABLES = {"draws": DRAWS, "changes": CHANGES, "shared": SHARED, "used up": USED_UP, "files": FILES}


@pytest.mark.parametrize(
    "cells", [pytest.param(c, id=f"{t}: {n}") for t, rows in TABLES.items() for n, c in rows.items()]
)
def test_nothing_is_lost(cells: tuple[str, ...], folder: Path) -> None:
    everything, kept = sliced(folder, cells, "n")
    whole = value(everything, "n")
    assert "Error" not in str(whole)
    assert value([*cells[:-2], cells[-1]], "n") != whole, "the cell before the last does nothing"
    assert value(kept, "n") == whole


SKLEARN = (
    "from sklearn.linear_model import LinearRegression, Ridge\nimport numpy as np\nX = np.ones((4, 1))\ny = np.ones(4)"
)
SPARE = {
    "a generator seeded again": ("import numpy as np\nnp.random.seed(3)", "lost = np.random.rand()",
                                 "np.random.seed(3)\nn = np.random.rand()"),
    "another generator": ("import random\nimport numpy as np\nrandom.seed(1)\nnp.random.seed(2)",
                          "lost = random.random()", "n = np.random.rand()"),
    "draws without a seed": ("import random", "lost = random.random()", "n = random.random() < 2"),
    "a function that looks": ("def look(xs):\n    return len(xs)\nxs = [1]", "lost = look(xs)", "n = len(xs)"),
    "a function that prints": ("xs = [1]\ndef tell(v):\n    print(v)", "tell(xs)", "n = len(xs)"),
    "a loser": (SKLEARN, "lost = Ridge().fit(X, y)\npredicted = lost.predict(X)",
                "n = float(LinearRegression().fit(X, y).predict(X)[0])"),
    "a loser of a function": (f"{SKLEARN}\ndef fitted(model, X, y):\n    model.fit(X, y)\n    return model.predict(X)",
                              "lost = fitted(Ridge(), X, y)", "n = float(fitted(LinearRegression(), X, y)[0])"),
    "a loser of an own class": (
        ("class M:\n    def __init__(self, k):\n        self.k = k\n    def fit(self, x):\n        self.c = x\n"
        "        return self\n    def give(self):\n        return self.c"),
        "lost = M(1).fit(2)\nlost_too = lost.give()", "m = M(3).fit(2)\nn = m.give()"),
    "a search": (("from sklearn.model_selection import GridSearchCV\nfrom sklearn.linear_model import Ridge\n"
                 "import numpy as np\nX = np.ones((8, 1))\ny = np.arange(8.0)\ngrid = {'alpha': [1, 2]}"),
                 "lost = GridSearchCV(Ridge(), grid, cv=2).fit(X, y)", "n = len(grid['alpha'])"),
    "an order": ("xs = [2, 1]", "lost = sorted(xs, key=lambda a: -a)", "n = len(xs)"),
    "a list of pairs": ("xs = [1, 2]", "lost = list(zip(xs, xs))", "n = sum(xs)"),
    "a function on a column": ("import pandas as pd\ndf = pd.DataFrame({'a': [1, 2]})\ndef twice(v):\n    return v * 2",
                               "lost = df['a'].apply(twice)", "n = int(df.a.sum())"),
    "plots by name": ("import matplotlib.pyplot as plt\ncols = ['a', 'b']",
                      "fig, axes = plt.subplots(1, 2)\nfor c, ax in zip(cols, axes):\n    ax.set_title(c)",
                      "n = len(cols)"),
    "plots of a function": (
        ("import matplotlib.pyplot as plt\nimport pandas as pd\ndf = pd.DataFrame({'a': [1, 2]})\ncols = ['a']\n"
        "def draw(d, cols):\n    fig, axes = plt.subplots(1, 2)\n    for c, ax in zip(cols, axes):\n"
        "        ax.hist(d[c])\n        ax.set_title(c)\n    plt.show()"),
        "draw(df, cols)", "n = len(cols)"),
    "two lists of the same kind": ("xs = [1]\nys = [2]\na = list(xs)\nb = list(ys)", "b.append(3)", "n = len(a)"),
    "what is made anew": ("xs = [1]\nys = xs + [2]", "ys.append(3)", "n = len(xs)"),
    "what is chosen anew": ("import pandas as pd\ndf = pd.DataFrame({'a': [1, 2], 'b': [3, 4]})\npart = df[['a']]",
                            "part.insert(0, 'c', 1)", "n = df.shape[1]"),
    "a pure result": ("words = 'a b'", "lost = words.split()\nlost.append('c')", "n = len(words)"),
    "a file nobody reads": ("from pathlib import Path\nxs = [1]", "Path('t.made').write_text(str(xs))", "n = len(xs)"),
    "written after": ("from pathlib import Path\nPath('a.made').write_text('1')", "n = Path('a.made').read_text()",
                      "lost = Path('a.made').write_text('2')"),
}  # fmt: skip


@pytest.mark.parametrize("cells", SPARE.values(), ids=SPARE)
def test_what_nothing_needs_is_left(cells: tuple[str, ...], folder: Path) -> None:
    everything, kept = sliced(folder, cells, "n")
    spare = cells[-1] if cells[-1].startswith("lost") else cells[-2]
    assert not [code for code in kept if code in spare]
    assert [code for code in everything if code in spare]


REASONS = {
    "a plot": ("import matplotlib.pyplot as plt\nplt.plot([1])", "exploration: a plot nothing kept needs"),
    "a print": ("print(1)", "exploration: prints"),
    "a value that is printed on the way": ("m = [print(1)]", "nothing kept needs it"),
    "a function": ("def f():\n    return 1", "a function that nothing kept calls"),
    "a class": ("class C:\n    k = 1", "a function that nothing kept calls"),
    "a value": ("m = 1", "nothing kept needs it"),
}


@pytest.mark.parametrize(("cell", "reason"), REASONS.values(), ids=REASONS)
def test_why_it_was_left(cell: str, reason: str, folder: Path) -> None:
    facts = read_facts(write_notebook(folder, cell, "n = 1"))
    draft = Draft(name="it", facts=facts, original=facts, flow=[s.index for s in facts.statements])
    slice_to(draft, ["n"])
    assert [d.reason for d in draft.dropped] == [reason]
    assert all(s.code == "n = 1" or s.code.startswith("import") for s in draft.statements())


KEPT_WITH = {
    "a function's function": ("def g():\n    return 1\ndef f():\n    return g()", "def g(): return 2", "n = f()"),
    "a default": ("K = 3\ndef f(k=K):\n    return k", "K = 4", "n = f()"),
    "a base": ("class A:\n    v = 1\nclass B(A):\n    pass", "A = None", "n = B().v"),
    "a fallback": ("try:\n    import nothing_of_the_kind as lib\nexcept ImportError:\n    import json as lib", "m = 1",
                   "n = lib.dumps(1)"),
    "a deed beside an import": ("try:\n    import os as o\n    o.environ['Q_A'] = '3'\nexcept ImportError:\n    pass",
                               "import os", "n = os.environ.get('Q_A')"),
    "a deed of a fallback": ("try:\n    import no_\nexcept ImportError:\n    import os\n    os.environ['Q_F'] = '3'",
                            "import os as o", "n = o.environ.get('Q_F')"),
    "a name in a formula": ("k = 3\ndef f():\n    return 4", "m = 1", "n = eval('k + f()')"),
    "an option": ("import pandas as pd", "pd.set_option('display.max_rows', 7)",
                  "n = pd.get_option('display.max_rows')"),
    "an option by assignment": ("import pandas as pd", "pd.options.display.max_rows = 7",
                                "n = pd.get_option('display.max_rows')"),
    "a command that writes": ("import os\nfrom pathlib import Path", "os.system('echo 5 > c.made')",
                              "n = Path('c.made').read_text()"),
    "the environment": ("import os", "os.environ['Q'] = '3'", "n = os.environ.get('Q')"),
    "the environment by another name": ("from os import environ\nimport os as o", "environ['Q_B'] = '3'",
                                        "o.environ['Q_D'] = '4'", "n = [o.environ.get('Q_B'), o.environ.get('Q_D')]"),
    "a variable taken away": ("import os\nos.environ['Q'] = '3'", "del os.environ['Q']", "n = os.environ.get('Q')"),
    "variables joined": ("import os", "os.environ |= {'Q_E': '3'}", "n = os.environ.get('Q_E')"),
    "evaluated text": ("k = 1", "exec('k = 2')", "n = k"),
    "a branch": ("x = 1", "if len('a') > 3:\n    x = 2", "n = x"),
    "a try": ("xs = []", "try:\n    xs.append(1)\nexcept ValueError:\n    pass", "n = len(xs)"),
    "deleted": ("x = [1]\ny = x", "del y", "n = 'y' in globals()"),
}  # fmt: skip


@pytest.mark.parametrize("cells", KEPT_WITH.values(), ids=KEPT_WITH)
def test_what_belongs_to_it_stays(cells: tuple[str, ...], folder: Path) -> None:
    everything, kept = sliced(folder, cells, "n")
    assert value(kept, "n") == value(everything, "n")
    assert "Error" not in str(value(everything, "n"))


# Programs at random ---------------------------------------------------------------------------------------------------
OWN = """
import random
import helper_of_mine
from helper_of_mine import grow
random.seed(3)
a, b, c, d, x, y = [1], [2], [[3]], {'k': [4]}, 0, 0
def put(xs):
    xs.append(x_of())
def x_of():
    return random.random()
def same(xs):
    return xs
def look(xs):
    return len(xs)
def through(xs):
    put(xs)
    return xs
def memo(v, seen=[]):
    seen.append(v)
    return len(seen)
def more():
    a.append(8)
class Box:
    def __init__(self, inner):
        self.inner = inner
    def add(self):
        self.inner.append(9)
    def size(self):
        return len(self.inner)
box = Box(c)
it = iter(range(99))
g = a.append
""".strip()
LINES = st.sampled_from(
    ["a = [1]", "b = a", "c = [a, b]", "d = {'k': a}", "d['k'] = b", "a.append(3)", "b.append(4)",
     "c[0].append(5)", "d['k'].append(6)", "grow(a)", "grow(xs=b)", "helper_of_mine.grow(d['k'])",
     "b = same(a)", "x = look(b)", "x = x_of()", "random.seed(2)", "y = random.random()", "x = y",
     "for v in [a, b]:\n    v.append(0)", "put(b)", "it = iter(a)", "x = next(it, 0)", "y = sum(it)",
     "a = list(b)", "b = a + [1]", "del a[:1]", "g = b.append", "g(7)", "y = memo(1)", "box = Box(a)",
     "box.add()", "y = box.size()", "a, b = b, a", "c = a if x else b", "b = through(a)", "list(map(put, [a]))",
     "more()", "x = d.get('k')", "if y:\n    b = c", "c = [v for v in c]", "x = helper_of_mine.noise()",
     "a.sort(key=str)", "x = a.pop()", "h = lambda: b.append(1)\nh()", "c = sorted(d)"]
)  # fmt: skip


@given(lines=st.lists(LINES, min_size=2, max_size=9), wanted=st.sampled_from("abcdxy"))
@settings(max_examples=200, deadline=None)
def test_any_program(lines: list[str], wanted: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / "helper_of_mine.py").write_text(HELPER, "utf-8")
    everything, kept = sliced(folder, (OWN, *lines), wanted)
    whole = value(everything, wanted)
    if "Error" not in str(whole):
        assert repr(value(kept, wanted)) == repr(whole)
