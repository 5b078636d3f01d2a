"""What earlier boxes of the store were planned for, and what they took."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlee_jupyter.domain import PastBox, working_time

if TYPE_CHECKING:
    from mlee_jupyter.session.session import Session

NEWEST = 20  # so far back: people and work change
LEAST = 0.05  # of the budget; what ended before that was a rehearsal, and says nothing of the plan


def past_boxes(here: Session, without: str | None = None) -> tuple[PastBox, ...]:
    """Boxes that were decided or closed, the newest twenty; of whom they are is not asked.

    Args:
        here: the session, for its store and its idle limit.
        without: the experiment that is looked at.
    """
    ended = [
        one for one in here.store.experiments() if not one.is_open and one.budget is not None and one.name != without
    ]
    newest, found = ended[-NEWEST:], []
    worked = here.store.worked([one.name for one in newest])
    for one in newest:
        spans, paused = worked[one.name]
        pauses = [(start, end or here.now()) for start, end in paused]
        took = working_time.active_time(spans, here.settings.idle_limit, pauses)
        if one.budget and took >= LEAST * one.budget:
            found.append(PastBox(budget=one.budget, took=took))
    return tuple(found)
