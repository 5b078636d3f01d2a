"""What names and expressions of a notebook stand for, as far as its text says: functions, and places of files.

Read, not run: imports, plain assignments, loops over literals, arguments of the notebook's own functions. What cannot
be followed gives nothing.
"""

from __future__ import annotations

import ast
import itertools
import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

_Found = TypeVar("_Found")
MOST_VISITS = 400  # of expressions for one question
MOST_VALUES = 20  # of one name, or of one expression
MOST_DEEP = 25  # names that stand for names
UNKNOWN = "?"  # stands for a part of a place that is not known
_PATHS = frozenset(
    {"Path", "PurePath", "PosixPath", "WindowsPath", "PurePosixPath", "PureWindowsPath", "UPath"}
)  # fmt: skip
_SAME = frozenset(
    {"os.path.expanduser", "os.path.abspath", "os.path.realpath", "os.path.normpath", "os.fspath", "os.fsencode", "str"}
    | {"os.fsdecode", "glob.glob", "glob.iglob", "os.scandir", "sorted", "list", "tuple", "set", "reversed", "iter"}
)
_SAME_METHODS = frozenset(
    {"resolve", "absolute", "expanduser", "as_posix", "as_uri", "__str__", "__fspath__", "format", "encode", "strip"}
)
_BELOW = frozenset({"glob", "rglob", "iterdir"})
_FIXED = {
    "os.devnull": "/dev/null", "os.curdir": ".", "os.pardir": "..", "os.sep": "/", "os.getcwd()": ".",
    "pathlib.Path.home()": "~", "pathlib.Path.cwd()": ".", "tempfile.gettempdir()": "/tmp",
}  # fmt: skip
_HOME = frozenset({"HOME", "USERPROFILE"})
_HOME_IN_TEXT = re.compile(r"^(?:\$HOME|\$\{HOME\}|%USERPROFILE%)(?=/|\\|$)")


@dataclass(frozen=True)
class ReachSpot:
    """A place that an expression may stand for."""

    text: str
    is_path: bool = False  # an object of pathlib, not a text


class ReachNames:
    """The names of a notebook.

    Args:
        trees: its statements.
    """

    def __init__(self, trees: Sequence[ast.AST]) -> None:
        self.imports: dict[str, str] = {}  # name -> what it is: "os", "os.remove"
        self.stars: list[str] = []
        self._values: dict[str, list[ast.expr]] = {}
        self._functions: dict[str, ast.arguments] = {}
        self._visits = self._depth = 0
        nodes = [node for tree in trees for node in ast.walk(tree)]
        for node in nodes:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self._functions[node.name] = node.args
        for node in nodes:
            self._imported(node)
            for name, value in self._bound(node):
                known = self._values.setdefault(name, [])
                if len(known) < MOST_VALUES:
                    known.append(value)

    def is_own(self, name: str) -> bool:
        """Whether a function of that name is written in the notebook."""
        return name in self._functions

    def _imported(self, node: ast.AST) -> None:
        if isinstance(node, ast.Import):
            for one in node.names:
                self.imports[one.asname or one.name.partition(".")[0]] = (
                    one.name if one.asname else one.name.partition(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for one in node.names:
                if one.name == "*":
                    self.stars.append(node.module)
                else:
                    self.imports[one.asname or one.name] = f"{node.module}.{one.name}"

    def _bound(self, node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                yield from _pairs(target, node.value)
        elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)):
            if node.value is not None:
                yield from _pairs(node.target, node.value)
        elif isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
            yield from _pairs(node.target, node.iter)
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            yield from _pairs(node.optional_vars, node.context_expr)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            asked = [*node.args.posonlyargs, *node.args.args]
            yield from ((a.arg, d) for a, d in zip(reversed(asked), reversed(node.args.defaults), strict=False))
            named = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
            yield from ((a.arg, d) for a, d in named if d is not None)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in self._functions:
            arguments = self._functions[node.func.id]
            asked = [*arguments.posonlyargs, *arguments.args]
            yield from zip((a.arg for a in asked), node.args, strict=False)
            yield from ((k.arg, k.value) for k in node.keywords if k.arg)

    # Functions

    def called(self, node: ast.expr) -> tuple[str, ...]:
        """The dotted names that an expression may stand for: "os.remove", "socket.socket().bind"; "" is not known."""
        self._visits = 0
        return tuple(self._called(node))

    def _called(self, node: ast.expr) -> list[str]:
        return self._followed(self._called_by(node))

    def _followed(self, found: Iterator[_Found]) -> list[_Found]:
        """What an expression stands for; nothing where that leads too far."""
        self._visits += 1
        if self._visits > MOST_VISITS or self._depth > MOST_DEEP:
            return []
        self._depth += 1
        try:
            return list(dict.fromkeys(itertools.islice(found, MOST_VALUES)))
        finally:
            self._depth -= 1

    def _called_by(self, node: ast.expr) -> Iterator[str]:
        if isinstance(node, ast.Name):
            if node.id in self.imports:
                yield self.imports[node.id]
            elif node.id in self._values:
                for value in self._values[node.id]:
                    yield from self._called(value)
            else:
                yield node.id
                yield from (f"{star}.{node.id}" for star in self.stars)
        elif isinstance(node, ast.Attribute):
            yield from (f"{base}.{node.attr}" for base in self._called(node.value))
        elif isinstance(node, ast.Call):
            yield from self._made_by(node)
        elif isinstance(node, ast.Await):
            yield from self._called(node.value)
        elif isinstance(node, (ast.IfExp, ast.BoolOp, ast.NamedExpr)):
            for part in _choices(node):
                yield from self._called(part)

    def _made_by(self, node: ast.Call) -> Iterator[str]:
        """`getattr(os, "remove")` is os.remove, `__import__("os")` is os, `socket.socket()` is what it makes."""
        texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        for function in self._called(node.func):
            if function == "getattr" and texts:
                yield from (f"{base}.{texts[0]}" for base in self._called(node.args[0]))
            elif function in ("__import__", "importlib.import_module") and texts:
                yield texts[0]
            else:
                yield f"{function}()"

    # Places

    def spots(self, node: ast.expr) -> list[ReachSpot]:
        """The places that an expression may stand for; none: it is not known."""
        self._visits = 0
        return self._spots(node)

    def _spots(self, node: ast.expr) -> list[ReachSpot]:
        return self._followed(self._spots_of(node))

    def _spots_of(self, node: ast.expr) -> Iterator[ReachSpot]:
        if isinstance(node, ast.Constant):
            if isinstance(node.value, (str, bytes)):
                yield ReachSpot(node.value if isinstance(node.value, str) else node.value.decode("utf-8", "replace"))
        elif isinstance(node, ast.Name):
            for value in self._values.get(node.id, ()):
                yield from self._spots(value)
            yield from self._fixed(node)
        elif isinstance(node, ast.JoinedStr):
            yield from self._joined([v.value if isinstance(v, ast.FormattedValue) else v for v in node.values], "")
        elif isinstance(node, ast.BinOp):
            yield from self._of_operator(node)
        elif isinstance(node, ast.Attribute):
            yield from self._of_attribute(node)
        elif isinstance(node, ast.Subscript):
            yield from self._of_subscript(node)
        elif isinstance(node, ast.Call):
            yield from self._of_call(node)
        else:
            for part in _held(node):
                yield from self._spots(part)

    def _fixed(self, node: ast.expr) -> Iterator[ReachSpot]:
        for name in self._called(node):
            if name in _FIXED:
                yield ReachSpot(_FIXED[name], is_path=name.startswith("pathlib."))

    def _joined(self, parts: Sequence[ast.expr], by: str, is_path: bool = False) -> Iterator[ReachSpot]:
        """Parts put together; what is not known within is `?`, and nothing is known where the beginning is not."""
        options = [self._spots(part) or [ReachSpot(UNKNOWN)] for part in parts]
        for chosen in itertools.islice(itertools.product(*options), MOST_VALUES):
            texts = [one.text for one in chosen]
            if by == "/":
                texts = texts[max((i for i, t in enumerate(texts) if t.startswith(("/", "~"))), default=0) :]
            if texts and texts[0] != UNKNOWN:
                yield ReachSpot(by.join(texts), is_path or any(one.is_path for one in chosen))

    def _of_operator(self, node: ast.BinOp) -> Iterator[ReachSpot]:
        if isinstance(node.op, ast.Add):
            yield from self._joined([node.left, node.right], "")
        elif isinstance(node.op, ast.Div):
            yield from self._joined([node.left, node.right], "/", is_path=True)
        elif isinstance(node.op, ast.Mod):
            yield from self._spots(node.left)

    def _of_attribute(self, node: ast.Attribute) -> Iterator[ReachSpot]:
        yield from self._fixed(node)
        if node.attr == "parent":
            yield from (ReachSpot(_parent(s.text), is_path=True) for s in self._spots(node.value) if s.is_path)

    def _of_subscript(self, node: ast.Subscript) -> Iterator[ReachSpot]:
        key = node.slice.value if isinstance(node.slice, ast.Constant) else None
        if key in _HOME and "os.environ" in self._called(node.value):
            yield ReachSpot("~")
        elif isinstance(node.value, ast.Attribute) and node.value.attr == "parents" and isinstance(key, int):
            for spot in self._spots(node.value.value):
                text = spot.text
                for _ in range(min(key + 1, MOST_VALUES)):
                    text = _parent(text)
                yield ReachSpot(text, is_path=True)
        else:
            for whole in self._values.get(node.value.id, ()) if isinstance(node.value, ast.Name) else (node.value,):
                yield from self._part(whole, key)

    def _part(self, whole: ast.expr, key: object) -> Iterator[ReachSpot]:
        """What a literal holds under a key; all of it where the key is not known."""
        if isinstance(whole, ast.Dict):
            pairs = zip(whole.keys, whole.values, strict=True)
            yield from (s for k, v in pairs if _may_be(k, key) for s in self._spots(v))
        elif isinstance(whole, (ast.List, ast.Tuple)):
            at = key if isinstance(key, int) and -len(whole.elts) <= key < len(whole.elts) else None
            yield from (s for one in (whole.elts if at is None else [whole.elts[at]]) for s in self._spots(one))
        elif isinstance(whole, ast.Call):
            yield from self._spots(whole)  # sorted(glob("/a/*"))[0]

    def _of_call(self, node: ast.Call) -> Iterator[ReachSpot]:
        yield from self._fixed(node)
        for function in self._called(node.func):
            last = function.rpartition(".")[2]
            if last in _PATHS and "()" not in function:
                made = self._joined(node.args, "/", is_path=True) if node.args else iter([ReachSpot(".")])
                yield from (ReachSpot(s.text, is_path=True) for s in made)
                return
            if function == "os.path.join":
                yield from self._joined(node.args, "/")
                return
            if function in _SAME and node.args:
                yield from (ReachSpot(s.text) if function == "str" else s for s in self._spots(node.args[0]))
                return
            if function == "os.path.expandvars" and node.args:
                yield from (ReachSpot(_HOME_IN_TEXT.sub("~", s.text)) for s in self._spots(node.args[0]))
                return
            if function == "os.path.dirname" and node.args:
                yield from (ReachSpot(_parent(s.text)) for s in self._spots(node.args[0]))
                return
            if function in ("os.getenv", "os.environ.get") and node.args:
                is_home = isinstance(node.args[0], ast.Constant) and node.args[0].value in _HOME
                yield from [ReachSpot("~")] if is_home else itertools.chain(*map(self._spots, node.args[1:]))
                return
        if isinstance(node.func, ast.Attribute):
            yield from self._of_method(node.func, node.args)

    def _of_method(self, method: ast.Attribute, arguments: Sequence[ast.expr]) -> Iterator[ReachSpot]:
        if method.attr in _SAME_METHODS:
            yield from self._spots(method.value)
        elif method.attr == "joinpath":
            yield from self._joined([method.value, *arguments], "/", is_path=True)
        elif method.attr in _BELOW:
            yield from (ReachSpot(f"{s.text}/{UNKNOWN}", is_path=True) for s in self._spots(method.value) if s.is_path)
        elif method.attr in ("with_name", "with_stem", "with_suffix"):
            yield from (ReachSpot(f"{_parent(s.text)}/{UNKNOWN}", is_path=True) for s in self._spots(method.value))


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(target, ast.Name):
        yield target.id, value
    elif (
        isinstance(target, (ast.Tuple, ast.List))
        and isinstance(value, (ast.Tuple, ast.List))
        and len(value.elts) == len(target.elts)
    ):
        for one, part in zip(target.elts, value.elts, strict=True):
            yield from _pairs(one, part)


def _may_be(key: ast.expr | None, wanted: object) -> bool:
    return not isinstance(key, ast.Constant) or wanted is None or key.value == wanted


def _held(node: ast.expr) -> Sequence[ast.expr]:
    """The expressions of which a value is one, or all of which it holds."""
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return node.elts
    if isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp)):
        return [node.elt]
    if isinstance(node, (ast.Starred, ast.Await)):
        return [node.value]
    return list(_choices(node)) if isinstance(node, (ast.IfExp, ast.BoolOp, ast.NamedExpr)) else []


def _choices(node: ast.IfExp | ast.BoolOp | ast.NamedExpr) -> Iterable[ast.expr]:
    if isinstance(node, ast.IfExp):
        return node.body, node.orelse
    return node.values if isinstance(node, ast.BoolOp) else (node.value,)


def _parent(text: str) -> str:
    plain = posixpath.normpath(text)
    if plain == "." or plain.endswith(".."):
        return posixpath.normpath(f"{plain}/..")
    return "~/.." if plain == "~" else posixpath.dirname(plain) or "."
