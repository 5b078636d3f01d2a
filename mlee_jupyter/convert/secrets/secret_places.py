"""Keys, tokens and passwords of a notebook: where each stands, and how it leaves the code.

One list for all: `mlee check` names the places, and the package reads an environment variable instead. What is written
or printed is searched for them once more (`blanking`).
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from mlee_jupyter.convert.draft import Draft
from mlee_jupyter.convert.read.rewrite import Editor
from mlee_jupyter.convert.types import Cell, Facts, MagicFate, Secret, Statement

from .secret_code import Default, InCode, Reader, TextPiece, WrittenText
from .secret_text import TextSpan, spans_in

SHORTEST_PIECE = 4  # characters of a literal that is a part of a secret
MOST_CUTS = 10  # in one text; with more the whole literal goes
SHORTEST_TWIN = 8  # characters of a secret that is looked for in every literal
_COLOURS = re.compile(r"\x1b\[[\d;]{0,20}[A-Za-z]")  # of a terminal; they may stand between a name and its value
_NAME = re.compile(r"^[A-Za-z_]\w*$")


@dataclass(frozen=True)
class Found:
    """A secret at its place; the text itself is for blanking, not for saying."""

    cell: int
    line: int
    why: str
    text: str = field(repr=False)
    example: bool = False  # a documented example: never written, and nobody is accused
    pieces: tuple[str, ...] = field(default=(), repr=False)  # the literals that it is put together from


PACKED_LINE, PACKED_FUNCTIONS = 1_000, 5  # characters, and functions in them
MOST_ATTACHED = 4_000_000  # characters of outputs and metadata of one notebook that are looked through


def secrets_of(facts: Facts) -> tuple[Found, ...]:
    """Every secret of a notebook, by cell and line: code, comments, magics, prose, outputs and metadata."""
    found: dict[int, list[Found]] = {}
    reader, left = Reader(), MOST_ATTACHED
    for statement in facts.statements:
        for one in reader.secrets(statement.node):
            found.setdefault(statement.cell, []).extend(_in_code(statement, one))
    for cell in facts.notebook.cells:
        mine = found.setdefault(cell.number, [])
        mine += _new(mine, _in_text(cell))
        for where, text in cell.attached:
            mine += _in_attached(cell.number, where, text[:left])
            left = max(0, left - len(text))
    for where, text in facts.notebook.attached:
        found.setdefault(1, []).extend(_in_attached(1, where, text))
    unique = {(f.cell, f.line, f.text): f for of_cell in found.values() for f in of_cell}
    return tuple(sorted(unique.values(), key=lambda f: (f.cell, f.line)))


def _new(known: list[Found], more: Iterator[Found]) -> list[Found]:
    """Those of some findings that are not in the others, whole or in part."""
    whole = "\0".join(f.text for f in known)
    on_line: dict[int, list[str]] = {}
    for one in known:
        on_line.setdefault(one.line, []).append(one.text)
    return [f for f in more if f.text not in whole and not any(t in f.text for t in on_line.get(f.line, ()))]


def _parts(one: InCode, span: TextSpan) -> list[tuple[TextPiece, int, int]]:
    """The pieces that hold a part of a secret, with the part's begin and end in the piece."""
    found, position = [], 0
    for piece in one.written.pieces:
        start, end = max(0, span.start - position), min(len(piece.text), span.end - position)
        if start < end and piece.node is not None:
            found.append((piece, start, end))
        position += len(piece.text)
    return found


def _in_code(statement: Statement, one: InCode) -> Iterator[Found]:
    text = one.written.text
    for span in one.spans:
        parts = _parts(one, span)
        if not parts:
            continue
        piece, start, _ = parts[0]
        assert piece.node is not None
        goes_on = (piece.node.end_lineno or 0) > piece.node.lineno
        line = piece.node.lineno + (piece.text.count("\n", 0, start) if goes_on else 0)
        pieces = tuple(p.text[a:b] for p, a, b in parts)
        yield Found(statement.cell, line, span.why, text[span.start : span.end], span.example, pieces)


def _in_text(cell: Cell) -> Iterator[Found]:
    """What stands in a cell beside its code: prose, comments, magics, lines of other languages."""
    is_python = cell.kind == "code" and bool(cell.python.strip())
    is_other = (
        bool(cell.magics) and cell.magics[0].name.startswith("%%") and cell.magics[0].fate is not MagicFate.BODY_KEPT
    )
    if not is_python or is_other:
        for span in spans_in(cell.source):
            yield _at(cell, cell.source, 1, span)
        return
    for span in spans_in(cell.source, named_too=False):
        yield _at(cell, cell.source, 1, span)
    for number, line in enumerate(cell.source.split("\n"), start=1):
        begin = 0 if line.lstrip()[:1] in ("%", "!") else line.find("#")
        if begin >= 0 and len(line) - begin >= 10:
            for span in spans_in(line[begin:]):
                yield _at(cell, line[begin:], number, span)
    for magic in cell.magics:
        for span in spans_in(magic.text):
            yield _at(cell, magic.text, magic.line, span)


def _at(cell: Cell, text: str, line: int, span: TextSpan) -> Found:
    return Found(
        cell.number, line + text.count("\n", 0, span.start), span.why, text[span.start : span.end], span.example
    )


def _in_attached(cell: int, where: str, text: str) -> Iterator[Found]:
    """The secrets of an output or metadata; in a library's packed lines names hold names, as in any program."""
    text = _COLOURS.sub("", text) if "\x1b[" in text else text
    own = "\n".join(line for line in text.split("\n") if not _is_packed(line))
    parts = [(text, True)] if len(own) == len(text) else [(text, False), (own, True)]
    for part, named_too in parts:
        for span in spans_in(part, named_too=named_too):
            yield _attached(cell, where, part, span)


def _is_packed(line: str) -> bool:
    """Whether a line is one of a program that was packed for browsers: BokehJS, plotly.js."""
    return len(line) >= PACKED_LINE and line.count("function") + line.count("=>") >= PACKED_FUNCTIONS


def _attached(cell: int, where: str, text: str, span: TextSpan) -> Found:
    why = f"{where} {span.why}" if span.why.startswith(("has", "is")) else f"in {where.rpartition(' ')[2]}, {span.why}"
    return Found(cell, 1, why, text[span.start : span.end], span.example)


@dataclass
class _Cut:
    """A literal, and what of it goes: begin, end, environment variable."""

    statement: Statement
    node: ast.Constant
    parts: dict[tuple[int, int], str] = field(default_factory=dict)


class _TakeOut:
    """Collects what leaves the code, over all statements: a secret may be put together from several."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.editor = Editor(draft.facts)
        self.names: dict[str, str] = {}  # text of a secret -> its environment variable
        self.cuts: dict[int, _Cut] = {}  # by literal
        self.home: dict[int, tuple[ast.Constant, Statement]] = {}  # every literal with its statement
        self.formatted: dict[int, ast.JoinedStr] = {}  # a part of an f-string -> the outermost f-string
        self.untouched: set[int] = set()  # docstrings and patterns
        self.defaults: set[tuple[str, str]] = set()  # environment variables with what they fall back to

    def learn(self, statement: Statement) -> None:
        """Remember where the literals of a statement are."""
        for node in ast.walk(statement.node):
            if isinstance(node, ast.Constant):
                self.home[id(node)] = node, statement
            elif isinstance(node, ast.JoinedStr) and id(node) not in self.formatted:
                self.formatted |= {id(inner): node for inner in ast.walk(node)}
            elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                self.untouched.add(id(node.value))
            elif isinstance(node, ast.pattern):
                self.untouched |= {id(inner) for inner in ast.walk(node)}

    def take(self, statement: Statement, one: InCode) -> None:
        """Plan what goes of one text."""
        written = one.written
        whole = written.text
        full = len(one.spans) == 1 and one.spans[0].end - one.spans[0].start == len(whole)
        if full and written.default is not None and self._is_free(written.default.variable, whole):
            self._default(statement, one, written.default)
            return
        placed = getattr(written.root, "lineno", 0) and not isinstance(written.root, (ast.Constant, ast.Name))
        if full and placed and written.alone and id(written.root) not in self.formatted:
            variable = self._variable(statement, one, one.spans[0], whole)
            self.editor.replace(statement, written.root, f'os.environ["{variable}"]')
            self.editor.need(statement, "os")
            return
        for span in one.spans:
            for piece, start, end in _parts(one, span):
                node = piece.node
                if node is None or id(node) in self.untouched or id(node) not in self.home:
                    continue
                if end - start < min(SHORTEST_PIECE, span.end - span.start):
                    continue
                cut = self.cuts.setdefault(id(node), _Cut(self.home[id(node)][1], node))
                part = (start, end) if len(one.spans) <= MOST_CUTS else (0, len(piece.text))
                variable = self._variable(statement, one, span, piece.text[slice(*part)])
                cut.parts[(piece.at + part[0], piece.at + part[1])] = variable

    def also(self, hidden: Collection[str]) -> None:
        """Plan the same for literals that hold a secret found elsewhere: blanked, they would be other values."""
        known = sorted((h for h in hidden if len(h) >= SHORTEST_TWIN), key=len, reverse=True)
        for node, statement in self.home.values():
            value = node.value
            if id(node) in self.cuts or id(node) in self.untouched or not isinstance(value, str):
                continue
            for text in known:
                start = value.find(text)
                if start >= 0:
                    span = TextSpan(start, start + len(text), "stands elsewhere as a secret")
                    one = InCode(WrittenText(node, (TextPiece(value, node),), ""), (span,))
                    variable = self._variable(statement, one, span, text)
                    self.cuts[id(node)] = _Cut(statement, node, {(start, start + len(text)): variable})
                    break

    def _is_free(self, variable: str, text: str) -> bool:
        """Whether an environment variable can stand for a secret: it falls back to no other one."""
        taken = any(v == variable and t != text for v, t in self.defaults)
        return bool(_NAME.match(variable)) and not taken

    def _default(self, statement: Statement, one: InCode, default: Default) -> None:
        """os.getenv("KEY", "...") becomes os.environ["KEY"]: the same variable, now needed."""
        variable, text = default.variable, one.written.text
        if text not in self.names:
            self.names[text] = variable
            self._note(statement, one, one.spans[0], variable, None if variable in os.environ else text)
        self.editor.replace(statement, default.whole, f'os.environ["{variable}"]')
        self.editor.need(statement, "os")

    def _variable(self, statement: Statement, one: InCode, span: TextSpan, text: str) -> str:
        if text not in self.names:
            name = one.written.name or span.why.rpartition(" ")[2]
            variable = _variable(self.draft.name, name, set(self.names.values()))
            self.names[text] = variable
            self._note(statement, one, span, variable, text)
        return self.names[text]

    def _note(self, statement: Statement, one: InCode, span: TextSpan, variable: str, text: str | None) -> None:
        line = next((p.node.lineno for p, _, _ in _parts(one, span) if p.node is not None), statement.first_line)
        self.draft.secrets.append(Secret(variable=variable, cell=statement.cell, line=line, why=span.why))
        if text is not None:
            self.draft.environment[variable] = text

    def done(self) -> Facts:
        """The facts without the secrets."""
        whole: dict[int, list[_Cut]] = {}
        for cut in self.cuts.values():
            outer = self.formatted.get(id(cut.node))
            if outer is not None:
                whole.setdefault(id(outer), []).append(cut)
                continue
            text = _spliced(cut.node, cut.parts)
            self._put(cut.statement, cut.node, text)
        for cuts in whole.values():
            outer = self.formatted[id(cuts[0].node)]
            by_node = {id(c.node): c.parts for c in cuts}
            self._put(cuts[0].statement, outer, _taken_apart(outer, by_node))
        return self.editor.done()

    def _put(self, statement: Statement, node: ast.expr, text: str) -> None:
        start, end = self.editor.source(statement.cell).span(node)
        before = self.editor.source(statement.cell).text[max(0, start - 1) : start]
        self.editor.at(statement, start, end, f" {text}" if before.isidentifier() else text)
        self.editor.need(statement, "os")


def take_out(draft: Draft, hidden: Collection[str] = ()) -> None:
    """Replace each secret by os.environ["NAME"]; what cannot be replaced is blanked when files are written."""
    taking = _TakeOut(draft)
    reader = Reader()
    found: list[tuple[Statement, InCode]] = []
    for statement in draft.statements():
        taking.learn(statement)
        found += [(statement, one) for one in reader.secrets(statement.node)]
    taking.defaults = {(d.variable, one.written.text) for _, one in found if (d := one.written.default) is not None}
    for statement, one in found:
        taking.take(statement, one)
    taking.also(hidden)
    draft.facts = taking.done()


def _spliced(node: ast.Constant, parts: dict[tuple[int, int], str]) -> str:
    """A literal as the sum of what stays and of what is read from the environment."""
    value, is_bytes = node.value, isinstance(node.value, bytes)
    assert isinstance(value, (str, bytes))
    added: list[str] = []
    position = 0
    for (start, end), variable in sorted(parts.items()):
        if start < position:
            continue
        if value[position:start]:
            added.append(repr(value[position:start]))
        added.append(f'os.environ["{variable}"]' + ('.encode("latin-1")' if is_bytes else ""))
        position = end
    if value[position:]:
        added.append(repr(value[position:]))
    return added[0] if len(added) == 1 else f"({' + '.join(added)})"


def _taken_apart(outer: ast.JoinedStr, parts: dict[int, dict[tuple[int, int], str]]) -> str:
    """An f-string as a sum; what was formatted in it is formatted in one of its own."""
    added: list[str] = []
    for value in outer.values:
        plain = isinstance(value, ast.FormattedValue) and value.conversion == -1 and value.format_spec is None
        text = value.value if isinstance(value, ast.FormattedValue) and plain else value  # f"...{'a text'}..."
        if isinstance(text, ast.Constant) and id(text) in parts:
            added.append(_spliced(text, parts[id(text)]))
        elif isinstance(value, ast.Constant):
            added.append(repr(value.value))
        else:
            added.append(ast.unparse(ast.JoinedStr([value])))
    return f"({' + '.join(added)})"


def _variable(package: str, name: str, taken: set[str]) -> str:
    word = re.sub(r"[^A-Za-z0-9]+", "_", name)[:40].strip("_") or "SECRET"
    stem = f"{package}_{word}".upper()
    variable, number = stem, 2
    while variable in taken:
        variable, number = f"{stem}_{number}", number + 1
    return variable


__all__ = ["Found", "secrets_of", "take_out"]
