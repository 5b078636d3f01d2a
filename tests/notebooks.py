"""Notebook files for tests: written as Jupyter writes them, and read as the checks read them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mlee_jupyter.convert.health.notebook_facts import notebook_facts
from mlee_jupyter.domain import Evidence, NotebookFacts
from tests.builders import evidence

PYTHON = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}


def written(
    cells: Sequence[str | Mapping[str, Any]],
    *,
    counts: Sequence[int | None] | None = None,
    metadata: Mapping[str, Any] = PYTHON,
) -> str:
    """The text of a notebook file; a text is a code cell, "# prose" after a line `markdown:` is a markdown cell."""
    made = []
    for place, cell in enumerate(cells):
        if isinstance(cell, str) and cell.startswith("markdown:"):
            made.append({"cell_type": "markdown", "metadata": {}, "source": cell.removeprefix("markdown:")})
        elif isinstance(cell, str):
            count = counts[place] if counts else None
            made.append({"cell_type": "code", "metadata": {}, "execution_count": count, "outputs": [], "source": cell})
        else:
            made.append(dict(cell))
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": dict(metadata), "cells": made})


def tagged(source: str, *tags: str) -> dict[str, Any]:
    """A code cell with tags."""
    return {
        "cell_type": "code",
        "metadata": {"tags": list(tags)},
        "execution_count": None,
        "outputs": [],
        "source": source,
    }


def read(cells: Sequence[str | Mapping[str, Any]], **more: Any) -> NotebookFacts:
    """What rules may know of a notebook with these cells; `more` as for `written`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "notebook.ipynb"
        path.write_text(written(cells, **more), "utf-8")
        return notebook_facts(path)


def facts(*cells: str | Mapping[str, Any], counts: Sequence[int | None] | None = None) -> NotebookFacts:
    """What rules may know of a notebook with these cells."""
    return read(cells, counts=counts)


def seen(*cells: str | Mapping[str, Any], counts: Sequence[int | None] | None = None, **changes: Any) -> Evidence:
    """The honest experiment, with a notebook of these cells in view."""
    return evidence(notebook=facts(*cells, counts=counts), **changes)
