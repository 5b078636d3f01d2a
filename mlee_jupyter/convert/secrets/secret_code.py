"""Secrets in code: texts put together from literals, with the name each is given to."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from mlee_jupyter.convert.read.effects import dotted

from .secret_chosen import is_chosen, is_own
from .secret_openers import ORACLE_LOGIN, given_outright, held_by_label, holds_a_value, place_of_password
from .secret_parts import (
    PAIR_NAME,
    USERS,
    Default,
    Part,
    asked_for,
    given_to_holder,
    name_of,
    of_choice,
    of_dict,
    of_environment,
    of_function,
    of_parameters,
    of_rows,
    of_sequence,
    parameters_of,
    rows_of,
    the_telling,
)
from .secret_takers import given_by_place, given_by_word
from .secret_text import TextSpan, spans_in
from .secret_words import called, is_password, named

MOST_PIECES = 2_000  # of one text
LONGEST_KNOWN = 20_000  # characters of a variable's text that is followed
DEEPEST = 40  # calls and brackets inside one text
_GAP = "\0"  # stands for what is not known before the notebook runs
_THROUGH = frozenset(
    {"strip", "lstrip", "rstrip", "encode", "decode", "expandtabs", "removeprefix", "removesuffix", "dedent"}
)
_FIELD = re.compile(r"%(?:\((\w+)\))?[-#0 +]*\d*(?:\.\d+)?[sdrfgxi]|\{(\w*)(?:![rsa])?(?::[^{}]*)?\}")


_LOGIN = re.compile(r"^\w{1,40}/([^\s/@]{6,100})@(?://)?[\w.-]{1,100}(?::\d{1,5})?(?:[/:][\w.-]{1,60})?$")
_OF_ORACLE = re.compile(r"dsn|conn|ora|login|tns|sqlplus", re.IGNORECASE)


@dataclass(frozen=True)
class TextPiece:
    """A part of a text with the literal that it comes from; without one it is not known, or not written there."""

    text: str
    node: ast.Constant | None = None
    at: int = 0  # where it begins in the literal


@dataclass(frozen=True)
class WrittenText:
    """One text of the code as far as it is known before the code runs."""

    root: ast.expr  # the whole expression
    pieces: tuple[TextPiece, ...]
    name: str  # what it is given to
    sure: bool = False  # a user or a host is given beside it
    alone: bool = True  # every piece stands in the expression itself
    default: Default | None = None
    outright: bool = False  # it is the whole of what the name is given: a word may be a password

    @property
    def text(self) -> str:
        """The pieces together."""
        return "".join(p.text for p in self.pieces)


@dataclass(frozen=True)
class InCode:
    """The secrets of one text of the code."""

    written: WrittenText
    spans: tuple[TextSpan, ...] = field(default=())


class Reader:
    """Reads statements in order and remembers the texts that their variables hold."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[TextPiece, ...]] = {}
        self.parameters: dict[str, list[str]] = {}  # of the functions and classes that were defined
        self.modules: dict[str, str] = {}  # import oracledb as db: db -> oracledb

    def secrets(self, tree: ast.AST) -> Iterator[InCode]:
        """The texts of a tree that are or hold secrets."""
        for written in self.texts(tree):
            if spans := secrets_of(written):
                yield InCode(written, tuple(spans))

    def texts(self, tree: ast.AST) -> Iterator[WrittenText]:
        """Every text of a tree with the name it is given to; without recursion, each node once."""
        todo: list[Part] = [(tree, "", False, None)]
        outright: set[int] = set()
        while todo:
            node, name, sure, default = todo.pop()
            outright |= {id(value) for value in given_outright(node)}
            is_known = isinstance(node, ast.Name) and called(name)
            if is_known or isinstance(node, (ast.Constant, ast.JoinedStr, ast.BinOp, ast.Call)):
                assert isinstance(node, ast.expr)
                pieces = self._folded(node)
                if pieces is not None:
                    inside = {id(n) for n in ast.walk(node)} if not isinstance(node, ast.Constant) else {id(node)}
                    alone = all(p.node is None or id(p.node) in inside for p in pieces)
                    yield WrittenText(node, pieces, name, sure, alone, default, id(node) in outright)
                    encoded = "auth" if pieces[0].text.strip().lower() == "basic" else ""  # "Basic " + b64encode(...)
                    todo += [(n, encoded, False, None) for n in reversed(_not_text(node))]
                    continue
            todo += reversed([*self._parts(node, name)])

    def _parts(self, node: ast.AST, name: str) -> Iterator[Part]:
        """The parts of a node, each with the name it is given to."""
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.AugAssign)) and node.value is not None:
            targets: list[ast.expr] = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from ((t, "", False, None) for t in targets if not isinstance(t, ast.Name))
            if isinstance(node, ast.AnnAssign):
                yield node.annotation, "", False, None
            yield from self._assigned(targets, node)
        elif isinstance(node, ast.Dict):
            yield from of_dict(node, name)
        elif isinstance(node, ast.Call):
            yield from self._arguments(node, name)
        elif isinstance(node, ast.arguments):
            yield from of_parameters(node)
        elif isinstance(node, (ast.Tuple, ast.List, ast.Set)):
            yield from of_sequence(node, name)
        elif isinstance(node, ast.Compare) and len(node.comparators) == 1:
            left, right = node.left, node.comparators[0]
            yield left, name_of(right), False, None
            yield right, name_of(left), False, None
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self.parameters[node.name] = parameters_of(node)
            yield from of_function(node)
        elif isinstance(node, ast.ClassDef):
            makers = (one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "__init__")
            self.parameters[node.name] = [name for one in makers for name in parameters_of(one)[1:]]
            yield from ((inner, "", False, None) for inner in ast.iter_child_nodes(node))
        elif isinstance(node, ast.BoolOp):
            yield from of_choice(node, name)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            yield from ((part, "", False, None) for part in _spine(node))
        elif isinstance(node, ast.Subscript) and (isinstance(node.slice, ast.Slice) or _is_one_of_them(node)):
            yield node.value, name, False, None  # a text turned round, or a part of it
            yield node.slice, "", False, None
        elif isinstance(node, ast.Import):
            self.modules |= {one.asname: one.name for one in node.names if one.asname}
        elif isinstance(node, (ast.IfExp, ast.Await, ast.Starred, ast.Lambda)):
            yield from ((inner, name, False, None) for inner in ast.iter_child_nodes(node))
        else:
            yield from ((inner, "", False, None) for inner in ast.iter_child_nodes(node))

    def _assigned(
        self, targets: list[ast.expr], node: ast.Assign | ast.AnnAssign | ast.NamedExpr | ast.AugAssign
    ) -> Iterator[Part]:
        value = node.value
        assert value is not None
        for target in targets:
            if isinstance(target, ast.Name):
                pieces = self._folded(value)
                if isinstance(node, ast.AugAssign):
                    before = self.known[_before(target)] = self.known.get(target.id, (TextPiece(_GAP),))
                    pieces = (*before, *pieces) if pieces is not None else None
                if pieces is None or len(pieces) > MOST_PIECES or sum(len(p.text) for p in pieces) > LONGEST_KNOWN:
                    self.known.pop(target.id, None)
                else:
                    self.known[target.id] = pieces
            if isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, (ast.Tuple, ast.List)):
                for one, other in _unpacked(target, value):
                    if isinstance(one, ast.Name) and (pieces := self._folded(other)) is not None:
                        self.known[one.id] = pieces
                    yield other, name_of(one), False, None
                return
        names = [n for t in targets if (n := name_of(t))]
        name = next((n for n in names if called(n)), names[0] if names else "")
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name) and isinstance(node.op, ast.Add):
            yield ast.BinOp(ast.Name(_before(node.target), ast.Load()), ast.Add(), value), name, False, None
            return
        yield value, name, False, None

    def _arguments(self, call: ast.Call, name: str) -> Iterator[Part]:
        if isinstance(call.func, ast.Attribute) and call.func.attr in _THROUGH:
            yield call.func.value, name, False, None  # b64decode(...).decode()
        else:
            yield call.func, "", False, None
        whole = dotted(call.func)
        module, dot, rest = whole.partition(".")
        whole = f"{self.modules.get(module, module)}{dot}{rest}"
        short = whole.rpartition(".")[2]
        words = {k.arg.lower() for k in call.keywords if k.arg}
        sure = bool(words & USERS)
        asked = asked_for(call)
        holder = given_to_holder(call, name)
        if (rows := rows_of(call)) is not None:
            yield from of_rows(call, rows)
        of_callee = self.parameters.get(call.func.id, []) if isinstance(call.func, ast.Name) else []
        opened, label = place_of_password(call, whole), held_by_label(call, short)
        for place, (argument, given) in enumerate(
            zip(call.args, given_by_place(call, name, of_callee, whole), strict=True)
        ):
            if argument is rows:
                continue
            sure = sure or place == opened
            default = Default(asked, call) if place == 1 and of_environment(call) else None
            below = the_telling(name if asked and place == 1 else "", holder)
            yield argument, given or below, sure, default
        for keyword in call.keywords:
            if keyword.value is rows:
                continue
            is_default = keyword.arg == "default" and asked
            default = Default(asked, call) if is_default and of_environment(call) else None
            word = asked if is_default else the_telling(given_by_word(short, keyword.arg or ""), holder)
            word = label if label and holds_a_value(keyword.arg) and not called(word) else word
            yield keyword.value, word, sure, default

    def _folded(self, node: ast.expr, depth: int = 0) -> tuple[TextPiece, ...] | None:
        """The pieces of a text; None for what is none, or has no literal in it."""
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str):
                return (TextPiece(node.value, node),)
            return (TextPiece(node.value.decode("latin-1"), node),) if isinstance(node.value, bytes) else None
        if isinstance(node, ast.Name):
            return self.known.get(node.id)
        if depth > DEEPEST:
            return None
        pieces: list[TextPiece] | None = None
        if isinstance(node, ast.JoinedStr):
            pieces = []
            for part in node.values:
                inner = part.value if isinstance(part, ast.FormattedValue) else part
                pieces += self._folded(inner, depth + 1) or (TextPiece(_GAP),)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            pieces = self._chain(node, depth)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
            given = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
            pieces = self._filled(node.left, given, {}, depth)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            pieces = self._method(node, node.func, depth)
        if pieces is None or not any(p.node is not None for p in pieces) or len(pieces) > MOST_PIECES:
            return None
        return tuple(pieces)

    def _chain(self, node: ast.BinOp, depth: int) -> list[TextPiece] | None:
        """The pieces of a + b + c."""
        pieces: list[TextPiece] = []
        for part in _spine(node):
            found = self._folded(part, depth + 1)
            if found is None and isinstance(part, (ast.List, ast.Tuple, ast.Dict, ast.ListComp)):
                return None  # lists are put together, not texts
            pieces += found or (TextPiece(_GAP),)
            if len(pieces) > MOST_PIECES:
                return None
        return pieces

    def _method(self, call: ast.Call, method: ast.Attribute, depth: int) -> list[TextPiece] | None:
        if method.attr == "join" and len(call.args) == 1 and isinstance(call.args[0], (ast.List, ast.Tuple)):
            between = self._folded(method.value, depth + 1)
            if between is None:
                return None
            pieces: list[TextPiece] = []
            for place, element in enumerate(call.args[0].elts[:MOST_PIECES]):
                # what stands between is written once, and not where it goes
                pieces += [TextPiece(p.text) for p in between] if place else []
                pieces += self._folded(element, depth + 1) or (TextPiece(_GAP),)
            return pieces
        if method.attr == "format":
            return self._filled(method.value, call.args, {k.arg: k.value for k in call.keywords if k.arg}, depth)
        if method.attr in _THROUGH:
            found = self._folded(method.value, depth + 1)
            return list(found) if found is not None else None
        return None

    def _filled(
        self, template: ast.expr, given: list[ast.expr], named_too: dict[str, ast.expr], depth: int
    ) -> list[TextPiece] | None:
        """A template with % or braces, its places filled as far as they are known."""
        if (
            not isinstance(template, ast.Constant)
            or not isinstance(template.value, str)
            or len(template.value) > LONGEST_KNOWN
        ):
            return None
        pieces: list[TextPiece] = []
        position = place = 0
        for match in _FIELD.finditer(template.value):
            pieces.append(TextPiece(template.value[position : match.start()], template, position))
            word = match[1] or match[2] or ""
            inner = named_too.get(word)
            if inner is None:
                number = int(word) if word.isdigit() else place
                inner = given[number] if number < len(given) else None
                place += 1
            pieces += (self._folded(inner, depth + 1) if inner is not None else None) or (TextPiece(_GAP),)
            position = match.end()
        return [*pieces, TextPiece(template.value[position:], template, position)]


def _is_one_of_them(node: ast.Subscript) -> bool:
    """["a text"][0]"""
    return isinstance(node.slice, ast.Constant) and isinstance(node.value, (ast.List, ast.Tuple))


def _unpacked(
    target: ast.Tuple | ast.List, value: ast.Tuple | ast.List, depth: int = 0
) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Each name with its value: (host, (user, password)) = (..., (..., ...))."""
    for one, other in zip(target.elts, value.elts, strict=False):
        if isinstance(one, (ast.Tuple, ast.List)) and isinstance(other, (ast.Tuple, ast.List)) and depth < DEEPEST:
            yield from _unpacked(one, other, depth + 1)
        else:
            yield one, other


def _before(target: ast.Name) -> str:
    """What stands in `known` for a variable as it was before `+=`; no variable can be called so."""
    return f"{target.id} +="


def _spine(node: ast.BinOp) -> list[ast.expr]:
    """The parts of a + b + c; the left side goes down a level at each sign, so it is followed without recursion."""
    parts: list[ast.expr] = []
    left: ast.expr = node
    while isinstance(left, ast.BinOp) and isinstance(left.op, ast.Add):
        parts.append(left.right)
        left = left.left
    return [left, *reversed(parts)]


def secrets_of(written: WrittenText) -> list[TextSpan]:
    """Where the secrets are in a text: in it by shape, or all of it by its name."""
    text = written.text
    if len(text.replace(_GAP, "")) < 6:
        return []
    spans = spans_in(text)
    whole = text.strip()
    if any(s.end - s.start == len(whole) for s in spans):
        return spans
    start = text.find(whole)
    bare = re.sub(r"^(Bearer|Basic|token|Token|ApiKey|Key)\s+", "", whole) if called(written.name) else whole
    start += len(whole) - len(bare)
    why = named(bare, written.name, sure=written.sure)
    if not why and written.outright and is_chosen(bare, written.name):
        why = f"{written.name[:40]} holds a word"
    if not why and (login := _oracle_login(written, whole)):
        return [TextSpan(text.find(whole) + login.start(1), text.find(whole) + login.end(1), "is a password")]
    if not why and _is_pair(written, whole):
        mark = text.index(":") + 1
        return [TextSpan(mark, len(text.rstrip()), "is a password")]
    return [TextSpan(start, start + len(bare), why)] if why else spans


def _oracle_login(written: WrittenText, text: str) -> re.Match[str] | None:
    """scott/...@host/name where a driver takes it, or in a variable called so."""
    login = _LOGIN.match(text)
    if login is None or not (written.name == ORACLE_LOGIN or _OF_ORACLE.search(written.name)):
        return None
    is_one = is_password(login[1], sure=True) if written.name == ORACLE_LOGIN else is_own(login[1])
    return login if is_one else None


def _is_pair(written: WrittenText, text: str) -> bool:
    """user:password given to a name such as auth."""
    user, mark, password = text.partition(":")
    return bool(mark and user and PAIR_NAME.search(written.name) and "//" not in text and is_password(password))


_HOLDERS = (ast.Subscript, ast.IfExp, ast.BoolOp, ast.Dict, ast.Lambda, ast.NamedExpr, ast.ListComp)


def _not_text(node: ast.expr) -> list[ast.AST]:
    """What a text's expression holds beside text: the values of an f-string, arguments; read on their own."""
    if isinstance(node, ast.Constant):
        return []
    found: list[ast.AST] = []
    todo: list[ast.AST] = [node]
    while todo:
        one = todo.pop()
        if (isinstance(one, ast.Call) and not _is_text_method(one)) or isinstance(one, _HOLDERS):
            found.append(one)
        else:
            todo += ast.iter_child_nodes(one)
    return found


def _is_text_method(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr in ("join", "format", *_THROUGH)


__all__ = ["Default", "InCode", "Reader", "TextPiece", "WrittenText", "secrets_of"]
