"""One page for the people who decide: `brief`, or `brief --output brief.html`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mlee_jupyter.domain import files
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.session.asked_for import asked_for
from mlee_jupyter.session.verbs import lines
from mlee_jupyter.session.verbs.declaration import FORMAT, OUTPUT, Argument, Command, Order, Verb

if TYPE_CHECKING:
    import argparse

    from mlee_jupyter.report import Said
    from mlee_jupyter.session.session import Session

FILE_FORMATS = ("md", "html", "json")
FORMATS = ("text", *FILE_FORMATS)
_BEGINS = (b"<!doctype html><!-- mlee brief -->", b"<!-- mlee brief -->", b'{\n  "kind": "mlee brief"')


def run(here: Session, order: Order) -> list[str]:
    """The brief of the open experiment, shown or written."""
    return _shown(here, None, order.get(FORMAT), order.get(OUTPUT))


def brief(here: Session, format: str = "text") -> Said:
    """One page for the people who decide: as "text", "md", "html" (a whole page) or "json"."""
    return _written(here, None, format)


def command(here: Session, args: argparse.Namespace) -> list[str]:
    """The brief of one experiment of the store; the newest by default."""
    name = asked_for(here, [args.name] if args.name else [])[-1]
    return _shown(here, name, args.format, args.output)


def _shown(here: Session, name: str | None, wanted: str | None, output: str | None) -> list[str]:
    if output is None:
        return [_written(here, name, wanted or "text").rstrip("\n")]
    file = Path(output)
    ending = {"htm": "html", "markdown": "md"}.get(file.suffix[1:].lower(), file.suffix[1:].lower())
    if (wanted or ending) not in FILE_FORMATS:
        raise MleeError(f"{file} does not say in which form.", f"Name it {file.stem or 'brief'}.html, .md or .json.")
    files.demand_ours(file, "brief", lambda start: start.startswith(_BEGINS))
    files.write(file, _written(here, name, wanted or ending))
    return [f"Written to {file}. It holds no rows of your data."]


def _written(here: Session, name: str | None, wanted: str) -> Said:
    if wanted not in FORMATS:
        raise MleeError(f"There is no form {wanted[:20]!r}.", "Write --format text, md, html or json.")
    return lines.brief_text(here, name, wanted)


VERB = Verb(
    place=54,
    run=run,
    options=(FORMAT, OUTPUT),
    method=brief,
    command=Command(
        help="one page on an experiment for the people who decide",
        run=command,
        arguments=(
            Argument("name", nargs="?"),
            Argument("--format", choices=FORMATS),
            Argument("--output", metavar="FILE", help="a file to write, as brief.html"),
        ),
    ),
)
