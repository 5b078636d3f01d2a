"""Easily lost on the way to a package: the order of imports, what a function remembers, an own class's module."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

import pytest

from mlee_jupyter.convert.child import confine
from mlee_jupyter.convert.child.harness_files import fingerprint
from mlee_jupyter.convert.package import Conversion, package
from mlee_jupyter.convert.prove.observe import FreshProcesses
from mlee_jupyter.convert.types import Sameness

from .makers import write_notebook

pytestmark = pytest.mark.skipif(confine.level() != confine.WHOLE, reason="commands are not run here")
MODE = "import os\nMODE = os.environ.get('TOOL_MODE', 'slow')\n"


def made(folder: Path, *cells: str) -> Conversion:
    return package(write_notebook(folder, *cells), folder / "made", prover=FreshProcesses(limit=60))


IDENTICAL = {
    "a variable that a module reads": ("import os\nos.environ['TOOL_MODE'] = 'fast'", "import tool\nmode = tool.MODE"),
    "by default": ("import os\nos.environ.setdefault('TOOL_MODE', 'fast')", "from tool import MODE\nmode = MODE"),
    "by a magic": ("%env TOOL_MODE=fast", "import tool as t\nmode = t.MODE"),
    "a module that a cell writes": ("%%writefile mine.py\ndef f(x):\n    return 2 * x\n", "import mine\nn = mine.f(4)"),
    "written by Python": (
        "with open('mine.py', 'w') as f:\n    f.write('K = 5')",
        "from mine import K",
        "def times(x):\n    return K * x\nn = times(3)",
    ),
    "written by a command": (
        "!mkdir -p lib && echo 'K = 7' > lib/core.py",
        "import sys\nsys.path.append('lib')\nimport core\nn = core.K",
    ),
    "what a cache remembers": (
        "from functools import lru_cache\ncalls = []",
        "@lru_cache(maxsize=None)\ndef slow(n):\n    calls.append(n)\n    return n * n",
        "print(slow(3), slow(3), len(calls))",
    ),
    "an own class in a pickle": (
        "import pickle\nclass Point:\n    def __init__(self, x):\n        self.x = x",
        "with open('p.pkl', 'wb') as f:\n    pickle.dump([Point(3)], f)",
        "with open('p.pkl', 'rb') as f:\n    again = pickle.load(f)[0].x",
    ),
    "a control for a person": (
        "from ipywidgets import interact",
        "@interact(k=(0, 5))\ndef show(k=2):\n    print('k is', k)",
        "n = 3\nprint(n)",
    ),
    "guessed magics": ("pip install six\nimport six", "ls", "n = len(six.__name__)"),
}  # fmt: skip


@pytest.mark.parametrize("cells", IDENTICAL.values(), ids=IDENTICAL)
def test_the_package_does_what_the_notebook_did(cells: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "tool.py").write_text(MODE, "utf-8")
    outcome = made(tmp_path, *cells)
    assert outcome.verdict is Sameness.IDENTICAL, outcome.proof
    assert not outcome.steps_dropped


def test_a_pickle_is_the_same_whatever_the_own_module_is_called() -> None:
    class Point:
        def __init__(self, x: int) -> None:
            self.x = x

    Point.__qualname__ = "Point"

    def pickled(module: str, x: int, protocol: int) -> bytes:
        Point.__module__ = module
        sys.modules[module] = type(sys)(module)
        sys.modules[module].Point = Point  # type: ignore[attr-defined]
        try:
            return pickle.dumps([Point(x), "text"], protocol)
        finally:
            del sys.modules[module]

    def own(module: str) -> bool:
        return module in ("mine_a", "mine_bcd")

    for protocol in (2, 3, 4, 5):
        one = fingerprint(pickled("mine_a", 3, protocol), own)
        assert one == fingerprint(pickled("mine_bcd", 3, protocol), own)
        assert one != fingerprint(pickled("mine_a", 4, protocol), own)
        assert one != fingerprint(pickled("other", 3, protocol), own)
    assert fingerprint(b"\x80not a pickle", own) != fingerprint(b"\x80not b pickle", own)
