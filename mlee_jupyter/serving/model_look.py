"""A fitted model that a run handed over, looked at once: how long it answers, how large it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from mlee_jupyter.domain.model_seen import ModelSeen
from mlee_jupyter.domain.text.numbers import answer_text

from .answer_times import answer_times, at_once
from .model_size import model_size
from .simplicity import Ranked, of_model
from .simplicity_of_code import of_code

SHARE = 0.1  # of the run's own time, which measuring may take,
LEAST, MOST = 0.1, 0.6  # but no less and no more seconds
LONGEST = 1.0  # seconds that one more call may take; it cannot be ended once it has begun
_FOR_SIZE = 0.2  # seconds that counting may take, shared as well; the most of models are counted in a thousandth of it


def with_rank(seen: ModelSeen | None, model: Any, source: str | None, names: Mapping[str, Any]) -> ModelSeen:
    """The same with how simple it is: of the model, or where there is none, of the cell that made the predictions."""
    try:
        ranked = of_model(model) if model is not None else of_code(source, names)
    except Exception as fault:  # the user's variables may be anything, and answer anything when looked at
        ranked = Ranked(None, f"it cannot be read ({type(fault).__name__})")
    return replace(seen or ModelSeen(), rank=ranked.rank, rank_reason=ranked.reason)


def look(
    model: Any, answer: Callable[[Any], Any], features: Any, *, whole: float, run: float, models: int = 1
) -> ModelSeen:
    """Measure a model; nothing that it does can fail the run, which went well.

    Args:
        model: fitted.
        answer: its own way to answer, as `model.predict`.
        features: rows that it has answered.
        whole: seconds it took to answer all of them at once.
        run: seconds of its whole run.
        models: that the run handed over, which share the time.
    """
    seconds = min(MOST, max(LEAST, SHARE * run)) / max(1, models)
    size, why = model_size(model, seconds=_FOR_SIZE / max(1, models))
    unmeasured = [why] if why else []
    if whole > max(LONGEST, SHARE * run):
        unmeasured.append(
            f"how long one answer takes: all rows at once took {answer_text(whole)}, and one more call may"
        )
        return ModelSeen(many=at_once(features, whole), size=size, unmeasured=tuple(unmeasured))
    found = answer_times(answer, features, whole=whole, seconds=seconds)
    return ModelSeen(
        one=found.one,
        many=found.many or at_once(features, whole),  # where there was no time for more, the one call that there was
        size=size,
        working=found.working,
        unmeasured=(*unmeasured, *found.unmeasured),
    )
