"""A notebook read for its health: one cell that is no Python must not hide what is wrong in the others."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mlee_jupyter.convert.read import cells as reader
from mlee_jupyter.convert.read.facts import TooManyError, facts_of
from mlee_jupyter.convert.read.grammar import (
    AsRun,
    Fault,
    begins_with_magic,
    is_python_2,
    may_be_newer,
    read_as_run,
    stated_version,
)
from mlee_jupyter.convert.read.scopes import bound_in
from mlee_jupyter.convert.types import Cell, Facts, Notebook
from mlee_jupyter.domain import BrokenCell, CellIgnore, CellSeen
from mlee_jupyter.domain.errors import MleeError

_IGNORE = re.compile(r"#\s*mlee:\s*ignore\[([^\]\n]*)\]\s*(.*)")
_EMPTY_LINE = re.compile(r"^[\s)\]}(\[{,:;]*$")
_LONGEST = 100_000  # a line longer than this is data, not code


@dataclass(frozen=True)
class Patient:
    """A notebook as far as it can be read."""

    facts: Facts
    unreadable: frozenset[int]  # numbers of cells that are no Python
    broken: tuple[BrokenCell, ...] = ()  # those of them at which a kernel stops, or may
    hosted: bool = False  # its kernel binds names of its own: Sage, Spark
    by_pylab: bool = False  # so old that `--pylab` may have given it names


def read_patient(path: Path | str, written: Mapping[str, Any] | None = None) -> Patient:
    """The facts of a notebook; cells that are no Python are left out and named.

    Args:
        path: of the file.
        written: what stands in it; None: it is read.

    Raises:
        MleeError: no such file, corrupt JSON, another language.
    """
    path = Path(path)
    written = _written(path) if written is None else written
    hosted = _is_hosted(written)
    unreadable: set[int] = set()
    broken: list[BrokenCell] = []
    found: list[Cell] = []
    for number, raw in enumerate(reader._raw_cells(written, path), start=1):
        if raw.get("cell_type") != "code":
            found.append(reader._cell(raw, number, None))
            continue
        cell, read = _read(raw, number, found)
        if read.fault is not None or not read.followed:
            unreadable.add(number)
        if read.fault is not None and not hosted and not _is_for_another_host(raw, cell):
            broken.append(BrokenCell(number, read.fault.line, read.fault.words, _kind(read.fault, cell, written)))
        found.append(cell)
    _refuse_strangers(path, written, found, broken)
    attached = reader.attached_to(written, "the notebook's")
    notebook = Notebook(path=path, cells=tuple(found), format=_format(written), attached=attached)
    try:
        return Patient(facts_of(notebook), frozenset(unreadable), tuple(broken), hosted, _may_be_by_pylab(written))
    except TooManyError:
        raise
    except MleeError:  # a cell that nests deeper than can be followed: find it
        kept = []
        for cell in notebook.cells:
            try:
                facts_of(replace(notebook, cells=(cell,)))
                kept.append(cell)
            except MleeError:
                unreadable.add(cell.number)
                kept.append(replace(cell, python="", magics=()))
        return Patient(
            facts_of(replace(notebook, cells=tuple(kept))),
            frozenset(unreadable),
            tuple(broken),
            hosted,
            _may_be_by_pylab(written),
        )


def _written(path: Path) -> Mapping[str, Any]:
    text = reader._text(path)
    written = reader._percent(path, text) if path.suffix in (".py", ".md") else reader._json(path, text)
    reader._check_language(path, written)
    return written


def _format(written: Mapping[str, Any]) -> int:
    form = written.get("nbformat", 4)
    return form if isinstance(form, int) else 4


def _read(raw: Mapping[str, Any], number: int, above: list[Cell]) -> tuple[Cell, AsRun]:
    """A code cell as a kernel reads it, and what stopped the reading."""
    source = reader._joined(raw.get("source", raw.get("input", "")))
    try:
        read = read_as_run(source, _bound(above) if begins_with_magic(source) else frozenset())
    except RecursionError:
        read = AsRun(followed=False)
    tags = reader._mapping(raw, "metadata").get("tags", [])
    count = raw.get("execution_count", raw.get("prompt_number"))
    outputs = raw.get("outputs")
    return Cell(
        number=number,
        kind="code",
        source=source,
        python=read.python,
        magics=tuple(read.magics),
        tags=tuple(str(t) for t in tags) if isinstance(tags, list) else (),
        execution_count=count if isinstance(count, int) and not isinstance(count, bool) else None,
        outputs=len(outputs) if isinstance(outputs, list) else 0,
        attached=reader.attached_to(raw),
    ), read


def _is_hosted(written: Mapping[str, Any]) -> bool:
    """Whether the notebook's kernel is one that starts with names of its own."""
    spec = reader._mapping(reader._mapping(written, "metadata"), "kernelspec")
    said = " ".join(str(spec.get(key, "")) for key in ("name", "display_name", "language"))
    return bool(_HOSTS.search(said))


def _may_be_by_pylab(written: Mapping[str, Any]) -> bool:
    """Format 3, or brought from there to 4.0 without a kernel."""
    spec = reader._mapping(reader._mapping(written, "metadata"), "kernelspec")
    return _format(written) < 4 or (not spec and written.get("nbformat_minor") == 0)


def _bound(above: Iterable[Cell]) -> frozenset[str]:
    """Names that the cells above bind: a variable named ls hides the magic."""
    names: set[str] = set()
    for cell in above:
        try:
            names |= bound_in(ast.parse(cell.python).body)[0]
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            continue
    return frozenset(names)


_HOSTS = re.compile(
    r"(?<![a-z])sage(?!maker)|spark|glue|livy|arcgis|qgis|blender|toree|sparkmagic|databricks|synapse|sympy|xonsh"
    r"|(?<![a-z])hy\b",
    re.I,
)
_HOST_MAGIC = re.compile(r"\s*%\w")
_CELL_LANGUAGES = (("vscode", "languageId"), ("dotnet_interactive", "language"), ("polyglot_notebook", "kernelName"))


def _is_for_another_host(raw: Mapping[str, Any], cell: Cell) -> bool:
    """Whether a cell that is no Python may still run: another language by its metadata, or a host's magic above it.

    Databricks writes `%sql` or `%md` over a whole cell; SoS, Polyglot and Deepnote keep the language in the metadata.
    """
    metadata = reader._mapping(raw, "metadata")
    said = [reader._mapping(metadata, table).get(key) for table, key in _CELL_LANGUAGES]
    said += [metadata.get("kernel"), metadata.get("language"), raw.get("language")]
    if any(isinstance(name, str) and "python" not in name.lower() for name in said):
        return True
    kinds = (metadata.get("deepnote_cell_type"), metadata.get("cell_type"), metadata.get("code_type"))
    if any(isinstance(kind, str) and kind.lower() not in ("code", "python") for kind in kinds):
        return True
    lines = [line for line in cell.source.split("\n") if line.strip() and not line.lstrip().startswith("#")]
    if not lines or not _HOST_MAGIC.match(lines[0]) or len(lines) < 2:
        return False
    return lines[0].split()[0].lstrip("%") in _HOST_LANGUAGES


_HOST_LANGUAGES = frozenset(
    [
        "sql",
        "md",
        "md-sandbox",
        "sh",
        "scala",
        "r",
        "fs",
        "python",
        "java",
        "javascript",
        "html",
        "configure",
        "spark",
        "sparkr",
        "bash",
        "markdown",
    ]
)


def _kind(fault: Fault, cell: Cell, written: Mapping[str, Any]) -> str:
    version = stated_version(written)
    if fault.automagic:
        return "bare magic"
    if version is not None and version < (3,):
        return "Python 2"
    if version is None and is_python_2(cell.source):
        return "Python 2"
    if (version is None or version > sys.version_info[:2]) and may_be_newer(fault):
        return "newer Python"
    return "broken"


def _refuse_strangers(path: Path, written: Mapping[str, Any], cells: list[Cell], broken: list[BrokenCell]) -> None:
    """A notebook that names no language and is mostly no Python is in another one."""
    metadata = reader._mapping(written, "metadata")
    named = reader._mapping(metadata, "kernelspec") or reader._mapping(metadata, "language_info")
    filled = sum(c.kind == "code" and bool(c.source.strip()) for c in cells)
    if not named and sum(b.kind == "broken" for b in broken) > max(2, filled / 2):
        raise MleeError(
            f"{path.name} names no language, and most of it is no Python.", "Choose its kernel and save it."
        )


def cells_seen(patient: Patient) -> Iterator[CellSeen]:
    """Each code cell that holds anything."""
    for cell in patient.facts.notebook.code:
        lines = [
            (number, line.rstrip())
            for number, line in enumerate((cell.python or "").split("\n"), start=1)
            if len(line) < _LONGEST and not line.lstrip().startswith("#") and not _EMPTY_LINE.match(line)
        ]
        yield CellSeen(
            number=cell.number,
            execution_count=cell.execution_count,
            lines=tuple(lines),
            length=len(cell.source.rstrip().split("\n")),
            readable=cell.number not in patient.unreadable,
            expects_error="raises-exception" in cell.tags,
        )


def ignores_in(notebook: Notebook) -> Iterator[CellIgnore]:
    """Every `# mlee: ignore[rule, rule] reason` of the code cells."""
    for cell in notebook.code:
        if "mlee:" not in cell.source:
            continue
        for number, line in enumerate(cell.source.split("\n"), start=1):
            if match := _IGNORE.search(line):
                for rule in filter(None, (r.strip() for r in match[1].split(","))):
                    yield CellIgnore(cell=cell.number, line=number, rule=rule, because=match[2].strip())
