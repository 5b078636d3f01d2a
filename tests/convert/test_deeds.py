# ruff: noqa: E501
"""What running a statement may do to others, said exactly: too little loses a change, too much keeps what nobody needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlee_jupyter.convert.analyse.deeds import FAMILIES, Deeds, Readings
from mlee_jupyter.convert.analyse.flow import stable_names
from mlee_jupyter.convert.read.file_facts import read_facts
from mlee_jupyter.convert.types import Effect

from .makers import write_notebook

BEFORE = """
import random, os, json, csv, copy, itertools, beside
import numpy as np
import numpy.random as npr
import sklearn.utils as su
from random import gauss, seed as sow
from sklearn.ensemble import RandomForestClassifier
from beside import act
from itertools import count
a = []; b = []; c = []; k = 0
"""
# what was defined before, and a statement -> what it reads and changes, which generators it moves and sets, its effects
DEEDS = {
    ('', 'a.append(b)'): 'changes a; shows',
    ('', 'a[0] = b'): 'changes a',
    ('', 'a.x = b'): 'changes a',
    ('', 'del a[0]'): 'changes a',
    ('', 'a += b'): 'changes a',
    ('', 'd = a + b'): '',
    ('', 'len(a)'): 'shows',
    ('', 'd = a.copy()'): '',
    ('', 'a.mystery(b)'): 'changes a; shows',
    ('', 'print(a)'): 'prints, shows',
    ('', 'random.random()'): 'changes random; draws random; draws random numbers, shows',
    ('', 'np.random.rand()'): 'changes np; draws numpy; draws random numbers, shows',
    ('', 'npr.normal()'): 'changes npr; draws numpy; shows',
    ('', 'gauss(0, 1)'): 'draws random; shows',
    ('', 'random.seed(1)'): 'changes random; seeds random; sets a seed, shows',
    ('', 'np.random.seed(1)'): 'changes np; seeds numpy; sets a seed, shows',
    ('', 'sow(1)'): 'seeds random; shows',
    ('', 'su.shuffle(a)'): 'changes a su; draws numpy; draws random numbers, shows',
    ('', 'random.shuffle(a)'): 'changes a random; draws random; draws random numbers, shows',
    ('', 'd = RandomForestClassifier()'): 'draws numpy; draws random numbers',
    ('', 'd = RandomForestClassifier(random_state=1)'): '',
    ('', 'beside.act(a)'): 'changes a beside; draws all; seeds all; reads a file, shows, writes a file',
    ('', 'act(a)'): 'changes a; draws all; seeds all; reads a file, shows, writes a file',
    ('', 'act(x=a)'): 'changes a; draws all; seeds all; reads a file, shows, writes a file',
    ('', 'copy.copy(a)'): 'changes a; shows',
    ('', 'copy.copy(a[0])'): 'changes a; shows',
    ('', 'beside.x = 1'): 'changes <module beside> beside',
    ('', 'beside.x.y = 1'): 'changes <module beside> beside',
    ('', 'beside.x += 1'): 'changes <module beside> beside',
    ('', 'del beside.x'): 'changes <module beside> beside',
    ('', "setattr(beside, 'x', 1)"): 'changes <module beside> beside; shows',
    ('', "delattr(beside, 'x')"): 'changes <module beside> beside; shows',
    ('', "setattr(a, 'x', 1)"): 'changes a; shows',
    ('', 'np.setattr(beside, 1)'): 'changes <module beside> beside np; shows',
    ('', 'x, beside.y = 1, 2'): 'changes <module beside> beside',
    ('def f(p): p.append(1)', 'f(a)'): 'changes a; shows',
    ('def f(p): p.append(1)', 'f(p=a)'): 'changes a; shows',
    ('def f(p): p.append(1)', 'f(*a)'): 'changes a; shows',
    ('def f(p): p.append(1)', 'f(**a)'): 'changes a; shows',
    ('def f(p): p.append(1)', 'f([a, b])'): 'changes a b; shows',
    ('def f(p): p.append(1)', 'f(a[0])'): 'changes a; shows',
    ('def f(p): p.append(1)', 'f(b.x)'): 'changes b; shows',
    ('def f(p): p.append(1)', 'f(a + b)'): 'shows',
    ('def f(p, q): q.append(1)', 'f(a, b)'): 'changes b; shows',
    ('def f(p, q): q.append(1)', 'f(a, q=b)'): 'changes b; shows',
    ('def f(p, q): q.append(1)', 'f(b, *a)'): 'changes a; shows',
    ('def f(p, *q): q[0].append(1)', 'f(a, b, c)'): 'changes b c; shows',
    ("def f(p, **q): q['x'].append(1)", 'f(a, x=b)'): 'changes b; shows',
    ("def f(p, **q): q['x'].append(1)", 'f(p=a)'): 'shows',
    ('def f(p, /, q): p.append(1)', 'f(a, b)'): 'changes a; shows',
    ('def f(*, q): q.append(1)', 'f(q=a)'): 'changes a; shows',
    ('def f(p): return len(p)', 'f(a)'): 'shows',
    ('def f(): return len(a)', 'f()'): 'reads a; shows',
    ('def f(): a.append(1)', 'f()'): 'reads a; changes a; shows',
    ('def f(): a.append(1)', 'map(f, b)'): 'reads a; changes a; shows',
    ('def f(p): p.append(1)', 'map(f, a)'): 'changes a f; shows',
    ('def f(p): return p', 'map(f, a)'): 'shows',
    ('', 'map(lambda v: v.append(1), a)'): 'changes a v; shows',
    ('', 'map(lambda v: a.append(v), b)'): 'changes a; shows',
    ('', 'map(act, a)'): 'changes a act; shows',
    ('', 'map(np.sum, a)'): 'shows',
    ('', 'a.apply(act)'): 'changes a act; shows',
    ('', 'a.apply(np.sum)'): 'shows',
    ('def f(p): p.append(1)', 'a.apply(f)'): 'changes a f; shows',
    ('', 'a.apply(beside.act)'): 'changes a beside; shows',
    ('def f():\n    global k\n    k = 1', 'f()'): 'changes k; shows',
    ('def f():\n    k = 1\n    return k', 'f()'): 'shows',
    ('def f(): return k', 'f()'): 'reads k; shows',
    ('def f(): return random.random()', 'f()'): 'reads random; changes random; draws random; shows',
    ('def f(): random.seed(1)', 'f()'): 'reads random; changes random; seeds random; shows',
    ("def f(): open('x').read()", 'f()'): 'reads a file, shows',
    ("def f(): open('x', 'w').write('y')", 'f()'): 'shows, writes a file',
    ('def f(): print(1)', 'f()'): 'shows',
    ("def f(): os.system('x')", 'f()'): 'reads os; changes os; runs a command, shows',
    ('def g(p): p.append(1)\ndef f(p): g(p)', 'f(a)'): 'reads g; changes a; shows',
    ('def f(p, m=[]): m.append(p)', 'f(a)'): 'changes <f> a; shows',
    ('def f(p, m=None): m.append(p)', 'f(a)'): 'changes a; shows',
    ('def f(p, m=1): p.append(m)', 'f(a)'): 'changes a; shows',
    ('def f(p, *, m=[]): m.append(p)', 'f(a)'): 'changes <f> a; shows',
    ('def f(p, m=[]): return p', 'f(a)'): 'shows',
    ('def f(): f.n = 1', 'f()'): 'reads f; changes <f> f; shows',
    ('def f(p):\n    q = p\n    q.append(1)', 'f(a)'): 'changes a; shows',
    ('def f(p):\n    def g(): p.append(1)\n    g()', 'f(a)'): 'changes a; shows',
    ('f = lambda p: p.append(1)', 'f(a)'): 'changes a; shows',
    ('f = g = lambda: a.append(1)', 'g()'): 'reads a; changes a; shows',
    ('def f(p): p.append(1)\ng = f', 'g(a)'): 'changes a; shows',
    ('if k:\n    def f(p): p.append(1)', 'f(a)'): 'changes a; shows',
    ('try:\n    def f(p): p.append(1)\nexcept E:\n    def f(p): return p', 'f(a)'): 'changes a; shows',
    ('try:\n    pass\nexcept E:\n    def f(p): p.append(1)', 'f(a)'): 'changes a; shows',
    ('for i in b:\n    pass\nelse:\n    def f(p): p.append(1)', 'f(a)'): 'changes a; shows',
    ('try:\n    pass\nfinally:\n    def f(p): p.append(1)', 'f(a)'): 'changes a; shows',
    ('async def f(p): p.append(1)', 'f(a)'): 'changes a; shows',
    ('class C:\n    def __init__(self, p): p.append(1)', 'C(a)'): 'changes a; shows',
    ('class C:\n    def __init__(self, p): self.p = p', 'C(a)'): 'changes a; shows',
    ('class C:\n    n = len(a)', 'C()'): 'shows',
    ('class C:\n    a.append(1)', 'C()'): 'changes a; shows',
    ('class C:\n    def go(self): self.n = 1', 'd = c.go()'): 'changes c',
    ('class C:\n    def go(self, p): p.append(1)', 'c.go(a)'): 'changes a c; shows',
    ('class C:\n    def go(self, p): return p', 'c.go(a)'): 'changes c; shows',
    ('class C:\n    def go(self, p): p.append(1)', 'd = c.go'): '',
    ('class C:\n    def go(self): self.n = 1', 'd = c.go'): 'changes c',
    ('class C:\n    def go(self): a.append(1)', 'c.go'): 'reads a; changes a; shows',
    ('class C:\n    def __call__(self): a.append(1)', 'c()'): 'reads a; changes a c; shows',
    ('class C:\n    async def go(self, p): p.append(1)', 'c.go(a)'): 'changes a c; shows',
    ('class C:\n    def go(self, p): p.append(1)', 'c.go(p=a)'): 'changes a c; shows',
    ('class C:\n    def go(p): p.append(1)', 'C.go'): 'changes C; shows',
    ('', 'c(a)'): 'changes a c; shows',
    ('', 'c(a, x=b)'): 'changes a b c; shows',
    ('', 'sorted(a)'): 'shows',
    ('', 'c()(a)'): 'changes a c; shows',
    ('', 'a[0](b)'): 'changes a b; shows',
    ('m = RandomForestClassifier()', 'd = m.fit(a)'): 'changes m; draws all',
    ('m = RandomForestClassifier()', 'd = m.predict(a)'): '',
    ('m = RandomForestClassifier()', 'd = m.classes_'): '',
    ('m = RandomForestClassifier()', 'd = m.score(a)'): '',
    ('m = RandomForestClassifier()', 'd = m.get_params()'): '',
    ('m = RandomForestClassifier()', 'd = m.transform(a)'): '',
    ('m = RandomForestClassifier()', 'd = f_(m)'): 'changes f_ m; draws all',
    ('m = RandomForestClassifier(random_state=1)', 'd = m.fit(a)'): 'changes m',
    ('m = su.resample(a)', 'd = m.x'): '',
    ('it = iter(a)', 'next(it)'): 'changes it; shows',
    ('it = iter(a)', 'd = list(it)'): 'changes it',
    ('it = zip(a, b)', 'len(it)'): 'changes it; shows',
    ('it = (v for v in a)', 'sum(it)'): 'changes it; shows',
    ("it = open('x')", 'it.read()'): 'changes it; shows',
    ("with open('x') as it: pass", 'len(it)'): 'changes it; shows',
    ('it = itertools.count()', 'len(it)'): 'changes it; shows',
    ('it = count()', 'len(it)'): 'changes it; shows',
    ('it = csv.reader(a)', 'len(it)'): 'changes it; shows',
    ('it = a.itertuples()', 'len(it)'): 'changes it; shows',
    ('it, z = zip(a, b)', 'len(z)'): 'changes z; shows',
    ('if (it := iter(a)): pass', 'len(it)'): 'changes it; shows',
    ('def g(): yield 1\nit = g()', 'len(it)'): 'changes it; shows',
    ('def g(): return 1\nit = g()', 'len(it)'): 'shows',
    ('it = [v for v in a]', 'len(it)'): 'shows',
    ('it = sorted(a)', 'len(it)'): 'shows',
    ("it = gz.open('x')", 'len(it)'): 'changes it; shows',
    ('', 'def f(p=a.append(1)): pass'): 'changes a',
    ('', 'def f(*, p=a.append(1)): pass'): 'changes a',
    ('', 'def f(): a.append(1)'): '',
    ('def deco(f):\n    a.append(1)\n    return f', '@deco\ndef g(): pass'): 'reads a; changes a',
    ('def deco(f):\n    a.append(1)\n    return f', 'def h():\n    @deco\n    def g(): pass'): '',
    ('def deco(f):\n    a.append(1)\n    return f', 'class C:\n    x = deco(1)'): 'reads a; changes a',
    ('', 'for v in a: v.append(1)'): 'changes v',
    ('', 'while k: a.pop()'): 'changes a',
    ('', "with open('x') as f_: pass"): 'reads a file',
    ('', "os.environ['x'] = '1'"): 'changes <module os> os; changes the environment',
    ('', "exec('x')"): 'may do anything, shows',
    ('', "os.system('x')"): 'changes os; runs a command, shows',
}  # fmt: skip


def readings(folder: Path, *cells: str) -> tuple[Readings, Deeds]:
    (folder / "beside.py").touch()
    statements = read_facts(write_notebook(folder, BEFORE, *filter(None, cells))).statements
    found = Readings(statements, stable_names(statements), folder)
    return found, found.of(statements[-1])


def told(deeds: Deeds) -> str:
    parts = {"reads": deeds.reads, "changes": deeds.changes, "draws": deeds.draws, "seeds": deeds.seeds}
    said = [
        f"{word} {'all' if names == FAMILIES else ' '.join(sorted(names))}" for word, names in parts.items() if names
    ]
    return "; ".join([*said, *([", ".join(sorted(deeds.effects))] if deeds.effects else [])])


@pytest.mark.parametrize(("cells", "deeds"), DEEDS.items(), ids=[": ".join(cells) for cells in DEEDS])
def test_what_a_statement_may_do(cells: tuple[str, str], deeds: str, tmp_path: Path) -> None:
    assert told(readings(tmp_path, *cells)[1]) == deeds


TOPS = {"numpy": "numpy", "pandas": "numpy", "sklearn": "numpy", "scipy": "numpy", "seaborn": "numpy",
        "statsmodels": "numpy", "imblearn": "numpy", "random": "random", "torch": "torch", "pytorch_lightning": "torch",
        "lightning": "torch", "whatever": "all"}  # fmt: skip


@pytest.mark.parametrize(("top", "family"), TOPS.items())
def test_whose_generator_is_moved(top: str, family: str, tmp_path: Path) -> None:
    (tmp_path / f"{top}.py").unlink(missing_ok=True)
    found = readings(tmp_path, f"import {top} as lib", "m = 1")[0]
    assert found._families("lib") == (FAMILIES if family == "all" else {family})
    assert found._families("a") == FAMILIES == {"numpy", "random", "torch", "tensorflow"}


@pytest.mark.parametrize("name", ["iter", "zip", "map", "filter", "enumerate", "reversed", "open"])
def test_what_is_used_up(name: str, tmp_path: Path) -> None:
    assert told(readings(tmp_path, f"it = {name}(a)", "m = len(it)")[1]) == "changes it"


@pytest.mark.parametrize(
    "name", ["iterrows", "itertuples", "iteritems", "finditer", "scandir", "iterdir", "glob", "rglob"]
)
def test_what_methods_give_that_is_used_up(name: str, tmp_path: Path) -> None:
    assert told(readings(tmp_path, f"it = a.{name}()", "m = len(it)")[1]) == "changes it"


@pytest.mark.parametrize("look", ["predict(a)", "predict_proba(a)", "score(a, b)", "get_params()", "classes_",
                                  "transform(a)", "inverse_transform(a)", "decision_function(a)", "kneighbors(a)"])  # fmt: skip
def test_a_look_at_what_was_learnt_draws_nothing(look: str, tmp_path: Path) -> None:
    made = "m = RandomForestClassifier()"
    assert not readings(tmp_path, made, f"d = m.{look}")[1].draws
    assert readings(tmp_path, made, f"d = m.fit(a).{look}")[1].draws == FAMILIES


def test_what_code_and_modules_keep_for_themselves(tmp_path: Path) -> None:
    found = readings(tmp_path, "def f(): pass\ng = f", "m = 1")[0]
    assert found.kept_by(["f", "g", "a", "np", "gauss", "nowhere"]) == {
        "<f>",
        "<g>",
        "<module numpy>",
        "<module random>",
    }


def test_which_modules_lie_beside_the_notebook(tmp_path: Path) -> None:
    found = readings(tmp_path, "m = 1")[0]
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__init__.py").touch()
    (tmp_path / "json.py").touch()
    tops = {"beside": True, "package": True, "json": True, "numpy": False, "csv": False, "hypothesis": False,
            "not_there_yet": True, "": True}  # fmt: skip
    assert {top: found._is_local(top) for top in tops} == tops


def test_deeds_add_up() -> None:
    one = Deeds({"a"}, {"b"}, {Effect.PRINTS}, {"numpy"}, {"random"})
    other = Deeds({"c"}, {"d", "b"}, {Effect.PLOTS}, {"torch"}, {"torch", "numpy"})
    assert (one.size, other.size, Deeds().size) == (5, 7, 0)
    one.add(other)
    assert one == Deeds(
        {"a", "c"}, {"b", "d"}, {Effect.PRINTS, Effect.PLOTS}, {"numpy", "torch"}, {"random", "torch", "numpy"}
    )
    assert one.size == 11
