"""The candidate that a notebook's experiment chose, read from the store of its project; nothing is written."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from contextlib import suppress
from itertools import takewhile
from pathlib import Path

from mlee_jupyter.domain import settings
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.domain.files import parse_json, read_text
from mlee_jupyter.store import open_store

_START = ("mlee_experiment", "start")


def decided(notebook: Path) -> dict[str, str]:
    """The chosen candidate by experiment, of those that the notebook recorded for or starts.

    Looked into is the store of the notebook's project, where there is one: its own file, or the place in MLEE_STORE.
    What cannot be read decides nothing.

    Args:
        notebook: its file.
    """
    with suppress(MleeError):
        place = settings.read(notebook.absolute().parent).store_location
        if "://" not in place and not os.path.isfile(place):
            return {}
        store = open_store(place, fallback=False, when_needed=True)
        try:
            chosen = {
                one.name: one.decision.candidate
                for one in store.experiments()
                if one.decision is not None and one.decision.candidate is not None
            }
            if not chosen:
                return {}
            started, file = set(_started(notebook)), os.path.realpath(notebook)
            return {
                name: candidate
                for name, candidate in chosen.items()
                if name in started or file in map(os.path.realpath, store.notebooks(name))
            }
        finally:
            store.close()
    return {}


def _started(notebook: Path) -> Iterator[str]:
    """Names of the experiments that the notebook's cells start by the magic."""
    try:
        cells = parse_json(read_text(notebook))["cells"]
        sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError):
        return
    for line in (line.strip() for source in sources for line in source.splitlines()):
        if not line.startswith("%"):
            continue
        with suppress(ValueError):  # a quote that does not end
            words = shlex.split(line.lstrip("%"))
            if tuple(words[:2]) == _START:
                yield " ".join(takewhile(lambda word: not word.startswith("-"), words[2:]))
