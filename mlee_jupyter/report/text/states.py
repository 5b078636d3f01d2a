"""The states of a row: a shape and a word each, so that colour never carries a meaning alone."""

from __future__ import annotations

from enum import StrEnum


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
