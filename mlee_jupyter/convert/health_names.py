"""Names in the order in which a fresh run meets them: what is surely read, what is bound, what cannot be known."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from mlee_jupyter.domain import NameSeen

from .effects import calls_in, dotted
from .facts import BUILTINS, NOTEBOOK_NAMES
from .health_cells import Patient
from .health_nodes import Walked
from .types import Cell, Statement

_WORD = re.compile(r"[^\W\d]\w*")
# What a host or an older Python gives without a line in the notebook.
_HOST_NAMES_WORDS = """
spark sc sqlContext dbutils displayHTML table sql xrange unicode raw_input reduce long basestring unichr cmp
execfile file reload buffer intern coerce apply WindowsError __IPYTHON__ __session__ __spec__ __loader__
__package__ __builtin__ __annotations__ copyright credits license
"""
_HOST_NAMES = frozenset(_HOST_NAMES_WORDS.split())
_OPENING_CALLS = re.compile(
    r"^(exec|execfile|globals|locals|vars|var|sympy\.var|sp\.var|init_session|sympy\.init_session|sp\.init_session"
    r"|sys\._getframe|inspect\.currentframe|inspect\.stack|setattr|runpy\.\w+|pylab\.\w+_magic|embed)$|\.(run_cell|push|ex|init_session)$"
)
_MAGIC_CALL = re.compile(r"\.(magic|run_line_magic|run_cell_magic)$")
_QUIET_MAGIC = re.compile(
    r"^%?%?(matplotlib|load_ext|reload_ext|autoreload|config|timeit|time|pip|conda|capture|precision|env|cd|bash|html"
    r"|javascript"
    r"|js|latex|markdown|svg|writefile|file|sh|script|prun|memit|mprun|lprun|pwd|ls|who|whos|lsmagic|pinfo|xmode"
    r"|pdb|debug|tensorboard"
    r"|watermark"
    r"|mlee\w*|set_env|mamba|uv|logstart|psource|pdoc|pycat|cat|mkdir|rm|cp|mv|history|notebook|colors|doctest_mode"
    r"|black|lab_black|nb_black|flake8_on|pycodestyle_on|snakeviz|load|HTML|SVG|perl|ruby|system|sx|more|less|man)$"
)
_RUNNING_CELL_MAGIC = frozenset(
    ["%%time", "%%capture", "%%prun", "%%memit", "%%mlee_candidate", "%%snakeviz", "%%scalene"]
)
_OPENING_MAGIC = re.compile(
    r"^%%?(run|pylab|store|reset|reset_selective|load_ext_all|cython\w*|macro|rerun|recall|edit|hist)$"
)
# Bare words that IPython takes for magics while no variable has their name: `ls -l` is Python too, by its grammar.
_AUTOMAGIC_WORDS = """
alias autocall automagic autoreload autosave bookmark cat cd clear colors conda config connect_info cp debug
dhist dirs doctest_mode ed edit env gui hist history killbgscripts ldir less lf lk ll load load_ext loadpy
logoff logon logstart logstate logstop ls lsmagic lx macro magic man matplotlib mkdir mode more mv notebook
page paste cpaste pastebin pdb pdef pdoc pfile pinfo pip popd pprint precision prun psearch psource pushd pwd
pycat pylab qtconsole quickref recall rehashx reload_ext rep rerun reset reset_selective rm rmdir run save sc
set_env store sx system tb time timeit unalias uv unload_ext who who_ls whos xdel xmode
"""
_AUTOMAGIC = frozenset(_AUTOMAGIC_WORDS.split())
_GUARDS = re.compile(r"(suppress|raises|assertRaises\w*|ignored)$")


def open_names(patient: Patient) -> bool:
    """Whether names may be bound in a way that the text does not show: star imports, exec, %run."""
    for cell in patient.facts.notebook.code:
        if "pylab" in cell.needs or any(_OPENING_MAGIC.match(m.name) for m in cell.magics):
            return True
    for statement in patient.facts.statements:
        if any(i.name == "*" or i.module in ("__main__", "builtins", "__builtin__") for i in statement.imports):
            return True
        if any(_OPENING_CALLS.search(call) for call in statement.calls):
            return True
        if any(_MAGIC_CALL.search(call) for call in statement.calls) and _opens(statement.node):
            return True
    return False


def _opens(node: ast.AST) -> bool:
    for call in calls_in(node):
        if _MAGIC_CALL.search(dotted(call.func)):
            first = call.args[0] if call.args else None
            text = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""
            if not _QUIET_MAGIC.match(text.split(" ")[0]):
                return True
    return False


def known_names(patient: Patient) -> frozenset[str]:
    """Built-ins, what IPython and hosts bind, and every word of magics and cells that cannot be followed."""
    known = set(BUILTINS | NOTEBOOK_NAMES | _HOST_NAMES)
    for cell in patient.facts.notebook.code:
        known.update(cell.needs)
        if cell.number in patient.unreadable:
            known.update(_WORD.findall(cell.source))
        for magic in cell.magics:
            if magic.name.startswith("%") and (not _QUIET_MAGIC.match(magic.name) or magic.name == "%%capture"):
                known.update(_WORD.findall(magic.text))
                if magic.name.startswith("%%") and not _runs(cell):
                    known.update(_WORD.findall(cell.source))
            elif magic.name == "%%script":
                known.update(_WORD.findall(magic.text))
    return frozenset(known)


def _runs(cell: Cell) -> bool:
    """Whether the Python of a cell surely runs: no cell magic, or one that is known to run it here."""
    return all(not m.name.startswith("%%") or m.name in _RUNNING_CELL_MAGIC for m in cell.magics)


def names_seen(patient: Patient, nodes: tuple[Walked, ...]) -> Iterator[NameSeen]:
    """Reads, bindings and deletions of notebook-level names, in order."""
    runs = {cell.number: _runs(cell) for cell in patient.facts.notebook.code}
    for one in nodes:
        statement = one.statement
        if runs[statement.cell] and not _is_automagic(statement):
            unsure: set[int] | None = None if any(isinstance(n, _BRANCHING) for n in one.nodes) else set()
            begun: set[str] = set()  # a loop or a guarded block may have bound it by now
            for mention in statement.mentions:
                if mention.binds:
                    begun.add(mention.name)
                    continue
                known = (
                    mention.late or not mention.outside or mention.name in begun or mention.name in statement.deletes
                )
                if known or not isinstance(mention.node, ast.Name):
                    continue
                unsure = unsure_nodes(statement.node) if unsure is None else unsure
                if id(mention.node) not in unsure:
                    yield NameSeen(statement.cell, mention.node.lineno, mention.name, "reads")
        yield from _bound(statement, runs[statement.cell])


def _is_automagic(statement: Statement) -> bool:
    """Whether IPython may take the line for a magic written without its per cent sign."""
    return isinstance(statement.node, ast.Expr) and statement.code.partition(" ")[0].strip() in _AUTOMAGIC


def _bound(statement: Statement, runs: bool) -> Iterator[NameSeen]:
    for name in sorted(statement.deletes):
        if runs and isinstance(statement.node, ast.Delete):
            yield NameSeen(statement.cell, statement.first_line, name, "deletes")
    for name in sorted(statement.defines):
        yield NameSeen(statement.cell, statement.first_line, name, "binds" if runs else "may bind")
    for name in sorted(statement.may_define):
        yield NameSeen(statement.cell, statement.first_line, name, "may bind")


def unsure_nodes(node: ast.AST) -> set[int]:
    """Ids of the nodes inside a statement that a run may pass by: branches, guarded code, lambdas, annotations."""
    found: set[int] = set()
    stack: list[tuple[ast.AST, bool]] = [(node, False)]
    while stack:
        here, unsure = stack.pop()
        if unsure:
            found.add(id(here))
        passed = _passed_by(here)
        for child in ast.iter_child_nodes(here):
            stack.append((child, unsure or id(child) in passed))
    return found


_BRANCHING = (
    ast.If,
    ast.IfExp,
    ast.While,
    ast.For,
    ast.AsyncFor,
    ast.BoolOp,
    ast.Try,
    ast.TryStar,
    ast.Match,
    ast.Lambda,
    ast.GeneratorExp,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.arg,
    ast.AnnAssign,
    ast.ClassDef,
    ast.Assert,
    ast.With,
    ast.AsyncWith,
)


def _passed_by(node: ast.AST) -> set[int]:
    """Which children of a node may be passed by when it runs."""
    parts: list[ast.AST] = []
    match node:
        case ast.If() | ast.IfExp():
            parts = [c for c in ast.iter_child_nodes(node) if c is not node.test]
        case ast.While():
            parts = [*node.body, *node.orelse]
        case ast.For() | ast.AsyncFor():
            parts = list(node.orelse)
        case ast.BoolOp():
            parts = list(node.values[1:])
        case ast.Try():
            parts = [*(node.body if node.handlers else []), *node.handlers, *node.orelse]
        case ast.TryStar():
            parts = [*node.body, *node.handlers, *node.orelse]
        case ast.Match():
            parts = list(node.cases)
        case ast.Lambda():
            parts = [node.body]
        case ast.GeneratorExp():
            parts = [node.elt, *node.generators[1:], *node.generators[0].ifs]
        case ast.ListComp() | ast.SetComp() | ast.DictComp():
            if node.generators[0].ifs or len(node.generators) > 1:
                parts = [c for c in ast.iter_child_nodes(node) if c is not node.generators[0]]
                parts += node.generators[0].ifs
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            parts = [*node.body, *([node.returns] if node.returns else [])]
        case ast.arg():
            parts = [node.annotation] if node.annotation else []
        case ast.AnnAssign():
            parts = [node.annotation]
        case ast.ClassDef():
            parts = list(node.body)
            if getattr(node, "type_params", None):
                parts += [*node.bases, *node.keywords]
        case ast.Assert():
            parts = [node.msg] if node.msg else []
        case ast.With() | ast.AsyncWith():
            opened = [i.context_expr for i in node.items]
            if any(isinstance(e, ast.Call) and _GUARDS.search(dotted(e.func)) for e in opened):
                parts = list(node.body)
    return {id(part) for part in parts}
