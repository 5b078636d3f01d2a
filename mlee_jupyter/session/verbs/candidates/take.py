"""Take a parked or dropped candidate up again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlee_jupyter.domain import CandidateState
from mlee_jupyter.session.verbs import completing
from mlee_jupyter.session.verbs.declaration import BECAUSE, Order, Verb

if TYPE_CHECKING:
    from mlee_jupyter.session.session import Session


def run(here: Session, order: Order) -> list[str]:
    """Take up the candidate that is named."""
    name = order.word(0, "candidate", "take NAME")
    take(here, name, because=order.get(BECAUSE))
    return [f"{name} is in play again."]


def take(here: Session, candidate: str, *, because: str | None = None) -> None:
    """Take a parked or dropped candidate up again."""
    here.set_state(candidate, CandidateState.ACTIVE, because)


VERB = Verb(place=32, run=run, method=take, options=(BECAUSE,), complete=completing.candidates)
