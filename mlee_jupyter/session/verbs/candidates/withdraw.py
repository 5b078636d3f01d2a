"""Take a mistaken run off the board; the trace stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.session.verbs.declaration import BECAUSE, Order, Verb

if TYPE_CHECKING:
    from mlee_jupyter.session.session import Session


def run(here: Session, order: Order) -> list[str]:
    """Withdraw the run of that number."""
    number = order.word(0, "run", "withdraw 12 --because ... (%mlee_experiment history lists them)")
    if not number.isdigit():
        raise MleeError(f"{number[:20]!r} is not a run's number.", "%mlee_experiment history lists them.")
    withdraw(here, int(number), because=order.reason(f"withdraw {number}"))
    return [f"Run {number} is off the board; the trace keeps that it was there."]


def withdraw(here: Session, run: int, *, because: str) -> None:
    """Take a mistaken run off the board; the trace stays. `history` has the numbers."""
    here.store.withdraw_run(here.experiment().name, run, because, here.now())


VERB = Verb(place=62, run=run, method=withdraw, options=(BECAUSE,))
