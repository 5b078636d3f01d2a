"""A notebook read for its health: one cell that is no Python must not hide what is wrong in the others."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mlee_jupyter.convert.read.cells import attached_to, cell_of
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
from mlee_jupyter.convert.read.notebook_file import NotebookDocument, read_document, source_of, table
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


def read_patient(path: Path | str) -> Patient:
    """The facts of a notebook file; cells that are no Python are left out and named.

    Raises:
        MleeError: no such file, corrupt JSON, another language.
    """
    document = read_document(path)
    document.says_python_2()  # or another language
    return patient_of(document)


def patient_of(document: NotebookDocument) -> Patient:
    """The same of a document at hand.

    Raises:
        MleeError: it is no notebook of Python.
    """
    hosted = _is_hosted(document)
    unreadable: set[int] = set()
    broken: list[BrokenCell] = []
    found: list[Cell] = []
    for number, raw in enumerate(document.cells(), start=1):
        if raw.get("cell_type") != "code":
            found.append(cell_of(raw, number, None))
            continue
        cell, read = _read(raw, number, found)
        if read.fault is not None or not read.followed:
            unreadable.add(number)
        if read.fault is not None and not hosted and not _is_for_another_host(raw, cell):
            broken.append(BrokenCell(number, read.fault.line, read.fault.words, _kind(read.fault, cell, document)))
        found.append(cell)
    _refuse_strangers(document, found, broken)
    attached = attached_to(document.content, "the notebook's")
    notebook = Notebook(path=document.path, cells=tuple(found), format=document.format, attached=attached)
    try:
        return Patient(facts_of(notebook), frozenset(unreadable), tuple(broken), hosted, _may_be_by_pylab(document))
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
            _may_be_by_pylab(document),
        )


def _read(raw: Mapping[str, Any], number: int, above: list[Cell]) -> tuple[Cell, AsRun]:
    """A code cell as a kernel reads it, and what stopped the reading."""
    source = source_of(raw)
    try:
        read = read_as_run(source, _bound(above) if begins_with_magic(source) else frozenset())
    except RecursionError:
        read = AsRun(followed=False)
    tags = table(raw, "metadata").get("tags", [])
    count = raw.get("execution_count")
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
        attached=attached_to(raw),
    ), read


def _is_hosted(document: NotebookDocument) -> bool:
    """Whether the notebook's kernel is one that starts with names of its own."""
    spec = document.metadata("kernelspec")
    said = " ".join(str(spec.get(key, "")) for key in ("name", "display_name", "language"))
    return bool(_HOSTS.search(said))


def _may_be_by_pylab(document: NotebookDocument) -> bool:
    """Format 3, or brought from there to 4.0 without a kernel."""
    spec = document.metadata("kernelspec")
    return document.format < 4 or (not spec and document.content.get("nbformat_minor") == 0)


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
    metadata = table(raw, "metadata")
    said = [table(metadata, host).get(key) for host, key in _CELL_LANGUAGES]
    said += [metadata.get("kernel"), metadata.get("language")]
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


def _kind(fault: Fault, cell: Cell, document: NotebookDocument) -> str:
    version = stated_version(document.content)
    if fault.automagic:
        return "bare magic"
    if version is not None and version < (3,):
        return "Python 2"
    if version is None and is_python_2(cell.source):
        return "Python 2"
    if (version is None or version > sys.version_info[:2]) and may_be_newer(fault):
        return "newer Python"
    return "broken"


def _refuse_strangers(document: NotebookDocument, cells: list[Cell], broken: list[BrokenCell]) -> None:
    """A notebook that names no language and is mostly no Python is in another one."""
    named = document.metadata("kernelspec") or document.metadata("language_info")
    filled = sum(c.kind == "code" and bool(c.source.strip()) for c in cells)
    if not named and sum(b.kind == "broken" for b in broken) > max(2, filled / 2):
        raise MleeError(
            f"{document.path.name} names no language, and most of it is no Python.", "Choose its kernel and save it."
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
