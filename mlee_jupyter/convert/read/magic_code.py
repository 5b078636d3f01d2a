"""Magics as plain Python: what is kept, what becomes a subprocess, what goes; told by IPython's own grammar."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import replace

from mlee_jupyter.convert.child.command_lines import without_options
from mlee_jupyter.convert.types import Magic, MagicFate
from mlee_jupyter.domain.errors import MleeError

from . import magic_calls
from .carried import Carried, CellReading, parses, words_of
from .grammar import PROMPT, begins_with_magic
from .shell_code import INSTALL, file_opened, installed, script_cell, script_run, shell_command

_KEEP_LINE = {"time", "prun", "memit", "mprun", "lprun"}
_KEEP_CELL = {"time", "capture", "prun", "memit", "notebook", "mlee_candidate", "snakeviz", "scalene"}
_TEXT_CELL = {"html", "HTML", "javascript", "js", "latex", "markdown", "svg", "SVG"}
_SCRIPTS = {"bash", "sh", "script", "python", "python3", "cmd"}  # a program that reads the cell
_OUTPUT = {"!", "sx", "system"}  # the cell is one shell command, whose output is a value
_OTHER_LANGUAGE = frozenset(
    {"R", "julia", "perl", "ruby", "cython", "pypy", "python2", "octave", "matlab", "sas", "stata", "sql"}
)  # fmt: skip
_FILE_COMMANDS = {"mkdir", "rmdir", "mv", "rm", "cp"}  # aliases of IPython's that do something
_PACKAGERS = {"pip", "conda", "mamba", "micromamba", "uv"}
_REPORTS = {"prun", "memit", "mprun", "lprun"}  # run a line and give back no value of it
_NO_PACKAGE = {  # change what later cells do in a way that plain Python has not
    "pushd": "and %popd need IPython's memory of folders",
    "popd": "needs IPython's memory of folders",
    "sc": "is IPython's old way to keep output; write name = !command",
    "alias": "makes a command of the notebook's own",
    "alias_magic": "makes a magic of the notebook's own",
    "rehashx": "turns every program into a magic",
    "macro": "keeps cells to be run again",
    "rerun": "runs earlier cells again",
    "reset_selective": "forgets names that match a pattern",
    "code_wrap": "changes how every cell is run",
}
_BARE_INSTALL = re.compile(r"^(\s*)((?:pip3?|conda|mamba|uv pip)\s+(?:install|uninstall|list|freeze|show)\b.*)$")


def carry(source: str, number: int, reading: CellReading | None = None) -> Carried:
    """The plain Python that stands for a cell.

    Raises:
        MleeError: the cell is in another language, or is no Python at all.
    """
    carried = Carried(source, reading=reading or CellReading())
    _carry(carried, number)
    if "get_ipython" in carried.python:
        carried.python = magic_calls.rewritten(carried.python, lambda call: _called(call, carried))
    return carried


def _carry(carried: Carried, number: int) -> None:
    source = carried.python
    automatic = automagic(source, carried.reading.shadowed)
    if parses(source) and automatic is None and not PROMPT.match(source):
        return
    if _is_too_deep(source):
        raise _not_python(source, number)
    from IPython.core.inputtransformer2 import TransformerManager

    lines = (automatic or source).splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    manager = TransformerManager()
    cleanups: list[Callable[[list[str]], list[str]]] = list(manager.cleanup_transforms)  # type: ignore[arg-type]
    for cleanup in cleanups:
        lines = cleanup(lines)
    is_cell_magic = bool(lines) and lines[0].startswith("%%")
    seen = len(carried.magics)
    lines = _cell_magic(lines, carried, number) if is_cell_magic else _line_magics(lines, carried)
    carried.python = "".join(lines)
    if parses(carried.python):
        return
    if len(carried.magics) > seen and is_cell_magic and carried.python != source:
        _carry(carried, number)  # a cell magic around a body with magics of its own
        return
    raise _not_python(carried.python, number)


def automagic(source: str, shadowed: frozenset[str] = frozenset()) -> str | None:
    """The cell with its magics marked where it relies on IPython to guess them: `ls`, `cd data`, `pip install six`.

    IPython guesses in cells of one line; hosted notebooks do so for an install on any line.
    """
    bare = source.strip()
    if "\n" not in bare and begins_with_magic(bare, shadowed):
        return f"%{bare}\n"
    if parses(source) or not any(map(_BARE_INSTALL.match, source.splitlines())):
        return None
    return "".join(_BARE_INSTALL.sub(r"\1%\2", line) for line in source.splitlines(keepends=True))


def guesses(source: str) -> tuple[str, str, str]:
    """What IPython makes of a cell: the word that may be a magic, the cell if it is one, the cell if a variable is."""
    found = re.match(r"\s*(\w+)", source)
    word = found[1] if found else ""
    return word, automagic(source) or source, automagic(source, frozenset({word})) or source


def _is_too_deep(source: str) -> bool:
    try:
        ast.parse(source)
    except (MemoryError, RecursionError):
        return True
    except (SyntaxError, ValueError):
        return False
    return False


def _not_python(source: str, number: int) -> MleeError:
    try:
        ast.parse(source)
    except SyntaxError as fault:
        if re.search(r"^\s*(print|exec)\s+[^=(\s]|^\s*except\s+\w+\s*,\s*\w+\s*:|<>|\bur'", source, re.MULTILINE):
            return MleeError(
                f"Cell {number} is Python 2 (line {fault.lineno}).", "Bring it to Python 3 first (2to3 helps)."
            )
        return MleeError(
            f"Cell {number} is not Python: {fault.msg} (line {fault.lineno}).",
            "Mend the cell, or make it a raw or markdown cell.",
        )
    except (MemoryError, RecursionError):
        return MleeError(f"Cell {number} nests deeper than can be followed.", "Simplify it.")
    except ValueError as fault:
        return MleeError(f"Cell {number} cannot be read as Python: {fault}.", "Mend the cell.")
    raise AssertionError("called for a cell that parses")


def _cell_magic(lines: list[str], carried: Carried, number: int) -> list[str]:
    first, body = lines[0], lines[1:]
    name, _, rest = first[2:].strip().partition(" ")
    if name in _OTHER_LANGUAGE:
        raise MleeError(
            f"Cell {number} is not Python but %%{name}.", "Move it out of the notebook, or make it a raw cell."
        )

    def remember(fate: MagicFate, binds: str = "") -> None:
        carried.magics.append(Magic(line=1, name=f"%%{name}", text=first.strip(), fate=fate, binds=binds))

    if name in _KEEP_CELL:
        words = words_of(rest)
        captured = next((w for w in words if not w.startswith("-")), "") if name == "capture" else ""
        remember(MagicFate.BODY_KEPT, captured)
        if name == "mlee_candidate":
            carried.candidate = words[0] if words else None
            carried.hard_limit = _hard_limit(words)
        return ["\n", *body]
    if name in ("writefile", "file"):
        remember(MagicFate.FILE_WRITTEN)
        carried.needs.append("pathlib")
        written = carried.later(rest, lambda text: file_opened(rest, text))
        return [f"with {written} as file_written:\n", f"    file_written.write({''.join(body)!r})\n"]
    if name in _SCRIPTS:
        remember(MagicFate.SUBPROCESS)
        return [script_cell(name, rest, "".join(body), carried)]
    if name in _OUTPUT:
        remember(MagicFate.SUBPROCESS)
        return [shell_command("".join(body).rstrip("\n"), 1, carried, output=True) + "\n"]
    remember(MagicFate.GONE)
    if name in _TEXT_CELL or name in ("timeit", "mlee_experiment", "mlee_scoreboard"):
        return []
    if parses("".join(body)):  # an unknown magic around plain Python
        carried.magics[-1] = Magic(line=1, name=f"%%{name}", text=first.strip(), fate=MagicFate.BODY_KEPT)
        return ["\n", *body]
    return []


def _hard_limit(words: list[str]) -> float | None:
    """Seconds after which a candidate's cell is stopped; None: it is not."""
    given = [w for w in words if w.startswith("--minutes")]
    if "--hard" not in words or not given:
        return None
    value = given[0].partition("=")[2] or next(iter(words[words.index(given[0]) + 1 :]), "")
    try:
        return 60 * float(value)
    except ValueError:
        return None


def _line_magics(lines: list[str], carried: Carried) -> list[str]:
    from IPython.core import inputtransformer2 as grammar

    for _ in range(500):
        if parses("".join(lines)):
            return lines
        tokens = grammar.make_tokens_by_line(lines)
        parts: list[Carried] = []
        for logical in reversed(tokens):  # every line at once, from below: what is above keeps its place
            found = [
                one
                for kind in (grammar.MagicAssign, grammar.SystemAssign, grammar.EscapedCommand, grammar.HelpEnd)
                if (one := kind.find([logical]))
            ]
            if found:
                parts.append(Carried("", lines=carried.lines, reading=carried.reading))
                lines = _replace(min(found, key=lambda f: (f.start_line, f.start_col, f.priority)), lines, parts[-1])
        if not parts:
            return lines
        for part in reversed(parts):
            carried.magics += part.magics
            carried.needs += part.needs
            carried.problems += part.problems
            carried.forgets += part.forgets
    return lines


def _replace(found: object, lines: list[str], carried: Carried) -> list[str]:
    from IPython.core import inputtransformer2 as grammar

    start, column = found.start_line, found.start_col  # type: ignore[attr-defined]
    before = lines[start][:column]
    if isinstance(found, grammar.HelpEnd):
        end = found.q_line
        text = "".join(lines[start : end + 1])[column:].strip()
        carried.magics.append(Magic(line=start + 1, name="?", text=text, fate=MagicFate.GONE))
        replacement = "pass" if before.strip() == "" and before else ""
    else:
        end = grammar.find_end_of_continued_line(lines, start)
        text = grammar.assemble_continued_line(lines, (start, column), end)
        end, text = _to_the_bracket(lines, start, column, end, text)
        assigned = isinstance(found, (grammar.MagicAssign, grammar.SystemAssign))
        seen = len(carried.magics)
        replacement = _line(text, start + 1, carried, assigned=assigned)
        if not replacement or not _does_something(replacement):
            replacement = "None" if assigned else ("pass" if before else "")
            if assigned and len(carried.magics) > seen:
                carried.magics[-1] = replace(carried.magics[-1], binds=before.strip().rstrip("=").strip())
    blank = ["\n"] * (end - start)  # later lines keep their numbers
    return [*lines[:start], f"{before}{replacement}\n", *blank, *lines[end + 1 :]]


def _does_something(python: str) -> bool:
    """Whether a line holds more than a comment: what a block consists of must not vanish."""
    return not parses(python) or bool(ast.parse(python).body)


def _to_the_bracket(lines: list[str], start: int, column: int, end: int, text: str) -> tuple[int, str]:
    """A %time or %timeit whose statement goes on over lines, as older notebooks write it."""
    name, _, rest = text[1:].strip().partition(" ")
    if name not in ("time", "timeit") or parses(without_options(rest)):
        return end, text
    for last in range(end + 1, min(end + 30, len(lines))):
        longer = "".join([lines[start][column:], *lines[start + 1 : last + 1]]).rstrip("\n")
        if parses(without_options(longer[1:].strip().partition(" ")[2])):
            return last, longer
    return end, text


def _line(text: str, line: int, carried: Carried, *, assigned: bool) -> str:
    def remember(name: str, fate: MagicFate, packages: tuple[str, ...] = ()) -> None:
        carried.magics.append(Magic(line=line, name=name, text=text.strip(), fate=fate, packages=packages))

    if text.startswith("!"):
        output = assigned or text.startswith("!!")
        command = text.lstrip("!").strip()
        if INSTALL.match(command):
            remember("!", MagicFate.DEPENDENCY, installed(command))
            return ""
        remember("!", MagicFate.SUBPROCESS)
        return shell_command(command, line, carried, output=output)
    if text.startswith("%") and not text.startswith("%%"):
        name, rest = [*text[1:].split(None, 1), "", ""][:2]
        rest = rest.strip()
        if name in _NO_PACKAGE or (assigned and not _gives_a_value(name, rest)):
            remember(f"%{name}", MagicFate.GONE)
            carried.problems.append((line, f"%{name} {_NO_PACKAGE.get(name, 'gives nothing back that a package has')}"))
            return ""
        if name in _PACKAGERS:
            remember(f"%{name}", MagicFate.DEPENDENCY, installed(f"{name} {rest}"))
            return ""
        if name in ("sx", "system"):
            remember(f"%{name}", MagicFate.SUBPROCESS)
            return shell_command(rest, line, carried, output=True)
        if name in _FILE_COMMANDS:
            remember(f"%{name}", MagicFate.SUBPROCESS)
            return shell_command(f"{name} {rest}", line, carried, output=False)
        if name in _KEEP_LINE and parses(without_options(rest)):
            remember(f"%{name}", MagicFate.BODY_KEPT)
            return without_options(rest)
        if name == "run":
            remember("%run", MagicFate.PYTHON)
            return script_run(rest, line, carried)
        if name == "xdel" and (wanted := re.fullmatch(r"(-n\s+)?(\w+)", rest)) and wanted[2].isidentifier():
            remember("%xdel", MagicFate.PYTHON)
            carried.forgets += [] if wanted[1] else [line]
            return f"del {wanted[2]}"
        if name in ("cd", "env", "set_env", "pwd", "pylab"):
            python = _python_for(name, rest, line, carried, assigned=assigned)
            remember(f"%{name}", MagicFate.PYTHON if python else MagicFate.GONE)
            return python
        remember(f"%{name}", MagicFate.GONE)
        if name == "store" and "-r" in rest.split():
            carried.problems.append((line, "%store -r brings variables from another notebook"))
        return ""
    if text[:1] in ",;/":  # auto-call and auto-quote
        from IPython.core.inputtransformer2 import tr

        remember(text[:1], MagicFate.BODY_KEPT)
        return str(tr[text[:1]](text[1:]))
    remember(text[:1], MagicFate.GONE)
    return ""


def _gives_a_value(name: str, rest: str) -> bool:
    """Whether `x = %name rest` may bind a value: not where the magic sets, copies or reports something."""
    if name in _FILE_COMMANDS | _REPORTS | {"cd", "set_env", "run"}:
        return False
    if name == "env":  # all of them: IPython hides what looks like a key
        return len(rest.split()) == 1 and "=" not in rest
    body = without_options(rest)
    return name != "time" or not parses(body) or _is_expression(body)


def _is_expression(python: str) -> bool:
    body = ast.parse(python).body if parses(python) else []
    return len(body) == 1 and isinstance(body[0], ast.Expr)


def _called(call: magic_calls.Call, carried: Carried) -> str | None:
    """The Python for a magic that is written as a call; None: it stays a call, which a package refuses."""
    line = call.node.lineno
    if call.text.startswith("%%"):
        lines = call.text.splitlines(keepends=True)
        name = lines[0][2:].split()[0] if lines[0][2:].split() else ""
        if not call.alone or name not in _SCRIPTS | _OUTPUT | _TEXT_CELL | {"writefile", "file", "timeit"}:
            return None
        made = "".join(_cell_magic(lines, carried, line)).rstrip("\n").replace(":\n    ", ": ", 1)
        return made or "None"
    made = _line(call.text, line, carried, assigned=call.assigned)
    if call.alone:
        return made if made and _does_something(made) else "None"
    if not _is_expression(made) or (call.text.startswith("!") and not call.assigned):
        carried.problems.append((line, f"`{call.text}` gives back what only IPython has"))
        return "None"
    is_whole = isinstance(ast.parse(made, mode="eval").body, (ast.Call, ast.Subscript, ast.Name, ast.Constant))
    return made if is_whole else f"({made})"


def _python_for(name: str, rest: str, line: int, carried: Carried, *, assigned: bool) -> str:
    """%cd, %env and %pwd in plain Python; empty where they only show something."""
    if name == "pylab":
        carried.needs.append("pylab")
        return ""
    if name == "pwd":
        carried.needs += ["os"] if assigned else []
        return "os.getcwd()" if assigned else ""
    if name == "cd":
        target = re.sub(r"^(?:-q|--quiet)\s+|\s+(?:-q|--quiet)$", "", rest).strip("\"'")
        if target.startswith("-"):
            carried.problems.append((line, f"%cd {rest} needs IPython's memory of folders"))
            return ""
        carried.needs.append("os")
        target = target or "~"
        if target.startswith("~"):
            return carried.later(rest, lambda text: f"os.chdir(os.path.expanduser({text(target)}))")
        return carried.later(rest, lambda text: f"os.chdir({text(target)})")
    key, mark, value = rest.partition("=")
    if not mark:
        key, mark, value = rest.partition(" ")
    if not mark:
        if not assigned:
            return ""
        carried.needs.append("os")
        return carried.later(rest, lambda text: f"os.environ[{text(key)}]") if rest else "dict(os.environ)"
    carried.needs.append("os")
    return carried.later(rest, lambda text: f"os.environ[{text(key.strip())}] = {text(value.strip())}")
