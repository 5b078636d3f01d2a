"""Write experiments to one JSON file: `export FILE [NAME ...]`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from mlee_jupyter.domain import files
from mlee_jupyter.session.verbs.declaration import Argument, Command, Order, Verb

if TYPE_CHECKING:
    from mlee_jupyter.session.session import Session


def run(here: Session, order: Order) -> list[str]:
    """Write the experiments that are named."""
    return [export_to(here, Path(order.word(0, "file", "export FILE.json")), order.words[1:])]


def export_to(here: Session, file: Path, names: tuple[str, ...] = ()) -> str:
    """Write experiments (all by default) to one JSON file; gives back the line to say.

    Raises:
        MleeError: an unknown name, or a file that cannot be written.
    """
    files.demand_ours(file, "export", _is_export)
    here.flush()
    files.write(file, json.dumps(here.store.export(names or None)), private=True)
    return f"Written to {file}. It holds truth and predictions as they are in the store."


def _is_export(start: bytes) -> bool:
    """Whether a file begins as `export` begins it."""
    return b"".join(start.split()).startswith(b'{"format":"mlee_jupyterexperiments"')


VERB = Verb(
    place=65,
    run=run,
    command=Command(
        help="write experiments to one JSON file",
        run=lambda here, args: [export_to(here, args.file, tuple(args.names))],
        arguments=(Argument("file", type=Path), Argument("names", nargs="*", metavar="NAME")),
    ),
)
