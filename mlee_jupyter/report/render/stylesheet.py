"""The style sheet of every page that a board stands on."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def style() -> str:
    """The style sheet, scoped under one class; comments and line breaks left out."""
    sheet = files(__package__).joinpath("style.css").read_text("utf-8")
    while "/*" in sheet:
        start = sheet.index("/*")
        sheet = sheet[:start] + sheet[sheet.index("*/", start) + 2 :]
    return " ".join(sheet.split())
