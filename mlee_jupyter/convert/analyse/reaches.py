"""What a notebook reaches outside its folder: commands, network, mail, databases, files elsewhere. Read, not run.

The list is for a person who decides whether to run it. It cannot be complete; what holds a run back is confine.py.
"""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mlee_jupyter.convert.read import effects
from mlee_jupyter.convert.types import Effect, Facts, MagicFate

COMMAND, NETWORK, MAIL, DATABASE = "runs a command", "reaches the network", "sends or reads mail", "reaches a database"
WRITES, DELETES = "writes outside its folder", "deletes files"
_NETWORK_MODULES = frozenset(
    {"requests", "urllib", "urllib3", "httpx", "aiohttp", "socket", "ftplib", "telnetlib", "paramiko", "boto3",
     "botocore", "s3fs", "gcsfs", "kaggle", "huggingface_hub", "openai", "anthropic", "yfinance", "wget", "gdown",
     "tweepy", "praw", "websocket", "websockets", "pandas_datareader", "http", "xmlrpc", "wandb", "mlflow",
     "pytube", "geopy", "google"}
)  # fmt: skip
_MAIL_MODULES = frozenset({"smtplib", "imaplib", "poplib", "yagmail", "sendgrid", "exchangelib"})
_DATABASE_MODULES = frozenset(
    {"psycopg", "psycopg2", "pymysql", "MySQLdb", "mysql", "pymongo", "redis", "cx_Oracle", "oracledb", "pyodbc",
     "pymssql", "snowflake", "clickhouse_driver", "cassandra", "neo4j", "elasticsearch", "sqlalchemy", "ibis"}
)  # fmt: skip
_FETCHING = re.compile(
    r"(^|\.)(urlopen|urlretrieve|fetch_\w+|load_dataset|from_pretrained|hf_hub_download|get_data_yahoo)$"
)
_ADDRESS = re.compile(r"^(?:https?|ftp|s3|gs|abfss?|hdfs|wss?)://")
_LOCAL_DATABASE = re.compile(r"^(?:sqlite|duckdb):")
_DELETING = re.compile(r"(^|\.)(remove|unlink|rmdir|rmtree|removedirs)$")
_ELSEWHERE = re.compile(r"^(?:/|~|[A-Za-z]:[\\/]|(?:.*/)?\.\.(?:/|$))")
_READING = frozenset({"ls", "cat", "head", "wc", "echo"})
_HARMLESS = _READING | {"mkdir", "cp", "mv", "rm", "unzip"}
_WORD = re.compile(r"^[\w.,:=@%+ -]+(?:/[\w.,:=@%+ -]+)*/?$")
_PATTERN = re.compile(r"^[\w.,:=@%+ *?-]+(?:/[\w.,:=@%+ *?-]+)*/?$")
_SHELL = re.compile(r"^(?:/bin/|/usr/bin/|/usr/local/bin/)?(?:ba|da|z|k)?sh$")
_ATTACHED = re.compile(r"-\w/")  # -t/tmp
MOST_TEXT = 80


@dataclass(frozen=True, kw_only=True)
class Reach:
    """One place where a notebook reaches outside its folder."""

    cell: int
    kind: str
    text: str  # the command, or the call, on one line


def reaches(facts: Facts) -> tuple[Reach, ...]:
    """What the cells reach outside their folder, in order, each thing once a cell."""
    modules = {i.name: i.top for s in facts.statements for i in s.imports if not i.level}
    found = [*commands_of(facts)]
    for statement in facts.statements:
        for call in effects.calls_in(statement.node):
            found += (Reach(cell=statement.cell, kind=k, text=t) for k, t in _of_call(call, modules))
    return tuple(sorted(dict.fromkeys(found), key=lambda one: one.cell))


def commands_of(facts: Facts) -> tuple[Reach, ...]:
    """Shell lines, script cells and subprocesses."""
    found = []
    for cell in facts.notebook.code:
        for magic in cell.magics:
            if magic.fate is MagicFate.SUBPROCESS:
                body = cell.source if magic.name.startswith("%%") else magic.text
                found.append(Reach(cell=cell.number, kind=COMMAND, text=_on_a_line(body)))
    named = {one.cell for one in found}
    for statement in facts.statements:
        for call in effects.calls_in(statement.node):
            if statement.cell not in named and Effect.RUNS_COMMAND in effects.of_call(call):
                found.append(Reach(cell=statement.cell, kind=COMMAND, text=_written(call)))
    return tuple(dict.fromkeys(found))


def commands_to_hold_back(facts: Facts) -> tuple[Reach, ...]:
    """Commands that are not plainly harmless inside the folder."""
    calls: dict[int, list[bool]] = {}
    for statement in facts.statements:
        for call in effects.calls_in(statement.node):
            if Effect.RUNS_COMMAND in effects.of_call(call):
                calls.setdefault(statement.cell, []).append(_is_harmless_call(call))
    return tuple(one for one in commands_of(facts) if not all(calls.get(one.cell, [False])))


def _is_harmless_call(call: ast.Call) -> bool:
    if not call.args or any(k.arg in ("cwd", "env", "executable", "input", "stdin") for k in call.keywords):
        return False
    try:
        return is_harmless(ast.literal_eval(call.args[0]))
    except ValueError:
        return False


def is_harmless(command: object) -> bool:
    """Whether a command surely stays in its folder: mkdir, ls, cp and the like, on literal relative paths.

    Args:
        command: a shell line, or the words of a command (as `subprocess` takes them).
    """
    if isinstance(command, (list, tuple)) and all(isinstance(word, str) for word in command):
        words = list(command)
        if words[1:2] == ["-c"] and _SHELL.match(words[0]):
            return len(words) == 3 and is_harmless(words[2])
    elif isinstance(command, str):
        try:
            words = shlex.split(command)
        except ValueError:
            return False
        if any(mark in command for mark in "|&;<>$`(){}\\!#~\n"):
            return False
    else:
        return False
    if not words or words[0] not in _HARMLESS:
        return False
    form = _PATTERN if words[0] in _READING else _WORD
    return all(
        form.match(w) and ".." not in w.split("/") and "=/" not in w and not _ATTACHED.match(w) for w in words[1:]
    )


def _of_call(call: ast.Call, modules: dict[str, str]) -> Iterator[tuple[str, str]]:
    name = effects.dotted(call.func)
    top = modules.get(name.partition(".")[0], "")
    strings = [*_strings([*call.args, *(k.value for k in call.keywords)])]
    if top in _MAIL_MODULES:
        yield MAIL, _written(call)
    elif top in _DATABASE_MODULES:
        if re.search(r"connect|client|engine|redis|session", name, re.IGNORECASE) and not any(
            map(_LOCAL_DATABASE.match, strings)
        ):
            yield DATABASE, _without_strings(call)
    elif top in _NETWORK_MODULES or _FETCHING.search(name) or any(map(_ADDRESS.match, strings)):
        yield NETWORK, _written(call)
    if Effect.WRITES_FILE in effects.of_call(call):
        if any(map(_ELSEWHERE.match, strings)):
            yield WRITES, _written(call)
        elif _DELETING.search(name) and not strings:
            yield DELETES, _written(call)


def _written(call: ast.Call) -> str:
    return _on_a_line(ast.unparse(call))


def _without_strings(call: ast.Call) -> str:
    return f"{ast.unparse(call.func)}(...)"  # the text of a connection may hold a password


def _strings(nodes: Sequence[ast.expr]) -> Iterable[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr) and node.values and isinstance(node.values[0], ast.Constant):
            yield str(node.values[0].value)
        elif isinstance(node, ast.Call):
            yield from _strings(node.args)


def cut(text: str) -> str:
    """A text as a list shows it; secrets are blanked before, as what was cut off is not found any more."""
    return text if len(text) <= MOST_TEXT else text[: MOST_TEXT - 3] + "..."


def _on_a_line(text: str) -> str:
    return " ".join(text.split())
