"""docs/architecture.md names the floors, packages and folders that there are, and no others."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "mlee_jupyter"
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")


def folders() -> set[str]:
    return {path.parent.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("__init__.py")} - {"."}


def drawn(tree: str) -> set[str]:
    """The folders of a tree that is drawn by two spaces a level, below its first line."""
    found, above = set[str](), list[str]()
    for line in tree.strip().splitlines()[1:]:
        match = re.match(r"( +)(\w+)/", line)
        assert match is not None, line
        above = [*above[: len(match[1]) // 2 - 1], match[2]]
        found.add("/".join(above))
    return found


def floors() -> list[set[str]]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    (layers,) = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    return [set(layer.split(" | ")) for layer in layers]


def test_the_tree_is_the_packages() -> None:
    (tree,) = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
    assert drawn(tree) == folders()


def test_the_table_of_floors_is_the_contract() -> None:
    table = PAGE.partition("| floor |")[2].partition("\n\n")[0].splitlines()[2:]
    assert [set(re.findall(r"`(\w+)`", row.split("|")[2])) for row in table] == floors()


def test_each_package_has_its_paragraph() -> None:
    told = re.findall(r"^\*\*`(\w+)`\*\*", PAGE, re.MULTILINE)
    assert sorted(told) == sorted(name for name in folders() if "/" not in name)


def test_a_tree_is_read_by_its_indent() -> None:
    assert drawn("top/\n  a/   words\n    b/\n      c/\n  d/  more\n") == {"a", "a/b", "a/b/c", "d"}


def test_where_a_change_goes_names_what_there_is() -> None:
    table = PAGE.partition("## Where a change goes")[2].partition("\n\n[")[0]
    named = re.findall(r"`([\w./]+/[\w./]*)`", table)
    assert len(named) > 10
    assert [path for path in named if not (ROOT / path).exists()] == []
