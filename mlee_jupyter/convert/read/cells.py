"""A notebook file as Cells. Nothing is executed."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tokenize import TokenError
from typing import Any

from mlee_jupyter.convert.types import Cell, Heading, Notebook
from mlee_jupyter.domain.errors import MleeError

from .carried import Carried, CellReading
from .expansion import names_of
from .grammar import begins_with_magic
from .magic_code import carry
from .notebook_file import NotebookDocument, joined, read_document, source_of, table
from .positions import Source
from .scopes import bound_in

MOST_CELLS, MOST_CODE = 10_000, 2_000_000  # of a notebook; characters of its code. Reading more takes many seconds
_WORD = re.compile(r"[^\W\d]\w*")
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*)$")
_DRAWN_IN_TEXT = "svg+xml"
_WRITTEN = re.compile(r">([^<>]+)<")  # what a drawing writes, without its curves and pictures
_BINARY = ("image/", "audio/", "video/", "application/pdf", "application/octet", "pdf")
_FENCE = re.compile(r"^\s*(```|~~~)")


def read_notebook(path: Path | str, *, against_schema: bool = False) -> Notebook:
    """The cells of a notebook file, magics carried into plain Python.

    Args:
        path: the file.
        against_schema: remark where it does not keep to nbformat's schema; nbformat is imported for that.

    Raises:
        MleeError: no such file, corrupt JSON, another language, or a cell that is not Python 3; one line each.
    """
    document = read_document(path)
    says_python_2 = document.says_python_2()
    raw_cells = list(document.cells())
    _refuse_what_is_too_long(raw_cells)
    carried = _carried(raw_cells, document.path.parent)
    cells = tuple(cell_of(raw, number, carried.get(number)) for number, raw in enumerate(raw_cells, start=1))
    return Notebook(
        path=document.path,
        cells=cells,
        format=document.format,
        remarks=tuple(_remarks(document, says_python_2, against_schema)),
        attached=attached_to(document.content, "the notebook's"),
    )


def _refuse_what_is_too_long(raw_cells: Sequence[Mapping[str, Any]]) -> None:
    if len(raw_cells) > MOST_CELLS:
        raise MleeError(f"There are {len(raw_cells):,} cells, and {MOST_CELLS:,} are looked at.", "Divide it.")
    code = [len(source_of(raw)) if raw.get("cell_type", "raw") == "code" else 0 for raw in raw_cells]
    if sum(code) > MOST_CODE:
        raise MleeError(
            f"Its code has {sum(code):,} characters, and {MOST_CODE:,} are looked at (most in cell"
            f" {max(range(len(code)), key=code.__getitem__) + 1}).",
            "Keep data in a file.",
        )


def _remarks(document: NotebookDocument, says_python_2: bool, against_schema: bool) -> Iterator[str]:
    if says_python_2:
        yield "its metadata say Python 2; every cell is Python 3 as well and is taken as that"
    if against_schema and (fault := document.fault()) is not None:
        yield f"the file does not keep to nbformat's schema ({fault}); it was read as it stands"


def _carried(raw_cells: Sequence[Mapping[str, Any]], folder: Path) -> dict[int, Carried]:
    """The code cells' Python, by number: what `$x` means in a shell line depends on the cells above it."""
    sources = {
        number: source_of(raw) for number, raw in enumerate(raw_cells, start=1) if raw.get("cell_type", "raw") == "code"
    }
    reading = CellReading(folder=folder, words=frozenset(w for s in sources.values() for w in _WORD.findall(s)))
    carried: dict[int, Carried] = {}
    for number, source in sources.items():
        above = _bound_by(carried.values()) if begins_with_magic(source.strip()) else reading.shadowed
        carried[number] = _read(source, number, replace(reading, shadowed=above))
    needs = frozenset(name for one in carried.values() for name in one.needs)
    for one in carried.values():
        if needs and "import" in one.python:
            one.python = _imported_once(one.python, needs)
    if any(one.lines for one in carried.values()):
        try:
            names = names_of([(one.python, one.lines) for one in carried.values()])
            names.forgetful = any(one.forgets for one in carried.values())
            for one in carried.values():
                one.python, problems = names.resolve(one.python, one.lines, one.forgets)
                one.problems += problems
        except RecursionError:
            raise MleeError("A cell nests deeper than can be followed.", "Simplify it.") from None
    return carried


def _bound_by(cells: Iterable[Carried]) -> frozenset[str]:
    """Names that cells bind: a cell `ls` shows the variable of that name."""
    return frozenset(name for cell in cells for name in bound_in(ast.parse(cell.python).body)[0])


def _imported_once(python: str, needs: frozenset[str]) -> str:
    """The Python without imports, in blocks, of what a magic needs: that is imported above all of it."""
    source = Source(python)
    inner = (n for s in ast.parse(python).body for n in ast.walk(s) if n is not s and isinstance(n, ast.Import))
    found = [n for n in inner if all(a.asname is None and a.name in needs for a in n.names)]
    for start, end in sorted(map(source.span, found), reverse=True):
        python = f"{python[:start]}pass{python[end:]}"
    return python


def _read(source: str, number: int, reading: CellReading) -> Carried:
    try:
        return carry(source, number, reading)
    except (SyntaxError, TokenError) as fault:  # IPython's own reading of a line stumbles over odd indentation
        raise MleeError(f"Cell {number} is not Python: {fault.args[0]}.", "Mend the cell, or remove it.") from None


def attached_to(raw: Mapping[str, Any], whose: str = "its") -> tuple[tuple[str, str], ...]:
    """The texts of a cell's outputs and metadata, each with what it is; pictures and other binary data are left out."""
    found: list[tuple[str, str]] = []
    metadata = raw.get("metadata")
    if metadata and isinstance(metadata, Mapping):
        found.append((f"{whose} metadata", json.dumps(metadata, ensure_ascii=False)))
    outputs = raw.get("outputs")
    for output in outputs if isinstance(outputs, list) else ():
        if not isinstance(output, Mapping):
            continue
        for key, value in output.items():
            if key in ("output_type", "execution_count", "name"):
                continue
            parts = value if isinstance(value, Mapping) and key == "data" else {key: value}
            found += [(f"{whose} output", t) for kind, part in parts.items() if (t := _text_of(str(kind), part))]
    attachments = raw.get("attachments")
    if attachments and isinstance(attachments, Mapping):
        found.append((f"{whose} attachment", " ".join(map(str, attachments))))
        for name, bundle in attachments.items():
            of_kinds = bundle.items() if isinstance(bundle, Mapping) else [(name, bundle)]
            found += [(f"{whose} attachment", t) for kind, part in of_kinds if (t := _text_of(str(kind), part))]
    return tuple((where, text) for where, text in found if len(text) > 8)


def _text_of(kind: str, part: object) -> str:
    """What a part of an output or an attachment says, of any kind that is text; a drawing is one."""
    if kind.endswith(_DRAWN_IN_TEXT):
        return "\n".join(_WRITTEN.findall(joined(part)))
    if kind.startswith(_BINARY):
        return ""
    return joined(part) if isinstance(part, (str, list)) else json.dumps(part, ensure_ascii=False)


def cell_of(raw: Mapping[str, Any], number: int, carried: Carried | None) -> Cell:
    """A cell as it is written; one of code with its Python."""
    kind = str(raw.get("cell_type", "raw"))
    source = source_of(raw)
    tags = table(raw, "metadata").get("tags", [])
    tags = tuple(str(t) for t in tags) if isinstance(tags, list) else ()
    if carried is None:
        found = _headings(source) if kind == "markdown" else ()
        return Cell(
            number=number, kind="markdown" if kind == "markdown" else "raw", source=source, tags=tags, headings=found,
            attached=attached_to(raw),
        )  # fmt: skip
    count = raw.get("execution_count")
    outputs = raw.get("outputs")
    return Cell(
        number=number,
        kind="code",
        source=source,
        python=carried.python,
        magics=tuple(carried.magics),
        needs=tuple(dict.fromkeys(carried.needs)),
        tags=tags,
        execution_count=count if isinstance(count, int) and not isinstance(count, bool) else None,
        outputs=len(outputs) if isinstance(outputs, list) else 0,
        candidate=carried.candidate,
        hard_limit=carried.hard_limit,
        problems=tuple(carried.problems),
        attached=attached_to(raw),
    )


def _headings(source: str) -> tuple[Heading, ...]:
    found, fenced = [], False
    for line in source.splitlines():
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced and (match := _HEADING.match(line)):
            text = match[2].rstrip()
            text = text.rstrip("#").rstrip(" \t") or text
            if text:
                found.append(Heading(level=len(match[1]), text=text))
    return tuple(found)
