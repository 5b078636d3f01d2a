"""What cannot be packaged is refused in one line that says where; nothing is written. Beside it a twin that passes."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from mlee_jupyter.convert.package import package, plan_notebook
from mlee_jupyter.domain.errors import MleeError

from .makers import write_notebook

REFUSED: dict[str, tuple[tuple[str, ...], str]] = {
    "global": (("n = 0", "def f():\n    global n\n    n += 1\nf()"), "Cell 2 uses `global n`"),
    "await": (("import asyncio", "await asyncio.sleep(0)"), "Cell 2 awaits at top level"),
    "async for": (("x = 1", "async for a in b:\n    pass"), "Cell 2"),
    "input": (("name = input('who?')",), "Cell 1 asks a person"),
    "python 2": (("x = 1", "print 'hello'"), "Cell 2 is Python 2"),
    "python 2 except": (("try:\n    x = 1\nexcept ValueError, e:\n    pass",), "Cell 1 is Python 2"),
    "not Python": (("x = 1", "this is a sentence"), "Cell 2 is not Python"),
    "an R cell": (("%%R\nx <- 1",), "Cell 1 is not Python but %%R"),
    "locals": (("x = 1\ny = locals()['x']",), "Cell 1 calls locals()"),
    "output history": (("1 + 1", "x = _ + 1"), "Cell 2 reads _"),
    "only displays": (("1 + 1",), "Nothing is left"),
    "imports and displays": (("import math", "math.exp(2)"), "Nothing is left"),
    "no code": (("#md # Title",), "holds no code"),
}
TWINS: dict[str, tuple[str, ...]] = {
    "nonlocal": ("def f():\n    n = 0\n    def g():\n        nonlocal n\n        n += 1\n    return g()\nx = f()",),
    "await inside": ("import asyncio\nasync def f():\n    return 3\nx = asyncio.run(f())",),
    "an own input": ("def input(q):\n    return 'me'\nname = input('who?')",),
    "print with parentheses": ("print('hello')\nx = 1",),
    "vars of a thing": ("class A:\n    pass\na = A()\na.x = 3\nx = vars(a)['x']",),
    "a throwaway": ("_, x = 1, 2\ny = _ + x",),
    "bash": ("%%bash\ntrue", "x = 1"),
}


@pytest.mark.parametrize(("cells", "line"), REFUSED.values(), ids=REFUSED)
def test_refused_in_one_line(cells: tuple[str, ...], line: str, tmp_path: Path) -> None:
    output = tmp_path / "package"
    with pytest.raises(MleeError) as refusal:
        package(write_notebook(tmp_path, *cells), output, run=False)
    assert line in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert not output.exists()


@pytest.mark.parametrize("cells", TWINS.values(), ids=TWINS)
def test_its_twin_is_planned(cells: tuple[str, ...], tmp_path: Path) -> None:
    assert plan_notebook(write_notebook(tmp_path, *cells)).stages


@pytest.mark.parametrize("language", ["R", "julia", "scala"])
def test_another_kernel_is_refused(language: str, tmp_path: Path) -> None:
    path = write_notebook(tmp_path, "x = 1", language_info={"name": language})
    with pytest.raises(MleeError, match="not Python"):
        plan_notebook(path)


PYTHON_2 = {"language_info": {"name": "python", "version": "2.7.18"}}


def test_metadata_of_python_2_are_a_remark_where_the_cells_are_python_3(tmp_path: Path) -> None:
    plan = plan_notebook(write_notebook(tmp_path, "x = 1", "print(x)", **PYTHON_2))
    assert any("metadata say Python 2" in note for note in plan.notes)
    assert not plan_notebook(write_notebook(tmp_path, "x = 1", "print(x)")).notes


def test_metadata_and_a_cell_of_python_2_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MleeError, match="Cell 2 is Python 2"):
        plan_notebook(write_notebook(tmp_path, "x = 1", "print x", **PYTHON_2))


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("statistics.ipynb", "statistics_package"),
        ("json.ipynb", "json_package"),
        ("matplotlib.ipynb", "matplotlib_package"),
        ("houses.ipynb", "houses"),
    ],
)
def test_a_package_hides_no_module(tmp_path: Path, file: str, name: str) -> None:
    path = write_notebook(tmp_path, "import json", "x = json.loads('1')", name=file)
    assert plan_notebook(path).name == name
    with pytest.raises(MleeError, match="would hide the module"):
        plan_notebook(path, name="json")


@pytest.mark.parametrize(
    "text", ["", "{", '{"cells": [', "<<<<<<< HEAD", "[]", '{"a": 1}', '{"cells": [1]}', "\x00"], ids=repr
)
def test_a_file_that_is_no_notebook_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "broken.ipynb"
    path.write_text(text, "utf-8")
    with pytest.raises(MleeError, match=r"not a notebook") as refusal:
        plan_notebook(path)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("name", ["class", "a-b", "../x", "a/b", "", "1a", "größe", "a b"])
def test_names_that_are_no_identifiers_are_refused(name: str, tmp_path: Path) -> None:
    path = write_notebook(tmp_path, "x = 1")
    with pytest.raises(MleeError, match="cannot name a package"):
        plan_notebook(path, name=name)
    with pytest.raises(MleeError):
        plan_notebook(path, keep_variables=("x", name))


def test_an_output_that_is_a_file_or_someone_elses_is_refused(tmp_path: Path) -> None:
    path = write_notebook(tmp_path, "x = 1")
    taken = tmp_path / "taken"
    taken.write_text("mine")
    with pytest.raises(MleeError, match="is a file"):
        package(path, taken, run=False)
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "thesis.txt").write_text("mine")
    with pytest.raises(MleeError, match="not empty"):
        package(path, folder, run=False)
    assert [p.name for p in folder.iterdir()] == ["thesis.txt"]


def test_a_missing_notebook_and_an_unknown_candidate_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MleeError, match="no notebook"):
        plan_notebook(tmp_path / "nowhere.ipynb")
    with pytest.raises(MleeError, match="No candidate 'svm'"):
        plan_notebook(write_notebook(tmp_path, "x = 1"), keep="svm")
    with pytest.raises(MleeError, match=r"Nothing in .* binds 'z'"):
        plan_notebook(write_notebook(tmp_path, "x = 1"), keep_variables=("z",))


def test_fifty_megabytes_of_outputs_cost_their_reading(tmp_path: Path) -> None:
    path = write_notebook(tmp_path, "x = 1", "y = x + 1")
    written = json.loads(path.read_text("utf-8"))
    picture = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "iVBORw0KGgo" * 100_000}}
    written["cells"][0]["outputs"] = [picture] * 48
    path.write_text(json.dumps(written), "utf-8")
    assert path.stat().st_size > 50_000_000
    begun = time.process_time()
    json.loads(path.read_text("utf-8"))
    read = time.process_time() - begun
    begun = time.process_time()
    assert plan_notebook(path).stages
    assert time.process_time() - begun < 20 * read
