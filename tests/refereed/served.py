"""A referee that runs: its store, its door in a thread, and requests to it."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mlee_jupyter.session.refereeing.referee import Referee
from mlee_jupyter.session.refereeing.referee_opened import RefereeOrder, open_referee
from mlee_jupyter.wire.http_door import Answers, HttpDoor

TOKEN = "a-token-of-the-tests-1234"


def referee_of(folder: Path, truth: Any, **told: Any) -> Referee:
    """A referee on a store of its own; the same folder again is a restart."""
    file = folder / "truth.csv"
    pd.DataFrame({"answer": truth, **told.pop("columns", {})}).to_csv(file, index=False)
    order = RefereeOrder(name="shelf", truth=file, column="answer", store=folder / "own" / "referee.db", **told)
    return open_referee(order).referee


@contextmanager
def served(referee: Referee) -> Iterator[HttpDoor]:
    """Its door on a port of this machine."""
    door = HttpDoor("127.0.0.1", 0, Answers(token=TOKEN, largest=referee.largest, answer=referee.answer))
    thread = threading.Thread(target=door.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield door
    finally:
        door.shutdown()
        door.server_close()
        thread.join()


def asked(
    door: HttpDoor, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, Any], dict[str, str]]:
    """Status, value and headers of one request; with the token unless other headers are given."""
    connection = http.client.HTTPConnection("127.0.0.1", door.server_port, timeout=30)
    try:
        connection.request(method, path, body, {"Authorization": f"Bearer {TOKEN}"} if headers is None else headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read() or b"{}"), dict(answer.getheaders())
    finally:
        connection.close()


def right(random: np.random.Generator, truth: np.ndarray, share: float) -> list[Any]:
    """Predictions that are right on about that share of the rows; kinds are 0, 1 and 2."""
    answers: list[Any] = np.where(random.random(len(truth)) < share, truth, (truth + 1) % 3).tolist()
    return answers
