"""The client's side of a referee, for notebooks and scripts: predictions go out, what is shown comes back.

Nothing is kept here, and nothing of the truth ever arrives.

    import mlee_jupyter as mlee

    shelf = mlee.referee("http://127.0.0.1:8741")
    shelf.hand_in("knn", model.predict(X_test))["said"]
    shelf.board()["said"]
"""

from __future__ import annotations

import http.client
import json
import math
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mlee_jupyter.domain.errors import MleeError

from .bearer import read_token

TOKEN = "MLEE_REFEREE_TOKEN"  # of the environment: the token, or the path of its file
_PATIENCE = 120.0  # seconds
_LARGEST = 64 * 2**20  # bytes of an answer


class RefereeClient:
    """A referee that runs elsewhere; made by `referee`."""

    def __init__(self, url: str, token: str) -> None:
        self._token = token
        split = _address(url)
        self._secure, self._host, self._port = split.scheme == "https", split.hostname or "", split.port
        self.url = f"{split.scheme}://{split.netloc}"

    def __repr__(self) -> str:
        return f"<mlee referee {self.url}>"

    def rules(self) -> dict[str, Any]:
        """What is taken: rows, kind of answers, metric."""
        return self._ask("GET", "/rules")

    def board(self) -> dict[str, Any]:
        """Every score that was shown, who leads, and how much of it is more than luck."""
        return self._ask("GET", "/board")

    def hand_in(self, candidate: str, predictions: Any, *, variant: str | None = None) -> dict[str, Any]:
        """Hand predictions in: what is shown of them, with a sentence under "said".

        Args:
            candidate: the approach.
            predictions: one for each row, in order: a list, an array, a column; probabilities of shape (n, kinds).
            variant: the setting tried.

        Raises:
            MleeError: they cannot be used, or the referee cannot be reached.
        """
        told = {"candidate": candidate, "predictions": as_list(predictions)}
        return self._ask("POST", "/predictions", told if variant is None else {**told, "variant": variant})

    def _ask(self, method: str, path: str, told: dict[str, Any] | None = None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        body = None if told is None else json.dumps(told, allow_nan=False).encode()
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        connection = kind(self._host, self._port, timeout=_PATIENCE)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            status, text = answer.status, answer.read(_LARGEST)
        except (OSError, http.client.HTTPException):
            raise MleeError(f"No referee answers at {self.url}.", "Start one: mlee referee --truth FILE.") from None
        finally:
            connection.close()
        try:
            value = json.loads(text)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise MleeError(f"What answers at {self.url} is no referee.", "Check the address.")
        if status != 200:
            raise MleeError(str(value.get("error", f"The referee answered {status}.")))
        return value


def referee(url: str, token: str | None = None) -> RefereeClient:
    """A referee that runs elsewhere and alone knows the truth.

    Args:
        url: its address, as `mlee referee` printed it.
        token: its token, or the path of the file that holds it; None: what MLEE_REFEREE_TOKEN says.

    Returns:
        Something to hand predictions in to: `hand_in`, `board`, `rules`.

    Raises:
        MleeError: no address, or no token.
    """
    named = token or os.environ.get(TOKEN, "")
    if not named:
        raise MleeError("A referee asks for its token.", f"Pass token=, or set {TOKEN} to it or to its file.")
    return RefereeClient(url, read_token(Path(named)) if os.sep in named or os.path.exists(named) else named)


def as_list(predictions: Any) -> list[Any]:
    """Predictions as JSON has them.

    Args:
        predictions: a list, an array, a column of a table.

    Raises:
        MleeError: none, or values that JSON does not hold.
    """
    listed = predictions.tolist() if hasattr(predictions, "tolist") else predictions
    if hasattr(listed, "to_list"):
        listed = listed.to_list()
    if isinstance(listed, str | bytes | dict) or not hasattr(listed, "__iter__"):
        raise MleeError("These are no predictions.", "Hand over a list, an array or a column: one for each row.")
    found = list(listed)
    for one in found:
        if isinstance(one, float) and not math.isfinite(one):
            raise MleeError("A prediction is NaN or infinite.", "Predict every row.")
    try:
        json.dumps(found[:1], allow_nan=False)
    except (TypeError, ValueError):
        raise MleeError(
            f"Predictions of the kind {type(found[0]).__name__} cannot be sent.", "Send labels or numbers."
        ) from None
    return found


def _address(url: str) -> Any:
    try:
        split = urlsplit(url)
        fits = split.scheme in ("http", "https") and split.hostname and (split.port is None or split.port > 0)
    except ValueError:
        fits = False
    if not fits:
        raise MleeError(f"{url[:80]!r} is no address of a referee.", "Write http://127.0.0.1:8741.")
    return split
