"""Nothing is written outside the folder, and reading never executes anything; of secrets: test_secrets.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlee_jupyter.convert.package import package, plan_notebook
from mlee_jupyter.domain.errors import MleeError

from .makers import write_notebook


def test_headings_tags_and_names_stay_inside_the_folder(tmp_path: Path) -> None:
    cells = ["#md # ../../etc/passwd", "#tag mlee:../../../up\nx = 1", "#md ## /root/.ssh\n\n`rm -rf`", "y = x + 1"]
    package(write_notebook(tmp_path, *cells), tmp_path / "a" / "package", run=False)
    outside = [p for p in tmp_path.rglob("*") if p.is_file() and (tmp_path / "a" / "package") not in p.parents]
    assert [p.name for p in outside] == ["nb.ipynb"]


def test_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    path = write_notebook(tmp_path, "x = 1")
    package(path, tmp_path / "package", run=False)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for file in (tmp_path / "package" / "src" / "nb").iterdir():
        file.unlink()
    (tmp_path / "package" / "src" / "nb").rmdir()
    (tmp_path / "package" / "src" / "nb").symlink_to(elsewhere)
    with pytest.raises(MleeError, match="is a link"):
        package(path, tmp_path / "package", run=False)
    assert not list(elsewhere.iterdir())


def test_reading_and_writing_never_execute_the_notebook(tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    cells = [
        f"open({str(trap)!r}, 'w').write('x')",
        f"!touch {trap}",
        f"import os; os.system('touch {trap}')\nclass A:\n    open({str(trap)!r}, 'w')",
        f"def f(x=open({str(trap)!r}, 'w')):\n    return x\ny = f()",
    ]
    path = write_notebook(tmp_path, *cells)
    (tmp_path / "helper.py").write_text(f"open({str(trap)!r}, 'w')")
    write_notebook(tmp_path, "import helper\nx = helper.x", name="second.ipynb")
    plan_notebook(path)
    package(path, tmp_path / "one", run=False)
    package(tmp_path / "second.ipynb", tmp_path / "two", run=False)
    assert not trap.exists()
