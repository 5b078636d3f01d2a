"""One small HTTP door of the standard library: JSON in, JSON out, a bearer token, one line for whatever is wrong.

A request costs a thread, of which there is a bound; a body has to say its length, and to arrive in time. Nothing of a
fault of ours goes out: neither its text nor where it happened.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import urlsplit

from mlee_jupyter.domain.errors import MleeError

from .bearer import is_bearer

PATIENCE = 30.0  # seconds that a client may be silent within a request
MOST_AT_ONCE = 128  # requests; further ones wait in the system's queue
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_FAULT = "The server met a fault of its own. Try again, or ask whoever runs it."

Answer = tuple[int, dict[str, Any]]  # status and JSON object


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What a door passes requests on to.

    Args:
        token: every request must carry it.
        largest: bytes of a body.
        answer: from method, path and body to an answer; a MleeError is the client's fault.
    """

    token: str
    largest: int
    answer: Callable[[str, str, bytes], Answer]


class HttpDoor(HTTPServer):
    """Serves until `shutdown`; bound when it is made.

    Args:
        host: the address to listen on.
        port: 0: any that is free, `server_port` says which.
        to: what answers.

    Raises:
        MleeError: the address cannot be had.
    """

    request_queue_size = 128

    def __init__(self, host: str, port: int, to: Answers) -> None:
        self.to = to
        self.loopback = host in _LOOPBACK
        self._room = threading.BoundedSemaphore(MOST_AT_ONCE)
        if ":" in host:
            self.address_family = socket.AF_INET6
        try:
            super().__init__((host, port), _Handler)
        except (OSError, OverflowError) as fault:
            said = getattr(fault, "strerror", None) or "no such port"
            raise MleeError(f"{host}:{port} cannot be listened on: {said}.", "Name another one: --port 0.") from None

    def server_bind(self) -> None:
        """As a plain server; the machine's own name is not looked up, which may take seconds."""
        super(HTTPServer, self).server_bind()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        """In a thread of its own, as soon as there is room."""
        self._room.acquire()
        threading.Thread(target=self._one, args=(request, client_address), daemon=True).start()

    def _one(self, request: Any, client_address: Any) -> None:
        try:
            self.finish_request(request, client_address)
        except OSError:
            pass  # whoever asked has gone
        finally:
            self.shutdown_request(request)
            self._room.release()


class _Handler(BaseHTTPRequestHandler):
    """One request."""

    server: HttpDoor
    timeout = PATIENCE
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """A question without a body."""
        self._reply()

    do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = do_GET

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the standard library finds wrong with a request, as JSON as well."""
        self._send(code, {"error": "This is no HTTP request that can be read. Send GET or POST with JSON."})

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: a log of requests would be one more place that tells."""

    def _reply(self) -> None:
        try:
            status, value = self._answer()
        except MleeError as fault:
            status, value = 400, {"error": str(fault)}
        except OSError:
            raise
        except Exception as fault:
            print(f"mlee: a request failed by a fault of ours: {type(fault).__name__}", file=sys.stderr)
            status, value = 500, {"error": _FAULT}
        self._send(status, value)

    def _answer(self) -> Answer:
        if self.server.loopback and _host_of(self.headers.get("Host")) not in _LOOPBACK:
            return 403, {"error": "This door answers to loopback names alone. Ask for it as 127.0.0.1."}
        if not is_bearer(self.headers.get("Authorization"), self.server.to.token):
            return 401, {"error": "The token is missing or wrong. Send Authorization: Bearer TOKEN."}
        body = self._body()
        if isinstance(body, tuple):
            return body
        return self.server.to.answer(self.command, urlsplit(self.path).path, body)

    def _body(self) -> bytes | Answer:
        length = self.headers.get("Content-Length", "0").strip()
        if "Transfer-Encoding" in self.headers or not (length.isascii() and length.isdigit() and len(length) < 12):
            return 411, {"error": "A body has to say its length. Send Content-Length."}
        if int(length) > self.server.to.largest:
            return 413, {"error": f"The body is larger than {self.server.to.largest:,} bytes. Send one row once."}
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            return 400, {"error": "The body ended before its length. Send it again."}
        return body

    def _send(self, status: int, value: dict[str, Any]) -> None:
        body = json.dumps(value, ensure_ascii=True, allow_nan=False).encode() + b"\n"
        self.close_connection = True  # one request, one connection: what is left of a body is never read as another
        self.send_response_only(status)
        for name, said in (
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            ("Connection", "close"),
        ):
            self.send_header(name, said)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _host_of(header: str | None) -> str:
    """The name in a Host header, without its port."""
    try:
        return urlsplit(f"//{header or ''}").hostname or ""
    except ValueError:
        return ""
