"""One page for the people who decide: `brief`, or `brief --output brief.html`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlee_jupyter.session.asked_for import asked_for
from mlee_jupyter.session.verbs import lines
from mlee_jupyter.session.verbs.declaration import FORMAT, OUTPUT, Command, Order, Verb
from mlee_jupyter.session.verbs.handouts import Handout

if TYPE_CHECKING:
    import argparse

    from mlee_jupyter.report import Said
    from mlee_jupyter.session.session import Session

BRIEF = Handout(
    name="brief",
    forms=("md", "html", "json"),
    begins=(b"<!doctype html><!-- mlee brief -->", b"<!-- mlee brief -->", b'{\n  "kind": "mlee brief"'),
    write=lines.brief_text,
    remark=" It holds no rows of your data.",
)


def run(here: Session, order: Order) -> list[str]:
    """The brief of the open experiment, shown or written."""
    return BRIEF.lines(here, None, order.get(FORMAT), order.get(OUTPUT))


def brief(here: Session, format: str = "text") -> Said:
    """One page for the people who decide: as "text", "md", "html" (a whole page) or "json"."""
    return BRIEF.said(here, None, format)


def command(here: Session, args: argparse.Namespace) -> list[str]:
    """The brief of one experiment of the store; the newest by default."""
    name = asked_for(here, [args.name] if args.name else [])[-1]
    return BRIEF.lines(here, name, args.format, args.output)


VERB = Verb(
    place=54,
    run=run,
    options=(FORMAT, OUTPUT),
    method=brief,
    command=Command(help="one page on an experiment for the people who decide", run=command, arguments=BRIEF.arguments),
)
