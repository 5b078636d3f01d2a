"""Which names may share an object, exactly: a name too few loses a change, one too many keeps what nobody needs."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from mlee_jupyter.convert.analyse.aliases import Aliases, held, is_trusted
from mlee_jupyter.convert.analyse.flow import Stable, stable_names
from mlee_jupyter.convert.read.file_facts import read_facts
from mlee_jupyter.convert.types import Statement

from .makers import write_notebook

BEFORE = """
import numpy as np, pandas as pd, json, copy, functools, itertools, contextlib, os
from sklearn.pipeline import make_pipeline
from sklearn.svm import SVC
from functools import partial
from copy import deepcopy
from math import floor
import collections, random
from collections import deque
from numpy import asarray
from pandas import DataFrame
from random import choice as pick
import sklearn.pipeline as sp
from operator import itemgetter
a = []; b = []; c = []; x = []; fit_me = SVC()
def whole(p, q=0): return p
def second(p, /, q, *, r=None): return q
def named(p, *, r=None): return r
def local(p, q):
    both = [p, q]
    return both
def neither(p, q): return 1
def pairs(p, q): yield q
def nothing(p): return
class Box:
    pass
"""
# expression -> the names whose object may live on in its value
HELD = {
    'a': "a",
    'np': "",
    'a + b': "",
    '-a': "",
    'a < b': "",
    "f'{a}'": "",
    '1': "",
    '[a, b]': "a b",
    '(a, b)': "a b",
    '{a: b}': "a b",
    "{'k': a}": "a",
    '{a, b}': "a b",
    'a if c else b': "a b c",
    'a or b': "a b",
    'a.x': "a",
    'a[0]': "a",
    'a[b]': "a",
    'a[b:]': "a",
    'a[[0, 1]]': "",
    'a[b > 1]': "",
    'a[b, c]': "a",
    'lambda v: a + v': "a",
    'lambda v, *w, k=b: a(v, w, k, len, np)': "a",
    '[v for v in a]': "a",
    '[v + 1 for v in a]': "",
    '[b for v in a]': "b",
    '[(v, b) for v in a]': "a b",
    '{v for v in a}': "a",
    '(v for v in a)': "a",
    '{v: 1 for v in a}': "a",
    '{1: v for v in a}': "a",
    '{k: v for k in a for v in b}': "a b",
    'a.copy()': "",
    'a.get(b)': "a",
    'a.values()': "a",
    'a.reshape(2, 2)': "a",
    'a.fit(b)': "a",
    'a.fit(b).predict(c)': "",
    'a.fit_transform(b)': "a",
    'a.mystery(b)': "a b",
    'a.mystery(b, k=c)': "a b c",
    'a.Thing(b)': "a b",
    'np.asarray(a)': "a",
    'np.asarray(a, b)': "a",
    'pd.DataFrame(a, index=b)': "a",
    'np.sum(a)': "a",
    'np.fit(a)': "",
    'json.dumps(a)': "",
    'json.Encoder(a)': "a",
    'copy.copy(a)': "a",
    'copy.copy(k=a)': "a",
    'functools.partial(a, b)': "a b",
    'itertools.chain(a, b)': "a b",
    'contextlib.closing(a)': "a",
    'os.path.join(a, b)': "",
    'os.get(a)': "",
    'copy.get(a)': "a",
    'copy.fit(a)': "",
    'partial(a, b)': "a b",
    'partial(a, k=b)': "a b",
    'deepcopy(a)': "a",
    'floor(a)': "",
    'make_pipeline(a, b)': "a b",
    'SVC(a, k=b)': "a b",
    'Box(a)': "a",
    'Box(a, k=b)': "a b",
    'len(a)': "",
    'print(a)': "",
    'list(a)': "a",
    'sorted(a, key=b)': "a b",
    'x(a)': "a x",
    'x(a, k=b)': "a b x",
    '(lambda: 1)(a)': "a",
    'x()(a)': "a",
    'whole(a, b)': "a",
    'whole(a, q=b)': "a",
    'whole(p=a, q=b)': "a",
    'whole(*a)': "a",
    'second(a, b)': "b",
    'second(a, q=b)': "b",
    'second(a, b, r=c)': "b",
    'second(a, b, c)': "b c",
    'second(**a)': "a",
    'named(a, r=b)': "b",
    'local(a, b)': "a b",
    'local(a, q=b)': "a b",
    'neither(a, b)': "",
    'neither(a, q=b)': "",
    'pairs(a, b)': "b",
    'nothing(a)': "",
    'whole(local(a, b))': "a b",
    'await_(a)': "a await_",
    '(y := a)': "a y",
    'not a': "",
    'a[:][0]': "a",
    'a.b.c(x)': "a x",
    'a[0].get(b)': "a",
    'a + [b]': "b",
    '[a] + [b]': "a b",
    'a + [b] + c': "b",
    '(a, b) * c': "a b",
    '[v for v in a] + b': "a",
    'a | {1: b}': "b",
    'collections.deque(a)': "a",
    'random.choice(a)': "a",
    'random.gauss(a, b)': "",
    'deque(a)': "a",
    'asarray(a, b)': "a",
    'DataFrame(a)': "a",
    'pick(a)': "a",
    'itemgetter(a)(b)': "b",
    'make_x(a)': "a make_x",
    'sp.make_pipeline(a, b)': "a b",
    'sp.clone(a)': "",
    'sp.SVC(a)': "a",
}  # fmt: skip
# cell -> the names that share something from then on, set by set
JOINED = {
    'x = a': "a x",
    'x = y = a': "a x y",
    'x: list = a': "a x",
    'x: list': "",
    '(x := a)': "a x",
    'x, y = a, b': "a x | b y",
    'x, y = a': "a x y",
    '[x, y] = [a, b]': "a x | b y",
    'x, (y, z) = a, (b, c)': "a x | b y | c z",
    '*x, y = a, b': "a b x y",
    'x, y = *a, b': "a b x y",
    'x, y = a, b, c': "a b c x y",
    'x.k = a': "a x",
    'x[0] = a': "a x",
    'x[i] = a': "a i x",
    'np.k = a': "",
    'x += a': "",
    'x += [a, b]': "a b x",
    'x -= a + b': "",
    'f().k += [a]': "a f",
    'for x in a: pass': "a x",
    'for x, y in zip(a, b): pass': "a x | b y",
    'for x, y in zip(a, b, c): pass': "a b c x y",
    'for x in zip(a, b): pass': "a b x",
    'for i, x in enumerate(a): pass': "a x",
    'for (i, x, y) in enumerate(a): pass': "a i x y",
    'for i, x in enumerate(): pass': "",
    'for i, (x, y) in enumerate(zip(a, b)): pass': "a x | b y",
    'for i, x in enumerate(a, b): pass': "a x",
    'for x in range(a): pass': "",
    'for x, y in range(a): pass': "",
    'for i, x in a.items(): pass': "a i x",
    'for i, x in pairs(a): pass': "a i pairs x",
    'n = [x for x in a]': "a n x",
    'n = {k: v for k, v in zip(a, b)}': "a b k n v",
    'async def go():\n    async for x in a: pass': "a x",
    'def f(p):\n    return a': "a f",
    'def f(p):\n    return p': "",
    'def f(a):\n    b = a\n    return [a, b, c]': "a b | c f",
    'async def f():\n    return a': "a f",
    'def f():\n    yield a': "a f",
    'def f():\n    yield from a': "a f",
    'def f():\n    return': "",
    'def f():\n    return fixed': "",
    'with a as x: pass': "a x",
    'with a: pass': "",
    'with a as (x, y): pass': "a x y",
    'a.append(x)': "a x",
    'a.append(x, k=y)': "a x y",
    'a.b.append(x)': "a x",
    'a[0].append(x)': "a x",
    'a.extend(x)': "a x",
    'a.pop(x)': "",
    'np.append(x, y)': "",
    'f().append(x)': "",
    'append(x)': "",
    'a.add([x, y])': "a x y",
    'a.append(x + y)': "",
    'a.update(k=x)': "a x",
    'a.set_params(k=x)': "a x",
    'x = json\ny = json': "",
    'x = a\ny = b\nx = b': "a b x y",
    'x = a\nz = x': "a x z",
    'match_ = a if b else c': "a b c match_",
    'x = fixed(a)': "",
}  # fmt: skip


def statements(folder: Path, *cells: str) -> tuple[Statement, ...]:
    return read_facts(write_notebook(folder, *cells)).statements


@pytest.fixture(scope="module")
def stable(tmp_path_factory: pytest.TempPathFactory) -> Stable:
    return stable_names(statements(tmp_path_factory.mktemp("notebook"), BEFORE))


@pytest.mark.parametrize(("code", "names"), HELD.items(), ids=HELD)
def test_what_may_live_on_in_a_value(code: str, names: str, stable: Stable) -> None:
    assert " ".join(sorted(held(ast.parse(code, mode="eval").body, stable))) == names


@pytest.mark.parametrize(("cell", "names"), JOINED.items(), ids=JOINED)
def test_what_shares_an_object(cell: str, names: str, tmp_path: Path) -> None:
    found = statements(tmp_path, "import numpy as np\nimport json\ndef fixed(v): return 1", cell)
    stable, aliases = stable_names(found), Aliases()
    for statement in found:
        aliases.note(statement.node, stable)
    sets = {tuple(sorted(aliases.of(name))) for name in {n for s in found for n in (*s.binds, *s.uses, *"abcikvxyz")}}
    sets |= {tuple(sorted(aliases.of(name))) for name in aliases.of("a")}
    assert " | ".join(sorted(" ".join(one) for one in sets if len(one) > 1)) == names


def test_whose_functions_leave_what_they_are_given_alone(stable: Stable) -> None:
    trusted = {name for name in stable.imports if is_trusted(name, stable)}
    assert stable.imports.keys() - trusted == {"copy", "deepcopy"}


def held_in(folder: Path, before: str, code: str) -> str:
    return " ".join(sorted(held(ast.parse(code, mode="eval").body, stable_names(statements(folder, before, "a = []")))))


def each(words: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("word", words.split())


@each("numpy pandas sklearn scipy matplotlib seaborn statsmodels math statistics collections itertools functools "
      "datetime re os pathlib json time string operator plotly random contextlib")  # fmt: skip
def test_a_library_whose_functions_leave_their_arguments_alone(word: str, tmp_path: Path) -> None:
    found = stable_names(statements(tmp_path, f"import {word} as lib\nimport copy"))
    assert is_trusted("lib", found)
    assert not is_trusted("copy", found)
    keeps = word in ("numpy", "pandas", "collections", "itertools", "functools", "operator", "contextlib")
    assert held_in(tmp_path, f"import {word} as lib", "lib.compute(a)") == ("a" if keeps else "")
    assert held_in(tmp_path, f"import {word} as lib", "lib.Thing(a)") == "a"
    assert held_in(tmp_path, f"from {word} import compute", "compute(a)") == ("a" if keeps else "")


@each("choice choices sample")
def test_what_is_picked_is_one_of_them(word: str, tmp_path: Path) -> None:
    assert held_in(tmp_path, f"from random import {word} as pick", "pick(a)") == "a"
    assert held_in(tmp_path, "import random", f"random.{word}(a)") == "a"
    assert held_in(tmp_path, "import statistics as random", f"random.{word}(a)") == ""


@each("append add insert extend update setdefault appendleft extendleft put push __setitem__ set_params")
def test_methods_that_keep_their_argument(word: str, tmp_path: Path) -> None:
    found = statements(tmp_path, f"a.{word}(x)")
    aliases = Aliases()
    aliases.note(found[0].node, stable_names(found))
    assert aliases.of("a") == {"a", "x"}


@each("get values items reshape ravel squeeze transpose swapaxes to_numpy view elements")
def test_methods_that_share_with_their_object(word: str, tmp_path: Path) -> None:
    assert held_in(tmp_path, "b = []", f"a.{word}(1)") == "a"


@each("len str int float round sum abs range print type")
def test_built_ins_that_give_something_new(word: str, tmp_path: Path) -> None:
    assert held_in(tmp_path, "b = []", f"{word}(a)") == ""
