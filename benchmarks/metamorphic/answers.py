"""An answer as plain numbers, and in what two of them differ."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import mlee_jupyter as mlee
from mlee_jupyter.domain import Judgement

from .evidence import Case

NUMBERS = ("score", "low", "high", "behind", "behind_low", "behind_high", "row_spread", "disagreements")
DRAWN = ("p_value", "cost_bound")  # rest on draws
OF_ALL = ("leader_corrected", "smallest_gain")
SURE = 1e-6  # sums in another order
OF_DRAWS = 1e-4  # the same draws through roots of covariances that differ by rounding, and a search to 1e-6
DRAWS_DIFFER = 0.05  # equal scores stand in the order of their names or last bits, and draws are dealt by place


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What was said, or why nothing was."""

    judgement: Judgement | None
    refused: str | None = None
    failed: Mapping[str, str]


def ask(case: Case) -> Answer:
    """What `compare` says; refusals are answers, any other fault passes through."""
    try:
        found = mlee.compare(case.truth, case.predictions, **case.options, **case.layout)
    except mlee.MleeError as fault:
        return Answer(judgement=None, refused=str(fault), failed={})
    return Answer(judgement=found.judgement, failed=found.failed)


def near(one: Any, other: Any, slack: float = SURE) -> bool:
    """Whether two numbers are the same but for rounding."""
    if one is None or other is None or isinstance(one, str):
        return bool(one == other)
    return bool(math.isclose(one, other, rel_tol=slack, abs_tol=slack * 0.01))


def differences(
    before: Answer,
    after: Answer,
    names: Mapping[str, str] | None = None,
    *,
    factor: float = 1.0,
    shift: float = 0.0,
    slack: float = SURE,
    only: frozenset[str] | None = None,
    baselines: bool = True,
) -> list[str]:
    """What differs, in words; empty where the answers say the same.

    Args:
        before: the first answer.
        after: the answer to the changed question.
        names: old name of a candidate to its new one; None: the same.
        factor: by which scores and their differences grew.
        shift: by which scores grew.
        slack: relative tolerance of numbers.
        only: candidates to look at, by old name; None: all, and who wins.
        baselines: whether the free rules must stay as well.
    """
    if before.judgement is None or after.judgement is None:
        if (before.judgement is None) == (after.judgement is None):
            return []
        return [
            f"judged before and refused after: {after.refused}" if before.judgement else "refused before, not after"
        ]
    one, other = before.judgement, after.judgement
    called = {s.candidate: (names or {}).get(s.candidate, s.candidate) for s in one.standings}
    mine = {called[s.candidate]: s for s in one.standings if only is None or s.candidate in only}
    theirs = {s.candidate: s for s in other.standings}
    said = [f"{name} is no longer judged ({after.failed.get(name)})" for name in mine if name not in theirs]
    if only is None:
        said += [f"{name} is judged now" for name in theirs if name not in mine]
    scores = [s.score for s in one.standings]
    tied = any(near(left, right, 10 * slack) for left, right in itertools.pairwise(scores))
    for name, left in mine.items():
        if (right := theirs.get(name)) is None:
            continue
        for key in NUMBERS:
            # of equal leaders one is named, and distances are to that one
            if (tied or only is not None) and key not in ("score", "low", "high"):
                continue
            turned = _grown(key, getattr(left, key), factor, shift)
            if not near(turned, getattr(right, key), slack):
                said.append(f"{key} of {name}: {turned} and then {getattr(right, key)}")
        if only is not None:
            continue
        for key in DRAWN:
            was, now = getattr(left, key), getattr(right, key)
            was = was if key == "p_value" or was is None else was * abs(factor)
            by_chance = tied and key == "p_value" and None not in (was, now) and abs(was - now) <= _error_of_share(was)
            if not by_chance and not near(was, now, DRAWS_DIFFER if tied else max(slack, OF_DRAWS)):
                said.append(f"{key} of {name}: {was} and then {now}")
        if left.in_set != right.in_set and not _edge(left.p_value, one.alpha, tied):
            said.append(f"in_set of {name}: {left.in_set} and then {right.in_set}")
    if only is not None or said:
        return said
    said += _of_all(one, other, called, factor, shift, slack, tied)
    return said + (_of_baselines(one, other, factor, shift, slack) if baselines else [])


def _of_all(
    one: Judgement,
    other: Judgement,
    called: Mapping[str, str],
    factor: float,
    shift: float,
    slack: float,
    tied: bool,
) -> list[str]:
    said = []
    edge = any(_edge(s.p_value, one.alpha, tied) for s in one.standings)
    top = [called[s.candidate] for s in one.standings if s.score == one.standings[0].score]
    if other.leader not in top and not _near_top(one, other, called, slack):
        said.append(f"leader: {called[one.leader]} and then {other.leader}")
    winner = None if one.winner is None else called[one.winner]
    if winner != other.winner and not edge:
        said.append(f"winner: {winner} and then {other.winner}")
    bounds = [s.cost_bound for s in one.standings]
    at_gain = any(near(bound, one.useful_gain, DRAWS_DIFFER) for bound in bounds)
    recommended = None if one.recommended is None else called[one.recommended]
    # of candidates equal in all that counts one is named, by its name
    if recommended != other.recommended and not (tied and (at_gain or len(top) > 1)):
        said.append(f"recommended: {recommended} and then {other.recommended}")
    for key in () if tied else OF_ALL:
        turned = _grown(key, getattr(one, key), factor, shift)
        if not near(turned, getattr(other, key), max(slack, 1e-5)):
            said.append(f"{key}: {turned} and then {getattr(other, key)}")
    return said


def _of_baselines(one: Judgement, other: Judgement, factor: float, shift: float, slack: float) -> list[str]:
    said = []
    for left, right in zip(one.baselines, other.baselines, strict=False):
        for key in ("name", "score", "low", "high"):
            turned = _grown(key, getattr(left, key), factor, shift)
            if not near(turned, getattr(right, key), slack):
                said.append(f"{key} of the baseline {left.name}: {turned} and then {getattr(right, key)}")
    if len(one.baselines) != len(other.baselines):
        said.append("other baselines")
    return said


def _grown(key: str, number: Any, factor: float, shift: float) -> Any:
    if number is None or isinstance(number, str) or key in ("disagreements", "name"):
        return number
    moved = shift if key in ("score", "low", "high", "leader_corrected", "leader_bound") else 0.0
    return number * factor + moved


def _error_of_share(p_value: float) -> float:
    """Four standard errors of the difference of two such shares of 4,000 draws."""
    return 4 * math.sqrt(2 * p_value * (1 - p_value) / 4000)


def _edge(p_value: float | None, alpha: float, tied: bool) -> bool:
    """So near the limit that a draw decides, or rounding."""
    return p_value is not None and abs(p_value - alpha) < (0.01 if tied else 1e-4)


def _near_top(one: Judgement, other: Judgement, called: Mapping[str, str], slack: float) -> bool:
    scores = {called[s.candidate]: s.score for s in one.standings}
    return other.leader in scores and near(scores[other.leader], one.standings[0].score, 10 * slack)
