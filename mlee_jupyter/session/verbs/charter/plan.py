"""What is planned, against the box: `plan`, or `plan NAME --try 3h --build 15d` to add a candidate to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mlee_jupyter.domain import charter_toml
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.session import door_lines
from mlee_jupyter.session.asked_for import asked_for
from mlee_jupyter.session.verbs import completing, lines
from mlee_jupyter.session.verbs.declaration import BECAUSE, FORMAT, OUTPUT, Argument, Command, Order, Verb
from mlee_jupyter.session.verbs.handouts import Handout

if TYPE_CHECKING:
    import argparse

    from mlee_jupyter.report import Said
    from mlee_jupyter.session.session import Session

TRY = Argument("--try", help="plan: how long until it has a result, as 3h")
BUILD = Argument("--build", help="plan: how long until it can be used once it is chosen, as 15d")
SOURCE = Argument("--source", help="plan: where the idea is from: blog, paper, docs, own")
SIMPLICITY = Argument("--simplicity", help="plan: 1 is simplest")
GAIN = Argument("--gain", help="plan: what it is hoped to gain over the others, in the metric's units")
PLAN = Handout(
    name="plan",
    forms=("html", "json"),
    begins=(b'<div class="mlee-board mathjax_ignore tex2jax_ignore"><!-- mlee plan -->', b'{\n  "kind": "mlee plan"'),
    write=lines.plan_text,
)


def run(here: Session, order: Order) -> list[str]:
    """Show the plan, after adding to it what is named."""
    typed = {
        "try": order.get(TRY),
        "build": order.get(BUILD),
        "source": order.get(SOURCE),
        "simplicity": order.get(SIMPLICITY),
        "gain": order.get(GAIN),
    }
    values = {
        key: charter_toml.parse_value(text) if key in ("simplicity", "gain") else text
        for key, text in typed.items()
        if text is not None
    }
    if values and not order.words:
        raise MleeError("Which candidate?", "Type %mlee_experiment plan NAME --try 3h.")
    for name in order.words:
        _planned(here, name, values, order.get(BECAUSE))
    news = door_lines.news_lines(here) if order.words else []
    return [*PLAN.lines(here, None, order.get(FORMAT), order.get(OUTPUT)), *news]


def plan(here: Session, candidate: str | None = None, *, format: str = "text", **values: Any) -> Said:
    """What is planned, as "text", "html" or "json"; with a candidate, after planning it with what is named.

    Raises:
        MleeError: a value that cannot be; `first_try` and `build` are durations such as "3h".
    """
    if candidate is not None:
        named = {"try" if key == "first_try" else key: value for key, value in values.items() if value is not None}
        _planned(here, candidate, named, None)
    elif values:
        raise MleeError("Which candidate?", 'Write plan("knn", first_try="3h").')
    return PLAN.said(here, None, format)


def command(here: Session, args: argparse.Namespace) -> list[str]:
    """The plan of one experiment of the store; the newest by default."""
    name = asked_for(here, [args.name] if args.name else [])[-1]
    return PLAN.lines(here, name, args.format, args.output)


def _planned(here: Session, name: str, values: Mapping[str, Any], because: str | None) -> None:
    """Add a candidate to the plan, or to what is estimated of it."""
    charter = here.experiment().charter
    table = {one: charter_toml.estimate_table(charter, one) for one in charter.candidates}
    table[name] = {**table.get(name, {}), **values}
    here.change({"candidates": table}, because)


VERB = Verb(
    place=12,
    run=run,
    options=(TRY, BUILD, SOURCE, SIMPLICITY, GAIN, FORMAT, OUTPUT, BECAUSE),
    method=plan,
    complete=completing.candidates,
    command=Command(
        help="what is planned, against the box and what earlier boxes took",
        run=command,
        arguments=PLAN.arguments,
    ),
)
