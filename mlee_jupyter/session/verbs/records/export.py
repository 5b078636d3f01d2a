"""Write experiments to one JSON file: `export FILE [NAME ...]`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from mlee_jupyter.domain import files
from mlee_jupyter.domain.errors import MleeError
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
    if files.plain_file(file) is not None and not _is_export(file):
        raise MleeError(f"{file} is there and is no export of ours.", "Name another file, or move that one away.")
    here.flush()
    files.write(file, json.dumps(here.store.export(names or None)), private=True)
    return f"Written to {file}. It holds truth and predictions as they are in the store."


def _is_export(file: Path) -> bool:
    """Whether a file begins as `export` begins it; an empty one may be filled."""
    try:
        with file.open("rb") as beginning:
            start = beginning.read(200)
    except OSError as fault:
        raise MleeError(f"{file} cannot be read: {fault.strerror}.", "Name another file.") from None
    return not start or b"".join(start.split()).startswith(b'{"format":"mlee_jupyterexperiments"')


VERB = Verb(
    place=65,
    run=run,
    command=Command(
        help="write experiments to one JSON file",
        run=lambda here, args: [export_to(here, args.file, tuple(args.names))],
        arguments=(Argument("file", type=Path), Argument("names", nargs="*", metavar="NAME")),
    ),
)
