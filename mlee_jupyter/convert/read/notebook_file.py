"""A notebook file as a document of nbformat 4; py:percent too where jupytext is installed. Nothing is executed.

The text is parsed here, within bounds of memory, and whatever stands in it is answered with one line. nbformat brings
older formats to 4 and says whether a notebook keeps to its schema. It is imported only for that: beside JupyterLab
its import takes longer than checking a hundred cells (docs/decisions/0011).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from logging import LoggerAdapter
from pathlib import Path
from typing import Any

from mlee_jupyter.domain.errors import MleeError, OtherLanguage
from mlee_jupyter.domain.files import parse_json, read_text

CURRENT = 4  # the format in which every document is handed on
_OLD = (1, 2, 3)
_WITHOUT_IDS = 4  # the last minor version of format 4 in which cells have no ids


@dataclass(frozen=True, kw_only=True)
class NotebookDocument:
    """What stands in a notebook file, in nbformat 4."""

    path: Path
    content: Mapping[str, Any]
    format: int = CURRENT  # of the file, before any upgrade

    def metadata(self, key: str) -> Mapping[str, Any]:
        """A table of the notebook's metadata; empty where there is none."""
        return table(table(self.content, "metadata"), key)

    def cells(self) -> Iterator[Mapping[str, Any]]:
        """The cells as they are written.

        Raises:
            MleeError: one is no object.
        """
        for raw in self.content["cells"]:
            if not isinstance(raw, Mapping):
                raise MleeError(f"{self.path.name} is not a notebook: a cell is not an object.", "Restore the file.")
            yield raw

    def says_python_2(self) -> bool:
        """Whether the metadata say Python 2. The cells decide: many such notebooks are Python 3 by now.

        Raises:
            MleeError: they say another language than Python.
        """
        spec, language = self.metadata("kernelspec"), self.metadata("language_info")
        said = language.get("name") or spec.get("language") or table(self.content, "metadata").get("language")
        name = str(said or "python").lower()
        if name not in ("python", "python3", "ipython", "python2", "sage"):
            raise OtherLanguage(
                f"{self.path.name} is a notebook in {name}, not Python.", "Only Python 3 notebooks can be packaged."
            )
        version = str(language.get("version", ""))
        return name == "python2" or version.startswith("2.") or (str(spec.get("name")) == "python2" and not version)

    def fault(self) -> str | None:
        """Where the document does not keep to nbformat's schema, as "cell 4"; None where it does.

        Ids of cells, which 4.5 brought, may be missing, and unknown fields are anyone's.
        """
        import nbformat

        minor = self.content.get("nbformat_minor")
        minor = min(max(minor, 0), _WITHOUT_IDS) if type(minor) is int else _WITHOUT_IDS
        try:
            nbformat.validate(self.content, version=CURRENT, version_minor=minor, relax_add_props=True)
        except nbformat.ValidationError as fault:
            where = list(getattr(fault, "absolute_path", ()))  # only where: the message quotes what stands there
            return f"cell {where[1] + 1}" if where[:1] == ["cells"] and len(where) > 1 else "its head"
        except Exception:  # what it does not foresee: a list where it adds a text
            return "its head"
        return None


def read_document(path: Path | str) -> NotebookDocument:
    """The document in a notebook file.

    Raises:
        MleeError: no such file, corrupt JSON, no notebook, or an older format that nbformat cannot bring to 4.
    """
    path = Path(path)
    text = _text(path)
    content = _percent(path, text) if path.suffix in (".py", ".md") else _json(path, text)
    return _current(path, content)


def table(content: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """What stands under a key, where it is a table; else an empty one."""
    value = content.get(key)
    return value if isinstance(value, Mapping) else {}


def source_of(raw: Mapping[str, Any]) -> str:
    """A cell's text; files that mix the formats have it under the name that format 3 gave it."""
    return joined(raw.get("source", raw.get("input", "")))


def joined(source: Any) -> str:
    """A text with Python's own line ends; a bare carriage return ends a line for Python as well."""
    text = "".join(str(part) for part in source) if isinstance(source, list) else str(source or "")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


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


def _current(path: Path, content: Mapping[str, Any]) -> NotebookDocument:
    form = content.get("nbformat", CURRENT)
    form = form if type(form) is int else CURRENT
    if form not in _OLD and "cells" in content:
        return NotebookDocument(path=path, content=content, format=form)
    form = form if form in _OLD else 3  # only that had worksheets
    try:
        upgraded = _upgraded(content, form)
    except Exception as fault:  # whatever a hostile file makes a library stumble over
        raise MleeError(
            f"{path.name} is of notebook format {form}, and nbformat cannot upgrade it ({type(fault).__name__}).",
            "Open it in Jupyter and save it.",
        ) from None
    return NotebookDocument(path=path, content=upgraded, format=form)


def _upgraded(content: Mapping[str, Any], form: int) -> Mapping[str, Any]:
    """A document of format 1, 2 or 3 in format 4; what nbformat takes for granted is put in where it is missing."""
    import nbformat
    from traitlets.log import get_logger

    found = content.get("worksheets")
    sheets = [sheet for sheet in found if isinstance(sheet, Mapping)] if isinstance(found, list) else [content]
    cells = [_completed(cell, form) for sheet in sheets for cell in _listed(sheet)]
    placed = {"cells": cells} if form == 1 else {"worksheets": [{"cells": cells}]}
    whole = {"metadata": dict(table(content, "metadata")), "nbformat": form, "nbformat_minor": 0, **placed}
    log = get_logger()
    log = log.logger if isinstance(log, LoggerAdapter) else log
    was, log.disabled = log.disabled, True  # it would show what the old format's schema minds
    try:
        upgraded: dict[str, Any] = nbformat.convert(nbformat.from_dict(whole), CURRENT)
    finally:
        log.disabled = was
    return {**upgraded, "metadata": whole["metadata"]}  # format 1 had none, and nbformat notes where it came from


def _listed(sheet: Mapping[str, Any]) -> list[Any]:
    cells = sheet.get("cells", [])
    return cells if isinstance(cells, list) else []


def _completed(cell: Any, form: int) -> Mapping[str, Any]:
    """A cell of an older format with all that nbformat's upgrade reads."""
    if not isinstance(cell, Mapping):
        raise TypeError("a cell is not an object")
    kind = str(cell.get("cell_type", "raw"))
    text = joined(next((cell[key] for key in ("input", "code", "source", "text") if key in cell), ""))
    if form == 1:  # code and text were all it had, and its upgrade knows no other
        return {**cell, "cell_type": "code", "code": text} if kind == "code" else {"cell_type": "text", "text": text}
    if kind == "code":
        outputs = cell.get("outputs")
        return {**cell, "input": text, "outputs": outputs if isinstance(outputs, list) else []}
    level = cell.get("level")
    return {
        **cell, "cell_type": kind, "source": text, "level": min(max(level, 1), 6) if type(level) is int else 1
    }  # fmt: skip
