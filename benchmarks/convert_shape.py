"""The shape of packages, read off their files: what would make an engineer frown before any test is run.

    python -m benchmarks.convert_shape NOTEBOOKS [--most N]

Plans and writes each notebook of a folder without running it, and counts over the packages: functions with more than
five inputs or three outputs, numbered keys, settings that only a picture reads, names that say nothing, docstrings that
repeat the name, marks for the linter, lines of source for a line of the notebook's code, configurations and their size.
"""

from __future__ import annotations

import argparse
import ast
import re
import statistics
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.short import Short

SHORT = Short(
    arguments=("{notebooks}", "--most", "4"),
    columns=("", "found", "target"),
    rows=8,
)

MOST_INPUTS, MOST_OUTPUTS = 5, 3
_PLACEHOLDER = re.compile(
    r"(^|_)(stage|step|cell|part|block|chunk|values?|things?|stuff|misc|other)(_?\d+)?$|_\d+$|^(run|compute|make|plot|do)_[a-z]$"
)
_DRAWING_KEY = re.compile(
    r"(^|_)(colou?rs?|cmap|palette|figsize|fig_size|dpi|linewidth|lw|markers?|fontsize|xlim|ylim|axis|axes|title|x?label)(_|$)"
)
_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}")


def functions_in(files: Mapping[str, str]) -> Iterator[tuple[ast.FunctionDef, str]]:
    """The functions at the top of the modules that hold the notebook's code."""
    for name, text in files.items():
        if re.fullmatch(r"src/\w+/\w+\.py", name) and not name.endswith(
            ("/config.py", "/__main__.py", "/data_root.py", "/figures.py", "/__init__.py", "/pipeline.py")
        ):
            for node in ast.parse(text).body:
                if isinstance(node, ast.FunctionDef):
                    yield node, text


def outputs_of(function: ast.FunctionDef) -> int:
    """How many values a function gives back."""
    last = function.body[-1]
    if not isinstance(last, ast.Return) or last.value is None:
        return 0
    return len(last.value.elts) if isinstance(last.value, ast.Tuple) else 1


def repeats(function: ast.FunctionDef) -> bool:
    """Whether a docstring says no word that is not in the name."""
    said = ast.get_docstring(function)
    words = set(re.findall(r"[a-z]+", (said or "").lower()))
    return bool(said) and words <= {*function.name.split("_"), "the", "a", "an", "gives", "of", "and"}


def shape_of(files: Mapping[str, str], own: frozenset[str], notebook_lines: int) -> dict[str, Any]:
    """What one package counts.

    Args:
        files: its files by path.
        own: names of functions that the notebook itself defines: their signatures are its own.
        notebook_lines: lines of code of the notebook.
    """
    found = list(functions_in(files))
    made = [f for f, _ in found if f.name not in own]
    table = tomllib.loads(files.get("config.toml", ""))
    keys = [(key, value) for entries in table.values() for key, value in entries.items()]
    run = next(
        n for n in ast.parse(next(t for f, t in files.items() if f.endswith("/pipeline.py"))).body
        if isinstance(n, ast.FunctionDef) and n.name == "run"
    )  # fmt: skip
    keys += [(a.arg, None) for a in run.args.kwonlyargs]
    source = [t for f, t in files.items() if f.startswith("src/") and f.endswith(".py")]
    lines = sum(1 for text in source for line in text.splitlines() if line.strip())
    return {
        "functions": len(made),
        "inputs": [f.name for f in made if len([*f.args.args, *f.args.kwonlyargs]) > MOST_INPUTS],
        "outputs": [f.name for f in made if outputs_of(f) > MOST_OUTPUTS],
        "numbered": [k for k, _ in keys if re.search(r"_\d+$", k)],
        "drawing": [k for k, v in keys if _DRAWING_KEY.search(k) or _COLOUR.search(str(v))],
        "keys": len(keys),
        "placeholders": [f.name for f in made if _PLACEHOLDER.search(f.name)],
        "docstrings": [f.name for f in made if repeats(f)],
        "noqa": sum(text.count("# noqa") for text in source),
        "loader": any(f.endswith("/config.py") for f in files),
        "loader_few": any(f.endswith("/config.py") for f in files) and len(keys) < 3,
        "ratio": lines / max(1, notebook_lines),
        "longest": max((len(line) for text in source for line in text.splitlines()), default=0),
    }


def measured(notebook: Path) -> dict[str, Any] | None:
    """One notebook; None where it is refused."""
    from mlee_jupyter.convert.plan.planning import plan_notebook
    from mlee_jupyter.convert.types import Kind
    from mlee_jupyter.convert.write.emit import emit
    from mlee_jupyter.domain.errors import MleeError

    try:
        plan = plan_notebook(notebook)
    except MleeError:
        return None
    facts = plan.original or plan.facts
    own = frozenset(n for s in facts.statements if s.kind is Kind.FUNCTION for n in s.binds)
    lines = sum(1 for c in facts.notebook.code for line in c.source.splitlines() if line.strip())
    with tempfile.TemporaryDirectory() as folder:
        written = emit(plan, Path(folder) / "package")
    return shape_of(written.files, own, lines)


def table(rows: list[dict[str, Any]]) -> str:
    """The figures beside their targets."""

    def count(name: str) -> int:
        return sum(len(r[name]) if isinstance(r[name], list) else int(r[name]) for r in rows)

    functions, keys = count("functions"), count("keys")
    lines = [f"{len(rows)} packages", "", "| | found | target |", "|---|---|---|"]
    for name, said, of in (
        ("inputs", "functions with more than 5 inputs", functions),
        ("outputs", "functions with more than 3 outputs", functions),
        ("numbered", "numbered keys", keys),
        ("drawing", "keys of drawing values", keys),
        ("placeholders", "names that say nothing", functions),
        ("docstrings", "docstrings that repeat the name", functions),
        ("loader_few", "configurations for fewer than three settings", len(rows)),
    ):
        lines.append(f"| {said} | {count(name)} of {of} | 0 |")
    marked = sum(1 for r in rows if r["noqa"])
    lines.append(f"| packages with a mark for the linter (marks) | {marked} ({count('noqa')}) | {len(rows) // 10} |")
    ratio = statistics.median(r["ratio"] for r in rows)
    lines.append(f"| lines of source for a line of the notebook, median | {ratio:.1f} | 3 |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notebooks", type=Path)
    parser.add_argument("--most", type=int, default=10_000)
    parser.add_argument("--names", action="store_true", help="say which functions and keys")
    asked = parser.parse_args()
    rows = []
    for notebook in sorted(asked.notebooks.glob("*.ipynb"))[: asked.most]:
        row = measured(notebook)
        if row is None:
            continue
        rows.append(row)
        if asked.names:
            print(notebook.name, {k: v for k, v in row.items() if isinstance(v, list) and v}, flush=True)
    print(table(rows))


if __name__ == "__main__":
    main()
