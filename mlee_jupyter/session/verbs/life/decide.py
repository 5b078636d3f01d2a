"""Choose a candidate; `decide none` decides against all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlee_jupyter.session import door_lines
from mlee_jupyter.session.verbs import completing, lines
from mlee_jupyter.session.verbs.declaration import BECAUSE, Order, Spoken, Verb

if TYPE_CHECKING:
    from mlee_jupyter.session.session import Session


def run(here: Session, order: Order) -> list[str]:
    """Decide for the candidate that is named, and say where the experiment stands."""
    name = order.word(0, "candidate", "decide NAME --because ...")
    here.decide(None if name == "none" else name, order.get(BECAUSE))
    return [lines.status_line(here), *door_lines.decision_lines(here)]


def decide(here: Session, candidate: str | None, *, because: str | None = None) -> Spoken[None]:
    """Choose a candidate, or None against all of them."""
    here.decide(candidate, because)
    return Spoken(None, door_lines.decision_lines(here))


VERB = Verb(place=50, run=run, method=decide, options=(BECAUSE,), complete=completing.candidates)
