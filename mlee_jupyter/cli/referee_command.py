"""`mlee referee`: a process that alone knows the truth."""

from __future__ import annotations

import argparse
import signal
from pathlib import Path

HELP = "judge predictions in a process that alone knows the truth, and show no more than luck allows"
PORT = 8741
FOLDER = Path(".mlee-referee")


def options(parser: argparse.ArgumentParser) -> None:
    """The command's arguments.

    Args:
        parser: of the command.
    """
    add = parser.add_argument
    add("name", metavar="NAME", help="the experiment")
    add(
        "--truth",
        type=Path,
        required=True,
        metavar="FILE",
        help="a table (csv, tsv, json, parquet) with the right answers",
    )
    add("--column", metavar="NAME", help="its column of right answers, where there are several")
    add("--groups", metavar="COLUMN", help="its column of rows that belong together: customer, patient")
    add("--metric", metavar="METRIC", help="accuracy, roc_auc, mae, ...; by the truth where it is not named")
    add("--positive", metavar="CLASS", help="the positive class")
    add("--useful-gain", type=float, metavar="G", help="the smallest difference that would change a decision")
    add("--store", type=Path, default=FOLDER / "referee.db", metavar="FILE", help="the referee's own records")
    add("--token-file", type=Path, default=FOLDER / "token", metavar="FILE", help="made where there is none")
    add("--host", default="127.0.0.1", help="the address to listen on; this machine alone by default")
    add("--port", type=int, default=PORT, help="0: any that is free")


def run(args: argparse.Namespace) -> int:
    """Serve until Ctrl-C or SIGTERM; the exit code.

    Args:
        args: as `options` declares them.

    Raises:
        MleeError: the truth, the store, the token or the address cannot be used.
    """
    from mlee_jupyter.session.refereeing.referee_opened import RefereeOrder, open_referee
    from mlee_jupyter.wire.bearer import token_of
    from mlee_jupyter.wire.http_door import Answers, HttpDoor

    token = token_of(args.token_file)
    opened = open_referee(
        RefereeOrder(
            name=args.name,
            truth=args.truth,
            store=args.store,
            column=args.column,
            groups=args.groups,
            metric=args.metric,
            positive=args.positive,
            useful_gain=args.useful_gain,
        )
    )
    referee = opened.referee
    with HttpDoor(args.host, args.port, Answers(token=token, largest=referee.largest, answer=referee.answer)) as door:
        for remark in opened.remarks:
            print(remark)
        host = f"[{args.host}]" if ":" in args.host else args.host
        print(f"The referee of {args.name} answers at http://{host}:{door.server_port}.")
        print(f"Its token is in {args.token_file}; whoever hands in needs it.")
        print(f"The whole board is yours: MLEE_STORE={args.store} mlee scoreboard {args.name}", flush=True)
        signal.signal(signal.SIGTERM, _interrupt)
        try:
            door.serve_forever()
        except KeyboardInterrupt:
            print("The referee has ended; what was handed in is kept.")
    return 0


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
