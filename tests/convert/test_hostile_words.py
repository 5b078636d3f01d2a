"""Words of the notebook in the package's own papers: they stay text, and the papers stay readable."""

from __future__ import annotations

import tomllib
from pathlib import Path

import nbformat
import pytest

from mlee_jupyter.convert.package import package
from mlee_jupyter.convert.write.markdown_text import plain, prose

WORDS = {
    "plain": ("train_test_split 2.5 (a, b)", "train_test_split 2.5 (a, b)"),
    "html": ("<img src=x onerror=alert(1)>", r"\<img src=x onerror=alert(1)\>"),
    "a link": ("[a](javascript:x)", r"\[a\](javascript:x)"),
    "emphasis": ("*a* _b_ c_d", r"\*a\* \_b\_ c_d"),
    "a table's bar, an entity, a formula": ("a|b &lt; $x$", r"a\|b \&lt; \$x\$"),
    "lines": ("one\n# two", "one # two"),
}


@pytest.mark.parametrize(("text", "shown"), WORDS.values(), ids=WORDS)
def test_words_as_markdown_shows_them(text: str, shown: str) -> None:
    assert plain(text) == shown


PROSE = {
    "Markdown": ("**How** do [I](https://a.b/c?d&e) `merge`?", "**How** do [I](https://a.b/c?d&e) `merge`?"),
    "less than": ("a < b", "a < b"),
    "html": ("a <img src=x onerror=alert(1)></a>", r"a \<img src=x onerror=alert(1)>\</a>"),
}


@pytest.mark.parametrize(("text", "shown"), PROSE.values(), ids=PROSE)
def test_the_notebooks_own_prose_stays_markdown(text: str, shown: str) -> None:
    assert prose(text) == shown


def test_a_hostile_file_name_and_code_fence_break_nothing(tmp_path: Path) -> None:
    file = tmp_path / 'a "quoted" <b>name.ipynb'
    cells = [
        nbformat.v4.new_markdown_cell("# <script>x</script> study"),
        nbformat.v4.new_code_cell("rows = [1, 2]"),
        nbformat.v4.new_code_cell("total = sum(rows)"),
        nbformat.v4.new_code_cell("print(total)  # ```` <i>"),
    ]
    file.write_text(nbformat.writes(nbformat.v4.new_notebook(cells=cells)), "utf-8")
    outcome = package(file, tmp_path / "made", name="made", run=False)
    assert outcome.landed is not None
    project = tomllib.loads((tmp_path / "made" / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["description"] == f"Made from {file.name}."
    readme = (tmp_path / "made" / "README.md").read_text("utf-8")
    assert r"\<script>" in readme
    assert "<b>" not in readme
    report = (tmp_path / "made" / "report.md").read_text("utf-8")
    before, fence, _ = report.partition("\n```")
    assert fence
    assert "<b>" not in before.replace(r"\<b\>", "")
