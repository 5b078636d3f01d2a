"""A real JupyterLab and a real browser: what a user sees after `pip install` and opening a notebook.

Skipped with the reason where chromium or the built extension is missing; with MLEE_E2E=1 that is a failure.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from .bare import bare_page
from .lab import Lab
from .serving import Server, browsing, lacking, serving


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    reason = lacking()
    for item in items:
        if Path(item.path).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.slow)
            if reason and os.environ.get("MLEE_E2E") != "1":
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    assert not lacking(), lacking()
    with serving(tmp_path_factory.mktemp("notebooks"), tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """One browser for the tests of a file: its loop must end before another file's tests run in this process."""
    with browsing() as opened:
        yield opened


@pytest.fixture
def bare(chromium: Any) -> Iterator[Any]:
    """A page that has the live board's script and nothing else."""
    with bare_page(chromium) as opened:
        yield opened


@pytest.fixture
def lab(server: Server, chromium: Any, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """A fresh browser window on the server, with a folder of its own and no kernel of an earlier test."""
    folder = server.root / re.sub(r"\W+", "-", f"{request.node.path.stem}-{request.node.name}")
    folder.mkdir()
    (folder / "pyproject.toml").touch()
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light")
    page = context.new_page()
    page.set_default_timeout(45_000)
    opened = Lab(page, server.url, folder, server.root)
    yield opened
    opened.shut_kernels()
    opened.set("mlee-jupyter:plugin", {})
    context.close()


@pytest.fixture
def notebook(lab: Lab) -> Any:
    """Writes notebooks of code cells into the test's folder."""

    def write(name: str, *cells: str) -> str:
        made = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(cell) for cell in cells],
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        )
        (lab.folder / name).write_text(nbformat.writes(made), "utf-8")
        return name

    return write
