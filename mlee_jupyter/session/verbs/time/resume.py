"""Let the time run again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlee_jupyter.session.verbs import lines
from mlee_jupyter.session.verbs.declaration import Order, Verb

if TYPE_CHECKING:
    from mlee_jupyter.session.session import Session


def run(here: Session, _: Order) -> list[str]:
    """Let the time run again, and say where it stands."""
    done = here.opened.resume()
    return [f"{'Time runs again' if done else 'Time runs already'}. {lines.status_line(here)}"]


def resume(here: Session) -> None:
    """Let the time run again."""
    here.opened.resume()


VERB = Verb(place=22, run=run, method=resume)
