"""`$x` and `{x}` in shell lines and magics, expanded as IPython does: by its own formatter, or left as they are.

IPython evaluates every field of a line when it runs. If one of them cannot be evaluated, the whole line stays as it
is written. Here that is decided from the names that the notebook has bound by then. A line that cannot be decided, or
whose variable would reach the shell unset, is a problem of its cell: the package is refused before anything runs.
"""

from __future__ import annotations

import ast
import builtins
import itertools
import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from mlee_jupyter.convert.types import Mention

from .scopes import Walk

_IPYTHON = frozenset({"In", "Out", "_", "__", "___", "_i", "_ii", "_iii", "_dh", "_ih", "_oh"})
_ALWAYS = frozenset(dir(builtins)) | _IPYTHON | {"get_ipython", "exit", "quit", "open", "display"}
_MARK = re.compile(r"__mlee_line_(\d+)__\([\w, ]*\)")
_SHELL_READS = re.compile(r"(?<![\\$])\$(?:\{([A-Za-z_]\w*)[^}]*\}|([A-Za-z_]\w*))")
_SHELL_SETS = re.compile(
    r"(?:^|[\s;&|(])(?:for|read(?:\s+-\w+)*|select|local|export|declare)\s+(\w+)|(?:^|[\s;&|(])(\w+)="
)
_FILE_ENDING = re.compile(
    r"(?<!\$)\$(\w+)\.(bak|bin|bz2|csv|dat|db|gz|h5|html|ipynb|jpe?g|jsonl?|log|md|npy|npz|parquet|pdf|pickle|pkl|png|py"
    r"|sh|sql|svg|tar|tgz|tmp|tsv|txt|xlsx?|xml|ya?ml|zip)\b"
)
_SET_BY_SHELLS = frozenset(
    {"RANDOM", "SECONDS", "LINENO", "PWD", "OLDPWD", "HOME", "PATH", "USER", "SHELL",
     "UID", "EUID", "PPID", "HOSTNAME", "IFS", "TMPDIR", "LANG", "OSTYPE", "BASH"}
)  # fmt: skip
_PLAIN = (ast.Name, ast.Attribute, ast.Subscript, ast.Call)


@dataclass(frozen=True)
class Piece:
    """A part of a line: text as it stands, or an expression with its conversion ("" or "r", "s", "a")."""

    text: str
    expression: str = ""
    conversion: str = ""


def pieces_of(text: str) -> list[Piece] | None:
    """The parts of a line as IPython's formatter sees them; None: it leaves the line as it is, whatever is bound."""
    from IPython.utils.text import DollarFormatter

    found: list[Piece] = []
    try:
        for literal, name, spec, conversion in DollarFormatter().parse(text):
            found.append(Piece(literal))
            if name is not None:
                expression = f"{name}:{spec}" if spec else str(name)  # as IPython: x[1:3] is no format
                compile(expression.strip(), "<line>", "eval", dont_inherit=True)
                if conversion not in (None, "r", "s", "a"):
                    return None
                found.append(Piece("", expression.strip(), conversion or ""))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    return found


def python_text(pieces: Sequence[Piece]) -> str:
    """A Python expression for the text that the parts give: an f-string where one can be written."""
    if not any(p.expression for p in pieces):
        return repr("".join(p.text for p in pieces))
    for quote in ('"', "'"):
        if not any(quote in p.expression or "\\" in p.expression or "\n" in p.expression for p in pieces):
            inner = "".join(_field(p) if p.expression else _escaped(p.text, quote) for p in pieces)
            return f"f{quote}{inner}{quote}"
    parts = [_called(p) if p.expression else repr(p.text) for p in pieces if p.expression or p.text]
    return f'"".join([{", ".join(parts)}])'


def _field(piece: Piece) -> str:
    mark = f"!{piece.conversion}" if piece.conversion else ""
    is_plain = isinstance(ast.parse(piece.expression, mode="eval").body, _PLAIN)
    return f"{{{piece.expression}{mark}}}" if is_plain else f"{{({piece.expression}){mark}}}"


def _called(piece: Piece) -> str:
    function = {"r": "repr", "s": "str", "a": "ascii"}.get(piece.conversion, "format")
    is_plain = isinstance(ast.parse(piece.expression, mode="eval").body, _PLAIN)
    return f"{function}({piece.expression})" if is_plain else f"{function}(({piece.expression}))"  # a tuple is one


def _escaped(text: str, quote: str) -> str:
    special = {"\\": "\\\\", quote: "\\" + quote, "{": "{{", "}": "}}"}
    return "".join(special.get(c) or (c if c.isprintable() else repr(c)[1:-1]) for c in text)


@dataclass
class ShellLine:
    """A line whose expansion is decided later; a mark stands for it in the cell's Python until then.

    Args:
        text: the line as IPython expands it: one field that fails leaves all of it as it is.
        build: the Python that stands for it; given a function that turns any piece of the line into an expression.
        shell: the text goes to a shell, which would read what is left of `$x` as empty.
    """

    text: str
    build: Callable[[Callable[[str], str]], str]
    shell: bool = False
    line: int = 1
    names: tuple[str, ...] = field(init=False)
    open: bool = field(init=False)  # whether IPython would try to expand it

    def __post_init__(self) -> None:
        """Find the names that its fields read."""
        pieces = pieces_of(self.text)
        fields = [p.expression for p in pieces or () if p.expression]
        self.open = pieces is not None and (bool(fields) or "".join(p.text for p in pieces) != self.text)
        trees = [ast.parse(f, mode="eval") for f in fields]
        self.names = tuple(dict.fromkeys(n for t in trees for n in _read_by(t)))

    def mark(self, number: int) -> str:
        """What stands in the cell's Python until the line is decided."""
        return f"__mlee_line_{number}__({', '.join(self.names)})"

    def left(self) -> str:
        """Its Python when IPython leaves the line as it is."""
        return self.build(repr)

    def expanded(self) -> str:
        """Its Python when every field can be evaluated."""
        return self.build(lambda piece: python_text(pieces_of(piece) or [Piece(piece)]))


def _read_by(tree: ast.Expression) -> Iterable[str]:
    walk = Walk()
    walk.expression(tree.body)
    return (m.name for m in walk.mentions if not m.binds)


@dataclass
class Names:
    """The names of a notebook that are bound where a line stands, cell after cell."""

    everywhere: frozenset[str]  # bound by any cell
    environment: frozenset[str]  # environment variables that the notebook sets
    sure: set[str] = field(default_factory=set)
    maybe: set[str] = field(default_factory=set)
    star: bool = False
    forgetful: bool = False  # some %xdel stands in the notebook: it deletes every name of its object
    forgotten: set[str] = field(default_factory=set)

    def resolve(
        self, python: str, lines: Sequence[ShellLine], forgets: Sequence[int] = ()
    ) -> tuple[str, list[tuple[int, str]]]:
        """A cell's Python with its marks replaced, and what is wrong with its lines: (line, problem).

        Args:
            python: the cell's, with marks.
            lines: what the marks stand for.
            forgets: lines of the cell in which an %xdel stands.
        """
        problems: list[tuple[int, str]] = []
        decided: dict[int, str] = {}
        for node in ast.parse(python).body:
            walk = Walk()
            walk.statement(node)
            forgetting = any(node.lineno <= line <= (node.end_lineno or node.lineno) for line in forgets)
            if forgetting:
                self._forget(self.sure | walk.bound)
            mentions = {id(m.node): m for m in walk.mentions if not m.binds}
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and "__mlee_line_" in call.func.id:
                    number = int(call.func.id.strip("_").rpartition("_")[2])
                    asked = [(a.id, mentions.get(id(a))) for a in call.args if isinstance(a, ast.Name)]
                    decided[number], problem = self._decide(lines[number], asked, walk.bound)
                    if problem:
                        problems.append((lines[number].line, problem))
            self._learn(node, walk)
            if forgetting:
                self._forget(walk.bound)
        return _MARK.sub(lambda found: decided[int(found[1])], python), problems

    def _decide(
        self, line: ShellLine, asked: Sequence[tuple[str, Mention | None]], bound_here: set[str]
    ) -> tuple[str, str]:
        known = {name: self._known(name, mention, bound_here) for name, mention in asked}
        if line.open and all(known.values()):
            if line.shell and (dotted := _FILE_ENDING.search(line.text)):
                return line.left(), f"IPython takes {dotted[0]} for an attribute; write {{{dotted[1]}}}.{dotted[2]}"
            pieces = pieces_of(line.text) or []
            behind = [p.expression for last, p in itertools.pairwise(pieces) if last.text.endswith("$")]
            if line.shell and any(behind):
                return line.left(), f"IPython puts the value of {behind[0]} behind a $ there; write {{{behind[0]}}}"
            literal = "".join(p.text or "_" for p in pieces)  # $$x reaches the shell as $x
            return line.expanded(), self._unset(line, literal, bound_here) if line.shell else ""
        unsure = sorted(name for name, sure in known.items() if sure is None)
        if line.open and unsure and all(sure is not False for sure in known.values()):
            is_gone = unsure[0] in self.forgotten or (self.forgetful and unsure[0] in self.sure)
            why = "%xdel may have deleted too (write del)" if is_gone else "may or may not be bound by then"
            return line.left(), f"`{_on_a_line(line.text)}` reads {unsure[0]}, which {why}"
        return line.left(), self._unset(line, line.text, bound_here) if line.shell else ""

    def _known(self, name: str, mention: Mention | None, bound_here: set[str]) -> bool | None:
        """Whether a name is bound when a line runs; None: on some paths only."""
        if mention is not None and mention.late and self.forgetful and name in self.everywhere:
            return None  # the function may be called when it is gone
        if mention is None or name in self.sure or name in _ALWAYS:
            return True  # a local of the function, bound above, or Python's own
        if not mention.outside:
            return None if name in self.forgotten else True  # bound by the statement itself
        if mention.late:
            return name in self.everywhere or (None if self.star and not name.isupper() else False)
        if name in self.maybe or name in bound_here or (self.star and not name.isupper()):
            return None
        return False

    def _unset(self, line: ShellLine, text: str, bound_here: set[str]) -> str:
        """The variable that a shell would take for empty, as the notebook's kernel would pass it; said, not run."""
        text = re.sub(r"'[^']*'", "''", text)
        own = {name for pair in _SHELL_SETS.findall(text) for name in pair if name}
        for braced, plain in _SHELL_READS.findall(text):
            name = braced or plain
            if name not in own | self.environment | _SET_BY_SHELLS and name not in os.environ:
                is_bound = name in self.sure | self.maybe | bound_here
                why = "IPython leaves this line as it is" if is_bound else "nothing binds it above"
                return f"`{_on_a_line(line.text)}` would reach the shell with ${name} empty: {why}"
        return ""

    def _forget(self, names: set[str]) -> None:
        """Names that an %xdel may have deleted: IPython deletes every name of the object."""
        self.forgotten |= names
        self.maybe |= names
        self.sure -= names

    def _learn(self, node: ast.stmt, walk: Walk) -> None:
        self.sure |= walk.sure
        self.forgotten -= walk.sure
        self.maybe |= walk.bound - walk.sure
        self.sure -= walk.deleted
        self.star = self.star or (
            (isinstance(node, ast.ImportFrom) and any(a.name == "*" for a in node.names)) or _runs_text(node)
        )


def _runs_text(node: ast.stmt) -> bool:
    return any(
        isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id in ("exec", "eval", "globals")
        for n in ast.walk(node)
    )


def _on_a_line(text: str) -> str:
    return " ".join(text.split())


def names_of(cells: Sequence[tuple[str, Sequence[ShellLine]]]) -> Names:
    """What all cells of a notebook bind, and the environment variables that they set.

    Args:
        cells: the Python of each, with marks, and what the marks stand for.
    """
    everywhere: set[str] = set()
    environment: set[str] = set()
    for python, lines in cells:
        for node in ast.parse(python).body:
            walk = Walk()
            walk.statement(node)
            everywhere |= walk.bound
        text = "\n".join((python, *(line.left() for line in lines)))
        if "environ" in text or "putenv" in text:
            environment |= set(re.findall(r"environ(?:\.setdefault|\.update|\.__setitem__)?\W{1,3}(\w+)\W", text))
            environment |= set(re.findall(r"putenv\(\W(\w+)\W", text))
    return Names(frozenset(everywhere), frozenset(environment))
