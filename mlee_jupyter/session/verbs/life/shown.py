"""Note that somebody was shown how it stands, and what they said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.session.verbs.declaration import Argument, Order, Verb

if TYPE_CHECKING:
    from mlee_jupyter.session.session import Session

TO = Argument("--to", help="who saw it: a name or a role")
SAID = Argument("--said", help="what they said")
EXAMPLE = '%mlee_experiment shown --to "store operations" --said "they need it by Friday"'


def run(here: Session, order: Order) -> list[str]:
    """Note it."""
    shown(here, to=order.get(TO) or "", said=order.get(SAID) or "")
    return [f"Noted: shown to {order.get(TO)}."]


def shown(here: Session, *, to: str, said: str = "") -> None:
    """Note that somebody was shown how it stands, and what they said."""
    if not to.strip():
        raise MleeError("Who was shown it?", f"Type {EXAMPLE}")
    here.store.add_shown(here.experiment().name, " ".join(to.split()), " ".join(said.split()), here.now())


VERB = Verb(place=49, run=run, method=shown, options=(TO, SAID))
