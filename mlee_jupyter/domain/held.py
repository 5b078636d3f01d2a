"""What is known to be wrong reaches the verdict: no candidate that an error touches is best, suggested or progress."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .evidence import Evidence, Finding
from .judgements import Judgement, Standing
from .words import Level, Outcome, Verdict

EVERYBODY = None
# the errors that make a comparison wrong -> whom they touch, by the finding's facts
_TOUCHED: Mapping[str, Callable[[Mapping[str, Any]], frozenset[str] | None]] = {
    # who leads on one truth was never compared with those who were judged on another, so it is best of some only: what
    # others of its own truth are to it stands
    "MLE205": lambda _: EVERYBODY,
    "MLE401": lambda facts: frozenset(facts.get("apart", ())),
    "MLE402": lambda facts: frozenset((*facts.get("strangers", ()), *facts.get("claims", ()))),
    "MLE407": lambda _: EVERYBODY,
    "MLE408": lambda _: EVERYBODY,
    "MLE409": lambda facts: frozenset(facts["perfect"]) if "perfect" in facts else EVERYBODY,
    "MLE410": lambda facts: frozenset(facts["candidates"]) if "candidates" in facts else EVERYBODY,
}


def held(evidence: Evidence, findings: Sequence[Finding]) -> Evidence:
    """The evidence with every verdict taken back that an error forbids; the same where no error stands.

    Args:
        evidence: as it was judged.
        findings: every rule's answer; what was ignored with a reason holds nothing.
    """
    errors = [f for f in findings if f.outcome is Outcome.FINDING and f.level is Level.ERROR]
    if not errors:
        return evidence
    return replace(evidence, judgements=tuple(_held(judgement, errors) for judgement in evidence.judgements))


def _held(judgement: Judgement, errors: Sequence[Finding]) -> Judgement:
    names = [standing.candidate for standing in judgement.standings]
    touched: set[str] = set()
    said: list[Finding] = []
    for error in errors:
        if error.rule in _TOUCHED:
            whom = _TOUCHED[error.rule](error.facts)
            mine = set(names) if whom is EVERYBODY else whom & set(names)
            splits = error.rule == "MLE401" and judgement.truth is not None
            said += [error] if mine or splits else []
            touched |= mine
    judgement = replace(judgement, recommended=None)
    if not said:
        return judgement
    first = said[0]
    # whoever leads may owe it to the fault of another, and so may a gain over the first look
    wear = judgement.wear
    return replace(
        judgement,
        wrong=f"{first.message.rstrip('.')} ({first.rule})",
        winner=None,
        no_winner_reason=f"{first.rule} stands: {first.message}",
        standings=tuple(_standing(s, touched, judgement.winner) for s in judgement.standings),
        wear=None if wear is None else replace(wear, gain=None),
    )


def _standing(standing: Standing, touched: set[str], winner: str | None) -> Standing:
    good = standing.verdict in (Verdict.BEST, Verdict.AS_GOOD)
    taken_back = good and (standing.candidate in touched or standing.candidate == winner)
    return replace(standing, verdict=Verdict.CANT_TELL) if taken_back else standing
