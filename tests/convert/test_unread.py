"""What nobody reads leaves no name behind: exploration goes whole, a call that does something loses its name."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from mlee_jupyter.convert.package import package
from mlee_jupyter.convert.prove.observe import FreshProcesses
from mlee_jupyter.convert.types import Plan, Sameness

from .makers import packaged, write_notebook


def made(folder: Path, *cells: str) -> tuple[Plan, dict[str, str], str]:
    """The plan, its files, and the code of its modules."""
    plan, written = packaged(write_notebook(folder, *cells), folder / "package")
    code = "".join(t for n, t in written.files.items() if n.startswith("src/") and n.endswith(".py"))
    return plan, dict(written.files), code


# case -> (cells, what is gone, what stays)
# ruff: noqa: E501 - cells stand as they are written
CASES: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "bound again before anybody reads it": (
        ("import pandas as pd", "data = pd.Series([0.25, 0.5])\ndata.head()", "data = pd.Series([2.0, 4.0])", "total = data.sum()"),
        ("0.25",),
        ("4.0", "total = "),
    ),
    "a chain that nobody reads": (
        ("import numpy as np", "x = np.arange(9)\ny = x.reshape((3, 3))\ny.shape", "x = np.arange(4)\ny = x * 2"),
        ("arange(9)", "reshape"),
        ("arange(4)",),
    ),
    "a fit that is bound again": (
        (
            "from sklearn.linear_model import Ridge\nfrom sklearn.preprocessing import StandardScaler",
            "x = [[1.0], [2.0], [4.0]]\nscaler = StandardScaler()\nz = scaler.fit_transform(x)",
            "z = scaler.transform(x)\nmodel = Ridge().fit(z, [1, 2, 3])",
        ),
        ("z = scaler.fit_transform",),
        ("    scaler.fit_transform(x)\n", "z = scaler.transform(x)"),
    ),
    "a figure": (
        ("import matplotlib.pyplot as plt", "fig = plt.figure(figsize=(4, 3))\nlines = plt.plot([1, 2])\nplt.show()", "n = sum([1, 2])"),
        ("fig = ", "lines = "),
        ("    plt.figure(figsize=(4, 3))\n", "    plt.plot([1, 2])\n"),
    ),
}  # fmt: skip
TWINS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {  # what stays as it is
    "read by a function later": (
        ("rate = sum([1, 2])\ndef scaled(x):\n    return x * rate", "rate = sum([3, 4])", "y = scaled(2)"),
        ("sum([3, 4])",),
    ),
    "a result": (("first = sum([1])", "second = max([first, 2])"), ("second = max",)),
    "read in a text": (
        ("import pandas as pd\nframe = pd.DataFrame({'a': [1, 2, 3]})", "low = sum([1])\npart = frame.query('a > @low')"),
        ("low = ",),
    ),
    "read by code that is built": (("x = sum([1])\nx = sum([2])", "y = eval('x')"), ("sum([1])", "sum([2])")),
    "a figure that is saved": (
        ("import matplotlib.pyplot as plt", "fig = plt.figure()\nplt.plot([1])\nfig.savefig('a.png')", "n = sum([1])"),
        ("fig = plt.figure()",),
    ),
    "the last value of a name that was read": (
        ("k = sum([4])", "y = 2 * k", "k = sum([9])"),
        ("k = sum([4])", "k = sum([9])"),
    ),
    "two names at once": (("low, high = divmod(7, 2)", "total = low + 1"), ("low, high = divmod(7, 2)",)),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_nobody_reads(case: str, tmp_path: Path) -> None:
    cells, gone, stays = CASES[case]
    _, _, code = made(tmp_path, *cells)
    assert [word for word in gone if word in code] == [], code
    assert [word for word in stays if word not in code] == [], code


@pytest.mark.parametrize("case", TWINS)
def test_what_is_read_stays(case: str, tmp_path: Path) -> None:
    cells, stays = TWINS[case]
    _, _, code = made(tmp_path, *cells)
    assert [word for word in stays if word not in code] == [], code


IQR = (
    "import pandas as pd\ndf = pd.DataFrame({'weight': [1.0, 2, 3, 90], 'height': [5.0, 6, 7, 70]})",
    "low = df.weight.quantile(0.25)\nhigh = df.weight.quantile(0.75)\nlow, high",
    "df[(df.weight < low) | (df.weight > high)]",
    "low = df.height.quantile(0.25)\nhigh = df.height.quantile(0.75)\nlow, high",
    "df[(df.height < low) | (df.height > high)]",
)
LOOPS = (
    "#md ## Approach 1: For Loop",
    "primes = []\nfor n in range(2, 9):\n    if all(n % m for m in range(2, n)):\n        primes.append(n)",
    "primes",
    "#md ## Approach 2: Comprehension",
    "primes = [n for n in range(2, 9) if all(n % m for m in range(2, n))]",
    "primes",
)
# What was shown before its name was bound to something else -> results
SHOWN: dict[str, tuple[tuple[str, ...], set[str]]] = {
    "of two columns": (IQR, {"low", "high", "weight_low", "weight_high", "chosen_by_weight", "chosen_by_height"}),
    "under two headings": (LOOPS, {"approach_loop_primes", "primes"}),
    "a step further": (("rows = [3, 1, 2]\nrows", "rows = sorted(rows)\nrows"), {"rows"}),
    "rows by a number that is written there": (
        ("import pandas as pd\ndf = pd.DataFrame({'a': [1, 2]})\nn = len(df)", "df[df.a > 1]"),
        {"n"},
    ),
    "no heading and no column": (("x = sum([1])\nx", "x = sum([2])\nx"), {"x"}),
}


@pytest.mark.parametrize("case", SHOWN)
def test_what_was_shown_before_its_name_was_bound_anew(case: str, tmp_path: Path) -> None:
    cells, results = SHOWN[case]
    plan, _, _ = made(tmp_path, *cells)
    assert set(plan.results) == results


def test_a_name_that_nobody_read_was_left_out_on_purpose(tmp_path: Path) -> None:
    path = write_notebook(tmp_path, *CASES["a figure"][0])
    done = package(path, tmp_path / "made", run=False)
    assert done.written is not None
    assert {"fig", "lines"} <= set(done.written.unproven)
    assert "n" not in done.written.unproven


@pytest.mark.slow
@pytest.mark.parametrize("case", [*CASES, *TWINS, *SHOWN])
def test_it_is_proven_at_once(case: str, tmp_path: Path) -> None:
    cells = {**CASES, **TWINS, **SHOWN}[case][0]
    done = package(write_notebook(tmp_path, *cells), tmp_path / "made", prover=FreshProcesses(limit=60))
    assert done.verdict is Sameness.IDENTICAL, done.proof
    assert done.steps_dropped == ()


def test_data_of_a_drawing_library_is_no_picture(tmp_path: Path) -> None:
    cells = (
        "import seaborn as sns\nimport matplotlib.pyplot as plt",
        "titanic = sns.load_dataset('titanic')",
        "titanic.groupby('sex')[['survived']].mean()",
        "picture = plt.imread('a.png')\nbright = picture.mean()",
        "grid = sns.histplot(titanic)",
    )
    plan, _, _ = made(tmp_path, *cells)
    assert "bright" in plan.results
    assert len(plan.results) == 2
    assert "grid" not in plan.results


def test_a_file_that_was_written_is_no_result(tmp_path: Path) -> None:
    plan, _, _ = made(tmp_path, "total = sum([1, 2])", "with open('a.txt', 'w') as out:\n    out.write('a')")
    assert plan.results == ("total",)


def test_modules_beside_the_notebook_stay_as_they_are(tmp_path: Path) -> None:
    text = "import os\n\ndef   double(x):\n    unused = 1\n    return  2*x\n"
    (tmp_path / "beside_it.py").write_text(text)
    (tmp_path / "loud.py").write_text("print('hello')\n")
    path = write_notebook(tmp_path, "import beside_it\nimport loud\nfrom beside_it import double", "y = double(3)")
    done = package(path, tmp_path / "made", run=False)
    assert done.written is not None
    files = done.written.files
    assert files["src/beside_it.py"] == text
    project: dict[str, Any] = tomllib.loads(files["pyproject.toml"])
    assert project["tool"]["ruff"]["extend-exclude"] == ["src/beside_it.py", "src/loud.py"]
    code = "".join(t for n, t in files.items() if n.startswith(f"src/{done.plan.name}/"))
    assert "import beside_it\n" not in code, "importing it does nothing"
    assert "import loud" in code


def test_a_package_says_which_rules_it_keeps(tmp_path: Path) -> None:
    """The defaults of a linter change with its versions; a package that was clean stays so."""
    done = package(write_notebook(tmp_path, "x = '%d' % 3\ny = dict(a=1)"), tmp_path / "made", run=False)
    assert done.written is not None
    project: dict[str, Any] = tomllib.loads(done.written.files["pyproject.toml"])
    assert project["tool"]["ruff"]["lint"]["select"] == ["E4", "E7", "E9", "F", "I"]
    assert not any("noqa" in text for text in done.written.files.values())


def test_setting_a_style_draws_nothing(tmp_path: Path) -> None:
    cells = (
        "import matplotlib.pyplot as plt\nimport seaborn as sns",
        "#md # Pictures of numbers",
        "plt.style.use('ggplot')\nsns.set()",
        "#md # Lines",
        "n = sum([1, 2])\nplt.plot([1, n])\nplt.show()",
    )
    plan, _, code = made(tmp_path, *cells)
    (first,) = [s for s in plan.stages if s.cells == (3,)]
    assert first.name == "set_plot_style"
    assert code.count("show_figures()") == 1
