"""docs/statistics.md says where every function of the engine is checked; this holds it and the code together."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "statistics.md").read_text(encoding="utf-8")
ROWS = [line.split("|")[1:6] for line in PAGE.splitlines() if line.startswith("| `")]
FILES = {path.stem: path for path in (ROOT / "mlee_jupyter" / "stats").rglob("[!_]*.py")}
MODULES = set(FILES)
NO_STATISTICS = {
    "catalogue",
    "traits",
    "expected",
    "refused",
    "truth_kinds",
    "probabilities",
    "metric_names",
    "array_codec",
    "labels",
    "label_remarks",
    "scored",
    "registered",
    "columns",
    "fold_tables",
    "class_columns",
    "row_index",
    "row_scores",
    "target",
    "times",
}  # names of metrics, reading, checking


def functions(path: Path) -> set[str]:
    found = ast.parse(path.read_text(encoding="utf-8")).body
    return {node.name for node in found if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")}


@pytest.mark.parametrize("module", sorted(MODULES - NO_STATISTICS))
def test_every_function_is_in_the_table(module: str) -> None:
    named = {name.split(".")[1] for row in ROWS for name in re.findall(rf"`({module}\.\w+)`", row[0])}
    assert named == functions(FILES[module])


def test_whatever_is_left_out_is_there() -> None:
    assert NO_STATISTICS < MODULES


def test_every_test_in_the_table_exists() -> None:
    named = {cell for row in ROWS for cell in re.findall(r"`([\w./]+::\w+)`", "|".join(row[2:]))}
    assert len(named) > 30
    for one in named:
        file, _, test = one.partition("::")
        assert test in functions(ROOT / "tests" / "stats" / f"{file}.py"), one


def test_every_row_says_all_three() -> None:
    for function, _, *checks in ROWS:
        assert all(check.strip() for check in checks), function


def test_a_source_stands_where_its_formula_is() -> None:
    """Name and year, so that whoever reads the code can look it up."""
    missing = []
    for function, source, *_ in ROWS:
        for module in dict.fromkeys(re.findall(r"`(\w+)\.\w+`", function)):
            text = FILES[module].read_text(encoding="utf-8")
            named = re.findall(r"([A-Z][\w'-]+)(?: et al\.)?(?:(?:,| and) [A-Z][\w-]+)* (\d{4})", source)
            missing += [f"{module}: {who} {year}" for who, year in named if who not in text or year not in text]
    assert missing == []
