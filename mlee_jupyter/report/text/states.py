"""The states of a row: a shape and a word each, so that colour never carries a meaning alone."""

from __future__ import annotations

from enum import StrEnum

from mlee_jupyter.domain import Judgement, Standing, Verdict


class State(StrEnum):
    """How a row stands on its board; the value is the word that is shown and read aloud."""

    BEST = "best"  # the one winner word: the only member of the best set
    LEADER = "best score"  # scored best, which is not the same
    ONLY = "only one scored"
    AS_GOOD = "as good"
    CANT_TELL = "can't tell"
    WORSE = "worse"
    BASELINE = "free baseline"
    APART = "not comparable"  # fold scores, a bare number, rows that could not be judged
    FAILED = "failed"
    PLANNED = "not tried yet"
    PARKED = "parked"  # without a result; with one it keeps its standing and is marked
    DROPPED = "dropped"


SYMBOLS = {
    State.BEST: "*",
    State.LEADER: "*",
    State.ONLY: "*",
    State.AS_GOOD: "=",
    State.CANT_TELL: "?",
    State.WORSE: "-",
    State.BASELINE: ".",
    State.APART: "~",
    State.FAILED: "x",
    State.PLANNED: "o",
    State.PARKED: "o",
    State.DROPPED: "o",
}

_OF_VERDICT = {
    Verdict.BEST: State.BEST,
    Verdict.AS_GOOD: State.AS_GOOD,
    Verdict.CANT_TELL: State.CANT_TELL,
    Verdict.WORSE: State.WORSE,
}


def state_of(judgement: Judgement, standing: Standing) -> State:
    """How a judged candidate stands; only a winner is called best."""
    if len(judgement.standings) == 1:
        return State.ONLY
    if standing.candidate == judgement.winner:
        return State.BEST
    if standing.candidate == judgement.leader:
        return State.LEADER
    state = _OF_VERDICT[standing.verdict]
    return State.CANT_TELL if state is State.BEST else state  # only a winner is called best
