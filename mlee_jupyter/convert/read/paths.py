"""Paths as they stand in notebooks: what is one, and how an absolute one becomes relative to a data root."""

from __future__ import annotations

import os
import re
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
    """Makes absolute paths relative to one data root; remembers which folder that was, for the proof."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.found: Path | None = None

    def relative(self, text: str) -> str:
        """The path below the data root: as written where it was relative, else the part that is not the machine's."""
        if not is_absolute(text):
            return text
        place = Path(os.path.expanduser(text))
        try:
            return place.relative_to(self.home).as_posix()
        except ValueError:
            pass
        name = re.split(r"[\\/]", text.rstrip("/\\"))[-1] or "data"
        if os.path.exists(self.home / name):
            return name
        if self.found is None:
            self.found = place.parent
        try:
            return place.relative_to(self.found).as_posix()
        except ValueError:
            return name
