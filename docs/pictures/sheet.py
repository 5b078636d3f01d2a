"""The page that shows every screen in every look."""

from __future__ import annotations

from pathlib import Path

from .screens import SCREENS, file_name

HEAD = """# Every screen

Written by `python docs/make_screenshots.py`, from a real JupyterLab: light and dark, in a
window of 1280 pixels and in one of 800.
"""
WIDTHS = ((1280, "61%"), (800, "38%"))


def text() -> str:
    """The page."""
    parts = [HEAD]
    for screen in SCREENS:
        parts.append(f"\n## {screen.shows}\n")
        for theme in ("light", "dark"):
            pictures = [
                f'<img src="images/screens/{file_name(screen.name, theme, width)}" width="{share}" '
                f'alt="{screen.shows}; {theme}, {width} pixels">'
                for width, share in WIDTHS
            ]
            parts.append("\n" + "\n".join(pictures) + "\n")
    parts.append("\n## The scoreboard under its cell\n")
    for theme in ("light", "dark"):
        parts.append(f'\n<img src="images/scoreboard_{theme}.png" width="70%" alt="The scoreboard, {theme}">\n')
    return "".join(parts)


def write(file: Path) -> None:
    """Write it."""
    file.write_text(text(), "utf-8")
