"""The experiments that a command names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mlee_jupyter.domain.errors import MleeError

if TYPE_CHECKING:
    from mlee_jupyter.session.session import Session


def asked_for(here: Session, wanted: Sequence[str]) -> list[str]:
    """The experiments asked for; all of them where none is named.

    Raises:
        MleeError: there is none of that name, or none at all.
    """
    known = [experiment.name for experiment in here.store.experiments()]
    for name in wanted:
        if name not in known:
            raise MleeError(f"There is no experiment {name[:40]!r} in {here.store.location}.", _listed(known))
    if not known:
        raise MleeError(
            f"There is no experiment in {here.store.location} yet.", "Start one in a notebook, or run: mlee demo"
        )
    return list(wanted) or known


def _listed(known: Sequence[str]) -> str:
    return f"Known: {', '.join(name[:40] for name in known[:12])}." if known else "It holds none yet."
