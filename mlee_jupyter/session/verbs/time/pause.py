"""Stop the time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlee_jupyter.session.verbs.declaration import Order, Verb

if TYPE_CHECKING:
    from mlee_jupyter.session.session import Session


def run(here: Session, _: Order) -> list[str]:
    """Stop the time, and say whether it ran."""
    done = here.opened.pause()
    return ["Time stands. %mlee_experiment resume lets it run again." if done else "Time stands already."]


def pause(here: Session) -> None:
    """Stop the time."""
    here.opened.pause()


VERB = Verb(place=21, run=run, method=pause)
