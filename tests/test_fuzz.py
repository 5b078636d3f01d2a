"""A short run of the fuzzers; `python -m benchmarks.fuzz` is the long one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHORT = {"notebooks": 400, "lines": 400, "imports": 150, "stores": 60}


@pytest.mark.slow
@pytest.mark.parametrize("family", SHORT)
def test_mutated_inputs_give_an_outcome_or_one_line(family: str) -> None:
    counts = [f"--{name}={count if name == family else 0}" for name, count in SHORT.items()]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.fuzz", *counts],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    assert f"{family}: {SHORT[family]} inputs" in done.stdout
