"""Where the open experiment stands."""

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
    """Where the open experiment stands, after what the store has to say."""
    return [*lines.notice(here), status(here)]


def status(here: Session) -> Said:
    """Where the experiment stands: time, effort, what was found."""
    return lines.status_text(here)


def command(here: Session, args: argparse.Namespace) -> list[str]:
    """Where each of them stands; all by default."""
    return [lines.status_text(here, name) for name in asked_for(here, args.names)]


VERB = Verb(
    place=11,
    run=run,
    method=status,
    command=Command(
        help="where experiments stand", run=command, arguments=(Argument("names", nargs="*", metavar="NAME"),)
    ),
)
