"""Comments around imports end up beside what they speak of; none is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from .makers import packaged, write_notebook

USE = "rows = [1, 2, 3]\nroot = math.sqrt(len(rows))"
CLASS = "class Trainer:\n    def train(self):\n        return math.pi"
CASES: dict[str, tuple[tuple[str, ...], str]] = {
    # cells -> two lines that follow each other in the package
    "above an import of its own": (("# for the roots\nimport math", USE), "# for the roots\nimport math"),
    "above an import that a statement follows": (
        (f"# the rows\nimport math\n{USE}",),
        "# the rows\n    rows = [1, 2, 3]",
    ),
    "above an import that a class follows": (
        (f"# the trainer\nimport math\n{CLASS}", "found = Trainer().train()"),
        "# the trainer\nclass Trainer:",
    ),
    "inside an import": (
        ("from math import (  # roots\n    pi,\n    sqrt,  # mostly\n)\nroot = sqrt(pi)",),
        "# roots\n# mostly\nfrom math import pi",
    ),
    "beside an import": (("import math  # roots", USE), "import math  # roots"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_comment_stays_with_what_it_speaks_of(case: str, tmp_path: Path) -> None:
    cells, wanted = CASES[case]
    _, written = packaged(write_notebook(tmp_path, *cells), tmp_path / "package")
    text = "\n".join(t for name, t in written.files.items() if name.startswith("src/"))
    assert wanted in text
    assert text.count(wanted.partition("\n")[0]) == 1
