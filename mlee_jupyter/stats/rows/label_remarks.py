"""What there is to say of predicted labels and scores that hardly can be meant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .columns import shown


def another_coding(name: str, strange: Sequence[Any], many: int, n: int) -> str:
    """That a candidate predicts labels which the truth never has.

    Args:
        name: of the candidate.
        strange: those labels.
        many: rows that have them.
        n: rows.
    """
    which = shown(repr(strange[0]), 30) if len(strange) == 1 else f"{len(strange):,} labels"
    return f"{shown(name, 40)} predicts {which} on {many:,} of {n:,} rows, not in the truth: another coding?"


def two_values(name: str) -> str:
    """That scores have two values only, as labels have.

    Args:
        name: whose, as a sentence begins.
    """
    return f"{name} scores have two values only, like labels: hand over what predict_proba gives."
