"""A package declares what its files import: what type hints and figures need, and nothing that went with a display."""

from __future__ import annotations

import ast
import sys
import tomllib
from pathlib import Path

import pytest

from mlee_jupyter.convert.analyse.dependencies import distribution_of
from mlee_jupyter.convert.plan.planning import plan_notebook
from mlee_jupyter.convert.types import RecordedRun
from mlee_jupyter.convert.write.emit import emit

from .makers import write_notebook

TYPES = RecordedRun(types={"frame": "pandas.core.frame.DataFrame", "x": "numpy.ndarray"})
# name -> (cells, declared)
CASES: dict[str, tuple[tuple[str, ...], set[str]]] = {
    "a hint alone": (
        (
            "from sklearn import datasets\nframe = datasets.load_iris(as_frame=True).frame",
            "from sklearn.svm import SVC\nmodel = SVC().fit(frame.drop(columns='target'), frame.target)",
        ),
        {"scikit-learn", "pandas"},
    ),
    "a display's import": (("import numpy as np\nimport scipy", "x = np.arange(3)", "scipy.__version__"), {"numpy"}),
    "figures": (("import pandas as pd", "s = pd.Series([1, 2])\ns.plot()"), {"pandas", "matplotlib"}),
    "what pandas imports": (("import pandas as pd", "frame = pd.read_excel('a.xlsx')"), {"pandas", "openpyxl"}),
}  # fmt: skip


@pytest.mark.parametrize(("cells", "declared"), CASES.values(), ids=CASES)
def test_what_is_imported_is_declared(cells: tuple[str, ...], declared: set[str], tmp_path: Path) -> None:
    files = emit(plan_notebook(write_notebook(tmp_path, *cells), name="made"), tmp_path / "out", TYPES).files
    project = tomllib.loads(files["pyproject.toml"])["project"]
    found = {one.partition("==")[0] for one in project["dependencies"]}
    assert found == declared
    nodes = [n for name, text in files.items() if name.startswith("src/") for n in ast.walk(ast.parse(text))]
    tops = {a.name.partition(".")[0] for n in nodes if isinstance(n, ast.Import) for a in n.names}
    tops |= {n.module.partition(".")[0] for n in nodes if isinstance(n, ast.ImportFrom) and n.module and not n.level}
    assert {distribution_of(t) for t in tops - sys.stdlib_module_names} <= found
