"""Every run with its number, for `withdraw`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlee_jupyter.session.asked_for import asked_for
from mlee_jupyter.session.verbs import lines
from mlee_jupyter.session.verbs.declaration import Argument, Command, Order, Verb

if TYPE_CHECKING:
    import argparse

    import pandas as pd

    from mlee_jupyter.session.session import Session


def run(here: Session, _: Order) -> list[str]:
    """The runs of the open experiment."""
    return [lines.history_text(here.records())]


def history(here: Session) -> pd.DataFrame:
    """Every run with its number, oldest first; `withdraw` takes the number."""
    return lines.history_table(here.records())


def command(here: Session, args: argparse.Namespace) -> list[str]:
    """The runs of one experiment, or of each."""
    names = asked_for(here, [args.name] if args.name else [])
    return [lines.history_text(here.store.records(name)) for name in names]


VERB = Verb(
    place=61,
    run=run,
    method=history,
    command=Command(help="every run with its number", run=command, arguments=(Argument("name", nargs="?"),)),
)
