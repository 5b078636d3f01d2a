"""All experiments of this store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlee_jupyter.session.verbs import lines
from mlee_jupyter.session.verbs.declaration import Command, Order, Verb

if TYPE_CHECKING:
    from mlee_jupyter.session.session import Session


def run(here: Session, _: Order) -> list[str]:
    """All experiments, after what the store has to say."""
    return [*lines.notice(here), lines.list_text(here)]


VERB = Verb(
    place=60,
    run=run,
    command=Command(help="the experiments of this store", run=lambda here, _: [lines.list_text(here)]),
)
