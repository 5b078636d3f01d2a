"""The house rules: format, lint, types and floors, checked where the tests are."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CHECKS = {
    "format": ["ruff", "format", "--check", "--quiet", "mlee_jupyter", "tests", "benchmarks"],
    "lint": ["ruff", "check", "--quiet", "mlee_jupyter", "tests", "benchmarks"],
    "types": ["mypy"],
    "floors": ["importlinter.cli", "--no-cache"],
}


@pytest.mark.parametrize("command", CHECKS.values(), ids=CHECKS)
def test_the_house_is_in_order(command: list[str]) -> None:
    tool, *arguments = command
    if tool == "importlinter.cli":
        call = [sys.executable, "-c", "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"]
    else:
        call = [sys.executable, "-m", tool, *arguments]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_docstring_begins_with_what_it_says() -> None:
    heads = re.compile(r'^ *"""\n *(Args|Raises|Returns):', re.MULTILINE)
    assert [path.name for path in (ROOT / "mlee_jupyter").rglob("*.py") if heads.search(path.read_text("utf-8"))] == []
