"""The stories of CONTRIBUTING.md: what each says to write, and where."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
_FILE = re.compile(r"\*\*\d\. [^*]+\*\*, `([^`]+)`.*?```\w+\n(.*?)```", re.DOTALL)


def story(heading: str) -> str:
    """The part of the page under a heading that begins so."""
    parts = re.split(r"^## ", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), flags=re.MULTILINE)
    (found,) = [part for part in parts if part.startswith(heading)]
    return found


def files_of(heading: str) -> dict[str, str]:
    """The files that a story writes, by their path."""
    return dict(_FILE.findall(story(heading)))


def commands_of(heading: str) -> list[str]:
    """The command lines at the end of a story."""
    return re.findall(r"^    (python .*)$", story(heading), re.MULTILINE)
