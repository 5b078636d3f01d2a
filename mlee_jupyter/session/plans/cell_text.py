"""The cell that starts an experiment, from what a form was filled with: plain text, so nothing is hidden from git.

Every field is read by the parser that reads the cell later, so what the form lets through the cell does too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import tomlkit

from mlee_jupyter.domain import charter_toml, durations
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.domain.text.names import whole
from mlee_jupyter.record.charter_metric import demand_scale
from mlee_jupyter.stats.metrics.catalogue import metric_facts
from mlee_jupyter.store.tables.column_values import name_of


@dataclass(frozen=True, kw_only=True)
class FormField:
    """One question of the form."""

    key: str
    label: str
    example: str = ""
    hint: str = ""
    value: str = ""  # what stands in it at first


FIELDS = (
    FormField(key="name", label="Name", example="shelf"),
    FormField(key="question", label="Question", example="Can a camera tell which product is on the shelf?"),
    FormField(key="today", label="What is done today", example="Somebody counts the shelves once a week"),
    FormField(
        key="by_hand",
        label="Without a model, one would",
        example="Take last week's count",
        hint="A query, a rule, an average: the first approach to try.",
    ),
    FormField(key="decision", label="What will be decided", example="Build it, or keep what we have"),
    FormField(key="owner", label="Who decides"),
    FormField(key="budget", label="Working time", value="6h", hint="90m, 6h, 1h30m or 3d; breaks do not count."),
    FormField(key="truth", label="Variable with the right answers", example="y_test"),
    FormField(
        key="features",
        label="Variable to predict on",
        example="X_test",
        hint="For cells that end with a fitted model.",
    ),
    FormField(key="metric", label="Metric", example="accuracy", hint="Empty: chosen from the right answers."),
    FormField(
        key="useful_gain",
        label="Useful gain",
        example="0.02",
        hint="Smaller differences would not change the decision.",
    ),
    FormField(key="must_reach", label="Must reach", example="0.95"),
    FormField(
        key="candidates", label="Approaches to try", example="knn, forest", hint="Names with commas between them."
    ),
)
_TEXTS = ("question", "today", "by_hand", "decision", "owner", "metric")
_NUMBERS = ("useful_gain", "must_reach")
_PLAIN = re.compile(r"[^\W][\w.-]*")

TEMPLATE = """%%mlee_experiment start NAME --budget 6h --truth y_test --features X_test
question    = "What do you want to know?"
today       = "What is done now?"
by_hand     = "What would one do without a model?"
decision    = "What will be decided by it?"
owner       = "Who decides?"
metric      = "accuracy"
useful_gain = 0.02
must_reach  = 0.95
candidates  = ["simple", "clever"]"""


def empty_cell(name: str) -> str:
    """The cell with what one would write of an experiment behind comment marks, so that nothing is said unasked.

    Raises:
        MleeError: no experiment can have this name.
    """
    _name(_one_line(name))
    _, *lines = TEMPLATE.splitlines()
    return "\n".join(
        [f"%%mlee_experiment start {_word(_one_line(name))} --budget 6h", *(f"# {line}" for line in lines)]
    )


def complaints(filled: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, one line a field; empty where the cell can be written."""
    found = {}
    for key, check in _CHECKS.items():
        text = _one_line(filled.get(key, ""))
        try:
            check(text)
        except MleeError as fault:
            found[key] = str(fault)
    found |= _scale(filled, found)
    return found


def cell(filled: Mapping[str, str]) -> str:
    """The text of the `%%mlee_experiment start` cell; fields left empty are left out.

    Raises:
        MleeError: a field is not right; the first one is named.
    """
    for key, wrong in complaints(filled).items():
        raise MleeError(f"{next(field.label for field in FIELDS if field.key == key)}: {wrong}")
    told = {key: _one_line(text) for key, text in filled.items()}
    head = [f"%%mlee_experiment start {_word(told['name'])}"]
    if told.get("budget"):
        head.append(f"--budget {_word(told['budget'].replace(' ', ''))}")
    head += [f"--{key} {told[key]}" for key in ("truth", "features") if told.get(key)]
    values = {key: _value(key, told[key]) for key in (*_TEXTS, *_NUMBERS, "candidates") if told.get(key)}
    lines = {key: tomlkit.item(value).as_string() for key, value in values.items() if value not in ("", [])}
    widest = max(map(len, lines), default=0)
    return "\n".join([" ".join(head), *(f"{key.ljust(widest)} = {value}" for key, value in lines.items())])


def _name(text: str) -> None:
    if not text:
        raise MleeError("The experiment needs a name.")
    if text.startswith("-"):
        raise MleeError("The name cannot start with a dash.")
    name_of("an experiment", text)


def _budget(text: str) -> timedelta | None:
    return durations.parse(text.replace(" ", "")) if text else None


def _variable(text: str) -> None:
    if text and not text.isidentifier():
        raise MleeError(f"{text[:40]!r} is not the name of a variable.", "Write one such as y_test or X_test.")


def _charter(key: str) -> Any:
    def check(text: str) -> None:
        if text:
            charter_toml.from_table({key: _value(key, text)})
        for name in _names(text) if key == "candidates" else ():
            name_of("a candidate", name)

    return check


_CHECKS: Mapping[str, Any] = {
    "name": _name,
    "budget": _budget,
    "truth": _variable,
    "features": _variable,
    **{key: _charter(key) for key in (*_TEXTS, *_NUMBERS, "candidates")},
}


def _scale(filled: Mapping[str, str], wrong: Mapping[str, str]) -> dict[str, str]:
    """The metric must be known, and a gain or a target must lie on its scale."""
    metric = _one_line(filled.get("metric", ""))
    if not metric:
        return {}
    try:
        facts = metric_facts(metric)
    except MleeError as fault:
        return {"metric": str(fault)}
    found = {}
    for key in _NUMBERS:
        text = _one_line(filled.get(key, ""))
        if text and key not in wrong:
            try:
                demand_scale(charter_toml.from_table({key: _value(key, text)}), facts)
            except MleeError as fault:
                found[key] = str(fault)
    return found


def _value(key: str, text: str) -> Any:
    if key == "candidates":
        return _names(text)
    return _number(text) if key in _NUMBERS else text


def _number(text: str) -> float | int:
    """A number as people type it.

    Raises:
        MleeError: it is none.
    """
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        raise MleeError(f"{text[:40]!r} is not a number.", "Write one such as 0.02.") from None
    if not abs(found) < float("inf"):
        raise MleeError(f"{text[:40]!r} is not a number.", "Write one such as 0.02.")
    return int(found) if found.is_integer() and abs(found) < 1e15 else found


def _names(text: str) -> list[str]:
    return [name for part in text.split(",") if (name := part.strip())]


def _one_line(text: str) -> str:
    return " ".join(whole(text).split())


def _word(text: str) -> str:
    """A word of the magic's line, in quotes where a shell would need them."""
    if _PLAIN.fullmatch(text):
        return text
    escaped = re.sub(r"[{}]|\$(?=[\w.])", r"\g<0>\g<0>", text)  # no variable of IPython's
    escaped = re.sub(r'(["\\])', r"\\\1", escaped)
    return f'"{escaped}"'
