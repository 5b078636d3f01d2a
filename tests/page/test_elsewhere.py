"""Where no widget lives: what a saved or executed notebook shows through nbconvert, and what a terminal shows."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from .test_link import KNN, SHELF, START
from .wire import Wire

pytest.importorskip("nbconvert", reason="nbconvert is not installed: pip install '.[lab]'")

pytestmark = pytest.mark.slow

SVM = '%%mlee_candidate "<script>alert(1)</script>" --simplicity 2\np = y_test.copy(); p[:30] ^= 1; p'
CELLS = (START, SHELF, KNN, SVM, "%mlee_scoreboard", "%mlee_scoreboard --live")
NUMBERS = ("95.0", "92.5", "knn", "400 test cases")
WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[dict[str, Any]]]:
    """What the two scoreboards hand to a page that is there to see them."""
    wire = Wire(tmp_path_factory.mktemp("kernel"))
    for cell in CELLS[:4]:
        wire.run(cell)
    shown = []
    for cell in CELLS[4:]:
        wire.client.execute(cell)
        while (got := wire._next(30)) is not None and got["msg_type"] != "display_data":
            pass
        assert got is not None
        shown.append(got["content"]["data"])
    yield shown
    wire.close()


def saved(*bundles: dict[str, Any]) -> Any:
    """A notebook as JupyterLab saves it: outputs with all their kinds, and no state of widgets."""
    outputs = [nbformat.v4.new_output("display_data", data=one) for one in bundles]
    cells = [nbformat.v4.new_code_cell("%mlee_scoreboard", outputs=[output]) for output in outputs]
    return nbformat.v4.new_notebook(cells=cells)


def visible(html: str) -> str:
    return re.sub(r"<[^>]*>", " ", re.sub(r"<style>.*?</style>", " ", html, flags=re.DOTALL))


@pytest.mark.parametrize("template", ["lab", "classic", "basic"])
def test_nbconvert_html_shows_the_board_and_adds_no_script(bundles: list[dict[str, Any]], template: str) -> None:
    from nbconvert import HTMLExporter

    assert [WIDGET in bundle for bundle in bundles] == [False, True]
    exporter = HTMLExporter(template_name=template)
    bare, _ = exporter.from_notebook_node(saved())
    for bundle in bundles:
        page, _ = exporter.from_notebook_node(saved(bundle))
        assert all(number in page for number in NUMBERS)
        assert page.count("<script") == bare.count("<script"), "none of ours, and none of a widget's"
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_nbconvert_markdown_has_the_numbers_and_as_text_no_tag(bundles: list[dict[str, Any]]) -> None:
    from nbconvert import MarkdownExporter
    from traitlets.config import Config

    for bundle in bundles:
        page, _ = MarkdownExporter().from_notebook_node(saved(bundle))
        assert all(number in visible(page) for number in NUMBERS)
        assert "<script" not in page
        wanted = Config({"NbConvertBase": {"display_data_priority": ["text/plain"]}})  # as docs/elsewhere.md says
        text, _ = MarkdownExporter(config=wanted).from_notebook_node(saved(bundle))
        assert all(number in text for number in NUMBERS)
        board = [line for line in text.splitlines() if line.strip() and not line.startswith(("```", "%"))]
        outside = [line for line in board if not line.startswith("    ")]
        assert outside == [], "a block of code, in which no tag is one"


def test_an_executed_notebook_holds_no_widget(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    (tmp_path / "board.ipynb").write_text(nbformat.writes(notebook), "utf-8")
    command = [sys.executable, "-m", "nbconvert", "--execute", "--to", "notebook", "--inplace", "board.ipynb"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    executed = json.loads((tmp_path / "board.ipynb").read_text("utf-8"))
    plain, live = (cell["outputs"][0]["data"] for cell in executed["cells"][4:])
    assert sorted(live) == sorted(plain) == ["application/vnd.mlee.board.v1+json", "text/html", "text/plain"]
    assert "widgets" not in executed["metadata"]


def test_a_terminal_shows_the_text(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    told = tmp_path / "told.ipy"
    told.write_text(
        f"{START}\n%mlee_experiment start shelf --budget 2h --truth y_test\n%mlee_candidate knn --pred good\n"
        "%mlee_candidate '<b>svm</b>' --pred good\n%mlee_scoreboard --live\n%mlee_experiment start --form\n",
        "utf-8",
    )
    command = [sys.executable, "-m", "IPython", "--colors=nocolor", "--quick", str(told)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    said = done.stdout
    assert "--live needs a notebook; this is the board as it stands." in said, done.stderr
    assert all(part in said for part in ("95.0", "knn", "<b>svm</b>", "400 test cases"))
    assert "<div" not in said
    assert "<table" not in said
    assert "--form needs a notebook" in said
    assert "%%mlee_experiment start NAME" in said
