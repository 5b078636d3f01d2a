"""Give a candidate up, with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlee_jupyter.domain import CandidateState
from mlee_jupyter.session.verbs import completing
from mlee_jupyter.session.verbs.declaration import BECAUSE, Order, Verb

if TYPE_CHECKING:
    from mlee_jupyter.session.session import Session


def run(here: Session, order: Order) -> list[str]:
    """Drop the candidate that is named."""
    name = order.word(0, "candidate", "drop NAME --because ...")
    drop(here, name, because=order.reason(f"drop {name}"))
    return [f"{name} is dropped."]


def drop(here: Session, candidate: str, *, because: str) -> None:
    """Give a candidate up."""
    here.set_state(candidate, CandidateState.DROPPED, because)


VERB = Verb(place=31, run=run, method=drop, options=(BECAUSE,), complete=completing.candidates)
