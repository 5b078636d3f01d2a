"""What the rules about a notebook's text share: findings with cells, and the ignores written in cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from mlee_jupyter.domain import Evidence, Finding, Ignore, Level, NotebookFacts, Outcome, Rule

from .answers import finding, not_applicable
from .rule_words import one_line, several

NO_NOTEBOOK = "no notebook's text to look at"
CHECK_IT = "On the command line: mlee check NOTEBOOK.ipynb"


class Spot(NamedTuple):
    """One place where a rule found its fault."""

    cell: int
    line: int
    words: str  # what is wrong at this place, for a reader who sees only this place


def notebook_of(rule: Rule, evidence: Evidence) -> NotebookFacts | Finding:
    """The notebook, or the answer where there is none."""
    return evidence.notebook if evidence.notebook is not None else not_applicable(rule, NO_NOTEBOOK, CHECK_IT)


def muted_by(rule: Rule, notebook: NotebookFacts) -> dict[int, str]:
    """Cell -> reason, for the cells in which a comment mutes a rule by its name or code."""
    forms = {rule.name, rule.code.lower(), rule.code.lower().removeprefix("mle")}
    return {i.cell: i.because for i in notebook.ignores if i.rule.strip().lower().replace("_", "-") in forms}


def open_spots(rule: Rule, notebook: NotebookFacts, spots: Sequence[Spot]) -> list[Spot]:
    """The places that no comment in their cell mutes."""
    muted = muted_by(rule, notebook)
    return [spot for spot in spots if spot.cell not in muted]


def found(
    rule: Rule,
    notebook: NotebookFacts,
    spots: Sequence[Spot],
    message: str,
    remedy: str,
    *,
    level: Level | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Finding:
    """The finding at these places; ignored where every place stands in a cell that mutes the rule.

    Args:
        rule: the rule that speaks.
        notebook: where the places are.
        spots: at least one; those in muted cells may be among them only if all are.
        message: number and meaning, with the cell, one line.
        remedy: what to do, one line.
        level: where it differs from the rule's own.
        facts: more numbers by name; `cells` and `places` are added.
    """
    muted = muted_by(rule, notebook)
    left = [spot for spot in spots if spot.cell not in muted] or list(spots)
    cells = tuple(sorted({spot.cell for spot in left}))
    places = tuple((spot.cell, spot.line, one_line(spot.words[:1000])[:200]) for spot in left)
    answer = finding(
        rule, message, remedy, level=level, severity=float(max(1, len(left))),
        facts={**(facts or {}), "cells": cells, "places": places},
    )  # fmt: skip
    if all(spot.cell in muted for spot in spots):
        because = next((muted[spot.cell] for spot in spots if muted[spot.cell]), None)
        return replace(
            answer, outcome=Outcome.IGNORED, ignored=Ignore(rule=rule.code, because=because, where="notebook")
        )
    return answer


def in_cells(cells: Sequence[int], most: int = 3) -> str:
    """ "in cell 3", "in cells 3 and 7", "in cells 1, 2, 3 and 4 more"."""
    numbers = sorted(set(cells))
    if len(numbers) == 1:
        return f"in cell {numbers[0]}"
    if len(numbers) <= most:
        return f"in cells {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"
    return f"in cells {', '.join(map(str, numbers[:most]))} and {len(numbers) - most} more"


def and_more(spots: Sequence[object], noun: str = "place") -> str:
    """ " (and 2 more places)", or nothing."""
    return f" (and {several(len(spots) - 1, f'more {noun}')})" if len(spots) > 1 else ""
