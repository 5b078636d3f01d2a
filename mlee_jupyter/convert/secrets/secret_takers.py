"""Calls that take a key or a password by its place: what each argument of a call is given to."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from mlee_jupyter.convert.read.effects import dotted

from .secret_openers import CLIENTS, ORACLE_LOGIN, ORACLES, fills_password, is_zips_own, place_of_password
from .secret_parts import text_of
from .secret_words import called, is_key, is_strong

_WRAPS = frozenset(  # give back what they are given, in another form
    {
        "str",
        "bytes",
        "bytearray",
        "quote",
        "quote_plus",
        "unquote",
        "SecretStr",
        "Secret",
        "b64encode",
        "b64decode",
        "fromhex",
        "SecretBytes",
    }
)
_KEY_TAKERS = re.compile(r"(api_?key|token|secret|password|credential|login|auth)s?$", re.IGNORECASE)
_JUDGES = re.compile(r"^(is|valid|check|strength|generate|rate|score|predict|classify|test)", re.IGNORECASE)
# What opens a connection or a lock: an argument that only a generator of passwords writes is one. The first of a
# connection says where to.
_CONNECTS = re.compile(
    r"(connect(ion)?|redis|url\.create|authhandler|authprovider|salesforce|engine|ftp|ftp_tls|imap4|transport|session"
    r"|\w*client)$",
    re.IGNORECASE,
)
_LOCKS = re.compile(r"(decrypt|encrypt|fernet|hmac\.new|jwt\.(en|de)code)$", re.IGNORECASE)
_NOT_AN_OPENER = re.compile(r"uuid|objectid|hash|digest|path|version|commit|revision|repo|decimal", re.IGNORECASE)
# Services' clients, which take a key first. Ids are as random: what loads a thing by its id is none of them.
_THINGS = re.compile(
    r"uuid|id$|hash|digest|path|file|drive|download|load|data|sheet|model|token|commit|revision|version|repo|image|color"
    r"|text|^str|sequence|array|^(geo)?series$|frame|mol|seq|fraction|decimal|markdown|html|latex|column|field|feature|name|query|title|tag",
    re.IGNORECASE,
)
_USER = re.compile(r"^[\w.@+-]{1,80}$")
_PLACE = re.compile(
    r"^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?$|@[\w-]+\.\w|^\w+:|[?&]\w+=|\.\w{1,8}!?$|\.\w{1,8}\?", re.IGNORECASE
)  # a host, an address, a file


def given_by_place(call: ast.Call, name: str, parameters: Sequence[str] = (), whole: str = "") -> Iterator[str]:
    """What each argument of a call is given to, by its place: "password", the word before it, the call's own name.

    Args:
        call: any call.
        name: what the call's result is given to.
        parameters: of the function, where the notebook defines it.
        whole: what is called, its module by its own name.
    """
    whole = whole or dotted(call.func)
    short = whole.rpartition(".")[2] or getattr(call.func, "attr", "")
    opened, fills = place_of_password(call, whole or short), fills_password(call)
    before = ""
    for place, argument in enumerate(call.args):
        given = before if called(before) else ""
        text = text_of(argument)
        parameter = parameters[place] if place < len(parameters) else ""
        if called(parameter):
            given = parameter
        elif short in _WRAPS and place == 0 and not (short == "b64encode" and _is_user_and_password(text)):
            given = name
        elif 0 <= opened < place:
            given = ""  # a database, a port
        elif place == 0 and whole in ORACLES:
            given = ORACLE_LOGIN
        elif place == opened or (short == "set_password" and place == 2) or (fills and place == 0):
            given = "password"
        elif short == "b64encode" and place == 0 and _is_user_and_password(text):
            given = "auth"
        elif not given and place == 0 and _KEY_TAKERS.search(short) and opened < 0 and not _JUDGES.search(short):
            given = short
        elif place == 0 and short in ("login", "login_with_token"):
            given = "token"
        elif not given and text and _opens(whole, short, place, text):
            given = "password"
        yield given
        before = text


def _is_user_and_password(text: str) -> bool:
    """Whether a text is what a basic authorization is made of."""
    user, mark, password = text.partition(":")
    return bool(mark and _USER.match(user) and is_strong(password))


def given_by_word(short: str, word: str) -> str:
    """What a keyword of a call says of its text: `value` of a Password, `key` of a login or a service's client."""
    if is_zips_own(short, word):
        return "password"
    if word == "value" and called(short):
        return short
    if word == "key" and (short == "login" or (short[:1].isupper() and not _THINGS.search(short))):
        return "api_key"
    return word


def _opens(whole: str, short: str, place: int, text: str) -> bool:
    """Whether an argument without a name is what a connection, a lock or a service's client is opened with."""
    if len(text) > 200 or _PLACE.search(text):
        return False
    opens = _LOCKS.search(whole) or (place > 0 and _CONNECTS.search(whole))
    if opens and not _NOT_AN_OPENER.search(short):
        return is_strong(text)
    if place == 0 and short in CLIENTS:
        return is_key(text)
    return place == 0 and short[:1].isupper() and not _THINGS.search(short) and is_key(text, 24)


__all__ = ["given_by_place", "given_by_word"]
