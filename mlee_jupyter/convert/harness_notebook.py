"""The notebook's side of the proof, in the child process: cells, statement by statement, in an IPython shell."""

from __future__ import annotations

import ast
import json
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .harness import Figures, Printed, failure, silenced

_MEASURING = frozenset(
    {"time", "prun", "memit", "mprun", "lprun", "capture", "notebook", "snakeviz", "scalene", "mlee_candidate"}
)
_REPEATING = frozenset({"timeit"})
_REAL = frozenset(
    {"cd", "env", "set_env", "sx", "system", "sc", "bash", "sh", "script", "writefile", "file", "run", "!"}
)
_INSTALLING = frozenset({"pip", "conda", "mamba", "uv"})


class Cells:
    """Runs cells in one namespace."""

    def __init__(self, shell: Any, printed: Printed, figures: Figures, watch: Calls) -> None:
        self.shell, self.printed, self.figures, self.watch = shell, printed, figures, watch
        self.lines: list[tuple[int, int]] = []
        shell.run_line_magic = self.line_magic
        shell.run_cell_magic = self.cell_magic
        real = shell.system_piped
        shell.system = lambda command: self._install_or(real, command)

    def _install_or(self, real: Callable[[str], Any], command: str) -> None:
        words = command.split()
        if "install" in words[:5] and any(w.strip("{}") in (*_INSTALLING, "pip3", "sys.executable") for w in words[:4]):
            return
        with silenced(self.printed):
            real(command)

    def run(self, cell: dict[str, Any]) -> None:
        """One cell; raises what the cell raises."""
        self.figures.cell = cell["number"]
        self.lines = [tuple(pair) for pair in cell["lines"]]
        self.printed.now = f"cell {cell['number']}"
        source = cell["source"]
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
                    space["_"] = value
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

    def line_magic(self, name: str, line: str, _stack_depth: int = 1) -> Any:
        """A line magic: what it holds is run, measuring is not."""
        shell = self.shell
        line = shell.var_expand(line) if name not in (*_MEASURING, *_REPEATING) else line
        if name in _MEASURING or name in _REPEATING:
            from .magics import _without_options

            code = shell.transform_cell(_without_options(line))
            if name in _REPEATING:
                exec(compile(code, "<timeit>", "exec"), dict(shell.user_ns))
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
        with silenced(self.printed):
            try:
                return type(shell).run_line_magic(shell, name, line, _stack_depth + 1)
            except Exception:
                if name in _REAL:
                    raise
                return None  # a magic of some extension: the package leaves it out as well

    def cell_magic(self, name: str, line: str, body: str) -> Any:
        """A cell magic, likewise."""
        if name in _REPEATING:
            exec(compile(self.shell.transform_cell(body), "<timeit>", "exec"), dict(self.shell.user_ns))
            return None
        if name not in _REAL:
            try:
                code = self.shell.transform_cell(body)
                tree = ast.parse("\n" + code)
            except SyntaxError:
                return None
            return self.nodes(tree, code, "<cell magic>")
        with silenced(self.printed):
            return type(self.shell).run_cell_magic(self.shell, name, line, body)


def tree_flags(tree: ast.Module) -> int:
    """`from __future__` in a cell counts for the cell."""
    import __future__

    flags = 0
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            for alias in node.names:
                flags |= getattr(getattr(__future__, alias.name, None), "compiler_flag", 0)
    return flags


class Calls:
    """Small calls of the notebook's own pure functions, for the package's unit tests."""

    MOST = 3
    LONGEST = 2_000

    def __init__(self, names: list[str], summary: Callable[[Any], Any]) -> None:
        self.wanted = set(names)
        self.summary = summary
        self.found: dict[str, list[dict[str, Any]]] = {}
        self._open: dict[int, dict[str, Any]] = {}

    def start(self) -> None:
        """Listen until every function was seen often enough."""
        if self.wanted:
            sys.setprofile(self._event)

    def _event(self, frame: types.FrameType, event: str, argument: Any) -> None:
        code = frame.f_code
        if (
            event not in ("call", "return")
            or code.co_name not in self.wanted
            or not code.co_filename.startswith("<cell")
        ):
            return
        if code.co_flags & 0x2A0 or code.co_qualname != code.co_name:  # generators, coroutines, methods
            return
        if event == "call":
            names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
            arguments = {n: frame.f_locals.get(n) for n in names}
            if not code.co_flags & 0x0C and code.co_posonlyargcount == 0 and all(map(_small, arguments.values())):
                self._open[id(frame)] = json.loads(json.dumps(arguments))
            return
        if id(frame) not in self._open or argument is None:
            return
        arguments = self._open.pop(id(frame))
        told = self.summary(argument)
        calls = self.found.setdefault(code.co_name, [])
        one = {"args": [], "kwargs": arguments, "result": told}
        if len(json.dumps(told)) < self.LONGEST and one not in calls:
            calls.append(one)
        if len(calls) >= self.MOST:
            self.wanted.discard(code.co_name)
            if not self.wanted:
                sys.setprofile(None)


def _small(value: Any) -> bool:
    if value is None or type(value) in (bool, int, float):
        return value == value and (type(value) is not float or abs(value) != float("inf"))
    if type(value) is str:
        return len(value) < 200
    if type(value) is list:
        return len(value) <= 20 and all(map(_small, value))
    return type(value) is dict and len(value) <= 20 and all(type(k) is str and _small(v) for k, v in value.items())


def run_notebook(
    job: dict[str, Any],
    folder: Path,
    printed: Printed,
    figures: Figures,
    display: Callable[..., None],
    result: dict[str, Any],
) -> dict[str, Any]:
    """Run every cell; the variables at the end, by name."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    shell = InteractiveShell.instance(config=config)
    space: dict[str, Any] = shell.user_ns
    space["display"] = display
    shell.builtin_trap.add_builtin("display", display)
    sys.path.insert(0, "")
    hidden = set(space)
    space_of_summary: dict[str, Any] = {"__name__": "golden", "__file__": str(folder / "golden.py")}
    exec(job["summary"], space_of_summary)
    summary: Callable[[Any], Any] = space_of_summary["summary"]
    watch = Calls(job.get("functions", []), summary)
    cells = Cells(shell, printed, figures, watch)
    with shell.builtin_trap:
        watch.start()
        for cell in job["cells"]:
            (folder / "progress.txt").write_text(str(cell["number"]), "utf-8")
            try:
                cells.run(cell)
            except BaseException as fault:
                if "raises-exception" in cell["tags"] and isinstance(fault, Exception):
                    continue
                failure(result, fault, cell["number"])
                return {}
        sys.setprofile(None)
    wanted = set(job["names"])
    found = {n: v for n, v in space.items() if n in wanted and (n not in hidden or n == "_")}
    printed.silent = True
    result["calls"] = watch.found
    result["types"] = {n: f"{type(v).__module__}.{type(v).__qualname__}" for n, v in found.items()}
    result["numbers"] = {n: told for n, v in found.items() if (told := _told(summary, v)) is not None}
    result["versions"] = _versions(job.get("imports", []))
    return found


def _told(summary: Callable[[Any], Any], value: Any) -> Any:
    if isinstance(value, types.ModuleType | types.FunctionType | type):
        return None
    try:
        told = summary(value)
        return json.loads(json.dumps(told)) if len(json.dumps(told)) < 20_000 else None
    except Exception:
        return None


def _versions(imports: list[str]) -> dict[str, str]:
    from importlib import metadata

    by_module = metadata.packages_distributions()
    found: dict[str, str] = {}
    for name in imports:
        for distribution in by_module.get(name, [])[:1]:
            found[distribution] = metadata.version(distribution)
    return found
