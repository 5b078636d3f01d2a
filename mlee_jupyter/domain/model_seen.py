"""What was seen of a model that a run handed over: how long it takes to answer, how large it is, how simple; and on
what it ran.

Each is kept with the run as one of its tags, so that a store needs no other form for it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

MODEL = "model="  # the tag that holds it, as JSON
MACHINE = "machine="  # the same of what it ran on
T = TypeVar("T")
ENOUGH_CALLS = 20  # of which one in 20 can be said to take longer


class Timed(NamedTuple):
    """Calls of one size, by the clock."""

    rows: int  # of each call
    calls: int
    median: float  # seconds a call
    p95: float  # 95 of 100 calls took at most so many seconds; of fewer than 20 calls the longest

    @property
    def tail_known(self) -> bool:
        """Whether there were calls enough to say what one in 20 takes."""
        return self.calls >= ENOUGH_CALLS


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelSeen:
    """A fitted model, as it was seen when its run was recorded."""

    one: Timed | None = None  # one row a call, as a request comes
    many: Timed | None = None  # up to a thousand rows a call, as a batch is answered
    size: int | None = None  # bytes, serialised
    working: int | None = None  # bytes it takes besides, at the most, while it answers many
    unmeasured: tuple[str, ...] = ()  # what could not be measured, and why: "its size: it cannot be serialised"
    rank: int | None = None  # how simple it is, 1 being the simplest; None: it cannot be told
    rank_reason: str = ""  # why, or why it cannot be told

    @property
    def is_measured(self) -> bool:
        """Whether there was a fitted model to be measured, and not only code to be read."""
        return bool(self.one or self.many or self.size or self.unmeasured)

    def tag(self) -> str:
        """As it is kept."""
        told = {
            "one": self.one,
            "many": self.many,
            "size": self.size,
            "working": self.working,
            "unmeasured": self.unmeasured,
            "rank": self.rank,
            "rank_reason": self.rank_reason,
        }
        return MODEL + json.dumps({key: value for key, value in told.items() if value}, separators=(",", ":"))


class MachineSeen(NamedTuple):
    """What a run used beyond one processor, as far as the model and its cell tell."""

    cluster: str = ""  # "Spark", where its work was given to many machines
    gpu: str = ""  # "cuda"
    data_bytes: int | None = None  # of the tables at hand; None: not known

    def tag(self) -> str:
        """As it is kept."""
        told = {key: value for key, value in self._asdict().items() if value}
        return MACHINE + json.dumps(told, separators=(",", ":"))


def tag_read(tags: str | None, mark: str, read: Callable[[Any], T]) -> T | None:
    """What the tag that begins with a mark holds, as JSON; None where there is none, or none that can be read.

    Args:
        tags: a run's, as a JSON list.
        mark: "model=".
        read: makes of the JSON what it means.
    """
    if tags is None or mark not in tags:
        return None
    try:
        kept = next(tag for tag in json.loads(tags) if isinstance(tag, str) and tag.startswith(mark))
        return read(json.loads(kept[len(mark) :]))
    except (ValueError, TypeError, AttributeError, StopIteration, RecursionError):
        return None  # written by another version, or by hand


@lru_cache(maxsize=4096)
def machine_seen(tags: str | None) -> MachineSeen | None:
    """What a run's tags (JSON) say of what it ran on; None where they say nothing that can be read."""
    return tag_read(
        tags,
        MACHINE,
        lambda told: MachineSeen(
            str(told.get("cluster", "")), str(told.get("gpu", "")), _whole(told.get("data_bytes"))
        ),
    )


@lru_cache(maxsize=4096)
def model_seen(tags: str | None) -> ModelSeen | None:
    """What a run's tags (JSON) say of its model; None where they say nothing that can be read."""
    return tag_read(
        tags,
        MODEL,
        lambda told: ModelSeen(
            one=_timed(told.get("one")),
            many=_timed(told.get("many")),
            size=_whole(told.get("size")),
            working=_whole(told.get("working")),
            unmeasured=tuple(str(one) for one in told.get("unmeasured", ())),
            rank=_whole(told.get("rank")),
            rank_reason=str(told.get("rank_reason", "")),
        ),
    )


def _timed(told: Any) -> Timed | None:
    if told is None:
        return None
    rows, calls, median, p95 = told
    if not (0 < median < math.inf and median <= p95 < math.inf):
        return None
    return Timed(int(rows), int(calls), float(median), float(p95))


def _whole(told: Any) -> int | None:
    return None if told is None else int(told)
