"""What a notebook reaches outside its folder: commands, network, mail, databases, files elsewhere. Read, not run.

The list is for a person who decides whether to run it. It cannot be complete; what holds a run back is confine.py.
"""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mlee_jupyter.convert.child.command_lines import is_harmless
from mlee_jupyter.convert.read import effects
from mlee_jupyter.convert.types import Cell, Effect, Facts, Magic, MagicFate

from .reach_calls import (
    CALLS,
    COMMAND,
    DATABASE,
    DELETES,
    LIBRARY,
    MAIL,
    MAY_WRITE,
    METHODS,
    NETWORK,
    ONLY_PATHS,
    PATH_METHODS,
    SELF,
    SIGNALS,
    WHOLE_PATH,
    WRITES,
    Deed,
)
from .reach_names import ReachNames, ReachSpot

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
_ELSEWHERE = re.compile(r"^(?:/|~|[A-Za-z]:[\\/]|\\\\)")
_NOWHERE = frozenset({"/dev/null", "/dev/stdout", "/dev/stderr", "/dev/tty"})
_FILE_ADDRESS = re.compile(r"^file:(?://)?(?=/)|^file:")
_LOCAL_FILE = re.compile(r"^(?:sqlite|duckdb)(?:\+\w+)?:///(?P<path>[^?]*)")
# Modules of the network with parts that reach nothing.
_AT_HOME = re.compile(
    r"^(?:urllib\.(?:parse|error|response)|http\.(?:HTTPStatus|HTTPMethod|cookies)|google\.protobuf|xmlrpc\.client\.dumps"
    r"|socket\.(?:gethostname|inet_\w+|[nh]to[nh][sl]|socketpair|getdefaulttimeout|setdefaulttimeout|has_dualstack\w+))\b"
)
_OWN_PROCESS = frozenset({"os.getpid()", "os.fork()", "subprocess.Popen().pid", "multiprocessing.Process().pid"})
_WRITING_MAGICS = frozenset({"%save", "%logstart", "%notebook", "%history", "%hist"})
MOST_TEXT = 80


@dataclass(frozen=True, kw_only=True)
class Reach:
    """One place where a notebook reaches outside its folder."""

    cell: int
    kind: str
    text: str  # the command, or the call, on one line


def reaches(facts: Facts) -> tuple[Reach, ...]:
    """What the cells reach outside their folder, in order, each thing once a cell."""
    names = ReachNames([s.node for s in facts.statements])
    looking = _Looking(names, facts.notebook.path.absolute().parent)
    found = [*commands_of(facts), *_of_magics(facts, looking)]
    for statement in facts.statements:
        for call in effects.calls_in(statement.node):
            found += (Reach(cell=statement.cell, kind=k, text=t) for k, t in looking.at(call))
    return tuple(sorted(dict.fromkeys(found), key=lambda one: one.cell))


def commands_of(facts: Facts) -> tuple[Reach, ...]:
    """Shell lines, script cells and subprocesses."""
    found = []
    for cell in facts.notebook.code:
        for magic in _shell_lines(cell):
            body = cell.source if magic.name.startswith("%%") else magic.text
            found.append(Reach(cell=cell.number, kind=COMMAND, text=_on_a_line(body)))
    told = {(cell.number, magic.line) for cell in facts.notebook.code for magic in _shell_lines(cell)}
    scripts = {cell.number for cell in facts.notebook.code if any(m.name.startswith("%%") for m in _shell_lines(cell))}
    found += (
        Reach(cell=cell, kind=COMMAND, text=_written(call))
        for cell, call in _commands(facts)
        if (cell, call.lineno) not in told and cell not in scripts
    )
    return tuple(dict.fromkeys(found))


def _shell_lines(cell: Cell) -> list[Magic]:
    """Those of a cell's magics that became commands."""
    return [magic for magic in cell.magics if magic.fate is MagicFate.SUBPROCESS]


def _commands(facts: Facts) -> Iterator[tuple[int, ast.Call]]:
    """Calls that start a program, under whatever name, with their cells."""
    names = ReachNames([s.node for s in facts.statements])
    for statement in facts.statements:
        for call in effects.calls_in(statement.node):
            if Effect.RUNS_COMMAND in effects.of_call(call) or any(
                known.kind == COMMAND for function in names.called(call.func) if (known := CALLS.get(function))
            ):
                yield statement.cell, call


def _of_magics(facts: Facts, looking: _Looking) -> Iterator[Reach]:
    """Magics that write a file which is named on their line."""
    for cell in facts.notebook.code:
        for magic in cell.magics:
            if magic.name in _WRITING_MAGICS and any(map(looking.is_outside, magic.text.split()[1:])):
                yield Reach(cell=cell.number, kind=WRITES, text=_on_a_line(magic.text))


def commands_to_hold_back(facts: Facts) -> tuple[Reach, ...]:
    """Commands that are not plainly harmless inside the folder."""
    calls: dict[int, list[bool]] = {}
    for cell, call in _commands(facts):
        calls.setdefault(cell, []).append(_is_harmless_call(call))
    return tuple(one for one in commands_of(facts) if not all(calls.get(one.cell, [False])))


def _is_harmless_call(call: ast.Call) -> bool:
    if not call.args or any(k.arg in ("cwd", "env", "executable", "input", "stdin") for k in call.keywords):
        return False
    try:
        return is_harmless(ast.literal_eval(call.args[0]))
    except ValueError:
        return False


@dataclass(frozen=True)
class _Looking:
    """Looks at calls with what is known of a notebook's names."""

    names: ReachNames
    folder: Path

    def at(self, call: ast.Call) -> Iterator[tuple[str, str]]:
        """What one call reaches, and how it is told."""
        if not (isinstance(call.func, ast.Name) and self.names.is_own(call.func.id)):
            yield from self._by_name(call)
        for argument in (*call.args, *(k.value for k in call.keywords)):
            yield from self._handed_on(argument, call)

    def _by_name(self, call: ast.Call) -> Iterator[tuple[str, str]]:
        functions = self._functions(call)
        for function in functions:
            deed = CALLS.get(function)
            if deed is not None or function.startswith(("ctypes.cdll.", "ctypes.windll.")):
                yield from self._done(deed or Deed(LIBRARY, always=True), call)
                return
        yield from self._by_module(call, functions)
        yield from self._by_method(call)

    def is_outside(self, text: str) -> bool:
        """Whether a place lies outside the notebook's folder."""
        plain = posixpath.normpath(_FILE_ADDRESS.sub("", text).partition("?mode=")[0]) if text else "."
        if plain in _NOWHERE:
            return False
        if _ELSEWHERE.match(plain):
            return not Path(plain).is_relative_to(self.folder)
        return plain == ".." or plain.startswith("../")

    def _functions(self, call: ast.Call) -> tuple[str, ...]:
        return tuple(_plain_name(one) for one in self.names.called(call.func))

    def _done(self, deed: Deed, call: ast.Call) -> Iterator[tuple[str, str]]:
        if deed.kind == COMMAND or (deed.kind == SIGNALS and self._is_own_process(call)):
            return  # commands are told apart, with the shell lines
        by_place = [found for place in deed.places if (found := self._spots(call, place))]
        spots = [spot for found in by_place for spot in found]
        is_outside = any(self.is_outside(s.text) for s in spots)
        is_sure = any(all(self.is_outside(s.text) for s in found) for found in by_place)
        is_listed = deed.always or (deed.if_unknown and not spots) or is_outside
        is_whole = deed.kind in (WRITES, DELETES) and any(
            s.text.startswith("/") and s.text not in _NOWHERE for s in spots
        )
        if is_listed or is_whole:
            kind = self._by_mode(deed, call)
            if kind and not (deed.kind == DATABASE and all("mode=ro" in s.text for s in spots)):
                unsure = MAY_WRITE if kind == WRITES and not is_sure else kind
                yield unsure if is_listed else WHOLE_PATH, _written(call)

    def _by_mode(self, deed: Deed, call: ast.Call) -> str:
        """The kind of a deed; empty where a file is only read."""
        if deed.mode is None:
            return deed.kind
        position, name, otherwise = deed.mode
        given = _argument(call, position) or _argument(call, name)
        if name == "flags":
            words = {n.attr if isinstance(n, ast.Attribute) else n.id for n in ast.walk(given or call.func)
                     if isinstance(n, (ast.Attribute, ast.Name))}  # fmt: skip
            if words & {"O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_APPEND"}:
                return deed.kind
            is_read = "O_RDONLY" in words or (isinstance(given, ast.Constant) and given.value == 0)
            return "" if is_read else MAY_WRITE
        modes = [s.text for s in self.names.spots(given)] if given is not None else [otherwise]
        if not modes:
            return MAY_WRITE
        marks = "wax+" if name == "mode" else "wcn"
        return deed.kind if any(c in re.split(r"[:|]", m)[0] for m in modes for c in marks) else ""

    def _spots(self, call: ast.Call, place: int | str) -> list[ReachSpot]:
        if place == SELF:
            return self.names.spots(call.func.value) if isinstance(call.func, ast.Attribute) else []
        node = _argument(call, place)
        return [] if node is None else self.names.spots(node)

    def _by_method(self, call: ast.Call) -> Iterator[tuple[str, str]]:
        if not isinstance(call.func, ast.Attribute):
            if Effect.WRITES_FILE in effects.of_call(call):
                yield from self._wherever(call)
            return
        method = call.func.attr
        own = self.names.spots(call.func.value)
        deed = PATH_METHODS.get(method)
        if deed is not None and (method in ONLY_PATHS or any(s.is_path for s in own)):
            yield from self._done(deed, call)
        elif method in METHODS:
            yield from self._done(METHODS[method], call)
        elif Effect.WRITES_FILE in effects.of_call(call) and method not in PATH_METHODS and method != "remove":
            yield from self._wherever(call)

    def _wherever(self, call: ast.Call) -> Iterator[tuple[str, str]]:
        """A call that is known to write, but not where: to one of its first arguments."""
        given = [*call.args[:2], *(k.value for k in call.keywords)]
        if any(self.is_outside(s.text) and s.text != "/" for one in given for s in self.names.spots(one)):
            yield WRITES, _written(call)

    def _handed_on(self, argument: ast.expr, call: ast.Call) -> Iterator[tuple[str, str]]:
        """A function that somebody else calls: `map(os.remove, paths)`."""
        if not isinstance(argument, (ast.Name, ast.Attribute)):
            return
        for function in map(_plain_name, self.names.called(argument)):
            method = function.removeprefix("pathlib.Path.") if function.startswith("pathlib.Path.") else ""
            deed = CALLS.get(function) or PATH_METHODS.get(method)
            if deed is None or deed.mode is not None:
                continue
            if deed.kind == COMMAND:
                yield COMMAND, _written(call)
                continue
            others = [a for a in (*call.args, *(k.value for k in call.keywords)) if a is not argument]
            spots = [s for one in others for s in self.names.spots(one)]
            if deed.always or (deed.if_unknown and not spots) or any(self.is_outside(s.text) for s in spots):
                yield deed.kind, _written(call)

    def _is_own_process(self, call: ast.Call) -> bool:
        """Whether only this process, or a child of it, is meant; or whether it is only asked for."""
        numbers = [a.value for a in call.args if isinstance(a, ast.Constant)]
        function = self._functions(call)[0].rpartition(".")[2]
        if function == "kill" and len(call.args) == 2 and numbers[-1:] == [0]:
            return isinstance(call.args[1], ast.Constant)
        place = 1 if function == "setpriority" else 0
        first = call.args[place] if len(call.args) > place else None
        if isinstance(first, ast.Constant):
            return first.value == 0 and function != "kill"
        return first is not None and bool(_OWN_PROCESS & {_plain_name(n) for n in self.names.called(first)})

    def _by_module(self, call: ast.Call, functions: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Mail, databases and the network, by the module that is asked."""
        function = next((f for f in functions if "()" not in f), "")
        root = effects.root(call.func)
        top = function.partition(".")[0] if root is not None and root.id in self.names.imports else ""
        strings = [*_strings([*call.args, *(k.value for k in call.keywords)])]
        if top in _MAIL_MODULES:
            yield MAIL, _written(call)
        elif top in _DATABASE_MODULES:
            if re.search(r"connect|client|engine|redis|session", function, re.IGNORECASE) and not self._is_local(
                strings
            ):
                yield DATABASE, _without_strings(call)
        elif not _AT_HOME.match(function) and (
            top in _NETWORK_MODULES or _FETCHING.search(effects.dotted(call.func)) or any(map(_ADDRESS.match, strings))
        ):
            yield NETWORK, _written(call)

    def _is_local(self, strings: Sequence[str]) -> bool:
        """Whether a database is a file of the folder, or none at all."""
        files = [_LOCAL_FILE.match(s) for s in strings if _LOCAL_DATABASE.match(s)]
        return bool(files) and not any(found and self.is_outside(found["path"]) for found in files)


def _plain_name(function: str) -> str:
    """One name for what has several: `builtins.open` is open, `posix.kill` is os.kill."""
    first, _, rest = function.partition(".")
    if first in ("builtins", "__builtins__", "posix", "nt") and rest:
        return rest if first.endswith(("builtins", "__")) else f"os.{rest}"
    return function


def _argument(call: ast.Call, place: int | str) -> ast.expr | None:
    if isinstance(place, str):
        return next((k.value for k in call.keywords if k.arg == place), None)
    if place >= len(call.args) or any(isinstance(a, ast.Starred) for a in call.args[:place]):
        return None
    return call.args[place]


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
