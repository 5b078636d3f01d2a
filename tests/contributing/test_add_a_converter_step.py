"""The story "Add a step to the converter" works as written: the package shows it, and the proof may withdraw it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.convert.makers import write_notebook

from .story import carry_out, copy_tree, holds, reads_well, run, steps

HARMLESS = ("rows = [3, 4, 5]", "#tag scratch\nspare = rows[:1]", "total = sum(rows)")
NEEDED = ("rows = [3, 4, 5]", "#tag scratch\nrows.append(6)", "total = sum(rows)")  # a change in place is not seen


@pytest.mark.slow
def test_the_step_of_the_story_is_in_the_package_and_not_where_it_would_change_a_value(tmp_path: Path) -> None:
    tree = copy_tree(tmp_path)
    told = steps("Add a step to the converter")
    assert len(told) <= 5
    for step in told:
        carry_out(tree, step)
    holds(tree, told[-1].path, "tests/convert/test_golden_package.py", "tests/test_map.py")
    reads_well(tree, *(step.path for step in told))

    assert "spare" not in _packaged(tree, tmp_path / "harmless", *HARMLESS)
    assert "rows.append(6)" in _packaged(tree, tmp_path / "needed", *NEEDED)


def _packaged(tree: Path, folder: Path, *cells: str) -> str:
    """The modules of the package that was made, proven and written of a notebook."""
    folder.mkdir()
    write_notebook(folder, *cells)
    said = run(tree, "-m", "mlee_jupyter", "package", "nb.ipynb", "--output", "out", folder=folder)
    assert said.startswith("IDENTICAL")
    return "".join(path.read_text("utf-8") for path in sorted(folder.glob("out/src/*/*.py")))
