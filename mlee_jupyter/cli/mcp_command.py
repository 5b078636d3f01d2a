"""`mlee mcp`: what an agent may do, as tools over the Model Context Protocol."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

HELP = "tools for agents over the Model Context Protocol; nothing that a client sends is executed"
PORT = 8742


def options(parser: argparse.ArgumentParser) -> None:
    """The command's arguments.

    Args:
        parser: of the command.
    """
    add = parser.add_argument
    add("--http", action="store_true", help="over HTTP with a bearer token, instead of stdin and stdout")
    add("--host", default="127.0.0.1", help="the address to listen on; this machine alone by default")
    add("--port", type=int, default=PORT)
    add("--token-file", type=Path, default=Path(".mlee") / "mcp-token", metavar="FILE", help="made where there is none")
    add("--folder", type=Path, default=Path(), metavar="DIR", help="in which files lie that a client may name")
    add("--referee", metavar="URL", help="hand predictions in to a referee; its token: MLEE_REFEREE_TOKEN")


def run(args: argparse.Namespace) -> int:
    """Serve until the client goes, Ctrl-C or SIGTERM; the exit code.

    Args:
        args: as `options` declares them.

    Raises:
        MleeError: the SDK is not installed, or a token cannot be read.
    """
    from mlee_jupyter.session import current
    from mlee_jupyter.session.tools import experiment_tools, refereed_table
    from mlee_jupyter.session.tools.package_tool import package_tool
    from mlee_jupyter.wire.bearer import token_of
    from mlee_jupyter.wire.mcp_door import mcp_server, serve_http, serve_stdio
    from mlee_jupyter.wire.referee_client import referee

    folder = args.folder.absolute()
    if args.referee:
        found, about = refereed_table.refereed_tools(referee(args.referee), folder), refereed_table.ABOUT
    else:
        found, about = experiment_tools.tools(current.session, folder), experiment_tools.ABOUT
    server = mcp_server([*found, package_tool(folder)], about, args.product)
    if not args.http:
        serve_stdio(server)
        return 0
    token = token_of(args.token_file)
    print(f"Tools at http://{args.host}:{args.port}/mcp; the token is in {args.token_file}.", file=sys.stderr)
    serve_http(server, token, args.host, args.port)
    return 0
