"""The example of several forecast origins says what it prints, and prints it."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parent.parent / "docs" / "sample_size.md"
HEADING = "## Forecasts: several origins instead of more months"


def test_the_example_of_several_origins_prints_what_it_says() -> None:
    section = PAGE.read_text("utf-8").partition(HEADING)[2].partition("\n## ")[0]
    (code,) = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    printed, names = io.StringIO(), dict[str, Any]()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, str(PAGE), "exec"), names)
    said = re.findall(r"^print\(.*?\)  # (.*)$", code, re.MULTILINE)
    assert len(said) == 3
    assert printed.getvalue().splitlines() == said
