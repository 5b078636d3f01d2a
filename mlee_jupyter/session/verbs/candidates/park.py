"""Leave a candidate as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlee_jupyter.domain import CandidateState
from mlee_jupyter.session.verbs import completing
from mlee_jupyter.session.verbs.declaration import BECAUSE, Order, Verb

if TYPE_CHECKING:
    from mlee_jupyter.session.session import Session


def run(here: Session, order: Order) -> list[str]:
    """Park the candidate that is named."""
    name = order.word(0, "candidate", "park NAME")
    park(here, name, because=order.get(BECAUSE))
    return [f"{name} is parked: its results stay on the board, its tuning waits."]


def park(here: Session, candidate: str, *, because: str | None = None) -> None:
    """Leave a candidate as it is; tuning belongs after the choice."""
    here.set_state(candidate, CandidateState.PARKED, because)


VERB = Verb(place=30, run=run, method=park, options=(BECAUSE,), complete=completing.candidates)
