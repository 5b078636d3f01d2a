"""The notebook's side of the proof, in the child process: cells, statement by statement, in an IPython shell."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .command_lines import without_options
from .harness_figures import Figures
from .harness_printed import Printed, failure, silenced
from .harness_recorded import Calls, described, summary_of
from .harness_shell import shell_of
from .harness_shown import Shown

_MEASURING = frozenset(
    {"time", "prun", "memit", "mprun", "lprun", "capture", "notebook", "snakeviz", "scalene", "mlee_candidate"}
)
_REPEATING = frozenset({"timeit"})
_SCRIPTS = frozenset({"bash", "sh", "script", "python", "python3"})
_REAL = frozenset({"cd", "env", "set_env", "sx", "system", "writefile", "file", "run", "!", *_SCRIPTS})
_PRINTING = frozenset({"run"})  # what it prints is the notebook's own
_INSTALLING = frozenset({"pip", "conda", "mamba", "micromamba", "uv"})


class Cells:
    """Runs cells in one namespace."""

    def __init__(self, shell: Any, printed: Printed, figures: Figures, shown: Shown) -> None:
        self.shell, self.printed, self.figures, self.shown = shell, printed, figures, shown
        self.lines: list[tuple[int, int]] = []
        self.last: Any = shell.user_ns.get("_")
        shell.run_line_magic = self.line_magic
        shell.run_cell_magic = self.cell_magic
        shell.system = self._system

    def _system(self, command: str) -> None:
        """`!command` as IPython runs it, with the output of this process as its own."""
        words = command.split()
        if "install" in words[:5] and any(w.strip("{}") in (*_INSTALLING, "pip3", "sys.executable") for w in words[:4]):
            return
        expanded = self.shell.var_expand(command, depth=1)
        if expanded.rstrip().endswith("&"):
            raise OSError("Background processes not supported.")  # as the kernel does
        done = subprocess.run(expanded, shell=True, check=False, executable=os.environ.get("SHELL"))
        self.shell.user_ns["_exit_code"] = done.returncode

    def run(self, cell: dict[str, Any]) -> None:
        """One cell; raises what the cell raises."""
        self.figures.cell = cell["number"]
        self.lines = [tuple(pair) for pair in cell["lines"]]
        self.printed.now = f"cell {cell['number']}"
        source = self._guessed(cell)
        try:
            tree = ast.parse(source)
        except SyntaxError:
            source = self.shell.transform_cell(source)
            tree = ast.parse(source)
        try:
            self.nodes(tree, source, f"<cell {cell['number']}>")
        finally:
            with silenced(self.printed):
                self.figures.show()

    def _guessed(self, cell: dict[str, Any]) -> str:
        """The cell with the magics marked that IPython would guess: `ls`, `cd data`; a variable of that name is one."""
        word, magic, plain = cell["guessed"]
        return str(plain if word in self.shell.user_ns else magic)

    def nodes(self, tree: ast.Module, source: str, filename: str) -> Any:
        """Statement by statement; the value of the last expression."""
        import linecache

        linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
        space, last = self.shell.user_ns, len(tree.body) - 1
        flags = tree_flags(tree)
        for place, node in enumerate(tree.body):
            self.printed.now = self._statement(node)
            if isinstance(node, ast.Expr) and place == last:
                value = eval(compile(ast.Expression(node.value), filename, "eval", flags), space)
                if value is not None:
                    if space.get("_") is self.last:  # one that the notebook has bound itself stays, as in IPython
                        space["_"] = self.last = value
                    self.shown.keep(value)
                return value
            exec(compile(ast.Module([node], []), filename, "exec", flags), space)
        return None

    def _statement(self, node: ast.stmt) -> str:
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
        for place, (line, index) in enumerate(self.lines):
            if line == first:
                del self.lines[: place + 1]
                return str(index)
        return self.printed.now

    def line_magic(self, magic_name: str, line: str, _stack_depth: int = 1) -> Any:
        """A line magic: what it holds is run, measuring is not. Its arguments have IPython's names: some give them."""
        shell, name = self.shell, magic_name
        line = shell.var_expand(line) if name not in (*_MEASURING, *_REPEATING) else line
        if name in _MEASURING or name in _REPEATING:
            code = shell.transform_cell(without_options(line))
            if name in _REPEATING:
                self._repeated(code)
                return None
            tree = ast.parse(code)
            now = self.printed.now
            kept, self.lines = self.lines, []
            try:
                value = self.nodes(tree, code, "<magic>")
            finally:
                self.lines, self.printed.now = kept, now
            return value
        if name in _INSTALLING or (name == "config" and "Backend" in line) or name == "matplotlib":
            return None
        if name == "pylab":
            line = "agg"
        with contextlib.nullcontext() if name in _PRINTING else silenced(self.printed):
            try:
                return type(shell).run_line_magic(shell, name, line, _stack_depth + 1)
            except Exception:
                if name in _REAL:
                    raise
                return None  # a magic of some extension: the package leaves it out as well

    def _repeated(self, code: str) -> None:
        """What %timeit runs, once; how often it draws random numbers differs each time, so the draws do not count."""
        import random

        numpy = sys.modules.get("numpy")
        states = random.getstate(), numpy.random.get_state() if numpy else None
        try:
            exec(compile(code, "<timeit>", "exec"), dict(self.shell.user_ns))
        finally:
            random.setstate(states[0])
            if numpy:
                numpy.random.set_state(states[1])

    def cell_magic(self, magic_name: str, line: str, cell: str) -> Any:
        """A cell magic, likewise."""
        name, body = magic_name, cell
        if name in _REPEATING:
            self._repeated(self.shell.transform_cell(body))
            return None
        if name not in _REAL:
            try:
                code = self.shell.transform_cell(body)
                tree = ast.parse("\n" + code)
            except SyntaxError:
                return None
            return self.nodes(tree, code, "<cell magic>")
        with silenced(self.printed), _as_commands() if name in _SCRIPTS else contextlib.nullcontext():
            return type(self.shell).run_cell_magic(self.shell, name, line, body)


class OutOfTime(BaseException):
    """A candidate's own limit struck."""


@contextlib.contextmanager
def _stopped_after(seconds: float | None) -> Iterator[None]:
    """Keep the limit that a candidate's cell has of its own (--minutes M --hard)."""
    if not seconds:
        yield
        return

    def strike(*_: object) -> None:
        raise OutOfTime(f"stopped at its own limit of {seconds:g} s (--minutes, --hard)")

    signal.signal(signal.SIGALRM, strike)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


@contextlib.contextmanager
def _as_commands() -> Iterator[None]:
    """What a script magic prints goes where the output of commands goes."""
    with open(1, "w", closefd=False, encoding="utf-8") as output, contextlib.redirect_stdout(output):
        yield


def tree_flags(tree: ast.Module) -> int:
    """`from __future__` in a cell counts for the cell."""
    import __future__

    flags = 0
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            for alias in node.names:
                flags |= getattr(getattr(__future__, alias.name, None), "compiler_flag", 0)
    return flags


def run_notebook(
    job: dict[str, Any],
    folder: Path,
    printed: Printed,
    figures: Figures,
    shown: Shown,
    result: dict[str, Any],
) -> dict[str, Any]:
    """Run every cell; the variables at the end, by name."""
    shell = shell_of()
    space: dict[str, Any] = shell.user_ns
    space["display"] = shown.display
    shell.builtin_trap.add_builtin("display", shown.display)
    sys.path.insert(0, "")
    hidden = set(space)
    summary = summary_of(job["summary"], folder)
    watch = Calls(job.get("functions", []), summary)
    cells = Cells(shell, printed, figures, shown)

    async def all_cells() -> bool:
        """Inside a loop that runs, as a kernel's cells are: asyncio.run is refused there."""
        watch.start()
        for cell in job["cells"]:
            (folder / "progress.txt").write_text(str(cell["number"]), "utf-8")
            try:
                with _stopped_after(cell.get("limit")):
                    cells.run(cell)
            except BaseException as fault:
                if "raises-exception" in cell["tags"] and isinstance(fault, Exception):
                    continue
                failure(result, fault, cell["number"])
                return False
            await asyncio.sleep(0)  # what it left to the loop goes on a step
        return True

    with shell.builtin_trap:
        came_through = asyncio.new_event_loop().run_until_complete(all_cells())
        sys.setprofile(None)
    if not came_through:
        return {}
    wanted = set(job["names"])
    found = {n: v for n, v in space.items() if n in wanted and (n not in hidden or n == "_")}
    printed.silent = True
    result["confirmed"] = lambda: watch.confirmed(space)
    result |= described(found, summary)
    return found
