"""Every picture that README and docs name is there, and every screen in the list has its pictures."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
NAMED = re.compile(r'!\[[^\]]*\]\(([^)\s]+)\)|<img src="([^"]+)"')
SCREENS = ROOT / "docs" / "images" / "screens"  # not in the sdist
MOST_BYTES = 6_000_000


def named(page: Path) -> list[str]:
    return [
        found for pair in NAMED.findall(page.read_text("utf-8")) if not (found := pair[0] or pair[1]).startswith("http")
    ]


@pytest.mark.parametrize("page", [page for page in PAGES if named(page)], ids=lambda page: page.name)
def test_every_picture_that_is_named_is_there(page: Path) -> None:
    assert [name for name in named(page) if not (page.parent / name).is_file()] == []


def test_no_picture_lies_about_unused() -> None:
    used = {(page.parent / name).resolve() for page in PAGES for name in named(page)}
    kept = {file.resolve() for file in (ROOT / "docs" / "images").rglob("*") if file.is_file()}
    assert kept - used == set()
    assert sum(file.stat().st_size for file in kept) < MOST_BYTES


@pytest.mark.skipif(not SCREENS.exists(), reason="the pictures of every screen are in the repository only")
def test_the_list_of_screens_is_what_is_shown() -> None:
    from docs.pictures.screens import expected
    from docs.pictures.sheet import text

    kept = {file.name for file in SCREENS.iterdir()}
    assert kept == set(expected())
    assert (ROOT / "docs" / "screens.md").read_text("utf-8") == text(), "run python docs/make_screenshots.py"
