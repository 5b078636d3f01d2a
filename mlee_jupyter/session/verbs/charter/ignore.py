"""Mute a rule, with a reason and perhaps a last day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from mlee_jupyter.session.verbs import completing
from mlee_jupyter.session.verbs.declaration import BECAUSE, Argument, Order, Verb

if TYPE_CHECKING:
    from mlee_jupyter.session.session import Session

UNTIL = Argument("--until", help="last day of an ignore, as 2026-12-01")


def run(here: Session, order: Order) -> list[str]:
    """Mute the rule that is named."""
    rule = order.word(0, "rule", "ignore RULE --because ...")
    until = order.day(UNTIL)
    code = ignore(here, rule, because=order.reason(f"ignore {rule}"), until=until)
    return [f"{code} is ignored{f' until {until}' if until else ''}; the reason is kept with the experiment."]


def ignore(here: Session, rule: str, *, because: str, until: date | None = None) -> str:
    """Mute a rule; gives back its code."""
    return here.ignore(rule, because, until)


VERB = Verb(place=41, run=run, method=ignore, options=(BECAUSE, UNTIL), complete=completing.rules)
