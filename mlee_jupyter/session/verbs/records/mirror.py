"""Show an experiment's runs in MLflow as well: `mirror mlflow --uri URI`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.domain.text.names import count
from mlee_jupyter.session import boards
from mlee_jupyter.session.asked_for import asked_for
from mlee_jupyter.session.verbs.declaration import Argument, Command, Order, Spoken, Verb

if TYPE_CHECKING:
    import argparse

    from mlee_jupyter.session.session import Session

URI = Argument("--uri", help="a tracking store or server of mirror; without it that of MLFLOW_TRACKING_URI")
TOOLS = ("mlflow",)


def run(here: Session, order: Order) -> list[str]:
    """The open experiment."""
    return [_mirror(here, order.word(0, "tool", "mirror mlflow"), here.experiment().name, order.get(URI))]


def mirror(here: Session, tool: str = "mlflow", *, uri: str | None = None) -> Spoken[None]:
    """Write the experiment's runs to a tracking store of MLflow; again, only what has changed since.

    Args:
        tool: "mlflow".
        uri: its tracking URI; None: that of MLFLOW_TRACKING_URI.

    Raises:
        MleeError: MLflow is not installed, or the store cannot be written.
    """
    return Spoken(None, [_mirror(here, tool, here.experiment().name, uri)])


def command(here: Session, args: argparse.Namespace) -> list[str]:
    """One experiment, or each."""
    return [_mirror(here, args.tool, name, args.uri) for name in asked_for(here, [args.name] if args.name else [])]


def _mirror(here: Session, tool: str, name: str, uri: str | None) -> str:
    from mlee_jupyter.bridges.mlflow_mirror import write_mlflow
    from mlee_jupyter.session.beside.mirrored import identity_of, mirror_runs, mirror_tags

    if tool != "mlflow":
        raise MleeError(f"There is no mirror {tool[:30]!r}.", "Type %mlee_experiment mirror mlflow --uri URI.")
    here.flush()
    records = here.store.records(name)
    runs = mirror_runs(here, records, boards.board_of(here, name))
    done = write_mlflow(uri, name, identity_of(records.experiment), mirror_tags(records), runs)
    told = [f"{done.new:,} new", f"{done.changed:,} changed", f"{done.same:,} as before"]
    if done.gone:
        told.append(f"{done.gone:,} withdrawn since")
    return f"{count(len(runs), 'run')} of {done.experiment} in MLflow at {done.place}: {', '.join(told)}."


VERB = Verb(
    place=67,
    run=run,
    options=(URI,),
    complete=lambda: TOOLS,
    method=mirror,
    command=Command(
        help="show an experiment's runs in MLflow as well",
        run=command,
        arguments=(Argument("tool", choices=TOOLS), Argument("name", nargs="?"), URI),
    ),
)
