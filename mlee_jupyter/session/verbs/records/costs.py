"""How long each candidate takes to answer, and what running it costs a month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlee_jupyter.session.asked_for import asked_for
from mlee_jupyter.session.verbs import lines
from mlee_jupyter.session.verbs.declaration import Argument, Command, Order, Verb

if TYPE_CHECKING:
    import argparse

    from mlee_jupyter.report import Said
    from mlee_jupyter.session.session import Session


def run(here: Session, _: Order) -> list[str]:
    """Of the open experiment."""
    return [costs(here)]


def costs(here: Session) -> Said:
    """How long each candidate takes to answer, and what running it costs a month."""
    return lines.costs_text(here)


def command(here: Session, args: argparse.Namespace) -> list[str]:
    """Of one experiment, or of each."""
    return [lines.costs_text(here, name) for name in asked_for(here, [args.name] if args.name else [])]


VERB = Verb(
    place=55,
    run=run,
    method=costs,
    command=Command(
        help="how long candidates take to answer, and what running them costs a month",
        run=command,
        arguments=(Argument("name", nargs="?"),),
    ),
)
