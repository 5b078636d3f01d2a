"""Addresses of stores of other tools: passwords are never shown, and nothing is made where nothing is."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from mlee_jupyter.domain.errors import MleeError

_PASSWORD = re.compile(r"(://[^:/@\s]*):[^@\s]*@(?:[^/\s]*@)?")
_TOKEN = re.compile(r"(?i)(https?://)[^:/@\s]+@")  # a name without a password, which a server takes for one
_SECRET = re.compile(r"(?i)((?:pass\w*|token|secret|key)=)[^&\s]+")


def without_password(text: str) -> str:
    """The text with every password in an address replaced by stars.

    Args:
        text: an address, or what somebody says of one.
    """
    return _SECRET.sub(r"\1***", _TOKEN.sub(r"\1***@", _PASSWORD.sub(r"\1:***@", text)))


def check_sqlite(address: str, tables: frozenset[str], whose: str) -> None:
    """That a SQLite file is there and is the tool's, which would make its tables in any other.

    Args:
        address: any; only SQLite files are looked at.
        tables: that it must have.
        whose: "MLflow", "Optuna".

    Raises:
        MleeError: no such file, no SQLite, or somebody else's.
    """
    if not address.startswith("sqlite:"):
        return
    name = address.partition("///")[2].partition("?")[0]
    path = Path(unquote(name))
    if not name or not path.is_file():
        raise MleeError(f"There is no file {path}.", "Write sqlite:///FILE; an absolute path has four slashes.")
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True)) as open_file:
            found = {row[0] for row in open_file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.Error as fault:
        raise MleeError(f"{path} cannot be read as SQLite: {fault}.", f"Name {whose}'s own file.") from None
    if not tables <= found:
        raise MleeError(f"{path} is no store of {whose}.", f"Name {whose}'s own file.")


@contextmanager
def said_plainly(address: str, whose: str, extra: str, does: str = "read") -> Iterator[None]:
    """What a tool raises, as one line without passwords.

    Args:
        address: of its store.
        whose: the tool.
        extra: what pip installs.
        does: what it cannot, where it fails.

    Raises:
        MleeError: for anything that is raised inside.
    """
    try:
        yield
    except MleeError:
        raise
    except ImportError as fault:
        lacking = (fault.name or "").partition(".")[0]
        driver = lacking if lacking not in ("", whose.lower()) else None
        what = f"{whose} needs {driver}, which" if driver else f"{whose}"
        raise MleeError(f"{what} is not installed.", f'Install it: pip install "mlee_jupyter[{extra}]"') from None
    except Exception as fault:  # whatever a store, a driver or a server raises
        secret = urlsplit(address).password if "://" in address else None
        said = " ".join(str(fault).split())
        said = without_password(said.replace(secret, "***") if secret else said)[:200] or type(fault).__name__
        where = without_password(address)
        raise MleeError(
            f"{whose} cannot {does} {where} ({said}).", "Check the address, and that the server runs."
        ) from None
