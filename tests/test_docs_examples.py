"""Every example of README and docs runs: Python, notebook cells, settings, charters; every command line can be typed.

A block of `python` or `ipython` is run, in the order of its page, among the names of `docs_world`; a comment behind a
`print(...)` is what it prints. Lines of other blocks, and words in backticks, that begin with a magic or with `mlee`
are read by the parser that will read them.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import mlee_jupyter
from mlee_jupyter.cli import main as command_line
from mlee_jupyter.domain import charter_toml, settings
from mlee_jupyter.magics import magic_lines
from mlee_jupyter.magics.magics import MleeMagics
from mlee_jupyter.session import current
from mlee_jupyter.session.verbs import every_verb
from mlee_jupyter.stats.metrics.catalogue import REGISTERED

from .conftest import Shell
from .docs_world import world

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = {page.relative_to(ROOT).as_posix(): page for page in [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]}
FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```$", re.DOTALL | re.MULTILINE)
MAGIC = re.compile(r"^%%?(mlee\w*)(.*)$")
PLACEHOLDERS = {"M": "5", "ROWS": "500", "N": "2"}  # numbers, as the pages leave them to the reader


def blocks(text: str, *languages: str) -> list[str]:
    return [body for language, body in FENCE.findall(text) if language in languages]


def typed(text: str) -> list[str]:
    """Lines that a reader would type: of code blocks without a language, fenced or indented, and in backticks."""
    plain = [line for body in blocks(text, "", "ipython") for line in body.splitlines()]
    rest = FENCE.sub("", text)
    indented = re.findall(r"^ {4}(\S.*)$", rest, re.MULTILINE)
    quoted = re.findall(r"`([^`\n]+)`", rest)
    lines = [re.sub(r"^In \[\d+\]: ", "", line) for line in (*plain, *indented, *quoted)]
    return [line for line in lines if MAGIC.match(line) or re.match(r"mlee [a-z]", line)]


def without_comment(line: str) -> str:
    return re.split(r"\s{2,}#\s", line)[0].rstrip()


def promised(code: str) -> list[str]:
    """What the comments behind prints say is printed."""
    return re.findall(r"^ *print\(.*\)  # (.*)$", code, re.MULTILINE)


@pytest.fixture
def reader(project: Path) -> Iterator[Path]:
    """A reader's folder, with a session of its own and the variables that pages speak of."""
    current.forget_session()
    yield project
    current.forget_session()
    REGISTERED.pop("profit", None)


WITH_PYTHON = {name: page for name, page in PAGES.items() if blocks(page.read_text("utf-8"), "python")}
WITH_CELLS = {name: page for name, page in PAGES.items() if blocks(page.read_text("utf-8"), "ipython")}
WITH_TOML = {name: page for name, page in PAGES.items() if blocks(page.read_text("utf-8"), "toml")}


@pytest.mark.parametrize("page", WITH_PYTHON.values(), ids=WITH_PYTHON)
def test_every_python_example_runs_and_prints_what_it_says(page: Path, reader: Path) -> None:
    names = {"__name__": "__main__", **world()}
    for code in blocks(page.read_text("utf-8"), "python"):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, str(page), "exec"), names)
        lines = iter(printed.getvalue().splitlines())
        assert [line for line in promised(code) if line not in lines] == [], printed.getvalue()  # each, in this order


@pytest.mark.parametrize("page", WITH_CELLS.values(), ids=WITH_CELLS)
def test_every_notebook_example_runs(page: Path, shell: Shell) -> None:
    shell.names.update(world())
    for cell in blocks(page.read_text("utf-8"), "ipython"):
        shell.run(cell)


@pytest.mark.parametrize("page", WITH_TOML.values(), ids=WITH_TOML)
def test_every_toml_example_is_read_by_what_reads_it(page: Path, reader: Path) -> None:
    for text in blocks(page.read_text("utf-8"), "toml"):
        if "tool" in tomllib.loads(text):
            (reader / "pyproject.toml").write_text(text, "utf-8")
            settings.read()
        else:
            charter_toml.parse(text)


def test_every_hook_that_is_shown_is_one_of_ours() -> None:
    ours = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))}
    shown = [yaml.safe_load(text) for page in PAGES.values() for text in blocks(page.read_text("utf-8"), "yaml")]
    assert [
        hook["id"] for one in shown for repo in one.get("repos", ()) for hook in repo["hooks"] if hook["id"] not in ours
    ] == []
    assert any("repos" in one for one in shown)


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_every_line_that_is_shown_can_be_typed(page: Path, shell: Shell) -> None:
    magics = MleeMagics(shell.ipython)
    for line in map(without_comment, typed(page.read_text("utf-8"))):
        try:
            _read(line, magics, shell)
        except (SystemExit, Exception) as fault:
            pytest.fail(f"{line!r}: {fault!r}")


def _read(line: str, magics: Any, shell: Shell) -> None:
    """Parse a line; a name alone is a mention, not an order."""
    magic = MAGIC.match(line)
    words = magic.group(2).rstrip("?") if magic else line.removeprefix("mlee ")
    words = " ".join(PLACEHOLDERS.get(word, word) for word in words.split(" "))
    if magic and (not words.strip() or words.strip() == "VERB"):
        assert hasattr(magics, magic.group(1))
        return
    if magic is None:
        arguments = shlex.split(words.partition(" > ")[0], comments=True)
        if len(arguments) > 1 or not arguments[0].isidentifier():
            command_line._parser().parse_args(arguments)
        else:
            assert arguments[0] in command_line._parser().format_help()
        return
    bound = getattr(magics, magic.group(1))
    if not hasattr(bound, "parser"):
        return
    asked = vars(bound.parser.parse_args(magic_lines.words(words, shell.ipython)))
    assert "verb" not in asked or asked["verb"] in every_verb.verbs()


# ---------------------------------------------------------------------- the reference


PYTHON_PAGE = (DOCS / "reference" / "python.md").read_text("utf-8")


@pytest.mark.parametrize("name", mlee_jupyter.__all__)
def test_every_public_name_has_a_section_with_an_example(name: str) -> None:
    (section,) = [part for part in PYTHON_PAGE.split("\n## ")[1:] if part.partition("\n")[0] == name]
    assert blocks(section, "python"), "an example"
    documented = re.findall(r"^::: (\S+)$", section, re.MULTILINE)
    assert any(_found(place) is getattr(mlee_jupyter, name) for place in documented), documented


def _found(place: str) -> Any:
    from importlib import import_module

    module, _, name = place.rpartition(".")
    return getattr(import_module(module), name)


def test_nothing_else_is_called_public() -> None:
    assert set(re.findall(r"^## (\S+)$", PYTHON_PAGE, re.MULTILINE)) == set(mlee_jupyter.__all__)


# ---------------------------------------------------------------------- the test itself


def test_a_wrong_example_would_be_seen(shell: Shell) -> None:
    magics = MleeMagics(shell.ipython)
    for wrong in ("%mlee_experiment begin shelf", "%mlee_scoreboard --wy svm", "%mlee_scores", "mlee chek a.ipynb"):
        with pytest.raises((SystemExit, Exception)):
            _read(wrong, magics, shell)
    assert promised("print(1)  # 2\nx = 3  # 4") == ["2"]
    assert typed("say `%mlee_check MLE201`\n\n    mlee check a.ipynb\n") == ["mlee check a.ipynb", "%mlee_check MLE201"]
