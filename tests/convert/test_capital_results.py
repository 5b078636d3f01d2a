"""Results written like constants: SIZES becomes sizes in the package, and is found again where it was recorded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mlee_jupyter.convert.package import package

from .makers import write_notebook
from .test_package import HereAndNow

CELLS = {
    "one": (["N_ROWS = len([1, 2, 3])", "print(N_ROWS)"], {"n_rows": 3}),
    "read by the next": (
        ["SIZES = list(range(5))", "NAMES = [str(s) for s in SIZES]"],
        {"names": ["0", "1", "2", "3", "4"]},
    ),
    "its small twin": (["N_ROWS = len([1])\nn_rows = len([1, 2])", "print(N_ROWS, n_rows)"], None),
    "a score": (["ROWS = [1, 2]", "BEST_SCORE = max(ROWS)"], {"best_score": 2}),
    "a keyword in small letters": (["LAMBDA = sum([1, 2])", "print(LAMBDA)"], None),
    "a built-in in small letters": (["MAX = max([1, 2])", "print(MAX)"], None),
    "changed in place": (["SEEN = []\nSEEN.append(len('ab'))", "TOTAL_SEEN = sum(SEEN)"], {"total_seen": 2}),
}


@pytest.mark.parametrize(("cells", "results"), CELLS.values(), ids=CELLS)
def test_results_in_capitals_are_recorded(cells: list[str], results: dict[str, object] | None, tmp_path: Path) -> None:
    outcome = package(write_notebook(tmp_path, *cells), tmp_path / "out", prover=HereAndNow())
    assert outcome.exit_code == 0
    golden = json.loads((tmp_path / "out" / "tests" / "golden.json").read_text("utf-8"))
    assert golden["results"]
    assert results is None or golden["results"] == results
