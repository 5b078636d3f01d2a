"""Why each statement went where it did: one line each, and nothing is said that the text does not show."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from mlee_jupyter.cli.main import main
from mlee_jupyter.convert.plan.planning import plan_notebook
from mlee_jupyter.convert.write.fate_lines import explanation_text
from mlee_jupyter.convert.write.statement_fates import Explained, explained

from .makers import write_notebook
from .secret_makers import shaped

CELLS = (
    "import math\nimport random\nimport json\nfrom pathlib import Path",
    "random.seed(3)\nn_rows = 40\nrandom.random()",
    "def scaled(x):\n    return x * 2\n\ndef idle(x):\n    return x",
    "rows = [random.random() for _ in range(n_rows)]\nlooked = rows[:3]\nlooked",
    "total = math.fsum(map(scaled, rows))\nmiddle = rows[20]\nprint(middle)\nmiddle = len(rows)",
    "Path('out.txt').write_text(str(min(rows)))",
    "rows.sort()\ntotal",
)
WANTED: dict[str, tuple[str, str]] = {  # how a statement begins -> (fate, words of its reason)
    "import math": ("kept", "imported where it is read"),
    "import json": ("left out", "nothing kept reads"),
    "random.seed(3)": ("kept", "it sets a seed for all that is drawn below; seed became a setting"),
    "n_rows = 40": ("setting", "computed with"),
    "random.random()": ("kept", "draws random numbers"),
    "def scaled": ("kept", "total needs it"),
    "rows = ": ("kept", "looked, total and 1 more need it"),
    "total = ": ("kept", "total is given back"),
    "middle = rows": ("kept", "what cell 5 prints needs it"),
    "print(middle)": ("kept", "it prints"),
    "Path(": ("kept", "it writes a file"),
    "total": ("left out", "shows a value"),
}


def of(folder: Path, *cells: str, **options: Any) -> tuple[Explained, ...]:
    return explained(plan_notebook(write_notebook(folder, *cells), name="made", **options))


@pytest.mark.parametrize("code", WANTED)
def test_each_kind(code: str, tmp_path: Path) -> None:
    fate, why = WANTED[code]
    found = [one for one in of(tmp_path, *CELLS) if one.code.startswith(code)][-1]
    assert found.fate == fate, found
    assert why in found.why, found
    assert bool(found.where) == (fate != "left out"), found


def test_one_line_a_statement_and_each_in_its_place(tmp_path: Path) -> None:
    plan = plan_notebook(write_notebook(tmp_path, *CELLS), name="made")
    found = explained(plan)
    assert len(found) == len(plan.facts.statements)
    said = explanation_text(plan).splitlines()
    assert len(said) == len(found) + 2
    places = {f"{s.module}.{s.name}" for s in plan.stages} | {f"{h.module}.{h.name}" for h in plan.hoisted}
    code = [one for one in found if one.fate == "kept" and not one.code.startswith(("import ", "from "))]
    assert {one.where for one in code} <= places
    assert [one.code for one in found if one.results and one.fate != "kept"] == []


def test_what_only_may_be_needed_is_not_said_to_be(tmp_path: Path) -> None:
    cells = (
        "from beside_it import grow",
        "first = [1]\nsecond = [2]\npair = (first, second)",
        "grow(pair)",
        "size = len(first)\nother = 3 * len('abc')",
    )
    (tmp_path / "beside_it.py").write_text("def grow(pair):\n    pair[0].append(1)\n")
    by_code = {one.code: one.why for one in of(tmp_path, *cells)}
    assert "need it" not in by_code["grow(pair)"].replace("may need it", "")
    assert by_code["first = [1]"].endswith("it")


def test_what_a_slice_leaves_out_says_why(tmp_path: Path) -> None:
    found = of(tmp_path, *CELLS, keep_variables=("total",))
    assert {one.why for one in found if one.code.startswith("Path(")} == {"nothing kept needs it"}
    assert {one.fate for one in found if one.code.startswith("total =")} == {"kept"}


def test_several_values_of_one_call(tmp_path: Path) -> None:
    cells = (
        "from sklearn.linear_model import LogisticRegression\nx = [[1.0], [2.0], [3.0]]\ny = [0, 1, 1]",
        "model = LogisticRegression(C=0.5, max_iter=400, tol=0.01).fit(x, y)",
    )
    (found,) = [one for one in of(tmp_path, *cells) if one.code.startswith("model")]
    assert found.why == "model is given back; C, max_iter, tol became settings"


def test_no_secret_is_printed(tmp_path: Path, capsys: Any) -> None:
    secret = shaped("github", random.Random(3))
    path = write_notebook(tmp_path, f"token = '{secret}'\nsize = len(token)", "size")
    for form in ("text", "json"):
        assert main(["package", str(path), "--explain", "--format", form]) == 0
        assert secret not in capsys.readouterr().out


def test_as_json_on_the_command_line(tmp_path: Path, capsys: Any) -> None:
    path = write_notebook(tmp_path, *CELLS)
    assert main(["package", str(path), "--explain", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {one["fate"] for one in told["statements"]} == {"kept", "setting", "left out"}
    assert "total" in told["results"]
    assert [p.name for p in tmp_path.iterdir()] == [path.name], "nothing is written"
