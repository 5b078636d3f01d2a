"""Copy everything into another store, as a team's: `move postgresql://team@db.example/mlee`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.domain.text.names import count
from mlee_jupyter.session.verbs.declaration import Argument, Command, Order, Verb

if TYPE_CHECKING:
    from mlee_jupyter.session.session import Session


def run(here: Session, order: Order) -> list[str]:
    """Copy this store to the place that is named."""
    return move_to(here, order.word(0, "place", "move FILE.db, or move postgresql://user@host/database"))


def move_to(here: Session, place: str) -> list[str]:
    """Copy everything to a place: a file, or a server's URL without its password; gives back the lines to say.

    Raises:
        MleeError: that place holds experiments, is this one, cannot be opened, or a password is in its name.
    """
    from mlee_jupyter.store import open_store, place_of

    label, has_password = place_of(place)
    if has_password:
        raise MleeError(
            "A password in a command is seen by others on this machine.",
            "Leave it out; PGPASSWORD or ~/.pgpass holds it.",
        )
    if label == here.store.location:
        raise MleeError(f"{label} is this store.", "Name another place.")
    here.flush()
    with open_store(place, fallback=False) as other:
        here.store.copy_to(other)
        number = len(other.experiments())
    return [
        f"{count(number, 'experiment')} copied to {label}, and what arrived is the same.",
        f"This store ({here.store.location}) is as it was. To work there: export MLEE_STORE={place}",
    ]


VERB = Verb(
    place=68,
    run=run,
    command=Command(
        help="copy everything into another store: a file, or a team's PostgreSQL",
        run=lambda here, args: move_to(here, args.place),
        arguments=(Argument("place", metavar="FILE|URL"),),
    ),
)
