"""How large a fitted model is when it is written down: what a machine loads to answer."""

from __future__ import annotations

import pickle
import time
from contextlib import suppress
from typing import Any

from mlee_jupyter.domain.text.numbers import bytes_text

PROTOCOL = 5  # arrays are handed over as they are: counted, never copied


class _TimeIsOver(Exception):
    pass


class _Counter:
    """A file that keeps nothing, and ends the writing when its time is over."""

    def __init__(self, seconds: float) -> None:
        self.size = 0
        self._until = time.perf_counter() + seconds

    def write(self, some: Any) -> int:
        self._add(len(some))
        return len(some)

    def beside(self, buffer: pickle.PickleBuffer) -> None:
        self._add(buffer.raw().nbytes)

    def _add(self, size: int) -> None:
        self.size += size
        if time.perf_counter() > self._until:
            raise _TimeIsOver


def model_size(model: Any, *, seconds: float) -> tuple[int | None, str]:
    """Bytes it has when serialised; None with the reason where that cannot be told.

    Args:
        model: as it was fitted. A network's parameters are counted, since writing one down takes long.
        seconds: that it may take.
    """
    parameters = _parameter_bytes(model)
    if parameters is not None:
        return parameters, ""
    counter = _Counter(seconds)
    try:
        pickle.Pickler(counter, PROTOCOL, buffer_callback=counter.beside).dump(model)
    except _TimeIsOver:
        return None, f"its size: more than {bytes_text(counter.size)}, and counting takes long"
    except KeyboardInterrupt:
        return None, "its size: measuring was interrupted"
    except Exception as fault:  # a lambda, an open connection, a lock: anything of the user's
        return None, f"its size: it cannot be serialised ({type(fault).__name__})"
    return counter.size, ""


def _parameter_bytes(model: Any) -> int | None:
    """Of a network of PyTorch's or Keras'; None for anything else."""
    made_by = {kind.__module__.partition(".")[0] for kind in type(model).__mro__}
    with suppress(Exception):
        if "torch" in made_by:
            return sum(int(one.numel()) * int(one.element_size()) for one in model.parameters())
        if made_by & {"keras", "tensorflow"}:
            return 4 * int(model.count_params())
    return None
