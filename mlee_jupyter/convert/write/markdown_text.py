"""Text from a notebook in a Markdown page of ours: it stays text."""

from __future__ import annotations

import re

_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_SPECIAL = re.compile(r"[\\`*\[\]<>|~$&]|(?<!\w)_|_(?!\w)")  # an underscore within a word stands for itself


def plain(text: str) -> str:
    """A text of the notebook's as Markdown shows it: no HTML, no link, no formula, on one line."""
    return _SPECIAL.sub(r"\\\g<0>", " ".join(text.split()))


def prose(text: str) -> str:
    """The notebook's own Markdown, on one line: its emphasis and links stay, its HTML is text."""
    return _TAG.sub(r"\\<", " ".join(text.split()))
