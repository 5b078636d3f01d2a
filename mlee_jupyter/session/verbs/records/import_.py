"""Read experiments from a file that `export` wrote."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mlee_jupyter.domain import files
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.session.verbs.declaration import Argument, Command, Order, Verb

if TYPE_CHECKING:
    from mlee_jupyter.session.session import Session

_LARGEST_EXPORT = 2 * 2**30  # bytes


def run(here: Session, order: Order) -> list[str]:
    """Take in the file that is named."""
    return [import_from(here, Path(order.word(0, "file", "import FILE.json")))]


def import_from(here: Session, file: Path) -> str:
    """Take in what `export` wrote; gives back the line to say.

    Raises:
        MleeError: not such a file.
    """
    try:
        document = files.parse_json(files.read_text(file, most=_LARGEST_EXPORT))
    except OSError as fault:
        raise MleeError(f"{file} cannot be read: {fault.strerror}.", "Name a file that export wrote.") from None
    except ValueError:
        raise MleeError(f"{file} is not JSON.", "Name a file that export wrote.") from None
    names = here.store.import_(document, rename=True)
    return f"Imported: {', '.join(names)}." if names else "Nothing new in it: the same experiments are here already."


VERB = Verb(
    place=66,
    run=run,
    command=Command(
        help="read experiments from such a file",
        run=lambda here, args: [import_from(here, args.file)],
        arguments=(Argument("file", type=Path),),
    ),
)
