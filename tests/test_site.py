"""The documentation as a site: it builds without a remark, from this folder alone, and fetches nothing."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from docs import site_pages
from mlee_jupyter.guardrails import rules
from mlee_jupyter.session.verbs import every_verb

ROOT = Path(__file__).parents[1]
PARTS = re.compile(r"""<(?:script|link|img|iframe)\b[^>]*?(?:src|href)="(https?:)?//(?!github\.com)[^"]*""")
required = os.environ.get("MLEE_REQUIRE_DOCS") == "1"
needs_mkdocs = pytest.mark.skipif(
    not required and importlib.util.find_spec("mkdocs") is None, reason='mkdocs is not installed: pip install ".[docs]"'
)
needs_pictures = pytest.mark.skipif(not (ROOT / "docs" / "screens.md").exists(), reason="not in the sdist")


@pytest.mark.slow
@needs_mkdocs
@needs_pictures
def test_the_site_builds_strictly_without_the_network(tmp_path: Path) -> None:
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")],
        cwd=ROOT,
        env={**os.environ, **nowhere, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    built = sorted((tmp_path / "site").rglob("*.html"))
    assert len(built) > len(list((ROOT / "docs").rglob("*.md")))
    fetched = {found[0] for page in built for found in PARTS.finditer(page.read_text("utf-8"))}
    assert {part for part in fetched if 'rel="canonical"' not in part} == set(), (
        "no fonts, scripts or pictures elsewhere"
    )


def test_what_would_be_fetched_is_seen() -> None:
    assert PARTS.search('<link rel="stylesheet" href="https://fonts.example/css">')
    assert PARTS.search('<script defer src="//cdn.example/a.js"></script>')
    assert not PARTS.search('<script src="../assets/a.js"></script> <a href="https://example.org">')


@pytest.mark.parametrize("name", ["magics", "commands", "rule_pages", "schemas"])
def test_a_made_page_is_in_the_contents(name: str) -> None:
    assert site_pages.pages()[name].startswith("# ")
    assert f"reference/{name}.md" in (ROOT / "mkdocs.yml").read_text("utf-8")


def test_made_pages_hold_every_verb_command_and_rule() -> None:
    made = site_pages.pages()
    assert [verb for verb in every_verb.verbs() if f"| `{verb}` | " not in made["magics"]] == []
    assert [one.code for one in rules() if f"\n## {one.code} {one.name}\n" not in made["rule_pages"]] == []
    assert {"check", "package", "scoreboard", "doctor"} <= set(
        re.findall(r"^## (\w+)$", made["commands"], re.MULTILINE)
    )
    assert "### " in made["schemas"].partition("## The store")[2]


def test_every_page_is_in_the_contents() -> None:
    contents = site_pages.with_folders(yaml.load((ROOT / "mkdocs.yml").read_text("utf-8"), yaml.BaseLoader)["nav"])
    pages = [page.relative_to(ROOT / "docs").as_posix() for page in (ROOT / "docs").rglob("*.md")]
    assert [page for page in pages if page not in _flat(contents)] == []


def _flat(entry: Any) -> list[str]:
    """Every page that the contents name."""
    if isinstance(entry, str):
        return [entry]
    below = entry.values() if isinstance(entry, dict) else entry
    return [page for one in below for page in _flat(one)]
