"""Judge rows by what the charter says of them, or say plainly that it could not be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from mlee_jupyter.domain import Judgement
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.rows.columns import shown

_OTHERWISE = {"groups": "every row was taken for itself", "weights": "every row counts alike"}


def by_layout(
    judge_it: Callable[..., Judgement], declared: Mapping[str, str], known: Mapping[str, np.ndarray]
) -> Judgement:
    """The judgement with groups, time and weights where they are known; no winner where they should be and are not.

    Rows that hang together tell less than as many that do not: a winner named as if they did not is named too often.

    Args:
        judge_it: takes groups, time, weights and time_ordered.
        declared: what the charter says of the rows, with its names.
        known: what is at hand of that.

    Raises:
        MleeError: the rows cannot be judged at all.
    """
    in_order = "time" in declared and ("time" not in known or bool(np.all(np.diff(known["time"]) >= 0)))
    missing = [what for what in declared if what != "time" and what not in known]
    try:
        judgement = judge_it(time_ordered=in_order, **known)
    except MleeError as fault:
        if not known:
            raise
        plain = judge_it(time_ordered=False)
        return _in_doubt(plain, f"{_named(declared, list(known))} cannot be used: {fault.message}", list(known))
    if "time" in declared and "time" not in known:
        said = f"{shown(declared['time'], 40)} was not at hand, so the rows count in the order in which they stand."
        judgement = replace(judgement, caveat=f"{judgement.caveat or ''} {said}".strip())
    return _in_doubt(judgement, f"{_named(declared, missing)} was not at hand.", missing) if missing else judgement


def _in_doubt(judgement: Judgement, why: str, missing: list[str]) -> Judgement:
    otherwise = " and ".join(_OTHERWISE[what] for what in missing if what in _OTHERWISE) or _OTHERWISE["groups"]
    return replace(
        judgement,
        winner=None,
        recommended=None,
        no_winner_reason=judgement.no_winner_reason or f"{why} So no winner is named.",
        caveat=f"{judgement.caveat or ''} {why} So {otherwise}, and differences look surer than they are.".strip(),
    )


def _named(declared: Mapping[str, Any], whats: list[str]) -> str:
    said = " and ".join(f"{what} {shown(declared[what], 40)}" for what in whats)
    return said[:1].upper() + said[1:]
