"""The proof: packages that give what their notebook gave, and packages that do not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mlee_jupyter.convert.plan.planning import plan_notebook
from mlee_jupyter.convert.prove.equal import Difference
from mlee_jupyter.convert.prove.observe import FreshProcesses
from mlee_jupyter.convert.prove.printed_text import _first_apart, _lines, unsteady_text
from mlee_jupyter.convert.prove.proof import _is_aside
from mlee_jupyter.convert.types import Proof, Sameness, Written
from mlee_jupyter.convert.write.emit import emit

from .makers import write_notebook

CELLS = (
    (
        "import random\nimport time\n\nimport matplotlib.pyplot as plt\nimport numpy as np\nimport pandas as pd\n"
        "from sklearn.linear_model import LinearRegression"
    ),
    (
        "rng = np.random.default_rng(7)\n"
        "table = pd.DataFrame({'a': rng.normal(size=40), 'b': rng.normal(size=40)})\ntable.head()"
    ),
    "started = time.time()\nlimit = 0.25\nprint('over the limit', int((table['a'] > limit).sum()))",
    (
        "model = LinearRegression().fit(table[['a']], table['b'])\nscore = model.score(table[['a']], table['b'])\n"
        "print('score', score)"
    ),
    "plt.plot(table['a'], model.predict(table[['a']]))\nplt.show()",
    "table.to_csv('table.csv')",
)


@pytest.fixture(scope="module")
def prover() -> FreshProcesses:
    return FreshProcesses(limit=90)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    folder = tmp_path_factory.mktemp("project")
    return emit(plan_notebook(write_notebook(folder, *CELLS, name="small.ipynb")), folder / "out", lint=False)


def changed(written: Written, old: str, new: str) -> Written:
    files = {n: t.replace(old, new) if n.endswith((".py", ".toml")) else t for n, t in written.files.items()}
    assert files != written.files, f"{old!r} stands nowhere"
    return replace(written, files=files)


def verdicts(proof: Proof) -> dict[str, Sameness]:
    return {v.name: v.verdict for v in proof.values}


def test_the_same_values_are_identical(prover: FreshProcesses, written: Written) -> None:
    proof = prover.compare(written)
    assert proof.verdict is Sameness.IDENTICAL, proof.reason
    found = verdicts(proof)
    assert {"table", "model", "score", "printed text", "figure 1", "file table.csv"} <= found.keys()
    assert set(found.values()) == {Sameness.IDENTICAL}
    assert proof.unstable == ("started",)


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("0.25", "0.35", "limit"),
        ("size=40", "size=41", "table"),
        ("LinearRegression()", "LinearRegression(fit_intercept=False)", "model"),
        ("'score'", "'Score'", "printed text"),
        ("plt.plot(table", "plt.axhline(0.1)\n    plt.plot(table", "figure 1"),
        ("table.csv", "other.csv", "file other.csv"),
        ("score = model.score", "score = 1e-9 + model.score", "score"),
    ],
)
def test_a_change_is_different(prover: FreshProcesses, written: Written, old: str, new: str, name: str) -> None:
    if all(old not in t for t in written.files.values()):
        old, new = old.replace("'", '"'), new.replace("'", '"')
    proof = prover.compare(changed(written, old, new))
    assert proof.verdict is Sameness.DIFFERENT
    assert verdicts(proof)[name] is Sameness.DIFFERENT
    assert proof.reason


CLASS = "import math\n\nclass Scale:\n    def by(self, x):\n        return math.pi * x"


@pytest.mark.parametrize(
    ("cells", "old", "new", "verdict"),
    [
        ((CLASS,), "", "", Sameness.IDENTICAL),
        ((CLASS,), "math.pi", "math.e", Sameness.NOT_PROVEN),
        ((CLASS, "import warnings\nwarnings.filterwarnings('ignore')"), "", "", Sameness.NOT_PROVEN),
    ],
)
def test_definitions_alone_are_compared_as_code(
    tmp_path: Path, prover: FreshProcesses, cells: tuple[str, ...], old: str, new: str, verdict: Sameness
) -> None:
    written = emit(plan_notebook(write_notebook(tmp_path, *cells)), tmp_path / "out", lint=False)
    proof = prover.compare(changed(written, old, new) if old else written)
    assert proof.verdict is verdict
    assert bool(proof.reason) is (verdict is not Sameness.IDENTICAL)


MEMO = "import functools\nclass Memo:\n    def __init__(self, f):\n        functools.update_wrapper(self, f)\n"
AROUND = {
    "a static method": "@staticmethod\ndef g():\n    return {n}",
    "a class method": "@classmethod\ndef g(cls):\n    return {n}",
    "a property": "@property\ndef g(self):\n    return {n}",
    "a cached property": "import functools\n@functools.cached_property\ndef g(self):\n    return {n}",
    "an object in place of a function": MEMO + "@Memo\ndef g():\n    return {n}",
}


@pytest.mark.parametrize("cell", AROUND.values(), ids=AROUND)
def test_what_stands_around_a_function_is_told_as_the_function(
    tmp_path: Path, prover: FreshProcesses, cell: str
) -> None:
    cells = (cell.format(n=1), "k = 1", cell.format(n=2), "m = k + 1")  # made twice: it is a value of the flow
    proof = prover.compare(emit(plan_notebook(write_notebook(tmp_path, *cells)), tmp_path / "out", lint=False))
    assert proof.verdict is Sameness.IDENTICAL, proof.reason


COMMANDS = (
    "lines = !printf 'caf\\303\\251 caf\\351\\n'",
    "%%bash\necho café",
    "%%bash --out one --err other\nprintf 'a\\rcaf\\351\\r\\n'; echo café >&2",
    "%%bash --out alone\nprintf 'a\\rb'",
    "n = len(lines[0]) + len(one) + len(other) + len(alone)",
)


@pytest.mark.parametrize("words", [{}, {"LC_ALL": "C", "PYTHONUTF8": "0"}], ids=["here", "ASCII"])
def test_what_commands_print_is_read_as_ipython_reads_it(
    tmp_path: Path, prover: FreshProcesses, monkeypatch: pytest.MonkeyPatch, words: dict[str, str]
) -> None:
    for name, word in words.items():
        monkeypatch.setenv(name, word)
    proof = prover.compare(emit(plan_notebook(write_notebook(tmp_path, *COMMANDS)), tmp_path / "out", lint=False))
    assert proof.verdict is Sameness.IDENTICAL, proof.reason


def test_an_import_in_a_block_that_nothing_uses_is_no_value(tmp_path: Path, prover: FreshProcesses) -> None:
    cells = ("x = 1\nif x:\n    import json\n    from math import floor\n    x = 2", "import json\ny = x + 1")
    proof = prover.compare(emit(plan_notebook(write_notebook(tmp_path, *cells)), tmp_path / "out"))
    assert proof.verdict is Sameness.IDENTICAL, proof.reason
    assert "y" in verdicts(proof)


def test_a_package_that_fails_is_different(prover: FreshProcesses, written: Written) -> None:
    proof = prover.compare(changed(written, "size=40", "size=-1"))
    assert proof.verdict is Sameness.DIFFERENT
    assert "negative dimensions" in proof.reason


def test_a_package_without_end_is_not_proven(written: Written) -> None:
    short = FreshProcesses(limit=90)
    short.observe(written.plan)
    short.limit = 3
    proof = short.compare(changed(written, "score = model.score", "while True: pass\n    score = model.score"))
    assert proof.verdict is Sameness.NOT_PROVEN
    assert "did not end" in proof.reason


@pytest.mark.parametrize(
    ("pieces", "found", "fits"),
    [
        (["a\n", "b\n"], "a\nb\n", True),
        (["a\n", None, "b\n"], "a\n17.3 s\nb\n", True),
        ([None], "anything", True),
        (["a\n", None], "a\n", True),
        ([], "", True),
        (["a\n", "b\n"], "b\na\n", False),
        (["a\n", None, "b\n"], "a\n17.3 s\nc\n", False),
        (["a\n", None, "b\n"], "x\na\n1\nb\n", False),
        ([None, "b\n"], "1\nb\nmore\n", False),
        ([], "more", False),
        (["a"], "", False),
    ],
)
def test_text_around_what_is_not_stable(pieces: list[str | None], found: str, fits: bool) -> None:
    original = {str(place): piece or "x" for place, piece in enumerate(pieces)}
    unstable = {f"printed by {place}" for place, piece in enumerate(pieces) if piece is None}
    lines = _lines(range(len(pieces)), original, unstable)
    assert (_first_apart(lines, found) is None) is fits


SUMMARY = "Fit\nTime: 0.123 s\nslope: 2.0000\n"


@pytest.mark.parametrize(
    ("again", "found", "fits"),
    [
        (SUMMARY.replace("0.123", "12.5"), SUMMARY.replace("0.123", "3"), True),
        (SUMMARY.replace("0.123", "12.5"), SUMMARY.replace("2.0000", "2.0001"), False),
        (SUMMARY.replace("0.123", "12.5"), SUMMARY.replace("0.123 s", "0.123 ms"), False),
        (SUMMARY.replace("0.123", "12.5"), SUMMARY.replace("Fit\n", ""), False),
        (SUMMARY.replace("0.123 s", "fast"), SUMMARY.replace("0.123 s", "slow"), True),
        (SUMMARY.replace("0.123 s", "fast"), SUMMARY.replace("slope", "start"), False),
        (f"{SUMMARY}more\n", "anything", True),
    ],
)
def test_a_line_that_does_not_repeat_is_masked_and_its_neighbours_are_compared(
    again: str, found: str, fits: bool
) -> None:
    lines = _lines([0], {"0": SUMMARY}, {*unsteady_text("0", SUMMARY, again)})
    assert (_first_apart(lines, found) is None) is fits


@pytest.mark.parametrize(
    ("path", "private", "aside"),
    [
        ("grid.refit_time_", "", True),
        ("grid.cv_results_['mean_fit_time'][3]", "", True),
        ("grid.cv_results_['mean_test_score']", "", False),
        ("started", "", True),
        ("started_at", "", False),
        ("grid", "", False),
        ("other._unfilled[0, 1]", "lib.Model._unfilled", True),
        ("other._unfilled[0, 1]", "lib.Tree._unfilled", False),
        ("other._filled", "lib.Model._filled", False),
        ("other.unfilled", "", False),
    ],
)
def test_only_what_is_unstable_is_set_aside(path: str, private: str, aside: bool) -> None:
    unstable = frozenset({"grid.refit_time_", "grid.cv_results_['mean_fit_time']", "started"})
    assert _is_aside(Difference(path, "", private), unstable | {"every lib.Model._unfilled"}) is aside
