"""What the proof says of runs that are given to it: each kind of difference has its name, and none is called equal."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mlee_jupyter.convert.child.canonical_objects import Canon
from mlee_jupyter.convert.child.harness_files import GONE
from mlee_jupyter.convert.plan.planning import plan_notebook
from mlee_jupyter.convert.prove.equal import Values
from mlee_jupyter.convert.prove.processes import JobRun
from mlee_jupyter.convert.prove.proof import MOST_PLACES, hold_together, stable_parts
from mlee_jupyter.convert.types import Proof, Sameness, Written
from mlee_jupyter.convert.write.emit import emit

from .makers import write_notebook

SAME, OTHER, UNSURE = Sameness.IDENTICAL, Sameness.DIFFERENT, Sameness.NOT_PROVEN
CELLS = (
    "import json\nimport matplotlib.pyplot as plt",  # statements 0 and 1
    "a = json.loads('[1, 2]')\nb = len(a) + 0.5\nprint('b is', b)",  # 2, 3, 4
    "plt.plot(a)\nplt.show()",  # 5, 6
    "with open('t.txt', 'w') as f:\n    f.write(str(b))",  # 7
    "a",  # 8, not in the package: it is shown in the thin notebook
    "!echo hi",  # 9
    "def twice(x):\n    return 2 * x\nc = twice(3)",  # 10, 11
    "print('c is', c)\nplt.plot([c, b])\nplt.show()",  # 12, 13, 14
)
CELL_OF = {"4": 2, "8": 5, "9": 6}
SPACE: dict[str, Any] = {"__name__": "__main__"}
exec("def twice(x):\n    return 2 * x", SPACE)
exec("class Own:\n    def __init__(self, v, kept):\n        self.v, self._kept = v, kept", SPACE)
twice, Own = SPACE["twice"], SPACE["Own"]


def values(given: Mapping[str, Any]) -> Values:
    file = io.BytesIO()
    canon = Canon(file, lambda module: module == "__main__")
    return Values({name: canon.of(value) for name, value in given.items()}, canon.pool, file.getvalue())


def run(given: Mapping[str, Any] | None = None, shown: Mapping[str, Any] | None = None, **rest: Any) -> JobRun:
    """A run that left variables, and what it displayed: "statement" or "statement/second time" -> value."""
    nodes = values(shown or {})
    told = tuple({"at": at.partition("/")[0], "node": node} for at, node in nodes.names.items())
    return JobRun(values=values(given or {}), shown=told, shown_values=nodes, **rest)


def figure(cell: int, pixels: str) -> dict[str, Any]:
    return {"cell": cell, "pixels": pixels}


# Two runs of the original ---------------------------------------------------------------------------------------------
TWICE: dict[str, tuple[JobRun, JobRun, set[str]]] = {
    "nothing": (run(), run(), set()),
    "all alike": (
        run({"a": [1]}, {"8": [1]}, text={"4": "b"}, commands={"9": "hi"}, figures=(figure(3, "p"),), files={"t": "1"}),
        run({"a": [1]}, {"8": [1]}, text={"4": "b"}, commands={"9": "hi"}, figures=(figure(3, "p"),), files={"t": "1"}),
        set(),
    ),
    "a variable that only the first has": (run({"z": 1, "a": 1}), run({"a": 2}), {"z", "a"}),
    "a variable that only the second has": (run({"a": 1}), run({"z": 1, "a": 2}), {"z", "a"}),
    "a value": (run({"a": 1}), run({"a": 2}), {"a"}),
    "a part": (run({"a": [1, [2, 3]]}), run({"a": [1, [2, 4]]}), {"a[1][1]"}),
    "many parts": (
        run({"a": {str(n): [n] for n in range(MOST_PLACES)}}),
        run({"a": {str(n): [n + 1] for n in range(MOST_PLACES)}}),
        {f"a['{n}'][0]" for n in range(MOST_PLACES)},
    ),
    "too many parts": (
        run({"a": {str(n): [n] for n in range(MOST_PLACES + 1)}}),
        run({"a": {str(n): [n + 1] for n in range(MOST_PLACES + 1)}}),
        {"a"},
    ),
    "a private attribute": (run({"a": Own(1, 2)}), run({"a": Own(1, 3)}), {"a._kept", "every Own._kept"}),
    "printed": (run(text={"4": "1 s", "5": "x"}), run(text={"4": "2 s", "5": "x"}),
                {"printed by 4, numbers of line 1"}),
    "a printed line": (run(text={"4": "a\nfast"}), run(text={"4": "a\nslow"}), {"printed by 4, line 2"}),
    "printed once": (run(text={"4": "x"}), run(), {"printed by 4"}),
    "printed the second time": (run(), run(text={"4": "x"}), {"printed by 4"}),
    "an address": (run(text={"4": "<A at 0x7f01>"}), run(text={"4": "<A at 0x7f02>"}), set()),
    "a command": (run(commands={"9": "1"}), run(commands={"9": "2"}), {"commands of 9"}),
    "a command once": (run(commands={"9": "1"}), run(), {"commands of 9"}),
    "a command the second time": (run(), run(commands={"9": "1"}), {"commands of 9"}),
    "shown": (run(shown={"8": 1, "9": 1}), run(shown={"8": 2, "9": 1}), {"shown by 8"}),
    "a part that is shown": (run(shown={"8": [1, 2]}), run(shown={"8": [1, 3]}), {"shown by 8[1]"}),
    "shown once more": (run(shown={"8": 1, "8/2": 1, "9": 1}), run(shown={"8": 1, "9": 2}),
                        {"shown by 8", "shown by 9"}),
    "shown once": (run(shown={"8": 1}), run(), {"shown by 8"}),
    "shown the second time": (run(), run(shown={"8": 1}), {"shown by 8"}),
    "the second that is shown": (run(shown={"8": 1, "8/2": 1}), run(shown={"8": 1, "8/2": 2}), {"shown by 8"}),
    "a figure": (run(figures=(figure(3, "p"), figure(3, "q"))), run(figures=(figure(3, "p"), figure(3, "r"))),
                 {"figure 2"}),
    "a figure more": (run(figures=(figure(3, "p"),)), run(figures=(figure(3, "p"),) * 2), {"figure 2"}),
    "a figure less": (run(figures=(figure(3, "p"),) * 2), run(figures=(figure(3, "p"),)), {"figure 2"}),
    "a file": (run(files={"t": "1", "u": "1"}), run(files={"t": "2", "u": "1"}), {"file t"}),
    "a file once": (run(files={"t": "1"}), run(), {"file t"}),
    "a file the second time": (run(), run(files={"t": "1"}), {"file t"}),
}  # fmt: skip


@pytest.mark.parametrize(("first", "second", "apart"), TWICE.values(), ids=TWICE)
def test_what_differs_between_two_runs(first: JobRun, second: JobRun, apart: set[str]) -> None:
    assert stable_parts(first, second) == apart
    assert {p.partition(".")[0] for p in stable_parts(second, first)} == {p.partition(".")[0] for p in apart}


# Original and package -------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    folder = tmp_path_factory.mktemp("project")
    return emit(plan_notebook(write_notebook(folder, *CELLS)), folder / "out", lint=False)


ALL: dict[str, Any] = {"a": [1, 2], "b": 2.5, "twice": twice, "c": 6}
ORIGINAL: dict[str, Any] = {
    "given": ALL,
    "shown": {"8": [1, 2]},
    "text": {"4": "b is 2.5\n", "12": "c is 6\n"},
    "commands": {"9": "hi\n"},
    "figures": (figure(3, "p"), figure(8, "q")),
    "files": {"t.txt": "2.5"},
}
PACKAGE: dict[str, Any] = {
    "given": {"a": [1, 2], "b": 2.5, "c": 6, "results.c": 6},
    "shown": {"8": [1, 2]},
    "text": {"x": "b is 2.5\n", "y": "c is 6\n"},
    "commands": {"x": "hi\n"},
    "figures": (figure(1, "p"), figure(2, "q")),
    "files": {"t.txt": "2.5"},
}
EVERYTHING = {
    "a", "b", "c", "printed text", "what commands print", "figure 1", "figure 2", "file t.txt", "display of cell 5"
}  # fmt: skip


def proof(written: Written, original: dict[str, Any], package: dict[str, Any], unstable: set[str]) -> Proof:
    ours, theirs = run(**{**ORIGINAL, **original}), run(**{**PACKAGE, **package})
    return hold_together(written, ours, theirs, theirs, frozenset(unstable), {"original": 1.0}, 0.0)


def named(proof: Proof) -> dict[str, tuple[Sameness, str]]:
    assert len({v.name for v in proof.values}) == len(proof.values), "each is judged once"
    return {v.name: (v.verdict, v.detail) for v in proof.values}


def test_all_that_is_the_same_is_identical(written: Written) -> None:
    found = proof(written, {}, {}, set())
    assert found.verdict is SAME
    assert {name for name, (verdict, _) in named(found).items() if verdict is SAME} == EVERYTHING == named(found).keys()
    assert named(found)["figure 2"][1] == "cell 8"
    assert (found.reason, found.unstable) == ("", ())
    assert found.seconds["original"] == 1.0
    assert found.seconds["compare"] > 0


def with_(**changed: Any) -> dict[str, Any]:
    back = {"results.c": changed["c"]} if "c" in changed else {}
    return {"given": {**PACKAGE["given"], **back, **changed}}


def without(*names: str) -> dict[str, Any]:
    return {"given": {n: v for n, v in PACKAGE["given"].items() if n not in names}}


# name -> (original, package, what differs between runs; name of the value, verdict, words; verdict of the whole)
PAIRS: dict[str, tuple[dict[str, Any], dict[str, Any], set[str], str, Sameness, str, Sameness]] = {
    "a value": ({}, with_(b=2.75), set(), "b", OTHER, "2.5 became 2.75", OTHER),
    "a part": ({}, with_(a=[1, 3]), set(), "a", OTHER, "[1]: 2 became 3", OTHER),
    "two parts": ({}, with_(a=[0, 3]), set(), "a", OTHER, "[0]: 1 became 0 (and 1 more)", OTHER),
    "a part set aside": ({}, with_(a=[1, 3]), {"a[1]"}, "a", SAME, "set aside: a[1]", SAME),
    "another part": ({}, with_(a=[0, 3]), {"a[1]"}, "a", OTHER, "[0]: 1 became 0", OTHER),
    "a value that is gone": ({}, without("b"), set(), "b", OTHER, "is not there when the package has run", OTHER),
    "what it gives back": ({}, with_(**{"results.c": 7}), set(), "results.c", OTHER, "6 became 7", OTHER),
    "text": ({}, {"text": {"x": "b is 2.5\n", "y": "c is 7\n"}}, set(), "printed text", OTHER,
             "line 2: 'c is 6' became 'c is 7'", OTHER),
    "less text": ({}, {"text": {"x": "b is 2.5\n"}}, set(), "printed text", OTHER, "2 lines became 1", OTHER),
    "no text": ({}, {"text": {}}, set(), "printed text", OTHER, "2 lines became 0", OTHER),
    "more text": ({"text": {}}, {}, set(), "printed text", OTHER, "0 lines became 2", OTHER),
    "text of one that varies": ({}, {"text": {"x": "b is 3\n", "y": "c is 6\n"}}, {"printed by 4"}, "printed text",
                                SAME, "", SAME),
    "text beside one that varies": ({}, {"text": {"x": "b is 3\n", "y": "c is 7\n"}}, {"printed by 4"}, "printed text",
                                    OTHER, "'c is 6' is not there", OTHER),
    "commands": ({}, {"commands": {"x": "ho\n"}}, set(), "what commands print", OTHER,
                 "line 1: 'hi' in the notebook, 'ho' in the package", OTHER),
    "fewer commands": ({"commands": {"9": "hi\nhe\n"}}, {}, set(), "what commands print", OTHER,
                       "line 2: 'he' in the notebook, 'nothing' in the package", OTHER),
    "no command in the package": ({}, {"commands": {}}, set(), "what commands print", OTHER, "line 1: 'hi'", OTHER),
    "commands of the package alone": ({"commands": {}}, {}, set(), "what commands print", OTHER,
                                      "line 1: 'nothing' in the notebook", OTHER),
    "long commands": ({}, {"commands": {"x": "o" * 99}}, set(), "what commands print", OTHER,
                      f"line 1: 'hi' in the notebook, '{'o' * 60}' in the package", OTHER),
    "long commands of the notebook": ({"commands": {"9": "o" * 99}}, {}, set(), "what commands print", OTHER,
                                      f"line 1: '{'o' * 60}' in the notebook, 'hi' in the package", OTHER),
    "long text": ({"text": {"4": "o" * 99}}, {"text": {"x": "u" * 99}}, set(), "printed text", OTHER,
                  f"line 1: '{'o' * 80}' became '{'u' * 80}'", OTHER),
    "commands that vary": ({}, {"commands": {"x": "ho\n"}}, {"commands of 9"}, "what commands print", UNSURE,
                           "not the same in two runs of the notebook (cell 6)", SAME),
    "pixels": ({}, {"figures": (figure(1, "p"), figure(2, "z"))}, set(), "figure 2", OTHER, "cell 8: has other pixels",
               OTHER),
    "a figure that is gone": ({}, {"figures": (figure(1, "p"),)}, set(), "figure 2", OTHER, "cell 8: is not drawn",
                              OTHER),
    "a figure more": ({}, {"figures": (*PACKAGE["figures"], figure(2, "r"))}, set(), "figures", OTHER,
                      "1 that the notebook does not draw", OTHER),
    "a figure that varies": ({}, {"figures": (figure(1, "z"), figure(2, "q"))}, {"figure 1"}, "figure 2", SAME,
                             "cell 8", SAME),
    "a file": ({}, {"files": {"t.txt": "3"}}, set(), "file t.txt", OTHER, "has other content", OTHER),
    "a file not written": ({}, {"files": {}}, set(), "file t.txt", UNSURE, "is not written by the package", SAME),
    "a file more": ({}, {"files": {"t.txt": "2.5", "u": ""}}, set(), "file u", OTHER, "is not written by the notebook",
                    OTHER),
    "a file deleted": ({}, {"files": {"t.txt": "2.5", "u": GONE}}, set(), "file u", OTHER,
                       "is not deleted by the notebook", OTHER),
    "a file deleted, not written": ({}, {"files": {"t.txt": GONE}}, set(), "file t.txt", OTHER,
                                    "is deleted by one of the two", OTHER),
    "a file not deleted": ({"files": {"t.txt": GONE}}, {"files": {}}, set(), "file t.txt", UNSURE,
                           "is not deleted by the package", SAME),
    "a file deleted by both": ({"files": {"t.txt": GONE}}, {"files": {"t.txt": GONE}}, set(), "file t.txt", SAME, "",
                               SAME),
    "a display": ({}, {"shown": {"8": [1, 3]}}, set(), "display of cell 5", OTHER, "[1]: 2 became 3", OTHER),
    "fewer displays": ({}, {"shown": {}}, set(), "display of cell 5", UNSURE, "shows 0 values, not 1", SAME),
    "more displays": ({}, {"shown": {"8": [1, 2], "8/2": 1}}, set(), "display of cell 5", UNSURE,
                      "shows 2 values, not 1", SAME),
    "a hole": ({"given": {**ALL, "c": open}}, with_(c=(x for x in "ab")), set(), "c", OTHER, "", OTHER),
    "what cannot be looked into": ({"given": {**ALL, "c": (x for x in "a")}}, with_(c=(x for x in "a")), set(), "c",
                                   UNSURE, "not compared", SAME),
    "a function inside": ({"given": {**ALL, "c": [twice, 1]}}, with_(c=[twice, 1]), set(), "c", SAME,
                          "not compared: [0]: function twice: its code is not compared", SAME),
    "a function and no more": ({"given": {**ALL, "c": [twice]}}, with_(c=[twice]), set(), "c", UNSURE,
                               "not compared", SAME),
    "a private attribute": ({"given": {**ALL, "c": Own(1, 2)}}, with_(c=Own(1, 3)), {"every Own._kept"}, "c",
                            SAME, "set aside: c._kept", SAME),
    "another attribute": ({"given": {**ALL, "c": Own(1, 2)}}, with_(c=Own(2, 2)), {"every Own._kept"}, "c",
                          OTHER, ".v: 1 became 2", OTHER),
}  # fmt: skip


def _by_cell(place: str) -> str:
    """As the report names it: the statement's cell."""
    return re.sub(r"(by|of) (\d)$", lambda m: f"{m[1]} cell {CELL_OF[m[2]]}", place)


@pytest.mark.parametrize(
    ("original", "package", "unstable", "name", "verdict", "words", "whole"), PAIRS.values(), ids=PAIRS
)
def test_what_differs(
    written: Written,
    original: dict[str, Any],
    package: dict[str, Any],
    unstable: set[str],
    name: str,
    verdict: Sameness,
    words: str,
    whole: Sameness,
) -> None:
    found = proof(written, original, package, unstable)
    assert named(found)[name][0] is verdict, named(found)
    assert words in named(found)[name][1]
    assert found.verdict is whole
    assert found.unstable == tuple(sorted(_by_cell(place) for place in unstable))
    different = [n for n, (v, _) in named(found).items() if v is OTHER]
    assert found.reason == (f"{different[0]} differs: {named(found)[different[0]][1]}" if different else "")
    others = {n for n, (v, _) in named(found).items() if v is not SAME} - {name}
    assert others <= {"results.c"}, "the rest is as it was"


SET_ASIDE: dict[str, tuple[dict[str, Any], set[str], str]] = {
    "a variable": (with_(b=3), {"b"}, "b"),
    "what it gives back": (with_(c=7), {"c"}, "c"),
    "a figure": ({"figures": (figure(1, "p"), figure(2, "z"))}, {"figure 2"}, "figure 2"),
    "a file": ({"files": {"t.txt": "3"}}, {"file t.txt"}, "file t.txt"),
    "a display": ({"shown": {"8": [1, 3]}}, {"shown by 8"}, "display of cell 5"),
}


@pytest.mark.parametrize(("package", "unstable", "name"), SET_ASIDE.values(), ids=SET_ASIDE)
def test_what_varies_is_not_judged(written: Written, package: dict[str, Any], unstable: set[str], name: str) -> None:
    found = proof(written, {}, package, unstable)
    assert named(found).keys() == EVERYTHING - {name}
    assert {v for v, _ in named(found).values()} == {SAME}


def test_what_is_left_out_is_not_judged(written: Written) -> None:
    found = proof(replace(written, unproven=("b", "c")), {}, with_(b=0, c=0), set())
    assert named(found).keys() == EVERYTHING - {"b", "c"}


def test_a_variable_without_a_probe_is_not_proven(written: Written) -> None:
    probes = {n: p for n, p in written.probes.items() if n != "b"}
    found = proof(replace(written, probes=probes), {}, without("b"), set())
    assert named(found)["b"] == (UNSURE, "is not seen while the package runs")


def test_a_display_that_could_not_be_evaluated(written: Written) -> None:
    theirs = replace(run(**PACKAGE), shown=({"at": "8", "error": "NameError: a"},))
    found = hold_together(written, run(**ORIGINAL), run(**PACKAGE), theirs, frozenset(), {}, 0.0)
    assert named(found)["display of cell 5"] == (UNSURE, "NameError: a")
    stopped = replace(run(**PACKAGE), error="KeyError: 1")
    found = hold_together(written, run(**ORIGINAL), run(**PACKAGE), stopped, frozenset(), {}, 0.0)
    assert named(found)["display of cell 5"] == (UNSURE, "KeyError: 1")
    found = hold_together(written, run(**ORIGINAL), run(**PACKAGE), None, frozenset(), {}, 0.0)
    assert named(found).keys() == EVERYTHING - {"display of cell 5"}


def test_nothing_to_compare_is_not_proven(written: Written) -> None:
    found = hold_together(written, run(), run(), None, frozenset(), {}, 0.0)
    assert (found.verdict, found.values, found.reason) == (UNSURE, (), "nothing in it could be compared")


STOPPED = {
    "a fault": (False, "", OTHER, "KeyError: 'x'"),
    "no end": (True, "", UNSURE, "KeyError: 'x'"),
    "a fault with its place": (
        False,
        'File "/tmp/a/src/nb/data.py", line 1, in f\nFile "/tmp/a/src/nb/data.py", line 7, in g\nKeyError',
        OTHER,
        "KeyError: 'x' (nb/data.py, line 7, in g)",
    ),
}


@pytest.mark.parametrize(("timed_out", "trace", "verdict", "detail"), STOPPED.values(), ids=STOPPED)
def test_a_package_that_stops(written: Written, timed_out: bool, trace: str, verdict: Sameness, detail: str) -> None:
    package = run(**PACKAGE, error="KeyError: 'x'", timed_out=timed_out, trace=trace)
    found = hold_together(written, run(**ORIGINAL), package, None, frozenset(), {"original": 1.0}, 0.0)
    assert named(found) == {"the run": (verdict, detail)}
    assert (found.verdict, found.reason) == (verdict, "the package stopped: KeyError: 'x'")
    assert found.seconds.keys() == {"original", "compare"}


def test_a_slice_is_not_asked_for_what_it_left(tmp_path: Path) -> None:
    """A file or figure of a dropped statement is no difference; one of the package's own is."""
    cells = (
        "import matplotlib.pyplot as plt\na = [1, 2]\nb = [3]",
        "plt.plot(b)\nplt.show()\nopen('b.txt', 'w').write(str(b))",
        "plt.plot(a)\nplt.show()\nopen('a.txt', 'w').write(str(a))\nc = sum(a)",
    )
    one = emit(plan_notebook(write_notebook(tmp_path, *cells), keep_variables=("c",)), tmp_path / "out", lint=False)
    original = run(
        {"a": [1, 2], "b": [3], "c": 3}, figures=(figure(2, "p"), figure(3, "q")), files={"b.txt": "", "a.txt": ""}
    )
    found = hold_together(one, original, run({"a": [1, 2], "c": 3}), None, frozenset(), {}, 0.0)
    assert found.verdict is SAME
    assert {v.name for v in found.values if v.verdict is SAME} == {"a", "c"}
    assert not {v.name for v in found.values if v.verdict is OTHER}
    drawn = run({"a": [1, 2], "c": 3}, figures=(figure(1, "z"),))
    assert hold_together(one, original, drawn, None, frozenset(), {}, 0.0).verdict is OTHER
