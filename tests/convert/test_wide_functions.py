"""No function of a package takes more than five things or gives more than three: what belongs together is grouped."""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from mlee_jupyter.convert.package import package
from mlee_jupyter.convert.types import Plan, Written
from mlee_jupyter.convert.write.emit import emit

from .makers import packaged, run_cells, run_package, same, write_notebook

SPLIT = (
    "#md ## Data\n\nSome.",
    "from sklearn.datasets import load_wine\nfrom sklearn.model_selection import train_test_split\ndata = load_wine()",
    "#md ## Split\n\nIn two.",
    "X_train, X_test, y_train, y_test = train_test_split(data.data, data.target, random_state=1)",
)
FIVE = "one = [1]\ntwo = [2]\nthree = [3]\nfour = [4]\nfive = [5]"
READS = "total = sum(one + two + three + four + five)"


def stages(written: Written, *, group: bool = True) -> Iterator[tuple[ast.FunctionDef, int]]:
    """The stage functions of a package with the number of values that each gives."""
    names = {s.name for s in written.plan.stages}
    for module in written.plan.modules:
        for node in ast.parse(written.files[f"src/{written.plan.name}/{module}.py"]).body:
            if isinstance(node, ast.FunctionDef) and node.name in names:
                last = node.body[-1].value if isinstance(node.body[-1], ast.Return) else None
                yield node, len(last.elts) if isinstance(last, ast.Tuple) else int(last is not None)


def widest(written: Written) -> tuple[int, int]:
    """The most inputs and the most outputs of a stage function."""
    found = list(stages(written))
    return max(len([*n.args.args, *n.args.kwonlyargs]) for n, _ in found), max(gives for _, gives in found)


def assert_narrow(written: Written) -> None:
    inputs, outputs = widest(written)
    assert inputs <= 5
    assert outputs <= 3


def classes(written: Written) -> list[str]:
    """The dataclasses of the stage modules."""
    source = [
        t for f, t in written.files.items() if f.startswith("src") and not f.endswith(("config.py", "pipeline.py"))
    ]
    return [n.name for text in source for n in ast.parse(text).body if isinstance(n, ast.ClassDef)]


def checked(cells: tuple[str, ...], folder: Path) -> tuple[Plan, Written, Mapping[str, object]]:
    plan, written = packaged(write_notebook(folder, *cells), folder / "out")
    _, seen = run_package(written)
    original = run_cells((plan.original or plan.facts).notebook)
    for name in original.keys() & seen.keys():
        assert callable(original[name]) or same(seen[name], original[name]), name
    return plan, written, seen


A, B, C = (f"#tag mlee:{name}\n" for name in ("alpha", "beta", "gamma"))
LINES = A + FIVE
TREE = (
    "from sklearn.tree import DecisionTreeClassifier\n"
    "tree = DecisionTreeClassifier(random_state=1).fit(X_train, y_train)\nfound = tree.score(X_test, y_test)"
)
TEXTS = (
    "import pandas as pd\nrows = pd.DataFrame({'a': [1, 2]})\nlimit = len(one + two + three)\n"
    "some = rows.query('a > @limit or a == @five[0]')\nsaid = f'{one} {two} {len(four)}'"
)
INSIDE = (
    "add = lambda one: one + two[0]\nkept = [five for five in (three + four)]\n"
    "def inside(three):\n    return three + four[0]\nfound = [add(1), inside(2), *kept, *one, *five]"
)
COUNT = "found = len(X_train) + len(X_test) + len(y_train) + len(y_test) + split"


def each(*names: str) -> tuple[str, ...]:
    """A stage for each name."""
    return tuple(f"#tag mlee:{n.replace('_', '')}part\n{n} = [1]\nused = {n} * 2" for n in names)


# name -> (cells, the classes)
WIDE: dict[str, tuple[tuple[str, ...], list[str]]] = {
    "a split": ((*SPLIT, "#md ## Model\n\nFit it.", TREE), ["Split"]),
    "five lists": ((LINES, B + READS), ["Alpha"]),
    "one of them bound anew": (
        (LINES, f"{B}one = [7] + one\nsecond = sum(one)", f"{C}{READS}\nmore = sum(two)"),
        ["Alpha"],
    ),
    "one of them changed in place": (
        (LINES, f"{B}one.append(9)\ntwo[0] = 5\nsecond = len(one)", C + READS),
        ["Alpha"],
    ),
    "one of them changed with an operator": ((LINES, f"{B}one += [9]\nsecond = len(one)", C + READS), ["Alpha"]),
    "one of them deleted": ((LINES, f"{B}{READS}\ndel one", f"{C}more = sum(two + three + four + five)"), ["Alpha"]),
    "one of them bound on one path": (
        (LINES, f"{B}if len(two) > 5:\n    one = [0]\nsecond = len(two)", C + READS),
        ["Alpha"],
    ),
    "read in texts": ((LINES, B + TEXTS), ["Alpha"]),
    "read in functions, lambdas and comprehensions": ((LINES, B + INSIDE), ["Alpha"]),
    "read by a function of the notebook": (
        (LINES, "def both(v):\n    return v + one[0] + two[0] + three[0] + four[0]", f"{B}found = both(five[0])"),
        ["Alpha"],
    ),
    "a variable has the name": ((*SPLIT, "split = len([3])", "#md ## Model\n\nFit it.", COUNT), ["DataSplit"]),
    "one from each of many": (
        (
            *each("a_score", "b_score", "c_score", "d_score", "e_score", "f_score"),
            "#tag mlee:end\nbest = max([a_score, b_score, c_score, d_score, e_score, f_score])",
        ),
        ["Scores"],
    ),
    "many, called this and that": (
        (
            *each("ape", "bee", "cow", "dog", "emu", "fox", "gnu"),
            "#tag mlee:end\nbest = max([ape, bee, cow, dog, emu, fox, gnu])",
        ),
        ["InputOfComputeBest"],
    ),
}
NARROW: dict[str, tuple[str, ...]] = {
    "three given": (f"{A}one = [1]\ntwo = [2]\nthree = [3]", f"{B}total = sum(one + two + three)"),
    "five taken": (
        f"{A}one = [1]\ntwo = [2]\nthree = [3]",
        f"{B}four = one + two\nfive = two + three",
        C + READS,
    ),
    "much in one place": (f"{LINES}\n{READS}",),
}


@pytest.mark.parametrize(("cells", "wanted"), WIDE.values(), ids=WIDE)
def test_what_is_wide_is_grouped(cells: tuple[str, ...], wanted: list[str], tmp_path: Path) -> None:
    _, written, _ = checked(cells, tmp_path)
    assert_narrow(written)
    assert classes(written) == wanted


@pytest.mark.parametrize("cells", NARROW.values(), ids=NARROW)
def test_what_is_narrow_stays_as_it_is(cells: tuple[str, ...], tmp_path: Path) -> None:
    plan, written, _ = checked(cells, tmp_path)
    assert classes(written) == []
    source = written.files[f"src/{plan.name}/pipeline.py"]
    for stage in plan.stages:
        assert f"{', '.join(stage.outputs)} = {stage.name}({', '.join(stage.inputs)})" in source


def random_notebook(draw: random.Random) -> tuple[str, ...]:
    """Sections that read much of what is there, bind it anew, change it in place, delete it, or close over it."""
    names = [f"{w}_{k}" for w in ("red", "old", "big", "far") for k in ("row", "sum", "set")]
    known: list[str] = []
    cells: list[str] = []
    for section in range(draw.randint(3, 7)):
        lines = []
        for _ in range(draw.randint(2, 7)):
            name, some = draw.choice(names), draw.sample(known, min(len(known), draw.randint(0, 7)))
            read = " + ".join(["[1]", *some])
            shape = draw.randint(0, 9)
            if shape == 0 and known:
                lines.append(f"{draw.choice(known)}.append({draw.randint(0, 9)})")
            elif shape == 1 and known:
                lines.append(f"{draw.choice(known)} += [{draw.randint(0, 9)}]")
            elif shape == 2 and known:
                lines.append(f"if len({draw.choice(known)}) > 2:\n    {draw.choice(known)} = [2]")
            elif shape == 3:
                lines.append(f"{name} = [v for v in ({read})]")
                known.append(name)
            elif shape == 4:
                lines.append(f"{name} = (lambda v: [len(v)])({read})")
                known.append(name)
            elif shape == 5:
                lines.append(f"def get_{section}():\n    return {read}\n{name} = get_{section}()")
                known.append(name)
            elif shape == 6:
                lines.append(f"{name} = [len(f'{{{read}}}')]")
                known.append(name)
            elif shape == 7 and len(set(known)) > 3:
                gone = draw.choice(known)
                known = [n for n in known if n != gone]
                lines.append(f"del {gone}")
            else:
                lines.append(f"{name} = {read}")
                known.append(name)
        known = sorted(set(known))
        cells.append("\n".join([f"#tag mlee:part_{'abcdefgh'[section]}", *lines]))
    return (*cells, "#tag mlee:end\ntotal = len(" + " + ".join(["[1]", *known]) + ")")


@pytest.mark.parametrize("seed", range(40))
def test_whatever_flows_no_function_is_wide_and_nothing_changes(seed: int, tmp_path: Path) -> None:
    _, written, seen = checked(random_notebook(random.Random(seed)), tmp_path)
    assert_narrow(written)
    assert "total" in seen


def test_classes_of_modules_that_take_from_each_other_have_a_module(tmp_path: Path) -> None:
    cells = (
        "#tag mlee:data\n" + FIVE,
        "#tag mlee:model\n" + "\n".join(f"{n}_of = one + two + three + four + five" for n in "abcde"),
        "#tag mlee:data\neleven = sum(a_of + b_of + c_of + d_of + e_of)\ntwelve = [1]\nmore = [1]\nk = [2]\nm = [3]",
        "#tag mlee:model\nfound = eleven + sum(twelve + more + k + m + one + two + three + four + five)",
    )
    plan, written, _ = checked(cells, tmp_path)
    assert set(plan.modules) == {"data", "model"}
    assert_narrow(written)
    assert f"src/{plan.name}/records.py" in written.files


def test_the_step_can_be_withdrawn(tmp_path: Path) -> None:
    _, written = packaged(write_notebook(tmp_path, LINES, B + READS), tmp_path / "out", without=["group values"])
    assert classes(written) == []
    assert widest(written) == (5, 5)


@pytest.mark.slow
def test_a_grouped_package_is_proven_with_its_displays(tmp_path: Path) -> None:
    cells = (
        *SPLIT, "X_train[:2]", "#md ## Model\n\nFit it.",
        "X_train = X_train * 2\nX_train.mean()",
        TREE.rpartition("\n")[0], "y_test[:3]", "tree.score(X_test, y_test)",
    )  # fmt: skip
    outcome = package(write_notebook(tmp_path, *cells), tmp_path / "out")
    assert outcome.proof is not None
    assert outcome.exit_code == 0
    assert not outcome.steps_dropped
    assert {v.name for v in outcome.proof.values} >= {"X_train", "X_test", "y_train", "y_test", "tree"}
    assert outcome.written is not None
    text = "".join(outcome.written.files.values())
    assert "class Split:" in text
    assert "X_train = split.X_train" in text


def test_what_is_written_is_clean(tmp_path: Path) -> None:
    """No import too many, no name that is not there: no mark for the linter."""
    cells = WIDE["a split"][0]
    plan, _ = packaged(write_notebook(tmp_path, *cells), tmp_path / "out")
    files = emit(plan, tmp_path / "again").files
    assert [f for f, t in files.items() if f.startswith("src") and "noqa" in t] == []
