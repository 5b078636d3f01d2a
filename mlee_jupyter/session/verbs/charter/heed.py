"""Take an ignore back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlee_jupyter.session import door_lines
from mlee_jupyter.session.verbs import completing
from mlee_jupyter.session.verbs.declaration import Order, Verb

if TYPE_CHECKING:
    from mlee_jupyter.session.session import Session


def run(here: Session, order: Order) -> list[str]:
    """Heed the rule that is named."""
    return [
        f"{heed(here, order.word(0, 'rule', 'heed RULE'))} speaks again when it applies.",
        *door_lines.news_lines(here),
    ]


def heed(here: Session, rule: str) -> str:
    """Take an ignore back; gives back the rule's code."""
    return here.heed(rule)


VERB = Verb(place=42, run=run, method=heed, complete=completing.rules)
