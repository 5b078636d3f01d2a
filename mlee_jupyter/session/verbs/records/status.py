"""Where the open experiment stands; on the command line, where many stand, of this store or of all below a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from mlee_jupyter.domain import settings
from mlee_jupyter.domain.errors import MleeError, StoreError
from mlee_jupyter.domain.text.names import count
from mlee_jupyter.session.asked_for import asked_for
from mlee_jupyter.session.verbs import lines
from mlee_jupyter.session.verbs.declaration import Argument, Command, Order, Verb

if TYPE_CHECKING:
    import argparse

    from mlee_jupyter.report import Said
    from mlee_jupyter.session.session import Session

SHORT = Argument("--short", action="store_true", help="a few lines each: who, time, verdict, what blocks")
UNDER = Argument("--under", metavar="FOLDER", help="the same of every .mlee/experiments.db below a folder")
STORE = Path(".mlee") / "experiments.db"
PASSED_BY = {"node_modules", "__pycache__", "site-packages"}


def run(here: Session, _: Order) -> list[str]:
    """Where the open experiment stands, after what the store has to say."""
    return [*lines.notice(here), status(here)]


def status(here: Session) -> Said:
    """Where the experiment stands: time, effort, what was found."""
    return lines.status_text(here)


def command(here: Session, args: argparse.Namespace) -> list[str]:
    """Where each of them stands; all by default."""
    if args.under is not None:
        if args.names:
            raise MleeError("--under looks at all experiments below a folder.", "Leave the names out.")
        return _under(args.under)
    names = asked_for(here, args.names)
    return lines.overview_of(here, names) if args.short else [lines.status_text(here, name) for name in names]


def _under(folder: str) -> list[str]:
    """Every experiment below a folder; a store that cannot be read is one line, and the others stand."""
    from mlee_jupyter.session.session import Session
    from mlee_jupyter.store import open_store

    if not Path(folder).is_dir():
        raise MleeError(f"There is no folder {folder[:200]}.", "Check the path.")
    said: list[str] = []
    seen = experiments = 0
    for place in stores_below(Path(folder)):
        seen += 1
        said += ["", str(place)] if said else [str(place)]
        try:
            with open_store(str(place), fallback=False, when_needed=True) as store:
                there = Session(store, settings.read(place.parents[1]))
                names = [one.name for one in store.experiments()]
                said += lines.overview_of(there, names)
        except StoreError as fault:
            said.append(f"  {fault}")
            continue
        experiments += len(names)
    if not seen:
        raise MleeError(f"There is no {STORE} below {folder[:200]}.", "A server's is told by: mlee status --short")
    return [*said, "", f"{count(experiments, 'experiment')} in {count(seen, 'store')}."]


def stores_below(folder: Path) -> Iterator[Path]:
    """The stores of projects, in the order of their names; hidden folders and those of packages are passed by.

    Args:
        folder: where to look.
    """
    for at, inside, _ in os.walk(folder):
        inside[:] = sorted(name for name in inside if not name.startswith(".") and name not in PASSED_BY)
        if (Path(at) / "pyvenv.cfg").exists():
            inside.clear()  # an environment
        elif (Path(at) / STORE).is_file():
            yield Path(at) / STORE


VERB = Verb(
    place=11,
    run=run,
    method=status,
    command=Command(
        help="where experiments stand",
        run=command,
        arguments=(Argument("names", nargs="*", metavar="NAME"), SHORT, UNDER),
    ),
)
