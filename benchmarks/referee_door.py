"""A referee under strangers: requests at random, and 50 clients at once.

    python -m benchmarks.referee_door [--requests 100000] [--clients 50] [--each 20] [--seed 1]

Requests are drawn at random: paths, methods, headers, bodies cut, nested, of wrong kinds, hand-overs with one thing
spoilt, and good ones; every one through the real door. Each must be answered by one JSON object: an error of one line,
or a value that was asked for. The truth is numbers with six digits; none of them, and no exact score, may ever be in an
answer. Then clients in threads of their own, each handing in predictions and asking for the board: errors, and the time
until an answer as a ratio to the one that a single client waits.
"""

from __future__ import annotations

import argparse
import http.client
import json
import re
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.short import Short
from mlee_jupyter.session.refereeing.referee import Referee
from mlee_jupyter.session.refereeing.referee_opened import RefereeOrder, open_referee
from mlee_jupyter.wire.http_door import Answers, HttpDoor

SHORT = Short(
    arguments=("--requests", "300", "--clients", "4", "--each", "2"),
    columns=("what", "count", "of them answered", "broken", "told of the truth"),
    rows=1,
)
TOKEN = "a-token-of-the-benchmark"
ROWS = 60
METHODS = ("GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS", "TRACE", "GE T", "\x00", "post")
PATHS = (
    "/rules",
    "/board",
    "/predictions",
    "/truth",
    "/",
    "//",
    "/../truth",
    "/board?x=1",
    "/predictions/",
    "/%00",
    "/rules#a",
)
NAMES: tuple[Any, ...] = (
    "knn",
    "",
    " ",
    "x" * 500,
    None,
    3,
    [],
    {},
    "\u202e",
    "\ud83d\ude00",
    "a\nb",
    "truth",
    "../../truth",
)
VALUES: tuple[Any, ...] = (
    None,
    True,
    "1",
    "",
    [],
    {},
    1e400,
    -1e300,
    10**400,
    2**70,
    float("nan"),
    "\x00",
    [1.0],
    {"a": 1},
)


def answer(port: int, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        found = connection.getresponse()
        return found.status, found.read()
    finally:
        connection.close()


def raw(port: int, sent: bytes) -> bytes:
    """Whatever comes back when bytes are sent as they are."""
    import socket

    with socket.create_connection(("127.0.0.1", port), timeout=60) as one:
        one.sendall(sent)
        one.shutdown(socket.SHUT_WR)
        parts = []
        while part := one.recv(65536):
            parts.append(part)
    return b"".join(parts)


class Drawn:
    """Requests at random."""

    def __init__(self, seed: int, truth: np.ndarray) -> None:
        self.random = np.random.default_rng(seed)
        self.truth = truth
        self.exact: set[str] = set()

    def one_of(self, things: tuple[Any, ...]) -> Any:
        return things[int(self.random.integers(len(things)))]

    def hand_over(self) -> dict[str, Any]:
        rows = (
            self.random.normal(50, 10, ROWS)
            if self.random.random() < 0.7
            else self.truth + self.random.normal(0, 5, ROWS)
        )
        self.exact.add(f"{float(np.abs(rows - self.truth).mean()):.6f}")
        return {"candidate": f"c{int(self.random.integers(20))}", "predictions": rows.tolist()}

    def body(self) -> bytes:
        told, kind = self.hand_over(), self.random.random()
        if kind < 0.35:
            told["predictions"][int(self.random.integers(ROWS))] = self.one_of(VALUES)
        elif kind < 0.5:
            told["candidate"] = self.one_of(NAMES)
        elif kind < 0.6:
            told["predictions"] = told["predictions"][: int(self.random.integers(ROWS))] * int(self.random.integers(3))
        elif kind < 0.7:
            told[str(self.one_of(NAMES))[:40]] = self.one_of(VALUES)
        text = json.dumps(told).encode()
        if kind > 0.9:
            text = text[: int(self.random.integers(len(text)))]
        elif kind > 0.8:
            spoilt = bytearray(text)
            for _ in range(int(self.random.integers(1, 6))):
                spoilt[int(self.random.integers(len(spoilt)))] = int(self.random.integers(256))
            text = bytes(spoilt)
        elif kind > 0.78:
            text = b"[" * int(self.random.integers(1, 5000))
        return text

    def headers(self, body: bytes | None) -> dict[str, str]:
        length = str(len(body or b""))
        found = {"Host": "127.0.0.1", "Authorization": f"Bearer {TOKEN}", "Content-Length": length}
        if self.random.random() < 0.1:
            found["Authorization"] = self.one_of(("", "Bearer", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer \xe9"))
        if self.random.random() < 0.05:
            found["Host"] = self.one_of(("evil.example", "", "[", "127.0.0.1:99999999", "localhost"))
        if self.random.random() < 0.05:
            found["Content-Length"] = self.one_of(
                ("-1", "x", "1e3", "", "99999999999999999999", "\u00b2", length + " ")
            )
        return found


def is_one_answer(found: bytes, status: int, method: str) -> bool:
    """One JSON object: an error of one line, or a value with a sentence."""
    if method == "HEAD" and not found:
        return True
    try:
        value = json.loads(found)
    except ValueError:
        return False
    if status != 200:
        return (
            set(value) == {"error"} and isinstance(value["error"], str) and "\n" not in value["error"] and status != 500
        )
    return isinstance(value.get("said"), str) and "\n" not in value["said"]


def fuzzed(door: HttpDoor, drawn: Drawn, requests: int) -> tuple[Counter[str], list[str]]:
    """What became of so many requests, and those that went wrong."""
    counts, wrong = Counter[str](), []
    numbers = {f"{one:.6f}" for one in drawn.truth}
    for _ in range(requests):
        if drawn.random.random() < 0.02:
            sent = drawn.random.bytes(int(drawn.random.integers(1, 400)))
            found = raw(door.server_port, sent)
            status, text, method = 400, found.partition(b"\r\n\r\n")[2], "raw"
            ok = not found or is_one_answer(text or found, status, method)
        else:
            method, path = ("POST", "/predictions")
            if drawn.random.random() < 0.2:
                method, path = drawn.one_of(METHODS[:8]), drawn.one_of(PATHS)
            body = drawn.body() if method == "POST" or drawn.random.random() < 0.2 else None
            headers = drawn.headers(body)
            try:
                status, text = answer(door.server_port, method, path, body, headers)
                ok = is_one_answer(text, status, method)
            except (OSError, http.client.HTTPException) as fault:
                # an answer that comes before the body was sent may reset the connection
                status, text, ok = 0, repr(fault).encode(), isinstance(fault, ConnectionError)
        counts["answered" if status == 200 else "refused"] += 1
        seen = set(re.findall(r"\d+\.\d{6}", text.decode("utf-8", "replace")))
        told = bool(seen & numbers) or bool(seen & drawn.exact)
        counts["told"] += told
        if not ok:
            counts["broken"] += 1
        if not ok or told:
            wrong.append(f"{method} {status} {text[:200]!r}")
    return counts, wrong


def waits(port: int, clients: int, each: int, truth: np.ndarray) -> tuple[list[float], int]:
    """Seconds until each answer, and how many failed."""
    found: list[float] = []
    failed = [0]

    def work(number: int) -> None:
        random = np.random.default_rng([7, number, clients])
        for _ in range(each):
            rows = (truth + random.normal(0, 8, len(truth))).tolist()
            body = json.dumps({"candidate": f"client {number}", "predictions": rows}).encode()
            headers = {"Host": "127.0.0.1", "Authorization": f"Bearer {TOKEN}", "Content-Length": str(len(body))}
            for method, path, sent in (("POST", "/predictions", body), ("GET", "/board", None)):
                began = time.perf_counter()
                try:
                    status, _ = answer(port, method, path, sent, {**headers, "Content-Length": str(len(sent or b""))})
                except (OSError, http.client.HTTPException):
                    status = 0
                failed[0] += status != 200
                found.append(time.perf_counter() - began)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(clients)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return found, failed[0]


def opened(folder: Path, rows: int, seed: int) -> tuple[Referee, np.ndarray]:
    folder.mkdir()
    truth = np.round(np.random.default_rng(seed).normal(50, 10, rows), 6)
    pd.DataFrame({"y": truth}).to_csv(folder / "truth.csv", index=False)
    order = RefereeOrder(name="shelf", truth=folder / "truth.csv", store=folder / "referee.db", metric="mae")
    return open_referee(order).referee, truth


def serve(referee: Referee) -> HttpDoor:
    door = HttpDoor("127.0.0.1", 0, Answers(token=TOKEN, largest=referee.largest, answer=referee.answer))
    threading.Thread(target=door.serve_forever, daemon=True).start()
    return door


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--requests", type=int, default=100_000)
    options.add_argument("--clients", type=int, default=50)
    options.add_argument("--each", type=int, default=20)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as made:
        print("| what | count | of them answered | broken | told of the truth |\n|---|---|---|---|---|", flush=True)
        counts, wrong, left = Counter[str](), [], given.requests
        batch = 0
        while left > 0:  # a new store now and then, so that looks do not add up to what nobody has
            referee, truth = opened(Path(made) / f"fuzz{batch}", ROWS, given.seed + batch)
            some, bad = fuzzed(serve(referee), Drawn(given.seed + batch, truth), min(left, 2000))
            counts, wrong, left, batch = counts + some, [*wrong, *bad], left - 2000, batch + 1
        found = (f"{counts['answered']:,}", str(counts["broken"]), str(counts["told"]))
        print(f"| requests at random | {given.requests:,} | {' | '.join(found)} |")
        for one in wrong[:10]:
            print(one)
        referee, truth = opened(Path(made) / "load", 1000, given.seed)
        door = serve(referee)
        print("\n| clients at once | requests | errors | p50, of one client's | p95, of one client's | p95, seconds |")
        print("|---|---|---|---|---|---|")
        alone = 1.0
        failed = 0
        for clients in (1, given.clients):
            took, errors = waits(door.server_port, clients, given.each, truth)
            alone = float(np.median(took)) if clients == 1 else alone
            middle, late = np.quantile(took, [0.5, 0.95])
            failed += errors
            print(
                f"| {clients} | {len(took):,} | {errors} | {middle / alone:.1f} | {late / alone:.1f} | {late:.2f} |",
                flush=True,
            )
    return int(bool(wrong) or failed > 0)


if __name__ == "__main__":
    raise SystemExit(main())
