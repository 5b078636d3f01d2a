"""A bearer token: made once, kept in a file for its owner alone, compared without telling how much of it was right."""

from __future__ import annotations

import hmac
import secrets
from pathlib import Path

from mlee_jupyter.domain import files
from mlee_jupyter.domain.errors import MleeError

_SHORTEST = 16  # characters
_LARGEST = 4096  # bytes of its file


def token_of(place: Path) -> str:
    """The token in a file; one is made where there is none.

    Args:
        place: the file, readable for its owner alone when it is made here.

    Raises:
        MleeError: it cannot be read or written, or holds no token.
    """
    if not place.exists():
        files.write(place, secrets.token_urlsafe(32) + "\n", below=place.parent, private=True)
    return read_token(place)


def read_token(place: Path) -> str:
    """The token in a file.

    Args:
        place: the file.

    Raises:
        MleeError: there is none, or it holds no token; what it holds is not told.
    """
    try:
        token = files.read_text(place, most=_LARGEST).strip()
    except (OSError, UnicodeDecodeError):
        raise MleeError(f"There is no token to read in {place}.", "Ask whoever runs the server for it.") from None
    if len(token) < _SHORTEST or not token.isascii() or not token.isprintable() or " " in token:
        raise MleeError(f"{place} holds no token.", f"It is one word of {_SHORTEST} characters or more.")
    return token


def is_bearer(header: str | None, token: str) -> bool:
    """Whether an Authorization header carries the token.

    Args:
        header: as it came; None: there was none.
        token: the right one.
    """
    scheme, _, given = (header or "").partition(" ")
    right = hmac.compare_digest(given.strip().encode("utf-8", "replace"), token.encode())
    return scheme.lower() == "bearer" and right
