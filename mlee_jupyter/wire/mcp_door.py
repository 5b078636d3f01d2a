"""Tools over the Model Context Protocol, by its official SDK: stdin and stdout, or HTTP with a bearer token.

The SDK is imported when a door is opened. A tool's fault is an answer with one sentence, never a trace.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from mlee_jupyter.domain.errors import MleeError

from .bearer import is_bearer
from .tool import Tool

_FAULT = "The server met a fault of its own. Try again, or ask whoever runs it."
_LARGEST = 64 * 2**20  # bytes of a request


def mcp_server(tools: Sequence[Tool], about: str, version: str) -> Any:
    """The SDK's server of these tools.

    Args:
        tools: of different names.
        about: what a client is told when it connects.
        version: of the product.

    Raises:
        MleeError: the SDK is not installed.
    """
    types, lowlevel = _sdk()
    by_name, turn = {tool.name: tool for tool in tools}, threading.Lock()

    async def listed(_context: Any, _params: Any) -> Any:
        return types.ListToolsResult(
            tools=[
                types.Tool(
                    name=tool.name,
                    description=tool.about,
                    input_schema=tool.schema,
                    annotations=types.ToolAnnotations(read_only_hint=not tool.writes, open_world_hint=False),
                )
                for tool in tools
            ]
        )

    async def called(_context: Any, params: Any) -> Any:
        import anyio

        value, failed = await anyio.to_thread.run_sync(answer_of, by_name, params.name, params.arguments or {}, turn)
        text = types.TextContent(type="text", text=json.dumps(value, ensure_ascii=False, allow_nan=False))
        return types.CallToolResult(content=[text], structured_content=value, is_error=failed)

    return lowlevel.Server("mlee", version=version, instructions=about, on_list_tools=listed, on_call_tool=called)


def answer_of(
    tools: Mapping[str, Tool], name: str, told: Mapping[str, Any], turn: threading.Lock
) -> tuple[dict[str, Any], bool]:
    """What a call gives, one at a time, and whether it is an error.

    Args:
        tools: by name.
        name: of the tool that is called.
        told: its arguments.
        turn: held while a tool runs.
    """
    if name not in tools:
        return {"error": f"There is no tool {name[:40]!r}. Tools: {', '.join(tools)}."}, True
    try:
        with turn:
            return dict(tools[name].call(told)), False
    except MleeError as fault:
        return {"error": str(fault)}, True
    except Exception as fault:
        print(f"mlee: {name} failed by a fault of ours: {type(fault).__name__}", file=sys.stderr)
        return {"error": _FAULT}, True


def serve_stdio(server: Any) -> None:
    """Serve one client on stdin and stdout until it goes.

    Args:
        server: see `mcp_server`.
    """
    import anyio
    from mcp.server.stdio import stdio_server

    async def serve() -> None:
        async with stdio_server() as (read, write):
            await server.run(read, write, server.create_initialization_options())

    anyio.run(serve)


def http_app(server: Any, token: str, host: str) -> Any:
    """The ASGI application of a server, behind a bearer token.

    Args:
        server: see `mcp_server`.
        token: every request must carry it.
        host: on which it will listen; names of this machine alone are answered to on loopback.
    """
    inner = server.streamable_http_app(json_response=True, host=host, max_request_body_size=_LARGEST)

    async def behind_token(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await inner(scope, receive, send)
            return
        headers = {key.lower(): value for key, value in scope.get("headers", [])}
        if is_bearer(headers.get(b"authorization", b"").decode("latin-1"), token):
            await inner(scope, receive, send)
            return
        body = b'{"error": "The token is missing or wrong. Send Authorization: Bearer TOKEN."}\n'
        said = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 401, "headers": said})
        await send({"type": "http.response.body", "body": body})

    return behind_token


def serve_http(server: Any, token: str, host: str, port: int) -> None:
    """Serve over HTTP until Ctrl-C or SIGTERM.

    Args:
        server: see `mcp_server`.
        token: every request must carry it.
        host: to listen on.
        port: to listen on.
    """
    import uvicorn

    uvicorn.run(http_app(server, token, host), host=host, port=port, log_level="error", access_log=False)


def _sdk() -> tuple[Any, Any]:
    try:
        import mcp_types
        from mcp.server import lowlevel
    except ImportError:
        raise MleeError(
            "The SDK of the Model Context Protocol is not installed.", 'Type pip install "mlee_jupyter[mcp]".'
        ) from None
    return mcp_types, lowlevel
