"""What cannot become a package, said in one line each with the cell and what to change."""

from __future__ import annotations

import ast
import keyword
import re
import sys
from pathlib import Path

from mlee_jupyter.convert.analyse import shell_lines
from mlee_jupyter.convert.read import effects
from mlee_jupyter.convert.secrets.blanking import Blanker, never_written
from mlee_jupyter.convert.types import Cell, Facts, Kind, Magic, Statement
from mlee_jupyter.domain import files
from mlee_jupyter.domain.errors import MleeError

_NEVER_HIDDEN = frozenset({"golden", "conftest", "pytest", "numpy", "pandas", "matplotlib", "pylab", "IPython"})
_HISTORY = re.compile(r"^(_+|_i+|_\d+|_i\d+|In|Out|_exit_code)$")


MOST_STATEMENTS = 5_000  # of a notebook that is packaged; one of 2,000 is long


def refuse(facts: Facts) -> None:
    """Raise for the first thing that cannot be carried into functions.

    Raises:
        MleeError: `global`, top-level await, input(), globals(), IPython's history; the cell is named.
    """
    if not facts.statements:
        raise MleeError(f"{facts.notebook.path.name} holds no code.", "There is nothing to package.")
    if len(facts.statements) > MOST_STATEMENTS:
        raise MleeError(
            f"There are {len(facts.statements):,} statements; a package holds at most {MOST_STATEMENTS:,}.",
            "Move what is data into a file, or split the notebook.",
        )
    for cell in facts.notebook.code:
        for line, problem in cell.problems:
            said = Blanker(never_written(facts)).said(problem)
            raise MleeError(f"Cell {cell.number}, line {line}: {said}.", "Write that line in Python, or remove it.")
        _made_by_magic(cell, facts)
    shell_lines.refuse(facts)
    for statement in facts.statements:
        _declared_global(statement)
        _awaits(statement)
        _calls(statement, facts)
        for name in statement.uses:
            if _HISTORY.match(name) and name not in facts.bound:
                raise MleeError(
                    f"Cell {statement.cell} reads {name}, the notebook's memory of earlier outputs.",
                    "Give that value a name of its own.",
                )


def _made_by_magic(cell: Cell, facts: Facts) -> None:
    """A variable that only a magic makes (%%capture out, res = %timeit -o) and that the notebook reads."""
    for magic in cell.magics:
        if magic.name == "%reset" and any((s.cell, s.last_line) < (cell.number, magic.line) for s in facts.statements):
            raise MleeError(
                f"Cell {cell.number} forgets every name (%reset, line {magic.line}).",
                "Remove that line, or split the notebook there.",
            )
        for statement in facts.statements if magic.binds else ():
            if _reads_its_answer(statement, magic, cell):
                raise MleeError(
                    f"Cell {statement.cell} reads {magic.binds}, which {magic.name} makes in cell {cell.number}; "
                    "a package has no such magic.",
                    "Make it in Python (contextlib.redirect_stdout, time.perf_counter), or do not read it.",
                )
            is_below = (statement.cell, statement.first_line) > (cell.number, magic.line)
            if is_below and not _is_body(statement, magic, cell) and magic.binds in statement.defines:
                break


def _is_body(statement: Statement, magic: Magic, cell: Cell) -> bool:
    """Whether a statement stands under the cell magic, which hands its answer over when the cell ends."""
    return statement.cell == cell.number and magic.name.startswith("%%")


def _reads_its_answer(statement: Statement, magic: Magic, cell: Cell) -> bool:
    if statement.cell < cell.number or _is_body(statement, magic, cell):
        return False
    if statement.cell == cell.number and statement.first_line <= magic.line:
        is_around = magic.line <= statement.last_line and statement.kind is Kind.BLOCK
        names = (n for n in ast.walk(statement.node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load))
        return is_around and any(n.id == magic.binds for n in names)
    return magic.binds in statement.uses | statement.late_uses


def _declared_global(statement: Statement) -> None:
    for node in ast.walk(statement.node):
        if isinstance(node, ast.Global):
            raise MleeError(
                f"Cell {statement.cell} uses `global {', '.join(node.names)}` (line {node.lineno}).",
                "Pass the value as an argument and return it.",
            )


def _awaits(statement: Statement) -> None:
    stack: list[ast.AST] = [statement.node]
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.Await, ast.AsyncFor, ast.AsyncWith)):
            raise MleeError(
                f"Cell {statement.cell} awaits at top level (line {node.lineno}).",
                "Put it in an async function and call asyncio.run.",
            )
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            stack += ast.iter_child_nodes(node)


def _calls(statement: Statement, facts: Facts) -> None:
    own = {m.name for m in statement.mentions} - set(facts.bound)
    for call in effects.calls_in(statement.node):
        name = effects.dotted(call.func)
        if name in ("input", "getpass", "getpass.getpass") and (name != "input" or "input" in own):
            raise MleeError(
                f"Cell {statement.cell} asks a person: {name}() (line {call.lineno}).", "Give the answer as a constant."
            )
        if name in ("globals", "locals") or (name in ("vars", "dir") and not call.args):
            raise MleeError(
                f"Cell {statement.cell} calls {name}() (line {call.lineno}), so its names cannot be followed.",
                "Name the variables that are meant.",
            )


def check_name(name: str, facts: Facts) -> str:
    """A package name that is an importable identifier and hides no module that Python or the notebook needs.

    Raises:
        MleeError: it is not; a path or a keyword never gets through.
    """
    if not name.isidentifier() or keyword.iskeyword(name) or not name.isascii():
        raise MleeError(f"{name!r} cannot name a package.", "Use letters, digits and underscores, a letter first.")
    if is_module(name, facts):
        raise MleeError(f"A package {name!r} would hide the module of that name.", f"Call it {name}_package, say.")
    return name


def is_module(name: str, facts: Facts) -> bool:
    """Whether the standard library, the notebook's imports or our own tests' tools have a module of that name."""
    imported = {one.top for s in facts.statements for one in s.imports if not one.level}
    return name in sys.stdlib_module_names or name in imported or name in _NEVER_HIDDEN


def check_variables(names: tuple[str, ...], facts: Facts) -> None:
    """Names to keep that the notebook binds.

    Raises:
        MleeError: one is not an identifier, or nothing binds it.
    """
    for name in names:
        if not name.isidentifier() or keyword.iskeyword(name):
            raise MleeError(f"{name!r} is not a variable's name.", "Give names such as y_pred,score.")
        if name not in facts.bound:
            raise MleeError(f"Nothing in {facts.notebook.path.name} binds {name!r}.", "Check its spelling.")


OURS = ".mlee-package.json"  # the file that marks a folder as written by us, with the hash of each file


def check_output(folder: Path) -> None:
    """A folder that is absent, empty or ours.

    Raises:
        MleeError: it is a file, a link leads there, or it holds things of someone else.
    """
    try:
        if files.plain_folder(folder) is None or not any(folder.iterdir()):
            return
    except OSError as fault:
        raise MleeError(f"{folder} cannot be read: {fault.strerror}.", "Name a folder that is new or empty.") from None
    if files.plain_file(folder / OURS, below=folder) is None:
        raise MleeError(f"{folder} is not empty and was not written by mlee.", "Name a folder that is new or empty.")
