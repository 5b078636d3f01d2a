"""Tests run where the data lies, without windows."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ.setdefault("MPLBACKEND", "agg")
for library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "NUMBA"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")
HERE = Path(__file__).parents[1]
# begin data
DATA = Path(os.environ.get("PACKAGE_NAME_DATA_ROOT", HERE / "data_folder"))
# end data


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder with the data files; the environment variable names another one."""
    monkeypatch.chdir(DATA)
    return DATA
