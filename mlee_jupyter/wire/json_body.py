"""JSON that strangers send: an object of known keys, no NaN, no key twice, nothing that costs more than its length."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from mlee_jupyter.domain.errors import MleeError, did_you_mean


def read_object(body: bytes, keys: Collection[str]) -> dict[str, Any]:
    """The object that a body holds.

    Args:
        body: as it came, of a length that was checked.
        keys: that it may have.

    Raises:
        MleeError: no such object; one line that repeats at most the name of a key.
    """
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_no_number, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise MleeError(
            "The body is not JSON in UTF-8.", "Send one object, without NaN, Infinity or a key twice."
        ) from None
    if not isinstance(value, dict):
        raise MleeError("The body is no JSON object.", f"Send an object with {', '.join(sorted(keys))}.")
    for key in value:
        if key not in keys:
            near = did_you_mean(key, keys)
            raise MleeError(f"There is no key {key[:40]!r}.", f"{near}Known: {', '.join(sorted(keys))}.")
    return value


def _no_number(text: str) -> None:
    raise ValueError(text)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key twice")
    return found
