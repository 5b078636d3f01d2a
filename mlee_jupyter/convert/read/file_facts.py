"""From a notebook file to its facts."""

from __future__ import annotations

from pathlib import Path

from mlee_jupyter.convert.types import Facts

from .cells import read_notebook
from .facts import facts_of


def read_facts(path: Path | str) -> Facts:
    """The facts of a notebook file that is to be packaged, with what nbformat's schema minds."""
    return facts_of(read_notebook(path, against_schema=True))
