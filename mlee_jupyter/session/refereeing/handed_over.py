"""What a client handed over, read without a look at the truth: every refusal is made of what anybody may know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mlee_jupyter.domain import ResultKind
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.domain.text.names import clean
from mlee_jupyter.report.lines.given_away import PublicFacts

KEYS = ("candidate", "variant", "predictions")
_LONGEST_NAME = 80
_LARGEST_NUMBER = 1e150  # whose square is a number still
_MOST_CLASSES = 1000


@dataclass(frozen=True, kw_only=True, eq=False)
class HandOver:
    """Predictions of the right number and kind."""

    candidate: str
    variant: str | None
    kind: ResultKind
    rows: list[Any]


def read(told: Mapping[str, Any], facts: PublicFacts) -> HandOver:
    """What was handed over.

    Args:
        told: the object that was sent, of known keys.
        facts: of the experiment.

    Raises:
        MleeError: a name or the predictions cannot be used; one line.
    """
    candidate = _name(told.get("candidate"), "candidate")
    variant = None if told.get("variant") is None else _name(told["variant"], "variant")
    rows = told.get("predictions")
    if not isinstance(rows, list):
        raise MleeError("There are no predictions.", f"Send predictions as a list of {facts.rows:,}, one for each row.")
    if len(rows) != facts.rows:
        raise MleeError(
            f"There are {len(rows):,} predictions for {facts.rows:,} rows.", "Send one for each row, in order."
        )
    if facts.answers == "labels":
        _demand_labels(rows, facts)
        return HandOver(candidate=candidate, variant=variant, kind=ResultKind.PREDICTIONS, rows=rows)
    kind = ResultKind.SCORES if facts.answers == "probabilities" else ResultKind.PREDICTIONS
    if kind is ResultKind.SCORES and isinstance(rows[0], list):
        _demand_table(rows, facts)
    else:
        _demand_numbers(rows, "prediction")
    return HandOver(candidate=candidate, variant=variant, kind=kind, rows=rows)


def _name(value: Any, what: str) -> str:
    name = clean(value, _LONGEST_NAME + 1) if isinstance(value, str) else ""
    if not name or len(name) > _LONGEST_NAME:
        raise MleeError(
            f"The {what} has no name that can be used.", f'Send "{what}": a text of 1 to {_LONGEST_NAME} characters.'
        )
    return name


def _demand_labels(rows: list[Any], facts: PublicFacts) -> None:
    wanted = "text" if facts.text else "a number"
    for place, one in enumerate(rows):
        fits = isinstance(one, str) if facts.text else isinstance(one, bool) or _is_number(one)
        if not fits or (isinstance(one, str) and len(one) > 1000):
            raise MleeError(
                f"predictions[{place}] is no label of this experiment: each is {wanted}.", "Send the labels."
            )


def _demand_table(rows: list[Any], facts: PublicFacts) -> None:
    width = len(rows[0])
    expected = f" ({len(facts.labels)} kinds)" if facts.labels else ""
    if not 1 <= width <= _MOST_CLASSES or (facts.labels and width != len(facts.labels)):
        raise MleeError(
            f"A row has {width:,} probabilities{expected}.", "Send one for each kind, in the order of labels."
        )
    for place, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != width:
            raise MleeError(f"predictions[{place}] is no list of {width} numbers.", "Send as many for each row.")
        _demand_numbers(row, f"predictions[{place}]")


def _demand_numbers(rows: list[Any], what: str) -> None:
    for place, one in enumerate(rows):
        if isinstance(one, bool) or not _is_number(one):
            where = f"predictions[{place}]" if what == "prediction" else what
            raise MleeError(f"{where} is no finite number.", "Send numbers, without NaN or infinity.")


def _is_number(one: Any) -> bool:
    return isinstance(one, int | float) and abs(one) < _LARGEST_NUMBER  # neither NaN nor an int beyond any float
