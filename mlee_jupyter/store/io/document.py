"""An exported document, checked before anything of it is written: it may come from anyone. Pure."""

from __future__ import annotations

import base64
import binascii
import contextlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Boolean, Column, Double, Integer, LargeBinary, Table

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.rows import array_codec
from mlee_jupyter.store.tables import schema
from mlee_jupyter.store.tables.column_kinds import JSON_COLUMNS, WORDS
from mlee_jupyter.store.tables.column_values import LARGEST_INTEGER, day_or_none, is_charter, name_of
from mlee_jupyter.store.tables.opened_sample import is_found

FORMAT = "mlee_jupyter experiments"
VERSION = 1

_ROOMY = 2**30  # bytes in memory that the arrays of any file may take

_DAYS = frozenset((schema.experiment.c.deadline, schema.ignore.c.until))
_NAMES = frozenset((schema.experiment.c.name, schema.candidate.c.name, schema.ignore.c.rule, schema.said.c.rule))
_LISTS: dict[str, tuple[Table, str | None]] = {  # table, and what a row of it refers to by place
    "charters": (schema.charter, None),
    "extensions": (schema.extension, None),
    "pauses": (schema.pause, None),
    "spans": (schema.span, None),
    "said": (schema.said, None),
    "ignores": (schema.ignore, None),
    "trace": (schema.trace, None),
    "layouts": (schema.layout, None),
    "candidates": (schema.candidate, None),
    "variants": (schema.variant, "candidate"),
    "runs": (schema.run, "variant"),
    "results": (schema.result, "run"),
    "looks": (schema.look, None),
    "fresh": (schema.fresh, None),
}
_LATER = frozenset(("layouts", "looks", "fresh"))  # lists that files of an older version do not have
_KEYS = {  # what is unique within one experiment
    "charters": ("version",),
    "spans": ("kernel", "start_us"),
    "said": ("rule",),
    "ignores": ("rule",),
    "candidates": ("name",),
    "layouts": ("truth", "what"),
    "looks": ("truth", "answers"),
    "fresh": (),
    "variants": ("candidate", "variant_key"),
}


def row_columns(table: Table) -> list[Column[Any]]:
    """What a row of the document holds: all but the numbers that are a store's own."""
    own = ("id", "experiment_id", "candidate_id", "variant_id", "run_id")
    return [column for column in table.columns if column.name not in own]


class Document:
    """Experiments, truths, arrays and sources, every value of the type its column wants.

    Raises:
        MleeError: the place that does not fit, in one line.
    """

    def __init__(self, told: Any) -> None:
        if not isinstance(told, Mapping) or told.get("format") != FORMAT:
            raise MleeError("This is not a file that mlee exported.", "Make one with: mlee export FILE")
        if told.get("version") != VERSION:
            raise MleeError(
                f"This file has version {told.get('version')!r}, this mlee_jupyter reads version {VERSION}.",
                "Update: pip install -U mlee_jupyter.",
            )
        _check_room(_mapping(told, "arrays"))
        self.arrays = {key: _array(key, text) for key, text in _mapping(told, "arrays").items()}
        self.sources = {key: _source(key, code) for key, code in _mapping(told, "sources").items()}
        self.truths = {
            key: _row(schema.truth, row, f"truths[{key[:12]}]", left_out="fingerprint")
            for key, row in _mapping(told, "truths").items()
        }
        self.experiments = [
            _experiment(one, f"experiments[{i}]") for i, one in enumerate(_list(told, "experiments", ""))
        ]
        self._check_hashes()

    def _check_hashes(self) -> None:
        for number, one in enumerate(self.experiments):
            for place, result in enumerate(one["results"]):
                if result["array"] is not None and result["array"] not in self.arrays:
                    raise _unfit(f"experiments[{number}].results[{place}].array", "is not in the file")
            for place, layout in enumerate(one["layouts"]):
                if layout["array"] not in self.arrays:
                    raise _unfit(f"experiments[{number}].layouts[{place}].array", "is not in the file")
            for place, run in enumerate(one["runs"]):
                if run["source"] is not None and run["source"] not in self.sources:
                    raise _unfit(f"experiments[{number}].runs[{place}].source", "is not in the file")
        for key, truth in self.truths.items():
            if truth["array"] is not None and truth["array"] not in self.arrays:
                raise _unfit(f"truths[{key[:12]}].array", "is not in the file")


def _unfit(place: str, what: str) -> MleeError:
    return MleeError(f"This file is damaged: {place} {what}.", "Export it again.")


def _mapping(told: Mapping[str, Any], word: str) -> Mapping[str, Any]:
    found = told.get(word)
    if not isinstance(found, Mapping) or not all(isinstance(key, str) and key.isprintable() for key in found):
        raise _unfit(word, "is not a table")
    return found


def _list(told: Mapping[str, Any], word: str, place: str) -> list[Any]:
    found = told.get(word)
    if not isinstance(found, list):
        raise _unfit(f"{place}{word}", "is not a list")
    return found


def _experiment(one: Any, place: str) -> dict[str, Any]:
    checked = _row(schema.experiment, one, place)
    for word, (table, refers_to) in _LISTS.items():
        rows = []
        told = () if word in _LATER and word not in one else _list(one, word, f"{place}.")
        for number, row in enumerate(told):
            here = f"{place}.{word}[{number}]"
            ready = _row(table, row, here)
            if refers_to is not None:
                ready[refers_to] = _place(row.get(refers_to), len(checked[f"{refers_to}s"]), f"{here}.{refers_to}")
            rows.append(ready)
        checked[word] = rows
        if (key := _KEYS.get(word)) is not None:
            seen = {tuple(row[part] for part in key) for row in rows}
            if len(seen) < len(rows):
                raise _unfit(f"{place}.{word}", "holds the same thing twice")
    if not checked["charters"]:
        raise _unfit(f"{place}.charters", "is empty")
    return checked


def _place(value: Any, count: int, place: str) -> int:
    if type(value) is not int or not 0 <= value < count:
        raise _unfit(place, f"is {value!r}, not a place in a list of {count}")
    return value


def _row(table: Table, row: Any, place: str, left_out: str | None = None) -> dict[str, Any]:
    if not isinstance(row, Mapping):
        raise _unfit(place, "is not a table")
    return {
        column.name: _value(column, row.get(column.name), f"{place}.{column.name}")
        for column in row_columns(table)
        if column.name != left_out
    }


def _value(column: Column[Any], value: Any, place: str) -> Any:
    if value is None:
        if not column.nullable:
            raise _unfit(place, "is missing")
        return None
    if column in JSON_COLUMNS:
        return _json(column, value, place)
    kind = column.type
    if isinstance(kind, Boolean):
        fits = isinstance(value, bool)
    elif isinstance(kind, Integer):
        limit = LARGEST_INTEGER if kind.__class__ is not Integer else 2**31 - 1
        fits = type(value) is int and abs(value) <= limit
        if fits and column.name.endswith("_us"):
            fits = abs(value) < 2**57  # some 4,500 years: what a datetime can hold
    elif isinstance(kind, Double):
        fits = value in ("inf", "-inf") or (
            isinstance(value, (int, float)) and type(value) is not bool and value == value
        )
    else:
        fits = isinstance(value, str) and not isinstance(kind, LargeBinary)
    if not fits:
        raise _unfit(place, f"is {str(value)[:40]!r}")
    if column in _NAMES:
        name_of(place, value)
    words = WORDS.get(column)
    if words is not None and value not in words:
        raise _unfit(place, f"is {value[:40]!r}")
    if column in _DAYS:
        try:
            day_or_none(value)
        except ValueError:
            raise _unfit(place, f"is {value[:40]!r}, not a date") from None
    return value


def _json(column: Column[Any], value: Any, place: str) -> Any:
    if column is schema.run.c.tags:
        fits = isinstance(value, list) and all(isinstance(tag, str) for tag in value)
    elif column is schema.fresh.c.found:
        fits = is_found(value)
    elif column is schema.truth.c.classes:
        fits = isinstance(value, Mapping) and all(type(rows) is int for rows in value.values())
    else:
        fits = isinstance(value, Mapping) and is_charter(value)
    if not fits:
        raise _unfit(place, f"is {str(value)[:40]!r}")
    return value


def _check_room(packed: Mapping[str, Any]) -> None:
    """What all arrays together unpack to, read off their beginnings before any of them is unpacked."""
    beginnings = (text[:64] for text in packed.values() if isinstance(text, str))
    size = 0
    for beginning in beginnings:
        with contextlib.suppress(ValueError):
            size += array_codec.size_in_memory(base64.b64decode(beginning))
    if size > max(_ROOMY, 32 * sum(len(text) for text in packed.values() if isinstance(text, str))):
        raise MleeError(
            f"The arrays of this file unpack to {size / 2**30:,.1f} GB, far more than the file holds.",
            "Export fewer experiments into one file: mlee export FILE NAME",
        )


def _array(key: str, text: Any) -> bytes:
    try:
        content = base64.b64decode(text, validate=True)
        if array_codec.hash_of_packed(content) == key:
            return content
    except (TypeError, ValueError, binascii.Error, MleeError):
        pass
    raise _unfit(f"arrays[{key[:12]}]", "does not hold what its name says")


def _source(key: str, code: Any) -> str:
    if not isinstance(code, str):
        raise _unfit(f"sources[{key[:12]}]", "is not text")
    return code
