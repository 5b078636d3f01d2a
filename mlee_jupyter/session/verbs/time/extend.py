"""Lengthen the time box, with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlee_jupyter.domain import durations
from mlee_jupyter.session import door_lines
from mlee_jupyter.session.verbs import lines
from mlee_jupyter.session.verbs.declaration import BECAUSE, Order, Verb

if TYPE_CHECKING:
    from mlee_jupyter.session.session import Session


def run(here: Session, order: Order) -> list[str]:
    """Lengthen the time box, and say where it stands."""
    by = durations.parse(order.word(0, "time", "extend 2h --because ..."), here.settings.hours_a_day)
    if not here.opened.extend(by, order.reason(f"extend {order.words[0]}")):
        return ["This very extension was made already; to extend again, give another reason."]
    return [lines.status_line(here), *door_lines.news_lines(here)]


def extend(here: Session, by: str, *, because: str) -> None:
    """Lengthen the time box, as "2h"."""
    here.opened.extend(durations.parse(by, here.settings.hours_a_day), because)


VERB = Verb(place=20, run=run, method=extend, options=(BECAUSE,))
