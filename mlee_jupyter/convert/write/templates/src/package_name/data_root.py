"""Where the data files lie."""

from __future__ import annotations

import os
from pathlib import Path

# begin root
ROOT = "."  # seen from the project's folder
# end root
VARIABLE = "PACKAGE_NAME_DATA_ROOT"  # this environment variable wins


def data_root() -> Path:
    """The folder in which a run reads and writes its files; once installed elsewhere, the folder one is in.

    Raises:
        NotADirectoryError: there is no such folder.
    """
    project = Path(__file__).resolve().parents[2]
    here = project / ROOT if (project / "pyproject.toml").is_file() else Path.cwd()
    root = Path(os.environ.get(VARIABLE) or here).resolve()
    if not root.is_dir():
        raise NotADirectoryError(
            f"There is no folder {root}; name the one with the data files in {VARIABLE}"
        )
    return root
