"""Reading a notebook takes work in proportion to its size, whatever it holds; or one line says that it is too much."""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlee_jupyter.convert.package import plan_notebook, plan_text
from mlee_jupyter.convert.read.facts import MOST_STATEMENTS
from mlee_jupyter.convert.read.file_facts import read_facts
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.session.notebook_check import check_notebook

from .makers import write_notebook

TIMES = 4  # how much larger the second notebook is
MOST = 9  # how much more work it may be: 4 in proportion, 16 for every pair
LEAST = 1.0  # seconds of processor below which the clock says nothing


def code(text: str) -> dict[str, Any]:
    """A code cell."""
    return {"cell_type": "code", "metadata": {}, "source": text, "outputs": [], "execution_count": None}


def printed(text: str) -> dict[str, Any]:
    """A cell with an output."""
    return {**code("x = 1"), "outputs": [{"output_type": "stream", "name": "stdout", "text": text}]}


def prose(text: str) -> dict[str, Any]:
    """A markdown cell."""
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def lines(text: str, count: int) -> list[dict[str, Any]]:
    """One cell with a line for each number, which stands for {i}; the number before for {j}."""
    return [code("\n".join(text.format(i=i, j=max(0, i - 1)) for i in range(count)) + "\nlast = 1")]


Shape = Callable[[int], list[dict[str, Any]]]
TEXTS: Mapping[str, Shape] = {  # n: thousands of characters
    "a word": lambda n: [code("x = 1\n" + "a" * 1000 * n + " = 2\ny = x")],
    "a word in a comment": lambda n: [code("# " + "a1B" * 330 * n + "\nx = 1")],
    "a word in a magic": lambda n: [code("x = 1\n%magic " + "ab1" * 330 * n)],
    "a word in a text": lambda n: [code("x = '" + "a" * 1000 * n + "'\ny = x")],
    "a random text": lambda n: [code("api_key = '" + "aB3xK9" * 160 * n + "'\ny = 1")],
    "rows of a table": lambda n: [printed("user <tr>" + "<tr><td>user" * 80 * n)],
    "cells of a table": lambda n: [printed("<tr><th>user</th><th>password</th></tr>" + "<tr><td>a</td>" * 70 * n)],
    "columns": lambda n: [printed("user,password\n" + "a,b,c\n" * 160 * n)],
    "names of columns": lambda n: [printed("user,password\n" * 70 * n)],
    "a wide table": lambda n: [printed("user,password" + ",a" * 500 * n + "\n" + "b,c" + ",a" * 500 * n)],
    "a path": lambda n: [code("x = '" + "/a" * 500 * n + "'\ny = 1")],
    "dots": lambda n: [code("x = '" + "a." * 500 * n + "'\ny = 1")],
    "names of secrets": lambda n: [code("x = '" + "password=" * 100 * n + "'\ny = 1")],
    "headers of keys": lambda n: [code("x = '" + "-----BEGIN RSA PRIVATE KEY-----" * 30 * n + "'\ny = 1")],
    "beginnings of tokens": lambda n: [code("x = '" + "eyJ" * 150 * n + "sk-" * 150 * n + "'\ny = 1")],
    "blanks": lambda n: [code("x = 1" + " " * 1000 * n + "\ny = x")],
    "empty lines": lambda n: [code("x = 1" + "\n" * 1000 * n + "y = x")],
    "blanks in prose": lambda n: [prose("# a" + " " * 1000 * n + "b"), prose(" " * 1000 * n + "a"), code("x = 1")],
    "hashes in prose": lambda n: [prose("# a" + "#" * 1000 * n + "b"), code("x = 1")],
    "headings": lambda n: [prose("# a\n" * 250 * n), code("x = 1")],
    "comments": lambda n: [code("# abc\n" * 160 * n + "x = 1")],
    "a long line": lambda n: [code("x = [" + "1, " * 330 * n + "]\ny = x")],
    "parentheses": lambda n: [code("x = " + "(" * 1000 * n + "1" + ")" * 1000 * n)],
    "minus": lambda n: [code("x = " + "-" * 1000 * n + "1")],
    "attributes": lambda n: [code("a = 1\nx = a" + ".b" * 300 * n)],
    "plus": lambda n: [code("x = " + "+".join(["'ab'"] * 100 * n))],
    "or": lambda n: [code("a = 1\nx = " + " or ".join(["a"] * 200 * n))],
    "fields": lambda n: [code("a = 1\nx = f'" + "{a}" * 100 * n + "'")],
    "an output": lambda n: [printed("ab1 " * 250 * n)],
    "a word in an output": lambda n: [printed("aB1" * 330 * n)],
    "secrets in an output": lambda n: [printed("token: abcdef12345 \n" * 50 * n)],
}  # fmt: skip
STATEMENTS: Mapping[str, Shape] = {  # n: statements or cells
    "constants": lambda n: lines("x{i} = {i}", n),
    "one after another": lambda n: lines("x{i} = x{j} + 1", n),
    "calls": lambda n: [code("l = []\n" + "l.append(1)\n" * n)],
    "functions": lambda n: lines("def f{i}(x):\n    return f{j}(x)", n),
    "functions that read variables": lambda n: lines("g{i} = {i}\ndef f{i}():\n    return g{i}\ny{i} = f{i}()", n // 3),
    "imports": lambda n: lines("import m{i}", n),
    "cells": lambda n: [code(f"x{i} = {i}") for i in range(n)],
    "cells of prose": lambda n: [code("x = 1"), *(prose(f"# h{i}") for i in range(n))],
    "copies": lambda n: [code("df = 1\nx = abs(df)\nprint(x)\n")] * (n // 3),
    "magics": lambda n: [code("%time x = 1\n" * n)],
    "commands": lambda n: [code("x = 1\n" + "!ls\n" * n)],
    "texts": lambda n: lines("x{i} = 'abcdef {i}'", n),
    "lists": lambda n: lines("c{i} = ['aaa', 'bbb', 'c{i}']", n),
    "secrets": lambda n: lines("api_key{i} = 'q7Zt2LmX9vKc4RbY8{i:05d}'", n // 3),
    "doubled": lambda n: [code("s = 'ab'\n" + "s = s + s\n" * n)],
    "models": lambda n: lines("m{i} = SVC(C={i}.5).fit(a, b)", n // 2),
}
SHAPES = {**{name: (shape, 5) for name, shape in TEXTS.items()}, **{n: (s, 50) for n, s in STATEMENTS.items()}}


def work(door: Callable[[Path], object], path: Path) -> tuple[int, float]:
    """Calls made, and seconds of processor used, while a notebook is read."""
    calls = 0

    def count(_frame: object, _event: str, _argument: object) -> None:
        nonlocal calls
        calls += 1

    def read() -> None:
        try:
            door(path)
        except MleeError as refusal:
            assert len(str(refusal).splitlines()) == 1  # noqa: PT017

    seconds = _timed(read)
    before = sys.getprofile()
    sys.setprofile(count)
    try:
        read()
    finally:
        sys.setprofile(before)
    return calls, seconds


def _timed(read: Callable[[], None]) -> float:
    """Seconds of processor, without the garbage of all that ran before in this process."""
    gc.disable()
    try:
        started = time.process_time()
        read()
        return time.process_time() - started
    finally:
        gc.enable()


def check(path: Path) -> object:
    """What `mlee check` does."""
    return check_notebook(path)


def plan(path: Path) -> object:
    """What `mlee package --plan` does."""
    return plan_text(plan_notebook(path))


def sliced(path: Path) -> object:
    """What `mlee package --plan` does when it is asked for one variable."""
    bound = [name for name, places in read_facts(path).bound.items() if places]
    return plan_text(plan_notebook(path, keep_variables=bound[-2:-1]))


DOORS = [(name, door) for door in (check, plan) for name in SHAPES] + [(name, sliced) for name in STATEMENTS]


@pytest.mark.parametrize(("name", "door"), DOORS, ids=[f"{name}-{door.__name__}" for name, door in DOORS])
def test_work_grows_with_the_size_and_no_faster(name: str, door: Callable[[Path], object], tmp_path: Path) -> None:
    shape, size = SHAPES[name]
    found = []
    for number in (size, TIMES * size):
        path = tmp_path / f"{number}.ipynb"
        whole = {"cells": shape(number), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        path.write_text(json.dumps(whole), "utf-8")
        found.append(work(door, path))
    (calls, seconds), (more_calls, more_seconds) = found
    assert more_calls < MOST * (calls + 5_000)
    most = max(LEAST, MOST * max(seconds, LEAST / MOST))
    assert more_seconds < most or work(door, path)[1] < most, "the first reading may have imported a library"


def test_too_many_statements_are_one_line(tmp_path: Path) -> None:
    path = tmp_path / "many.ipynb"
    cells = [code("x = 1\n" * (MOST_STATEMENTS // 2))] * 3
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), "utf-8")
    for door in (check, plan):
        with pytest.raises(MleeError, match="20,000 statements") as refusal:
            door(path)
        assert len(str(refusal.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (["x = 1"] * 10_001, "There are 10,001 cells, and 10,000 are looked at"),
        (["y = 2", f"x = '{'QWxh' * 600_000}'"], r"Its code has 2,400,011 characters.*most in cell 2"),
    ],
)
def test_what_would_take_many_seconds_is_said_in_a_line(cells: list[str], said: str, tmp_path: Path) -> None:
    with pytest.raises(MleeError, match=said):
        read_facts(write_notebook(tmp_path, *cells))


@pytest.mark.parametrize("depth", [100, 250, 400, 700])
def test_a_sum_that_nests_deep_ends_nothing(depth: int, tmp_path: Path) -> None:
    """What cannot be followed that deep is read as it stands; the rest of the notebook is checked."""
    split = "from sklearn.model_selection import train_test_split\nX_train, X_test = train_test_split(X)"
    function = "def fitted(x):\n    m.fit(x)\n    return x"
    deep = "y = fitted(X_test)" + " + 1" * depth
    found = check_notebook(write_notebook(tmp_path, "import json", f"{split}\n{function}\n{deep}", "print(unknown)"))
    assert found


AROUND = (
    "({}) + X_test", "X_train + ({})", "({}) - 1", "f({})", "f(x={})", "fitted({})", "pd.concat([{}, X_train])",
    "np.vstack((X_test, {}))", "({})[0]", "X_train[{}]", "({}).copy()", "({}).iloc[a]", "({}).fit(X_test)", "[{}, 1]",
    "({} if a else b)", "(b if {} else X_test)", "(lambda x: {})", "scaler.transform({})", "scaler.fit_transform({})",
    "(not {})", "dict(k={})", "(y := {})", "[z for z in {}]", "train_test_split({})[0]", "np.arange(len({}))",
    "(a and {})", "f'{{({})}}'", "({}) < b", "f(*{})", "np.sqrt({})", "model.score(X_test, {})",
    "cross_val_score(m, {})",
)  # fmt: skip
MOST_CALLS = 4_000_000  # of any notebook of a few lines


@settings(max_examples=60, derandomize=True)
@given(
    pattern=st.lists(st.sampled_from(AROUND), min_size=1, max_size=3),
    within=st.sampled_from(("y = {}", "{}", "m.fit({})")),
)
def test_what_nests_is_read_once(pattern: list[str], within: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Each part of an expression is looked at a few times, not twice for each part around it."""
    folder = tmp_path_factory.mktemp("nested")
    for door in (check, plan, sliced):
        door(write_notebook(folder, "x = 1"))  # imports what it needs
        few, many = (_calls_of_nested(door, folder, pattern, within, depth) for depth in (8, 32))
        assert many < 16 * (few + 5_000)


def _calls_of_nested(door: Callable[[Path], object], folder: Path, pattern: list[str], within: str, depth: int) -> int:
    """Calls made while such a notebook is read, which ends where they are too many."""
    deep = "X_test"
    for number in range(depth):
        deep = pattern[number % len(pattern)].format(deep)
    split = "from sklearn.model_selection import train_test_split\nX_train, X_test = train_test_split(X)"
    function = "def fitted(x):\n    m.fit(x)\n    return x"
    path = write_notebook(folder, "import json", f"{split}\n{function}\n{within.format(deep)}", "print(unknown)")
    calls = 0

    def count(_frame: object, _event: str, _argument: object) -> None:
        nonlocal calls
        calls += 1
        assert calls < MOST_CALLS, "this does not end"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        door(path)
    except MleeError as refusal:
        assert len(str(refusal).splitlines()) == 1  # noqa: PT017
    finally:
        sys.setprofile(before)
    return calls
