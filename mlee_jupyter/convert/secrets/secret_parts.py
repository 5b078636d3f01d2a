"""Which name each part of an expression is given to: the key of a dictionary, a parameter, what a function returns."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from mlee_jupyter.convert.read.effects import dotted

from .secret_commands import in_command_words
from .secret_words import called

PAIR_NAME = re.compile(r"auth|cred|login", re.IGNORECASE)  # may hold a user and a password
_LOGINS = re.compile(r"(^|_)(cred(ential)?|login)s?$", re.IGNORECASE)
_NO_USER = frozenset(
    {"type", "project", "project_id", "region", "url", "endpoint", "scope", "id", "name", "bucket", "zone", "provider",
     "kind", "method", "mode", "version", "env", "port", "tenant", "org", "space", "plan", "role", "profile", "api"}
)  # fmt: skip
USERS = frozenset(
    {
        "user",
        "username",
        "login",
        "uid",
        "host",
        "hostname",
        "server",
        "dsn",
        "email",
        "user_id",
        "account",
        "database",
        "dbname",
    }
)

_HOLDERS = frozenset({"dict", "OrderedDict", "defaultdict", "list", "tuple", "set", "frozenset", "deque", "zip"})
_HOLDERS |= {"array", "Series", "SimpleNamespace", "MappingProxyType", "cycle", "iter", "sorted", "reversed"}
_PUTS_IN = frozenset({"append", "appendleft", "add", "insert", "extend", "update", "setdefault", "put"})


@dataclass(frozen=True)
class Default:
    """What a variable of the environment falls back to: os.getenv("NAME", this), os.getenv("NAME") or this."""

    variable: str
    whole: ast.expr


Part = tuple[ast.AST, str, bool, Default | None]  # a node, the name it is given to, whether that is sure, a default


def text_of(node: ast.expr | None) -> str:
    """The text of a literal; empty for anything else."""
    if not isinstance(node, ast.Constant):
        return ""
    if isinstance(node.value, bytes):
        return node.value.decode("latin-1")
    return node.value if isinstance(node.value, str) else ""


def of_dict(node: ast.Dict, name: str) -> Iterator[Part]:
    """Each value under its key; under the dictionary's own name where that says more."""
    words = [text_of(key) for key in node.keys]
    if USERS & {word.lower() for word in words}:
        words = ["api_key" if word == "key" else word for word in words]  # {"username": ..., "key": ...}
    if {"name", "value"} <= {word.lower() for word in words}:  # {"name": "DB_PASSWORD", "value": ...}
        beside = next(text_of(v) for word, v in zip(words, node.values, strict=True) if word.lower() == "name")
        words = [beside if word.lower() == "value" and called(beside) else word for word in words]
    for key, word, value in zip(node.keys, words, node.values, strict=True):
        if key is not None:
            yield key, "", False, None
        yield value, the_telling(word, name), False, None


def the_telling(word: str, name: str) -> str:
    """Which of two names says more: what stands beside a value, or what holds them all."""
    return name if called(name) and not called(word) else word


def of_parameters(node: ast.arguments) -> Iterator[Part]:
    """Each default under its parameter."""
    positional = [*node.posonlyargs, *node.args]
    for argument, default in zip(positional[::-1], node.defaults[::-1], strict=False):
        yield default, argument.arg, False, None
    for argument, other in zip(node.kwonlyargs, node.kw_defaults, strict=True):
        if other is not None:
            yield other, argument.arg, False, None
    yield from ((a, "", False, None) for a in (*positional, *node.kwonlyargs) if a.annotation is not None)


def parameters_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    """What a function's arguments are called, by their places."""
    return [one.arg for one in (*node.args.posonlyargs, *node.args.args)]


def given_to_holder(call: ast.Call, name: str) -> str:
    """What holds a call's arguments afterwards: dict(...) what it is given to, passwords.append(...) the list."""
    if isinstance(call.func, ast.Attribute) and call.func.attr in _PUTS_IN:
        return name_of(call.func.value)
    return name if dotted(call.func).rpartition(".")[2] in _HOLDERS else ""


def rows_of(call: ast.Call) -> ast.List | ast.Tuple | None:
    """The rows that a call is given beside the names of their columns: DataFrame([[...], ...], columns=[...])."""
    words = {k.arg: k.value for k in call.keywords}
    rows = words.get("data", call.args[0] if call.args else None)
    has_names = isinstance(words.get("columns"), (ast.List, ast.Tuple))
    return rows if has_names and isinstance(rows, (ast.List, ast.Tuple)) else None


def of_rows(call: ast.Call, rows: ast.List | ast.Tuple) -> Iterator[Part]:
    """Each cell under its column."""
    columns = next(k.value for k in call.keywords if k.arg == "columns")
    words = [text_of(one) for one in getattr(columns, "elts", [])]
    for row in rows.elts:
        if isinstance(row, (ast.List, ast.Tuple)) and len(row.elts) == len(words):
            yield from ((cell, word, False, None) for cell, word in zip(row.elts, words, strict=True))
        else:
            yield row, "", False, None


def of_sequence(node: ast.Tuple | ast.List | ast.Set, name: str) -> Iterator[Part]:
    """Each element under the sequence's name; the second of a pair of user and password as that."""
    pair = len(node.elts) == 2 and called(name) and bool(PAIR_NAME.search(name))
    told = _name_in_front(node)
    opening = set(in_command_words([text_of(one) for one in node.elts]))
    option = ""  # ["--password", "..."]
    for place, element in enumerate(node.elts):
        if option or place in opening:
            yield element, option or "password", False, None
        elif isinstance(element, ast.Tuple) and len(element.elts) == 2 and isinstance(element.elts[0], ast.Constant):
            word = str(element.elts[0].value)[:80]
            yield element.elts[0], "", False, None  # ("password", "...") in a list of pairs
            is_user = (
                called(name) and _LOGINS.search(name) and not called(word) and word.lower() not in _NO_USER | USERS
            )
            yield element.elts[1], "password" if is_user else the_telling(word, name), False, None
        else:
            yield element, (told if told and place else "password" if pair and place else name), False, None
        text = text_of(element)
        option = text.lstrip("-") if text.startswith("-") and called(text.lstrip("-")) else ""


def _name_in_front(node: ast.Tuple | ast.List | ast.Set) -> str:
    """The name in a tuple of a name and its value, ("client_secret", "..."), where it is one of a secret; else ""."""
    first = text_of(node.elts[0])[:80] if isinstance(node, ast.Tuple) and len(node.elts) == 2 else ""
    return first if called(first) else ""


def of_function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Part]:
    """What a function returns, under its name."""
    yield node.args, "", False, None
    yield from ((d, "", False, None) for d in node.decorator_list)
    for inner in node.body:
        if isinstance(inner, ast.Return) and inner.value is not None:
            yield inner.value, node.name, False, None
        else:
            yield inner, "", False, None


def of_choice(node: ast.BoolOp, name: str) -> Iterator[Part]:
    """The sides of an `or`: what a variable of the environment falls back to, under its name."""
    asked = next((w for v in node.values if isinstance(v, ast.Call) and (w := asked_for(v))), "")
    first = node.values[0]
    is_default = len(node.values) == 2 and isinstance(first, ast.Call) and of_environment(first)
    for one in node.values:
        fallen_back = Default(asked, node) if is_default and one is not first else None
        yield one, name if called(name) or not asked else asked, False, fallen_back


def asked_for(call: ast.Call) -> str:
    """The variable that os.getenv, os.environ.get, .setdefault or .pop asks for; empty for another call."""
    short = dotted(call.func).rpartition(".")[2]
    first = call.args[0] if call.args else None
    if short in ("getenv", "get", "setdefault", "pop", "getpass", "setattr", "env", "config") and isinstance(
        first, ast.Constant
    ):
        return first.value if isinstance(first.value, str) else ""
    return ""


def of_environment(call: ast.Call) -> bool:
    """Whether a call reads a variable of the environment, whose name stands there."""
    name = dotted(call.func)
    return bool(asked_for(call)) and name.endswith(("getenv", "environ.get", "environ.setdefault", "environ.pop"))


def name_of(target: ast.expr) -> str:
    """What an assignment's or a comparison's side is called; empty for what has no name.

    An item is called by its key, or by what holds it where that says more: passwords["ann"].
    """
    if isinstance(target, ast.Subscript):
        word = str(target.slice.value) if isinstance(target.slice, ast.Constant) else ""
        return the_telling(word, name_of(target.value))
    if isinstance(target, ast.Call):
        return asked_for(target)
    return getattr(target, "id", None) or getattr(target, "attr", "") or ""
