"""What an engineer would not sign, found in packages of notebooks that nobody here had tried: each with its twin."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mlee_jupyter.convert.package import package
from mlee_jupyter.convert.prove.observe import FreshProcesses
from mlee_jupyter.convert.types import Sameness

from .makers import packaged, write_notebook

FRAME = "import numpy as np\nimport pandas as pd\ndf = pd.DataFrame({'paid': [1.0, 2.0, 4.0], 'day': ['a', 'b', 'b']})"
SCORES = (
    "from sklearn.model_selection import cross_val_score\nfrom sklearn.svm import SVC\nimport numpy as np",
    "x = [[float(n), float(n % 3)] for n in range(30)]\ny = [n % 2 for n in range(30)]",
    "l_scores = cross_val_score(SVC(), x, y)\nl_scores",
)
# what a cell ends on -> the results it gives
SHOWN: dict[str, tuple[tuple[str, ...], set[str]]] = {
    "a column summed up": ((FRAME, "df['paid'].sum()"), {"paid_sum"}),
    "an attribute": ((FRAME, "df.paid.std()"), {"paid_std"}),
    "the mean of scores": ((*SCORES, "np.average(l_scores)"), {"l_scores", "mean_l_score"}),
    "by a method": ((*SCORES, "l_scores.mean()"), {"l_scores", "mean_l_score"}),
    "of anything": ((FRAME, "sizes = [1, len(df)]", "np.mean(sizes)"), {"sizes"}),
    "a look at the data": ((FRAME, "n = len(df)", "df.describe()", "df['paid'].head()"), {"n"}),
    "a table typed in": ((FRAME, "data = {'day': ['a', 'b'], 'n': [1, 2]}\ndata", "total = df.paid.sum()"), {"total"}),
    "a table that is computed": ((FRAME, "data = {'n': len(df)}"), {"data"}),
}  # fmt: skip


@pytest.mark.parametrize("case", SHOWN)
def test_what_was_shown_is_a_result(case: str, tmp_path: Path) -> None:
    cells, results = SHOWN[case]
    plan, _ = packaged(write_notebook(tmp_path, *cells), tmp_path / "package")
    assert set(plan.results) >= results
    assert set(plan.results) - results <= {"df"}


def test_what_speaks_to_the_reader_stays_in_the_notebook(tmp_path: Path) -> None:
    cells = (FRAME, "help(df.to_csv)", "df.info()", "df.info", "total = df.paid.sum()\nprint(total)")
    plan, written = packaged(write_notebook(tmp_path, *cells), tmp_path / "package")
    code = "".join(t for n, t in written.files.items() if n.startswith("src/"))
    assert "help(" not in code
    assert "info" not in code
    assert "print(total)" in code
    assert set(plan.thin) >= {2, 3}


def test_help_of_the_notebooks_own_and_info_that_writes_stay(tmp_path: Path) -> None:
    cells = (FRAME, "import io\nbuffer = io.StringIO()\ndf.info(buf=buffer)", "def help(x):\n    print(x)", "help(3)")
    _, written = packaged(write_notebook(tmp_path, *cells), tmp_path / "package")
    code = "".join(t for n, t in written.files.items() if n.startswith("src/"))
    assert "df.info(buf=buffer)" in code
    assert "help(3)" in code


HEADINGS = {
    "a sentence": ("#md ## A frame is the most commonly used object in pandas and holds rows", "load_most"),
    "a name of code": ("#md ## set_index", "Setindex"),
}


@pytest.mark.parametrize("case", HEADINGS)
def test_headings_that_make_no_name(case: str, tmp_path: Path) -> None:
    heading, wrong = HEADINGS[case]
    cells = ("#md # Title", heading, FRAME, "#md ## Sums", "df.set_index('day', inplace=True)\ntotal = df.paid.sum()")
    plan, written = packaged(write_notebook(tmp_path, *cells), tmp_path / "package")
    assert not any("commonly" in s.name for s in plan.stages), [s.name for s in plan.stages]
    assert not any(wrong in text for text in written.files.values())


@pytest.mark.parametrize("fill", ["table['b'] = len(df)", "table.update(b=len(df))"])
def test_a_table_that_is_filled_is_a_result(fill: str, tmp_path: Path) -> None:
    plan, _ = packaged(write_notebook(tmp_path, FRAME, "table = {'a': 1}", fill), tmp_path / "package")
    assert "table" in plan.results


RARE = (  # what is drawn without a seed agrees in two runs by chance: in those of a recording, and in hardly any other
    "import random",
    "x = random.random()\nrare = int(min(abs(x - 0.8444218515250481), abs(x - 0.13436424411240122)) < 1e-9)",
    "rare",
)


@pytest.mark.slow
def test_a_draw_without_a_seed_is_no_test_that_fails_by_luck(tmp_path: Path) -> None:
    done = package(write_notebook(tmp_path, *RARE), tmp_path / "made", prover=FreshProcesses(limit=60))
    assert done.verdict is Sameness.IDENTICAL
    assert json.loads((tmp_path / "made/tests/golden.json").read_text())["results"] == {"rare": 1}
    for command in (["-m", "pytest", "-q", "-p", "no:cacheprovider"], ["tests/golden.py"]):
        environment = {**os.environ, "PYTHONPATH": str(tmp_path / "made/src")}
        ran = subprocess.run(
            [sys.executable, *command],
            cwd=tmp_path / "made",
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
    assert json.loads((tmp_path / "made/tests/golden.json").read_text())["results"] == {"rare": 1}
