"""A notebook file as Cells: nbformat 3 and 4, and py:percent where jupytext is installed. Nothing is executed."""

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
from mlee_jupyter.domain.files import parse_json, read_text

from .expansion import names_of
from .grammar import begins_with_magic
from .magic_code import Carried, CellReading, carry
from .positions import Source
from .scopes import bound_in

_WORD = re.compile(r"[^\W\d]\w*")
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*)$")
_BINARY = ("image/", "audio/", "video/", "application/pdf", "application/octet", "png", "jpeg", "pdf")
_FENCE = re.compile(r"^\s*(```|~~~)")


def read_notebook(path: Path | str) -> Notebook:
    """The cells of a notebook file, magics carried into plain Python.

    Raises:
        MleeError: no such file, corrupt JSON, another language, or a cell that is not Python 3; one line each.
    """
    path = Path(path)
    text = _text(path)
    if path.suffix in (".py", ".md"):
        written, size = _percent(path, text), len(text)
    else:
        written, size = _json(path, text), len(text)
    says_python_2 = _check_language(path, written)
    form = written.get("nbformat", 4)
    form = form if type(form) is int else 4
    raw_cells = list(_raw_cells(written, path))
    carried = _carried(raw_cells, path.parent)
    cells = tuple(_cell(raw, number, carried.get(number)) for number, raw in enumerate(raw_cells, start=1))
    remarks = (
        ("its metadata say Python 2; every cell is Python 3 as well and is taken as that",) if says_python_2 else ()
    )
    return Notebook(
        path=path,
        cells=cells,
        format=form,
        bytes_read=size,
        remarks=remarks,
        attached=attached_to(written, "the notebook's"),
    )


def _text(path: Path) -> str:
    try:
        return read_text(path)
    except FileNotFoundError:
        raise MleeError(f"There is no notebook {path}.", "Check the path.") from None
    except IsADirectoryError:
        raise MleeError(f"{path} is a folder, not a notebook.", "Name the .ipynb file.") from None
    except UnicodeDecodeError:
        raise MleeError(f"{path} is not UTF-8 text.", "Save it again from Jupyter.") from None
    except OSError as fault:
        raise MleeError(f"{path} cannot be read: {fault.strerror}.", "Check its permissions.") from None


def _json(path: Path, text: str) -> Mapping[str, Any]:
    try:
        written = parse_json(text)
    except ValueError as fault:
        where = f"line {fault.lineno}" if isinstance(fault, json.JSONDecodeError) else str(fault)
        raise MleeError(
            f"{path.name} is not a notebook: corrupt JSON ({where}).", "Restore it, or solve its merge conflict."
        ) from None
    if not isinstance(written, dict) or not isinstance(written.get("cells", written.get("worksheets")), list):
        raise MleeError(f"{path.name} is JSON but not a notebook: it has no cells.", "Name an .ipynb file.")
    return written


def _percent(path: Path, text: str) -> Mapping[str, Any]:
    try:
        import jupytext
    except ImportError:
        raise MleeError(
            f"{path.name} is a text notebook.", "Reading it needs jupytext: pip install jupytext."
        ) from None
    try:
        return dict(jupytext.reads(text, fmt={"extension": path.suffix}))
    except Exception as fault:
        raise MleeError(
            f"{path.name} cannot be read as a text notebook: {fault}.", "Save it from Jupyter as .ipynb."
        ) from None


def _check_language(path: Path, written: Mapping[str, Any]) -> bool:
    """Whether the metadata say Python 2. The cells decide: many such notebooks are Python 3 by now."""
    metadata = written.get("metadata")
    metadata = metadata if isinstance(metadata, Mapping) else {}
    spec, language = _mapping(metadata, "kernelspec"), _mapping(metadata, "language_info")
    name = str(language.get("name") or spec.get("language") or metadata.get("language") or "python").lower()
    if name not in ("python", "python3", "ipython", "python2", "sage"):
        raise MleeError(f"{path.name} is a notebook in {name}, not Python.", "Only Python 3 notebooks can be packaged.")
    version = str(language.get("version", ""))
    return name == "python2" or version.startswith("2.") or (str(spec.get("name")) == "python2" and not version)


def _mapping(table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = table.get(key)
    return value if isinstance(value, Mapping) else {}


def _raw_cells(written: Mapping[str, Any], path: Path) -> Iterator[Mapping[str, Any]]:
    sheets = [written] if "cells" in written else [s for s in written["worksheets"] if isinstance(s, Mapping)]
    for sheet in sheets:
        cells = sheet.get("cells", [])
        for raw in cells if isinstance(cells, list) else []:
            if not isinstance(raw, Mapping):
                raise MleeError(f"{path.name} is not a notebook: a cell is not an object.", "Restore the file.")
            yield raw


def _carried(
    raw_cells: Sequence[Mapping[str, Any]], folder: Path, unreadable: set[int] | None = None
) -> dict[int, Carried]:
    """The code cells' Python, by number: what `$x` means in a shell line depends on the cells above it.

    With `unreadable`, a cell that is no Python is added to it and left out.
    """
    sources = {
        number: _source(raw) for number, raw in enumerate(raw_cells, start=1) if raw.get("cell_type", "raw") == "code"
    }
    reading = CellReading(folder=folder, words=frozenset(w for s in sources.values() for w in _WORD.findall(s)))
    carried: dict[int, Carried] = {}
    for number, source in sources.items():
        try:
            above = _bound_by(carried.values()) if begins_with_magic(source.strip()) else reading.shadowed
            carried[number] = _read(source, number, replace(reading, shadowed=above))
        except (MleeError, RecursionError):
            if unreadable is None:
                raise
            unreadable.add(number)
    needs = frozenset(name for one in carried.values() for name in one.needs)
    for one in carried.values():
        if needs and "import" in one.python:
            one.python = _imported_once(one.python, needs)
    if any(one.lines for one in carried.values()):
        try:
            names = names_of([one.python for one in carried.values()])
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


def _source(raw: Mapping[str, Any]) -> str:
    return _joined(raw.get("source", raw.get("input", "")))


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
            if key in ("output_type", "execution_count", "name", "prompt_number"):
                continue
            parts = value if isinstance(value, Mapping) and key == "data" else {key: value}
            for kind, part in parts.items():
                if not str(kind).startswith(_BINARY):
                    is_plain = isinstance(part, (str, list))
                    found.append(
                        (f"{whose} output", _joined(part) if is_plain else json.dumps(part, ensure_ascii=False))
                    )
    attachments = raw.get("attachments")
    if attachments and isinstance(attachments, Mapping):
        found.append((f"{whose} attachments", " ".join(map(str, attachments))))
    return tuple((where, text) for where, text in found if len(text) > 8)


def _cell(raw: Mapping[str, Any], number: int, carried: Carried | None) -> Cell:
    kind = str(raw.get("cell_type", "raw"))
    source = _source(raw)
    tags = _mapping(raw, "metadata").get("tags", [])
    tags = tuple(str(t) for t in tags) if isinstance(tags, list) else ()
    if kind == "heading":  # nbformat 3
        level = raw.get("level")
        level = min(max(level, 1), 6) if isinstance(level, int) else 1
        return Cell(
            number=number,
            kind="markdown",
            source="#" * level + " " + source,
            tags=tags,
            headings=(Heading(level=level, text=source.strip()),),
            attached=attached_to(raw),
        )
    if carried is None:
        found = _headings(source) if kind == "markdown" else ()
        return Cell(
            number=number, kind="markdown" if kind == "markdown" else "raw", source=source, tags=tags, headings=found,
            attached=attached_to(raw),
        )  # fmt: skip
    count = raw.get("execution_count", raw.get("prompt_number"))
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


def _joined(source: Any) -> str:
    """A cell's text with Python's own line ends; a bare carriage return ends a line for Python as well."""
    text = "".join(str(part) for part in source) if isinstance(source, list) else str(source or "")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


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
