"""A charter as TOML: what was agreed, typed and diffable, in the cell that starts an experiment."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from . import Charter, Estimate, Population, Serving, durations
from .errors import MleeError
from .text.periods import period_seconds

_TEXT = (str,)
_NUMBER = (int, float)
_TYPES: dict[str, tuple[type, ...]] = {
    "question": _TEXT,
    "today": _TEXT,
    "by_hand": _TEXT,
    "decision": _TEXT,
    "owner": _TEXT,
    "metric": _TEXT,
    "positive": (str, int, float, bool),
    "average": _TEXT,
    "higher_is_better": (bool,),
    "useful_gain": _NUMBER,
    "must_reach": _NUMBER,
    "population": (dict,),
    "serving": (dict,),
    "measure": _TEXT,
    "candidates": (list, dict),
    "time": _TEXT,
    "groups": _TEXT,
    "train": _TEXT,
    "weights": _TEXT,
    "horizon": (int,),
}
_ESTIMATE: dict[str, tuple[type, ...]] = {
    "try": _TEXT,
    "build": _TEXT,
    "source": _TEXT,
    "simplicity": (int,),
    "gain": _NUMBER,
}
_WANTED = {
    str: "text in quotes",
    int: "a number",
    float: "a number",
    bool: "true or false",
    dict: "a table",
    list: "a list",
}


def parse(text: str) -> Charter:
    """Read a charter.

    Raises:
        MleeError: not TOML, an unknown key, a value of the wrong type; key, value and the way out are named.
    """
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as fault:  # not TOML, a number of thousands of digits, nested too deep
        said = "nested too deep" if isinstance(fault, RecursionError) else fault
        raise MleeError(f"The charter is not valid TOML: {said}.", 'Write lines such as metric = "accuracy".') from None
    return from_table(table)


def parse_value(text: str) -> Any:
    """Read one TOML value; bare words are taken as text, so that `change metric=f1` works as typed."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (ValueError, RecursionError):
        return text


def from_table(table: Mapping[str, Any], base: Charter | None = None) -> Charter:
    """A charter from named values, on top of `base`.

    Raises:
        MleeError: see `parse`.
    """
    values: dict[str, Any] = {}
    for key, value in table.items():
        if value is None and base is None:
            continue
        values[key] = _checked(key, as_plain(value))
    if "candidates" in values:
        values["estimates"] = _estimates(table["candidates"], values["candidates"], base)
    return replace(base or Charter(), **values)


def as_plain(value: Any) -> Any:
    """A value as Python's own: `np.float64(0.02)` is 0.02; what is none of a charter's kinds stays as it is."""
    if isinstance(value, Mapping):
        return {key: as_plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return list(map(as_plain, value))
    if getattr(value, "shape", None) == () and callable(getattr(value, "item", None)):
        return as_plain(value.item())  # a number, a text or a truth value of numpy's or torch's
    for kind in (float, int, str):
        if isinstance(value, kind) and not isinstance(value, bool):
            return kind(value)
    return value


def to_table(charter: Charter) -> dict[str, Any]:
    """The declared values only, as plain JSON."""
    table: dict[str, Any] = {}
    for name in _TYPES:
        value = getattr(charter, name)
        if value is None or value == ():
            continue
        if isinstance(value, Population | Serving):
            value = {f.name: v for f in fields(value) if (v := getattr(value, f.name)) is not None}
        if name == "candidates" and charter.estimates:
            value = {candidate: estimate_table(charter, candidate) for candidate in value}
        table[name] = list(value) if isinstance(value, tuple) else value
    return table


def estimate_table(charter: Charter, candidate: str) -> dict[str, Any]:
    """What is estimated of one candidate, as the charter's own table; empty where nothing is."""
    found = next((one for one in charter.estimates if one.candidate == candidate), None)
    values = (
        {"try" if f.name == "first_try" else f.name: getattr(found, f.name) for f in fields(found)} if found else {}
    )
    return {key: value for key, value in values.items() if key != "candidate" and value is not None}


def changes(before: Charter, after: Charter) -> list[str]:
    """What differs, one entry a key: "useful_gain 0.02 -> 0.01"."""
    old, new = to_table(before), to_table(after)
    for table, charter in ((old, before), (new, after)):
        if charter.estimates:
            table["candidates"] = list(charter.candidates)
    said = [f"{key} {old.get(key, 'none')} -> {new.get(key, 'none')}" for key in _TYPES if old.get(key) != new.get(key)]
    for candidate in dict.fromkeys((*before.candidates, *after.candidates)):
        was, now = estimate_table(before, candidate), estimate_table(after, candidate)
        said += [
            f"{candidate} {key} {was.get(key, 'none')} -> {now.get(key, 'none')}"
            for key in _ESTIMATE
            if was.get(key) != now.get(key)
        ]
    return said


def _checked(key: str, value: Any) -> Any:
    if key not in _TYPES:
        near = difflib.get_close_matches(key, _TYPES, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(_TYPES)}."
        raise MleeError(f"A charter has no {key!r}.", hint)
    if value is None:
        return () if key == "candidates" else None
    _demand(key, value, _TYPES[key])
    if key in ("time", "groups", "weights"):
        return value.strip() or None  # an empty name takes it back
    if key == "useful_gain" and not 0 < value < float("inf"):
        raise MleeError(
            f"useful_gain = {value} is not above zero.", "Name the smallest difference worth acting on, as 0.02."
        )
    if key == "horizon" and value < 1:
        raise MleeError(f"horizon = {value} is no number of rows.", "Name the rows at the end, as horizon = 2000.")
    if key == "population":
        return Population(**_subtable(key, value, {"column": _TEXT, "kinds": (int,), "frame": _TEXT, "weight": _TEXT}))
    if key == "serving":
        texts = ("mode", "used_every", "retrain_every", "currency")
        told = _subtable(key, value, {f.name: _TEXT if f.name in texts else _NUMBER for f in fields(Serving)})
        for often in ("used_every", "retrain_every"):
            if often in told:
                period_seconds(told[often])
        return Serving(**told)
    if key == "candidates":
        for name in value:
            _demand(key, name, _TEXT)
        return tuple(dict.fromkeys(value))
    return value


def _estimates(value: Any, names: tuple[str, ...], base: Charter | None) -> tuple[Estimate, ...]:
    """What a table of candidates estimates; a list of names keeps what was estimated of them before."""
    if not isinstance(value, Mapping):
        return tuple(one for one in (base.estimates if base else ()) if one.candidate in names)
    return tuple(found for name, table in value.items() if (found := estimate(name, as_plain(table))) is not None)


def estimate(name: str, table: Any) -> Estimate | None:
    """What is estimated of one candidate; None where nothing is.

    Raises:
        MleeError: see `parse`.
    """
    key = f"candidates.{name[:40]}"
    _demand(key, table, (dict,))
    checked = _subtable(key, table, _ESTIMATE)
    for named in ("try", "build"):
        if named in checked:
            durations.parse(checked[named])
    if checked.get("simplicity") == 0 or checked.get("gain") == 0:
        raise MleeError(f"{key}: 0 says nothing.", "simplicity counts from 1; leave out a gain that nobody hopes for.")
    if "try" in checked:
        checked["first_try"] = checked.pop("try")
    return Estimate(candidate=name, **checked) if checked else None


def _subtable(key: str, table: Mapping[str, Any], types: Mapping[str, tuple[type, ...]]) -> dict[str, Any]:
    for inner, value in table.items():
        if inner not in types:
            raise MleeError(f"{key} has no {inner!r}.", f"Known: {', '.join(types)}.")
        _demand(f"{key}.{inner}", value, types[inner])
        if isinstance(value, int | float) and value < (1 if inner == "kinds" else 0):
            raise MleeError(f"{key}.{inner} = {value} is too small.", "Count at least 1." if inner == "kinds" else "")
    return dict(table)


def _demand(key: str, value: Any, kinds: tuple[type, ...]) -> None:
    right = isinstance(value, kinds) and (bool in kinds or not isinstance(value, bool))
    if not right or (isinstance(value, float) and value != value):
        wanted = " or ".join(dict.fromkeys(_WANTED[kind] for kind in kinds))
        raise MleeError(f"{key} = {str(value)[:60]!r} should be {wanted}.", "Mend the charter and run the cell again.")
