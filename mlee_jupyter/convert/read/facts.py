"""Statements of a notebook with what each defines, updates, uses and does; found with ast, nothing is executed."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator

from mlee_jupyter.convert.types import Cell, Effect, Facts, Import, Kind, Notebook, Statement
from mlee_jupyter.domain.errors import MleeError

from . import effects
from .positions import Source
from .scopes import Walk

MOST_STATEMENTS = 20_000  # of a notebook that is looked at; one of 2,000 is long
BUILTINS = frozenset(dir(builtins)) | {"__name__", "__doc__", "__builtins__", "__file__"}
NOTEBOOK_NAMES = frozenset({"display", "get_ipython", "In", "Out", "exit", "quit"})
_WORD = re.compile(r"[^\W\d]\w*")
_KINDS: dict[type[ast.stmt], Kind] = {
    ast.Import: Kind.IMPORT,
    ast.ImportFrom: Kind.IMPORT,
    ast.FunctionDef: Kind.FUNCTION,
    ast.AsyncFunctionDef: Kind.FUNCTION,
    ast.ClassDef: Kind.CLASS,
    ast.Assign: Kind.ASSIGNMENT,
    ast.AugAssign: Kind.ASSIGNMENT,
    ast.AnnAssign: Kind.ASSIGNMENT,
    ast.Expr: Kind.EXPRESSION,
    ast.For: Kind.BLOCK,
    ast.While: Kind.BLOCK,
    ast.If: Kind.BLOCK,
    ast.Try: Kind.BLOCK,
    ast.With: Kind.BLOCK,
    ast.Match: Kind.BLOCK,
}


class TooManyError(MleeError):
    """A notebook has more statements than are looked at."""


def facts_of(notebook: Notebook, known: Facts | None = None) -> Facts:
    """Everything known of a notebook without running it.

    Args:
        notebook: its cells.
        known: facts of the same notebook with some cells written otherwise; those of equal cells are taken over.

    Raises:
        MleeError: a cell nests deeper than can be followed.
        TooManyError: there are more than 20,000 statements.
    """
    statements: list[Statement] = []
    same = {c.number for c, k in zip(notebook.cells, known.notebook.cells, strict=True) if c is k} if known else set()
    before: dict[int, list[Statement]] = {}
    for statement in known.statements if known else ():
        before.setdefault(statement.cell, []).append(statement)
    for cell in notebook.code:
        if cell.number in same and [s.index for s in before.get(cell.number, [])][:1] in ([], [len(statements)]):
            statements += before.get(cell.number, [])
            continue
        try:
            statements += _statements(cell, len(statements))
        except (RecursionError, MemoryError):  # the latter where Python's own parser gives up
            raise MleeError(f"Cell {cell.number} nests deeper than can be followed.", "Simplify it.") from None
    bound: dict[str, list[int]] = {}
    ghosts: dict[str, int] = {}
    star = any("pylab" in cell.needs for cell in notebook.code)
    needed = {name for cell in notebook.code for name in cell.needs}
    for statement in statements:
        for name in sorted(statement.uses):
            is_known = name in bound or name in BUILTINS or name in NOTEBOOK_NAMES | needed or star
            if not is_known and name not in statement.string_uses:
                ghosts.setdefault(name, statement.cell)
        for name in statement.binds:
            bound.setdefault(name, []).append(statement.index)
        star = star or any(i.name == "*" for i in statement.imports)
    return Facts(
        notebook=notebook,
        statements=tuple(statements),
        bound={name: tuple(places) for name, places in bound.items()},
        ghosts=ghosts,
    )


def _statements(cell: Cell, first_index: int) -> Iterator[Statement]:
    body = ast.parse(cell.python).body
    if first_index + len(body) > MOST_STATEMENTS:
        raise TooManyError(
            f"There are over {MOST_STATEMENTS:,} statements, more than are looked at (cell {cell.number}).",
            "Move what is data into a file, or split the notebook.",
        )
    source = Source(cell.python)
    spans = [source.span(node) for node in body]
    position = 0
    for place, (node, (start, end)) in enumerate(zip(body, spans, strict=True)):
        leading = _leading(cell.python[position:start])
        following = spans[place + 1][0] if place + 1 < len(body) else len(cell.python)
        rest = cell.python[end:following]
        trailing, position = _trailing(rest, end, last=place + 1 == len(body))
        yield _statement(
            cell, first_index + place, node, leading, cell.python[start:end], trailing, start,
            displays=place + 1 == len(body) and isinstance(node, ast.Expr),
        )  # fmt: skip


def _leading(text: str) -> str:
    """The comment lines above a statement, with the blank lines between them; not the blank lines before."""
    lines = [line.strip() if line.strip() else "" for line in text.replace(";", "", 1).split("\n")] if text else []
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(lines) + "\n" if lines else ""


def _trailing(rest: str, end: int, *, last: bool) -> tuple[str, int]:
    """The comment beside a statement (or all that ends the cell), and where the next statement's text begins."""
    beside, _newline, _ = rest.partition("\n")
    comment = beside.strip().lstrip(";").strip()
    position = end + len(beside)
    if last:
        more = _leading(rest[len(beside) :]).rstrip("\n")
        if more:
            return (f"{comment}" if comment.startswith("#") else "") + "\n" + more, end + len(rest)
    return comment if comment.startswith("#") else "", position


def _late_and_early(walk: Walk) -> set[str]:
    """Names that a function of a block reads and the block binds only below: called between, it reads the old."""
    bound: set[str] = set()
    found: set[str] = set()
    for one in walk.mentions:
        if one.binds:
            bound.add(one.name)
        elif one.late and one.name not in bound:
            found.add(one.name)
    return found


def _statement(
    cell: Cell, index: int, node: ast.stmt, leading: str, code: str, trailing: str, start: int, *, displays: bool
) -> Statement:
    walk = Walk()
    walk.statement(node)
    words = frozenset(words_in_strings(node))
    late = {m.name for m in walk.mentions if m.late and not m.binds} - walk.sure
    uses = {m.name for m in walk.mentions if m.outside and not m.late}
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        uses |= late | _late_and_early(walk)  # a function inside a block may be called inside it
    calls, found = set(), set()
    for call in effects.calls_in(node):
        calls.add(effects.dotted(call.func))
        found |= effects.of_call(call)
    for inner in ast.walk(node):  # in blocks too
        if isinstance(inner, (ast.Assign, ast.AugAssign, ast.Delete)):
            for target in [inner.target] if isinstance(inner, ast.AugAssign) else inner.targets:
                if not isinstance(target, ast.Name):
                    found |= effects.of_target(target)
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        found = set()  # it happens when it is called
    if displays:
        found.add(Effect.SHOWS)
    mentioned = {m.name for m in walk.mentions}
    return Statement(
        cell=cell.number,
        index=index,
        kind=_KINDS.get(type(node), Kind.OTHER),
        node=node,
        leading=leading,
        code=code,
        trailing=trailing,
        start=start,
        first_line=min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))]),
        last_line=node.end_lineno or node.lineno,
        defines=frozenset(walk.sure),
        may_define=frozenset(walk.bound - walk.sure),
        deletes=frozenset(walk.deleted),
        updates=frozenset(updated_in(node) & mentioned),
        uses=frozenset(uses) | words,
        late_uses=frozenset(late),
        string_uses=words,
        mentions=tuple(walk.mentions),
        imports=tuple(imports_of(node)),
        effects=frozenset(found),
        calls=frozenset(calls),
        displays=displays,
    )


def imports_of(node: ast.stmt) -> Iterator[Import]:
    """The names an import statement binds; nothing for another statement."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield Import(
                name=alias.asname or alias.name.partition(".")[0],
                module=alias.name,
                attribute=None,
                alias=bool(alias.asname),
            )
    elif isinstance(node, ast.ImportFrom):
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            yield Import(
                name=alias.asname or alias.name,
                module=module,
                attribute=alias.name,
                alias=bool(alias.asname),
                level=node.level,
            )


def updated_in(node: ast.AST) -> set[str]:
    """Names whose object may be changed in place by a statement."""
    found: set[str] = set()
    for inner in ast.walk(node):
        if isinstance(inner, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Delete, ast.For)):
            targets = inner.targets if isinstance(inner, (ast.Assign, ast.Delete)) else [inner.target]
            for target in _flat(targets):
                name = effects.root(target)
                if name is not None and (not isinstance(target, ast.Name) or isinstance(inner, ast.AugAssign)):
                    found.add(name.id)
        elif isinstance(inner, ast.Call):
            found |= _updated_by_call(inner)
    return found


def _flat(targets: list[ast.expr]) -> Iterator[ast.expr]:
    for target in targets:
        if isinstance(target, (ast.Tuple, ast.List)):
            yield from _flat(target.elts)
        elif isinstance(target, ast.Starred):
            yield from _flat([target.value])
        else:
            yield target


def _updated_by_call(call: ast.Call) -> set[str]:
    found: set[str] = set()
    if isinstance(call.func, ast.Attribute):
        draws = ".plot." in effects.dotted(call.func)  # an accessor: df.plot.bar()
        inplace = any(k.arg == "inplace" and not _is(k.value, False) for k in call.keywords)
        if (
            not draws
            and (call.func.attr not in effects.PURE_METHODS or inplace)
            and (name := effects.root(call.func.value))
        ):
            found.add(name.id)
    written = [k.value for k in call.keywords if k.arg == "out"]
    written += call.args[:1] if isinstance(call.func, ast.Attribute) and call.func.attr == "at" else []
    written += call.args[2:3] if isinstance(call.func, ast.Attribute) and effects.dotted(call.func)[:3] == "np." else []
    found |= {name.id for w in written if (name := effects.root(w))}
    short = effects.dotted(call.func).rpartition(".")[2]
    place = effects.MUTATES_ARGUMENT.get(short)
    if place is not None and place < len(call.args) and (name := effects.root(call.args[place])):
        found.add(name.id)
    return found


def _is(node: ast.expr, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


_SQL_TAKERS = frozenset(["sql", "query", "execute", "sqldf", "read_sql", "sql_query"])
_SQL = re.compile(r"\s*(?:select|with|from|create|insert|copy|describe|summarize|pivot)\b", re.IGNORECASE)
_TABLE = re.compile(r"\b(?:from|join|into|update|table|describe|summarize|pivot)\s+([^\W\d]\w*)", re.IGNORECASE)
_STRING_TAKERS = frozenset(["query", "eval", "exec", "assign", "filter"])
_FORMULA_TAKERS = frozenset(
    [
        "ols",
        "glm",
        "logit",
        "probit",
        "mixedlm",
        "gls",
        "wls",
        "rlm",
        "quantreg",
        "poisson",
        "dmatrix",
        "dmatrices",
        "from_formula",
        "model_matrix",
        "get_model_matrix",
        "formula",
        "design_matrix",
        "build_design_matrices",
        "incr_dbuilder",
        "feols",
        "fepois",
        "negativebinomial",
        "phreg",
        "gee",
    ]
)


def words_in_strings(node: ast.AST) -> Iterator[str]:
    """Words inside strings that Python code will evaluate: formulas, queries, eval; each may be a notebook name."""
    for call in effects.calls_in(node):
        short = effects.dotted(call.func).rpartition(".")[2]
        texts = [
            a for a in (*call.args, *(k.value for k in call.keywords)) if isinstance(a, (ast.Constant, ast.JoinedStr))
        ]
        named = {id(k.value) for k in call.keywords if k.arg == "formula"}
        for text in texts:
            written = _text_of(text)
            if short in _SQL_TAKERS and _SQL.match(written):
                yield from _TABLE.findall(written)
            elif short in _STRING_TAKERS and short != "query":
                yield from _WORD.findall(written)
            elif short == "query":
                yield from re.findall(r"@([^\W\d]\w*)", written)
            elif short.lower() in _FORMULA_TAKERS or "~" in written or id(text) in named:
                yield from _WORD.findall(written)
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        for constant in ast.walk(node):
            if (
                isinstance(constant, ast.Constant)
                and isinstance(constant.value, str)
                and re.search(r"\w\s*~\s*[\w(]", constant.value)
            ):
                yield from _WORD.findall(constant.value)


def _text_of(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return " ".join(v.value for v in node.values if isinstance(v, ast.Constant) and isinstance(v.value, str))
