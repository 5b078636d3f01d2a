"""End the experiment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlee_jupyter.session.verbs.declaration import BECAUSE, Order, Verb

if TYPE_CHECKING:
    from mlee_jupyter.session.session import Session


def run(here: Session, order: Order) -> list[str]:
    """End the open experiment."""
    experiment = here.close(order.get(BECAUSE))
    return [f"{experiment.name} is closed. Its records stay; %mlee_scoreboard shows them."]


def close(here: Session, *, because: str | None = None) -> None:
    """End the experiment."""
    here.close(because)


VERB = Verb(place=53, run=run, method=close, options=(BECAUSE,))
