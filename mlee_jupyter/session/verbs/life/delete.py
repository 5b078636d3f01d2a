"""Delete the open experiment (`delete NAME`) or a candidate (`delete candidate NAME`), rows included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlee_jupyter.session.verbs import completing
from mlee_jupyter.session.verbs.declaration import BECAUSE, Argument, Command, Order, Verb

if TYPE_CHECKING:
    import argparse

    from mlee_jupyter.session.session import Session


def run(here: Session, order: Order) -> list[str]:
    """Delete what is named."""
    first = order.word(0, "name", "delete NAME --because ...")
    reason = order.reason(f"delete {' '.join(order.words)}")
    if first == "candidate" and len(order.words) > 1:
        name = order.words[1]
        return [_gone(name, here.store.delete_candidate(here.experiment().name, name, reason, here.now()))]
    return [_gone(first, here.delete(first, reason))]


def command(here: Session, args: argparse.Namespace) -> list[str]:
    """Delete an experiment, open or not."""
    return [_gone(args.name, here.store.delete_experiment(args.name, args.because, here.now()))]


def _gone(name: str, remark: str | None) -> str:
    """What is said of a deletion; the store's remark tells where copies may still be."""
    return f"{name} and its rows are gone; the trace keeps that it was there.{f' {remark}' if remark else ''}"


VERB = Verb(
    place=64,
    run=run,
    options=(BECAUSE,),
    complete=completing.candidates,
    command=Command(
        help="delete an experiment with its rows",
        run=command,
        arguments=(Argument("name"), Argument("--because", required=True)),
    ),
)
