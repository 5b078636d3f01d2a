"""Cells and facts: magics by IPython's grammar, names by Python's; symtable is the oracle."""

from __future__ import annotations

import json
import subprocess
import symtable
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlee_jupyter.convert.health.notebook_facts import notebook_facts
from mlee_jupyter.convert.plan.planning import plan_notebook
from mlee_jupyter.convert.read.cells import read_notebook
from mlee_jupyter.convert.read.expansion import names_of
from mlee_jupyter.convert.read.facts import facts_of
from mlee_jupyter.convert.read.file_facts import read_facts
from mlee_jupyter.convert.read.magic_code import carry
from mlee_jupyter.convert.read.shell_code import installed
from mlee_jupyter.convert.types import Effect, MagicFate
from mlee_jupyter.domain.errors import MleeError

from .makers import write_notebook

MAGICS: dict[str, tuple[str, str, MagicFate]] = {
    "%time": ("%time x = 1", "x = 1", MagicFate.BODY_KEPT),
    "%%time": ("%%time\nx = 1", "x = 1", MagicFate.BODY_KEPT),
    "%%capture": ("%%capture out\nx = 1", "x = 1", MagicFate.BODY_KEPT),
    "%timeit": ("x = 1\n%timeit -n 10 f(x)", "x = 1", MagicFate.GONE),
    "%timeit over lines": ("%timeit f(1,\n   2)\nx = 1", "x = 1", MagicFate.GONE),
    "%%timeit": ("%%timeit\nx = 1", "", MagicFate.GONE),
    "help": ("x = 1\nx?", "x = 1", MagicFate.GONE),
    "help in front": ("?print\nx = 1", "x = 1", MagicFate.GONE),
    "%matplotlib": ("%matplotlib inline\nx = 1", "x = 1", MagicFate.GONE),
    "in a block": ("if True:\n    %matplotlib inline\n    x = 1", "if True:\n    pass\n    x = 1", MagicFate.GONE),
    "pip": ("!pip install -q umap-learn==0.5\nx = 1", "x = 1", MagicFate.DEPENDENCY),
    "shell": ("!ls -l", "subprocess.run('ls -l', shell=True, check=False)", MagicFate.SUBPROCESS),
    "shell with a variable": (
        "folder = 'a'\n!ls {folder}",
        "folder = 'a'\nsubprocess.run(f\"ls {folder}\", shell=True, check=False)",
        MagicFate.SUBPROCESS,
    ),
    "%%bash": (
        "%%bash\nls\n",
        "subprocess.run(['bash'], input='ls\\n', encoding='utf-8', check=True)",
        MagicFate.SUBPROCESS,
    ),
    "%env": ("%env A=1", "os.environ['A'] = '1'", MagicFate.PYTHON),
    "%%html": ("%%html\n<b>x</b>", "", MagicFate.GONE),
    "an unknown one": ("%nonsense 3\nx = 1", "x = 1", MagicFate.GONE),
    "%%writefile": (
        "%%writefile a.py\nx = 1\n",
        "with pathlib.Path('a.py').open('w', encoding='utf-8') as file_written:\n    file_written.write('x = 1\\n')",
        MagicFate.FILE_WRITTEN,
    ),
}
NO_MAGIC = (
    "x = 5 % 3",
    "x = '%time'\n# %time y = 1",
    '"""\n%matplotlib inline\n!ls\n"""',
    "x = [1,\n  2] # what?",
    "x = a if b else c",
)


@pytest.mark.parametrize(("cell", "python", "fate"), MAGICS.values(), ids=MAGICS)
def test_a_magic_as_plain_python(cell: str, python: str, fate: MagicFate) -> None:
    carried = carry(cell, 1)
    decided, problems = names_of([(carried.python, carried.lines)]).resolve(carried.python, carried.lines)
    assert decided.strip() == python
    assert not problems
    assert [m.fate for m in carried.magics] == [fate]


@pytest.mark.parametrize("cell", NO_MAGIC)
def test_plain_python_is_left_to_the_letter(cell: str) -> None:
    carried = carry(cell, 1)
    assert carried.python == cell
    assert not carried.magics


def test_packages_of_an_install_line() -> None:
    assert installed("pip install -q -r reqs.txt pandas 'scikit-learn>=1.5' tqdm && ls") == (
        "pandas", "scikit-learn>=1.5", "tqdm",
    )  # fmt: skip


def test_a_notebook_of_format_3(tmp_path: Path) -> None:
    path = tmp_path / "old.ipynb"
    cells = [
        {"cell_type": "heading", "level": 2, "source": "Load"},
        {"cell_type": "code", "input": ["x = 1\n", "y = 2"], "prompt_number": 4, "outputs": [], "language": "python"},
    ]
    path.write_text(json.dumps({"nbformat": 3, "metadata": {}, "worksheets": [{"cells": cells}]}), "utf-8")
    notebook = read_notebook(path)
    assert [h.text for h in notebook.cells[0].headings] == ["Load"]
    assert notebook.cells[1].python == "x = 1\ny = 2"
    assert notebook.cells[1].execution_count == 4


def _as_format_3(path: Path, folder: Path) -> Path:
    written = folder / "old.ipynb"
    written.write_text(nbformat.v3.writes_json(nbformat.convert(nbformat.read(path, 4), 3)), "utf-8")
    return written


@pytest.mark.parametrize("name", ["monolith", "quickstart", "too_many_variants"])
@pytest.mark.parametrize("old", [False, True], ids=["format 4", "format 3"])
def test_cells_are_those_of_nbformat(name: str, old: bool, tmp_path: Path) -> None:
    path = Path(__file__).parents[2] / "example_notebooks" / f"{name}.ipynb"
    path = _as_format_3(path, tmp_path) if old else path
    wanted = [(c.cell_type, c.source) for c in nbformat.read(path, as_version=4).cells]
    assert [(c.kind, c.source) for c in read_notebook(path).cells] == wanted


_CODE = {"cell_type": "code", "input": "x = 1"}
_NEW = {"cell_type": "code", "source": "x = 1"}
_PROSE = {"cell_type": "markdown", "source": "Prose"}
_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("level", [1, 3, 0, 99, "2", None])
def test_a_heading_cell_of_any_level_is_read(level: object, tmp_path: Path) -> None:
    cell = {"cell_type": "heading", "level": level, "source": "Load"}
    path = tmp_path / "old.ipynb"
    path.write_text(json.dumps({"nbformat": 3, "worksheets": [{"cells": [cell]}], "metadata": {}}), "utf-8")
    assert read_notebook(path).cells[0].headings[0].text == "Load"


BETWEEN_FORMATS: dict[str, dict[str, object]] = {
    "1": {"nbformat": 1, "cells": [{"cell_type": "code", "code": "x = 1"}, {"cell_type": "text", "text": "Prose"}]},
    "2": {"nbformat": 2, "worksheets": [{"cells": [_CODE, _PROSE]}]},
    "3 in two sheets": {"nbformat": 3, "worksheets": [{"cells": [_CODE]}, 7, {"cells": [_PROSE]}, {"cells": 3}]},
    "3 without worksheets": {"nbformat": 3, "cells": [_CODE, _PROSE]},
    "3 with the cells of 4": {"nbformat": 3, "worksheets": [{"cells": [_NEW, _PROSE]}]},
    "4 with the cells of 3": {"nbformat": 4, "cells": [_CODE, _PROSE]},
    "4 in worksheets": {"nbformat": 4, "worksheets": [{"cells": [_NEW, _PROSE]}]},
    "none": {"cells": [_NEW, _PROSE]},
    "none, in worksheets": {"worksheets": [{"cells": [_CODE, _PROSE]}]},
    "5": {"nbformat": 5, "cells": [_NEW, _PROSE]},
}


@pytest.mark.parametrize("written", BETWEEN_FORMATS.values(), ids=BETWEEN_FORMATS)
def test_no_cell_is_lost_on_the_way_to_format_4(
    written: dict[str, object], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "old.ipynb"
    path.write_text(json.dumps(written), "utf-8")
    assert [(c.kind, c.source) for c in read_notebook(path).cells] == [("code", "x = 1"), ("markdown", "Prose")]
    assert capfd.readouterr() == ("", ""), "nbformat's complaints are not for the screen"


def test_what_an_upgrade_stumbles_over_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "old.ipynb"
    sheet = {"cells": [{"cell_type": "code", "input": "x = 1", "outputs": [{"output_type": ["odd"]}]}]}
    path.write_text(json.dumps({"nbformat": 3, "worksheets": [sheet]}), "utf-8")
    with pytest.raises(MleeError, match=r"^old\.ipynb is of notebook format 3, and nbformat cannot upgrade it"):
        read_notebook(path)


@given(
    st.sampled_from([1, 2, 3]),
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "cell_type": st.sampled_from(["code", "markdown", "text", "html", "heading", "raw", 3, None]),
                **dict.fromkeys(("input", "code", "source", "text", "outputs", "level", "metadata"), _ANYTHING),
            },
        )
        | _ANYTHING,
        max_size=4,
    ),
)
def test_whatever_stands_in_an_old_file_is_answered(form: int, cells: list[object]) -> None:
    content = {"nbformat": form, "cells": cells} if form == 1 else {"nbformat": form, "worksheets": [{"cells": cells}]}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "old.ipynb"
        path.write_text(json.dumps(content), "utf-8")
        with suppress(MleeError):
            assert notebook_facts(path).path == str(path)


SCHEMA: dict[str, tuple[dict[str, object], str | None]] = {
    "valid": ({}, None),
    "an unknown field": ({"colour": "red"}, None),
    "no outputs": ({"outputs": None}, "cell 1"),
    "an output of no kind": ({"outputs": [{"text": "secret"}]}, "cell 1"),
    "no metadata": ({"metadata": "secret"}, "cell 1"),
}


@pytest.mark.parametrize(("more", "where"), SCHEMA.values(), ids=SCHEMA)
def test_a_package_notes_what_the_schema_minds_and_quotes_none_of_it(
    more: dict[str, object], where: str | None, tmp_path: Path
) -> None:
    path = write_notebook(tmp_path, "x = 1")
    written = json.loads(path.read_text("utf-8"))
    written["cells"][0] |= more
    path.write_text(json.dumps(written), "utf-8")
    noted = [n for n in plan_notebook(path, keep_variables=("x",)).notes if "schema" in n]
    wanted = f"the file does not keep to nbformat's schema ({where}); it was read as it stands"
    assert noted == ([] if where is None else [wanted])


def test_checking_does_not_wait_for_nbformat(tmp_path: Path) -> None:
    """Beside JupyterLab its import takes longer than checking a hundred cells."""
    path = write_notebook(tmp_path, "x = 1", "#md # Load")
    code = (
        "import sys\nfrom mlee_jupyter.convert.health.notebook_facts import notebook_facts\n"
        f"notebook_facts({str(path)!r})\nassert not {{'nbformat', 'jsonschema'}} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_percent_script(tmp_path: Path) -> None:
    pytest.importorskip("jupytext")
    path = tmp_path / "script.py"
    path.write_text("# %% [markdown]\n# # Load\n\n# %%\nx = 1\n", "utf-8")
    assert [c.kind for c in read_notebook(path).cells] == ["markdown", "code"]


# code -> (defines, updates, uses)
NAMES: dict[str, tuple[set[str], set[str], set[str]]] = {
    "x = y": ({"x"}, set(), {"y"}),
    "x += y": ({"x"}, {"x"}, {"x", "y"}),
    "df['a'] = b": (set(), {"df"}, {"df", "b"}),
    "df.loc[0, 'a'] = b": (set(), {"df"}, {"df", "b"}),
    "x.append(y)": (set(), {"x"}, {"x", "y"}),
    "x.head()": (set(), set(), {"x"}),
    "x.sort_values(inplace=True)": (set(), {"x"}, {"x"}),
    "model.fit(X, y)": (set(), {"model"}, {"model", "X", "y"}),
    "del x": (set(), set(), {"x"}),
    "[i * k for i in xs]": (set(), set(), {"k", "xs"}),
    "for i in xs:\n    s = i": (set(), set(), {"xs"}),
    "if c:\n    a = 1\nelse:\n    a = 2": ({"a"}, set(), {"c"}),
    "if c:\n    a = 1\nelse:\n    raise b": ({"a"}, set(), {"c", "b"}),
    "with open(p) as f:\n    t = f": ({"f", "t"}, set(), {"p", "open"}),
    "import a.b as c": ({"c"}, set(), set()),
    "a = 1\nb = a": ({"a"}, set(), set()),
    "df.query('a > @k')": (set(), set(), {"df", "k"}),
    "ols('y ~ x + np.log(z)', data=df)": (set(), set(), {"ols", "y", "x", "np", "log", "z", "df"}),
    "f'{a}{b!r:>{w}}'": (set(), set(), {"a", "b", "w"}),
    "x = lambda a: a + k": ({"x"}, set(), {"k"}),
    "(n := f(m))": ({"n"}, set(), {"f", "m"}),
    "a, *b = c": ({"a", "b"}, set(), {"c"}),
    "np.random.shuffle(xs)": (set(), {"np", "xs"}, {"np", "xs"}),
}


@pytest.mark.parametrize("code", NAMES)
def test_three_sets_of_names(code: str, tmp_path: Path) -> None:
    statement = read_facts(write_notebook(tmp_path, code)).statements[0]
    assert (set(statement.defines), set(statement.updates), set(statement.uses)) == NAMES[code]


ORACLE = (
    "def f(a, *b, c=d, **e):\n    g = a\n    return [h for h in g if i] + j(lambda k: k + l)",
    "class A(B):\n    x = y\n    def m(self):\n        return x + z",
    "def f():\n    def g():\n        nonlocal v\n        v = w\n    v = 1\n    return g",
    "x = {k: v for k, v in items if k}",
    "def f():\n    try:\n        import os\n    except E as e:\n        pass\n    with o() as p:\n        return os, q",
    "def f(x: T = D) -> R:\n    y: int = x\n    for i, (j, k) in z:\n        del y\n    return i + j + k + n",
    "@dec(arg)\ndef f(): return [(a := b) for _ in range(3)], a",
)


@pytest.mark.parametrize("code", ORACLE)
def test_names_read_are_those_of_symtable(code: str, tmp_path: Path) -> None:
    statement = read_facts(write_notebook(tmp_path, code)).statements[0]
    mine = {m.name for m in statement.mentions if not m.binds}
    table = symtable.symtable(code, "cell", "exec")
    found = {s.get_name() for s in table.get_symbols() if s.is_referenced()}
    stack = list(table.get_children())
    while stack:
        child = stack.pop()
        found |= {s.get_name() for s in child.get_symbols() if s.is_global() and s.is_referenced()}
        stack += child.get_children()
    assert mine == found


def test_ghosts_and_effects(tmp_path: Path) -> None:
    path = write_notebook(
        tmp_path, "x = nowhere", "import numpy as np\nnp.random.seed(1)", "y = np.random.rand()", "print(y)"
    )
    facts = facts_of(read_notebook(path))
    assert facts.ghosts == {"nowhere": 1}
    assert Effect.SEEDS in facts.statements[2].effects
    assert Effect.DRAWS_RANDOM in facts.statements[3].effects
    assert Effect.PRINTS in facts.statements[4].effects


def test_comments_belong_to_their_statement(tmp_path: Path) -> None:
    cell = "# above\n\n# still above\nx = 1  # beside\n# between\ny = [  # open\n    1,\n]\n# end"
    first, second = read_facts(write_notebook(tmp_path, cell)).statements
    assert first.text == "# above\n\n# still above\nx = 1  # beside"
    assert second.text == "# between\ny = [  # open\n    1,\n]\n# end"


BLOCKS = {
    "bound below": ("if True:\n    def g():\n        return w\n    w = g() + 1", True),
    "a lambda": ("with open('a') as h:\n    f = lambda: w\n    w = f() + 1", True),
    "bound above": ("if True:\n    w = 1\n    def g():\n        return w\n    v = g()", False),
    "its own": ("if True:\n    def g(w):\n        return w\n    w = g(2)", False),
}


@pytest.mark.parametrize(("block", "reads"), BLOCKS.values(), ids=BLOCKS)
def test_a_function_of_a_block_reads_what_the_block_binds_only_below(block: str, reads: bool, tmp_path: Path) -> None:
    statement = read_facts(write_notebook(tmp_path, "w = 3", block)).statements[1]
    assert ("w" in statement.uses) is reads
