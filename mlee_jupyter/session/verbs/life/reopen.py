"""Take a decision or a closing back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.session.verbs import lines
from mlee_jupyter.session.verbs.declaration import Order, Verb

if TYPE_CHECKING:
    from mlee_jupyter.session.session import Session


def run(here: Session, order: Order) -> list[str]:
    """Take back what ended the open experiment."""
    if order.words and " ".join(order.words) != here.experiment().name:
        raise MleeError(
            f"{here.experiment().name} is open here, not {' '.join(order.words)[:40]!r}.",
            "Open the other one first: %mlee_experiment start NAME",
        )
    reopen(here)
    return [f"Open again. {lines.status_line(here)}"]


def reopen(here: Session) -> None:
    """Take a decision or a closing back, so that time runs again."""
    here.reopen()


VERB = Verb(place=52, run=run, method=reopen)
