"""Names in the order in which a fresh run meets them: what is surely read, what is bound, what cannot be known."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from mlee_jupyter.convert.read.effects import calls_in, dotted
from mlee_jupyter.convert.read.facts import BUILTINS, NOTEBOOK_NAMES
from mlee_jupyter.convert.read.grammar import AUTOMAGIC, RUN_THEIR_BODY
from mlee_jupyter.convert.types import Cell, Magic, Statement
from mlee_jupyter.domain import NameSeen

from .health_cells import Patient
from .health_nodes import Walked

_WORD = re.compile(r"[^\W\d]\w*")
# What a host or an older Python gives without a line in the notebook.
_HOST_NAMES_WORDS = """
spark sc sqlContext sqlc hiveContext dbutils displayHTML mssparkutils notebookutils wslib table sql
xrange unicode raw_input reduce long basestring unichr cmp
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
    r"|black|lab_black|nb_black|flake8_on|pycodestyle_on|snakeviz|HTML|SVG|perl|ruby|system|sx|more|less|man)$"
)
_OPENING_MAGIC = re.compile(
    r"^%%?(run|pylab|store|reset|reset_selective|cython\w*|macro|rerun|recall|edit|ed|hist|load|loadpy|autopx|px\w*)$"
)
# A magic that hands its answer to a variable: %%bash --out x, %%R -o fit, %sql x <<, %%bigquery df.
_ANSWERS = re.compile(r"(?:^|\s)(--(out|err|proc|output|save|var|variable|name|dest\w*)\b|-[oa]\b)|<<|>")
# What `--pylab` gave to every cell when notebooks had format 3; the flag left no line in the file.
_PYLAB_WORDS = """
np plt mpl plot figure subplot subplots hist scatter bar barh pie xlabel ylabel xlim ylim title legend axis axes grid
show imshow colorbar contour contourf pcolor pcolormesh semilogx semilogy loglog errorbar fill fill_between text
annotate axvline axhline axvspan axhspan suptitle savefig close cla clf gca gcf figsize getfigs
tight_layout matshow quiver polar xticks yticks cm array arange linspace logspace zeros ones empty eye rand
randn randint random normal shape reshape
sin cos tan arctan arctan2 exp log log10 sqrt pi e inf nan dot cross mean std var median percentile cumsum diff where
concatenate vstack hstack dstack meshgrid histogram convolve fft linalg polyfit polyval interp sort argsort unique
loadtxt savetxt genfromtxt zeros_like ones_like ravel nonzero diag trapz absolute floor ceil real imag angle conj
pylab matplotlib display
"""
_PYLAB = frozenset(_PYLAB_WORDS.split())
# Extensions that are known to bind no names; another may.
_QUIET_EXTENSIONS_WORDS = """
autoreload sql rpy2.ipython rmagic cython Cython cythonmagic tensorboard line_profiler memory_profiler watermark
nb_black lab_black jupyter_black blackcellmagic dotenv google.colab.data_table google.cloud.bigquery nbtutor
bigquery_magics tikzmagic snakeviz heat pycodestyle_magic flake8_magic mlee_jupyter jupyternotify version_information
cudf.pandas
cuml.accel nb_mypy itikz ipytest ipython_unittest jupyter_ai jupyter_ai_magics storemagic wurlitzer octavemagic
oct2py.ipython pymatbridge julia.magic scalene pyinstrument filprofiler ipydex ipyparallel autotime
jupyter_tensorboard duckdb magic_duckdb nbdev ai2_magics pytest_ipynb ruff graphviz vega altair yapf_ext autopep8
jupyter_spaces postcell sparksql_magic sparkmagic.magics manim lux ydata_profiling skimpy soorgeon ploomber
signature hierarchymagic fortranmagic ferretmagic
"""
_QUIET_EXTENSIONS = frozenset(_QUIET_EXTENSIONS_WORDS.split())
_HIDDEN_DOORS = re.compile(
    r"kernel\.execute|\buser_(global_)?ns\b|__main__['\"]\]|profile\w*/startup|\b__builtins?__\b[.\[]"
)
_GUARDS = re.compile(r"(suppress|raises|assertRaises\w*|ignored)$")


def open_names(patient: Patient) -> bool:
    """Whether names may be bound in a way that the text does not show: star imports, exec, %run."""
    if patient.hosted:
        return True
    for cell in patient.facts.notebook.code:
        if _HIDDEN_DOORS.search(cell.source) or any(_opens_names(m) for m in cell.magics):
            return True
    for statement in patient.facts.statements:
        if any(i.name == "*" or i.module in ("__main__", "builtins", "__builtin__") for i in statement.imports):
            return True
        if any(_OPENING_CALLS.search(call) for call in statement.calls):
            return True
        if any(_MAGIC_CALL.search(call) for call in statement.calls) and _opens(statement.node):
            return True
    return False


def _opens_names(magic: Magic) -> bool:
    if magic.name == "%load_ext":
        return any(word not in _QUIET_EXTENSIONS for word in magic.text.split("#")[0].split()[1:])
    return bool(_OPENING_MAGIC.match(magic.name))


def _opens(node: ast.AST) -> bool:
    for call in calls_in(node):
        if _MAGIC_CALL.search(dotted(call.func)):
            first = call.args[0] if call.args else None
            text = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""
            name = text.split(" ")[0]
            if not _QUIET_MAGIC.match(name) or name in RUN_THEIR_BODY:  # what it runs is a text here
                return True
    return False


def known_names(patient: Patient) -> frozenset[str]:
    """Built-ins, what IPython and hosts bind, and every word of magics and cells that cannot be followed."""
    known = set(BUILTINS | NOTEBOOK_NAMES | _HOST_NAMES)
    if patient.by_pylab:
        known |= _PYLAB
    for cell in patient.facts.notebook.code:
        if cell.number in patient.unreadable:
            known.update(_WORD.findall(cell.source))
        for magic in cell.magics:
            if magic.name.startswith("%") and (not _QUIET_MAGIC.match(magic.name) or _may_answer(magic)):
                known.update(_WORD.findall(magic.text))
                if magic.name.startswith("%%") and not _runs(cell):
                    known.update(_WORD.findall(cell.source))
    return frozenset(known)


def _may_answer(magic: Magic) -> bool:
    """Whether a magic may hand its answer to a variable that it names."""
    return magic.name == "%%capture" or bool(_ANSWERS.search(magic.text))


def _runs(cell: Cell) -> bool:
    """Whether the Python of a cell surely runs: no cell magic, or one that is known to run it here."""
    return all(not m.name.startswith("%%") or m.name[2:] in RUN_THEIR_BODY for m in cell.magics)


def names_seen(patient: Patient, nodes: tuple[Walked, ...]) -> Iterator[NameSeen]:
    """Reads, bindings and deletions of notebook-level names, in order."""
    runs = {cell.number: _runs(cell) for cell in patient.facts.notebook.code}
    bound: set[str] = set()
    for one in nodes:
        statement = one.statement
        if runs[statement.cell] and not _is_automagic(statement, bound):
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
        bound |= statement.binds
        yield from _bound(statement, runs[statement.cell])


def _is_automagic(statement: Statement, bound: set[str]) -> bool:
    """Whether a line may be meant for a magic without its per cent sign; beside other lines it is none."""
    word = statement.code.partition(" ")[0].strip()
    return isinstance(statement.node, ast.Expr) and word in AUTOMAGIC and word not in bound


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
    return {id(part) for part in (*_of_statement(node), *_of_definition(node), *_of_expression(node))}


def _of_statement(node: ast.AST) -> Iterable[ast.AST]:
    match node:
        case ast.If():
            return [*node.body, *node.orelse]
        case ast.While():
            return [*node.body, *node.orelse]
        case ast.For() | ast.AsyncFor():
            return node.orelse
        case ast.Try():
            return [*(node.body if node.handlers else []), *node.handlers, *node.orelse]
        case ast.TryStar():
            return [*node.body, *node.handlers, *node.orelse]
        case ast.Match():
            return node.cases
        case ast.Assert():
            return [node.msg] if node.msg else []
        case ast.With() | ast.AsyncWith():
            opened = [i.context_expr for i in node.items]
            if any(isinstance(e, ast.Call) and _GUARDS.search(dotted(e.func)) for e in opened):
                return node.body
    return []


def _of_definition(node: ast.AST) -> Iterable[ast.AST]:
    match node:
        case ast.Lambda():
            return [node.body]
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return [*node.body, *([node.returns] if node.returns else [])]
        case ast.arg():
            return [node.annotation] if node.annotation else []
        case ast.AnnAssign():
            return [node.annotation]
        case ast.ClassDef():
            return [*node.body, *([*node.bases, *node.keywords] if getattr(node, "type_params", None) else [])]
    return []


def _of_expression(node: ast.AST) -> Iterable[ast.AST]:
    match node:
        case ast.IfExp():
            return [node.body, node.orelse]
        case ast.BoolOp():
            return node.values[1:]
        case ast.GeneratorExp():
            return [node.elt, *node.generators[1:], *node.generators[0].ifs]
        case ast.ListComp() | ast.SetComp() | ast.DictComp() if node.generators[0].ifs or len(node.generators) > 1:
            later = [c for c in ast.iter_child_nodes(node) if c is not node.generators[0]]
            return [*later, *node.generators[0].ifs]
    return []
