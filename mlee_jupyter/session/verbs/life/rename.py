"""Rename the experiment (`rename NEW`) or a candidate (`rename OLD NEW`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlee_jupyter.session.verbs import completing
from mlee_jupyter.session.verbs.declaration import BECAUSE, Argument, Command, Order, Verb

if TYPE_CHECKING:
    import argparse

    from mlee_jupyter.session.session import Session


def run(here: Session, order: Order) -> list[str]:
    """Give the open experiment, or one of its candidates, another name."""
    experiment = here.experiment()
    first = order.word(0, "name", "rename OLD NEW")
    second = order.words[1] if len(order.words) > 1 else None
    rename(here, first, second, because=order.get(BECAUSE))
    return [f"{experiment.name} is now {first}." if second is None else f"{first} is now {second}."]


def rename(here: Session, name: str, new: str | None = None, *, because: str | None = None) -> None:
    """Rename the experiment, `rename("shop")`, or a candidate, `rename("svm", "svc")`."""
    if new is None:
        here.opened.rename(name, because)
    else:
        here.store.rename_candidate(here.experiment().name, name, new, because, here.now())


def command(here: Session, args: argparse.Namespace) -> list[str]:
    """Rename an experiment, open or not."""
    here.store.rename_experiment(args.old, args.new, args.because, here.now())
    return [f"{args.old} is now {args.new}."]


VERB = Verb(
    place=63,
    run=run,
    method=rename,
    options=(BECAUSE,),
    complete=completing.candidates,
    command=Command(
        help="rename an experiment",
        run=command,
        arguments=(Argument("old"), Argument("new"), Argument("--because")),
    ),
)
