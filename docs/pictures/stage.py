"""A JupyterLab to photograph: notebooks, an experiment that has used an hour of work, four looks."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat

from tests.browser.lab import Lab
from tests.browser.serving import browsing, serving

ROOT = Path(__file__).parents[2]
QUICKSTART = ROOT / "example_notebooks" / "quickstart.ipynb"
LOOKS = (("light", 1280), ("light", 800), ("dark", 800), ("dark", 1280))  # in the order in which they are quickest
HEIGHT = 800
SPENT = {"average": 8, "knn": 14, "forest": 11, "svm": 19}  # minutes
TIME = """
from datetime import timedelta as _delta
from mlee_jupyter.session import current as _api
from mlee_jupyter.domain import Span as _Span
_here = _api.session()
_at = _here.now() - _delta(hours={hours})
for _name, _minutes in {spent}.items():
    _end = _at + _delta(minutes=_minutes)
    _here.store.put_spans(_here.current, [_Span(kernel="picture", candidate=_name, start=_at, end=_end)])
    _at = _end + _delta(minutes=30)
_here.uses += 1
"""


@contextmanager
def stage(folder: str = "pictures", width: int = 1280, height: int = HEIGHT, scale: float = 1) -> Iterator[Lab]:
    """A browser window on a JupyterLab of its own, with an empty project folder."""
    with tempfile.TemporaryDirectory(prefix="mlee-pictures-") as place:
        root, home = Path(place, "work"), Path(place, "home")
        (root / folder).mkdir(parents=True)
        home.mkdir()
        (root / folder / "pyproject.toml").touch()
        with serving(root, home) as server, browsing() as chromium:
            window = chromium.new_context(
                viewport={"width": width, "height": height}, color_scheme="light", device_scale_factor=scale
            )
            page = window.new_page()
            page.set_default_timeout(60_000)
            lab = Lab(page, server.url, root / folder, root)
            yield lab
            lab.shut_kernels()


def notebook(lab: Lab, name: str, cells: list[Any]) -> str:
    """Write a notebook of these cells, without outputs."""
    copied = [
        nbformat.v4.new_code_cell(cell.source)
        if cell.cell_type == "code"
        else nbformat.v4.new_markdown_cell(cell.source)
        for cell in cells
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=copied, metadata=kernel), lab.folder / name)
    return name


def quickstart(whole: bool = False) -> list[Any]:
    """The cells of the quickstart, up to the decision or all of them."""
    cells: list[Any] = nbformat.read(QUICKSTART, 4).cells
    return (
        cells if whole else cells[: next(i for i, cell in enumerate(cells) if "mlee_experiment decide" in cell.source)]
    )


def aside(lab: Lab, code: str) -> None:
    """Run something in the notebook's kernel without a cell."""
    lab.page.evaluate(
        """code => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel
        .requestExecute({ code, store_history: false }).done.then(() => null)""",
        code,
    )


def spend(lab: Lab, spent: dict[str, int], hours: int = 9) -> None:
    """Let minutes of work have been spent on candidates, some hours ago."""
    aside(lab, TIME.format(spent=spent, hours=hours))


def look(lab: Lab, theme: str, width: int) -> None:
    """Change the theme and the window's width."""
    lab.page.set_viewport_size({"width": width, "height": HEIGHT})
    wanted = theme == "dark"
    if lab.page.evaluate("() => document.body.dataset.jpThemeLight === 'false'") != wanted:
        lab.theme(wanted)
    lab.page.locator("#jupyterlab-splash").wait_for(state="detached")
    lab.page.wait_for_timeout(450)


def dialog_of(lab: Lab) -> Any:
    """The dialog that opens."""
    dialog = lab.page.get_by_role("dialog")
    dialog.wait_for()
    lab.page.wait_for_timeout(300)
    return dialog


def show_cell(lab: Lab, part: str) -> None:
    """Bring a cell that holds some text into sight."""
    lab.page.evaluate(
        """part => {
        const { content } = window.jupyterapp.shell.currentWidget;
        const at = content.widgets.findIndex(cell => cell.model.sharedModel.getSource().includes(part));
        content.activeCellIndex = at;
        return content.scrollToItem(at, 'start').then(() => null);
    }""",
        part,
    )
