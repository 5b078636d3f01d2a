"""Paths as they stand in notebooks: what is one, and how an absolute one becomes relative to a data root."""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from pathlib import Path

_ENDING = re.compile(
    r"\.(csv|tsv|txt|xlsx?|json|jsonl|parquet|feather|pkl|pickle|npy|npz|h5|hdf5?|mat|dat|data|zip|gz|png|jpe?g|gif|svg|pdf"
    r"|joblib|sav|pt|pth|onnx|model|db|sqlite3?|xml|html?|ya?ml|toml|shp|geojson|nc|wav|mp3|arff|sas7bdat|dta|log|md)$",
    re.IGNORECASE,
)
_ABSOLUTE = re.compile(r"^(/|~|[A-Za-z]:[\\/]|\\\\)")
_URL = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def is_path(text: str) -> bool:
    """Whether a text names a file, a folder or a URL of a file."""
    if not text or len(text) > 300 or "\n" in text or text != text.strip() or (" " in text and "/" not in text):
        return False
    if _URL.match(text):
        return True
    return bool(_ENDING.search(text)) or bool(_ABSOLUTE.match(text) and len(text) > 2) or text.endswith("/")


def is_absolute(text: str) -> bool:
    """Whether a path hangs on one machine: from the root, a drive, or somebody's home."""
    return bool(_ABSOLUTE.match(text)) and not _URL.match(text)


class Roots:
    """Makes absolute paths relative to one data root; remembers which folder that was, for the proof.

    Args:
        home: the notebook's folder.
        fixed: paths that stay as they are: something may be written or deleted there.
        taken: texts that name something else already.
    """

    def __init__(self, home: Path, fixed: Collection[str] = (), taken: Collection[str] = ()) -> None:
        self.home = home
        self.found: Path | None = None
        self._fixed = fixed
        self._taken = taken
        self._given: dict[str, str] = {}  # relative path -> the absolute one it stands for

    def relative(self, text: str) -> str:
        """The path below the data root: the part that is not the machine's. As written where it was relative, where
        something may be changed there, and where two paths would become one."""
        if not is_absolute(text):
            return text
        place = Path(os.path.expanduser(text))
        if place.is_relative_to(self.home):
            return place.relative_to(self.home).as_posix()
        if text in self._fixed:
            return text
        short = self._below(place, text)
        if short in self._taken or self._given.setdefault(short, text) != text:
            return text
        return short

    def _below(self, place: Path, text: str) -> str:
        name = re.split(r"[\\/]", text.rstrip("/\\"))[-1] or "data"
        if os.path.exists(self.home / name) and not place.exists():
            return name
        if self.found is None:
            self.found = place.parent
        return place.relative_to(self.found).as_posix() if place.is_relative_to(self.found) else name
