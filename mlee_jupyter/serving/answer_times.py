"""How long a fitted model takes to answer: one row a call, as a request comes, and many, as a batch does.

The model is the user's own and is called again, so each call gets rows of its own, what it prints and warns of is
kept from the screen, the random numbers that it draws are given back, and the whole ends after a part of a second.
"""

from __future__ import annotations

import contextlib
import io
import math
import random
import sys
import time
import tracemalloc
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from mlee_jupyter.domain.model_seen import Timed

MANY = 1000  # rows of a call, where there are as many
MOST_CALLS = 200  # of one row
MOST_BATCHES = 25
LEAST_CALLS = 3
SLOW = 0.5  # seconds of calls after which fewer do
_ONE, _MANY = 0.6, 0.85  # shares of the time after which calls of one row end, and those of many


@dataclass(kw_only=True)
class AnswerTimes:
    """What was measured, and what could not be."""

    one: Timed | None = None
    many: Timed | None = None
    working: int | None = None  # bytes taken at the most while many were answered
    unmeasured: list[str] = field(default_factory=list)


def answer_times(answer: Callable[[Any], Any], features: Any, *, whole: float, seconds: float) -> AnswerTimes:
    """Time the calls.

    Args:
        answer: the model's own way to answer, as `model.predict`.
        features: rows to answer; a call gets a copy of some of them, in the form they came in.
        whole: seconds it took to answer all of them at once.
        seconds: that all of this may take; a call that has begun is waited for.
    """
    found = AnswerTimes()
    try:
        n = _length(features)
    except Exception:
        found.unmeasured.append("how long one answer takes: the rows it predicts on have no length")
        return found
    with _undisturbed():
        try:
            _measure(found, answer, features, n, whole, seconds)
        except KeyboardInterrupt:
            found.unmeasured.append("how long one answer takes: measuring was interrupted")
        except Exception as fault:
            what = "how long one answer takes" if found.one is None else "how long many answers take"
            found.unmeasured.append(f"{what}: it refuses a part of the rows ({type(fault).__name__})")
    return found


def at_once(features: Any, whole: float) -> Timed | None:
    """The answer to all of them at once, as the one call that it was; None where they are not many."""
    try:
        n = _length(features)
    except Exception:  # no length
        return None
    return Timed(n, 1, whole, whole) if n > 1 and whole > 0 else None


def _measure(
    found: AnswerTimes, answer: Callable[[Any], Any], features: Any, n: int, whole: float, seconds: float
) -> None:
    began = time.perf_counter()
    if n < 1:
        found.unmeasured.append("how long one answer takes: there are no rows")
        return
    step = max(1, n // MOST_CALLS)
    found.one = _calls(answer, lambda k: _part(features, k * step % n, 1), 1, MOST_CALLS, began + _ONE * seconds)
    size = min(MANY, n)
    took = max(found.one.median, whole * size / n)  # what a call of many is likely to take
    if size == 1 or (1 + LEAST_CALLS) * took > began + seconds - time.perf_counter():
        return
    starts = max(1, n - size + 1)
    rows_of = partial(_batch, features, starts, size)
    found.many = _calls(answer, rows_of, size, MOST_BATCHES, began + _MANY * seconds)
    if 4 * found.many.median < began + seconds - time.perf_counter():  # to watch its memory makes it slower
        found.working = _room(lambda: answer(_part(features, 0, size)))


def _batch(features: Any, starts: int, size: int, k: int) -> Any:
    return _part(features, k * size % starts, size)


def _calls(answer: Callable[[Any], Any], rows_of: Callable[[int], Any], rows: int, most: int, until: float) -> Timed:
    """Calls until the time is over; only the answering is timed, not the making of its rows.

    The first is not counted: caches are cold, and what is loaded late is loaded then. At least three are, of a slow
    model at least one.
    """
    took: list[float] = []
    for k in range(most + 1):
        mine = rows_of(k)
        began = time.perf_counter()
        answer(mine)
        ended = time.perf_counter()
        took.append(ended - began)
        if (k >= LEAST_CALLS and ended >= until) or (k >= 1 and sum(took) > SLOW):
            break
    counted = sorted(took[1:])
    return Timed(rows, len(counted), float(np.median(counted)), counted[math.ceil(0.95 * len(counted)) - 1])


def _room(call: Callable[[], Any]) -> int | None:
    """Bytes that a call takes at the most, as far as Python and numpy tell; None where somebody else is counting."""
    if tracemalloc.is_tracing():
        return None
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        call()
        return max(0, tracemalloc.get_traced_memory()[1] - before)
    finally:
        tracemalloc.stop()


def _length(features: Any) -> int:
    shape = getattr(features, "shape", None)
    return int(shape[0]) if shape else len(features)


def _part(features: Any, start: int, rows: int) -> Any:
    """Rows of their own: a model that changes what it is given changes nothing of the user's."""
    where = features.iloc if hasattr(features, "iloc") else features
    part = where[start : start + rows]
    copy = getattr(part, "copy", None) or getattr(part, "clone", None)
    return copy() if callable(copy) else part


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Nothing is printed, no warning shown, and who draws random numbers afterwards draws the same ones."""
    python, numpy, torch = random.getstate(), np.random.get_state(), sys.modules.get("torch")
    drawn = None
    with contextlib.suppress(Exception):
        drawn = torch.random.get_rng_state() if torch is not None else None
    try:
        with (
            warnings.catch_warnings(),
            contextlib.redirect_stdout(io.StringIO()),
            contextlib.redirect_stderr(io.StringIO()),
        ):
            warnings.simplefilter("ignore")
            yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)
        if torch is not None and drawn is not None:
            with contextlib.suppress(Exception):
                torch.random.set_rng_state(drawn)
