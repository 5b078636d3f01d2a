"""Runs a cell's body in the user's namespace so that both its value and its exception come through.

As `%%time` does: transform, compile, execute, give back the last expression's value, and let exceptions pass.
(`shell.run_cell` inside a magic would show the error and then report success to "Run All".)
"""

from __future__ import annotations

import ast
import hashlib
import inspect
from types import CodeType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


class Body:
    """A compiled cell body: statements, then the expression whose value decides.

    Args:
        shell: the running IPython.
        text: the body as the user wrote it, magics and shell escapes included.

    Raises:
        SyntaxError: as Python raises it for the same cell.
    """

    def __init__(self, shell: InteractiveShell, text: str) -> None:
        self._shell = shell
        # one line for the cell magic above it, so that a traceback's line numbers are the cell's own
        transformed = "\n" + shell.transform_cell(text)
        self._file = shell.compile.cache(transformed, shell.execution_count, raw_code="\n" + text)
        tree = shell.compile.ast_parse(transformed, filename=self._file)
        self.key = hashlib.sha256(ast.dump(tree).encode()).hexdigest()  # comments and spacing do not count
        tree = shell.transform_ast(tree)
        statements, last = list(tree.body), None
        if statements and isinstance(statements[-1], ast.Expr):
            last = ast.Expression(statements.pop().value)
        elif statements and (name := _assigned_name(statements[-1])):
            last = ast.fix_missing_locations(
                ast.Expression(ast.copy_location(ast.Name(name, ast.Load()), statements[-1]))
            )
        self.names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}  # also those it defines
        self.ends_in = _called(last.body) if last is not None else None
        self._statements = self._compile(ast.Module(statements, []), "exec") if statements else None
        self._last = self._compile(last, "eval") if last else None

    @property
    def is_async(self) -> bool:
        """Whether the body awaits at its top level."""
        codes = (self._statements, self._last)
        return any(code is not None and bool(code.co_flags & inspect.CO_COROUTINE) for code in codes)

    def run(self) -> Any:
        """Run a body that does not await; give back the last value."""
        __tracebackhide__ = True
        names = self._shell.user_ns
        if self._statements is not None:
            exec(self._statements, names)
        return eval(self._last, names) if self._last is not None else None

    async def run_async(self) -> Any:
        """The same for a body that awaits."""
        __tracebackhide__ = True
        value = None
        for code in (self._statements, self._last):
            if code is not None:
                value = eval(code, self._shell.user_ns)
                if code.co_flags & inspect.CO_COROUTINE:
                    value = await value
        return value if self._last is not None else None

    def _compile(self, tree: ast.Module | ast.Expression, mode: str) -> CodeType:
        with self._shell.compile.extra_flags(ast.PyCF_ALLOW_TOP_LEVEL_AWAIT):
            code: CodeType = self._shell.compile(tree, self._file, mode)  # type: ignore[arg-type]
        return code


def _called(value: ast.expr) -> str | None:
    """`fit` of a last value `model.fit(X, y)`."""
    return value.func.attr if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) else None


def _assigned_name(statement: ast.stmt) -> str | None:
    """`y_pred` of a last statement `y_pred = ...`: people name what they hand over."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1 and isinstance(statement.targets[0], ast.Name):
        return statement.targets[0].id
    return None


def awaits(shell: InteractiveShell, text: str) -> bool:
    """Whether a cell body awaits at its top level; False for one that does not compile."""
    if "await" not in text and "async" not in text:
        return False
    try:
        return Body(shell, text).is_async
    except (SyntaxError, ValueError, TypeError, OverflowError, MemoryError):
        return False
