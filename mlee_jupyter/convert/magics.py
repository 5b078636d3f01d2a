"""Magics as plain Python: what is kept, what becomes a subprocess, what goes; told by IPython's own grammar."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field

from mlee_jupyter.errors import MleeError

from .types import Magic, MagicFate

_KEEP_LINE = {"time", "prun", "memit", "mprun", "lprun"}
_KEEP_CELL = {"time", "capture", "prun", "memit", "notebook", "mlee_candidate", "snakeviz", "scalene"}
_TEXT_CELL = {"html", "HTML", "javascript", "js", "latex", "markdown", "svg", "SVG"}
_SHELL_CELL = {"bash", "sh", "script", "!", "sx", "system", "cmd"}
_OTHER_LANGUAGE = {"R", "julia", "perl", "ruby", "cython", "pypy", "python2", "octave", "matlab", "sas", "stata", "sql"}
_INSTALL = re.compile(
    r"^\s*(?:sudo\s+)?(?:python3?\s+-m\s+|\{?sys\.executable\}?\s+-m\s+)?(pip3?|conda|mamba|uv\s+pip)\s+install\b"
)


@dataclass
class Carried:
    """A cell's Python after its magics were carried over."""

    python: str
    magics: list[Magic] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)
    candidate: str | None = None


def carry(source: str, number: int) -> Carried:
    """The plain Python that stands for a cell.

    Raises:
        MleeError: the cell is in another language, or is no Python at all.
    """
    if parses(source):
        return Carried(source)
    from IPython.core.inputtransformer2 import TransformerManager

    lines = source.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    manager = TransformerManager()
    cleanups: list[Callable[[list[str]], list[str]]] = list(manager.cleanup_transforms)  # type: ignore[arg-type]
    for cleanup in cleanups:
        lines = cleanup(lines)
    carried = Carried("")
    is_cell_magic = bool(lines) and lines[0].startswith("%%")
    lines = _cell_magic(lines, carried, number) if is_cell_magic else _line_magics(lines, carried)
    carried.python = "".join(lines)
    if not parses(carried.python):
        if carried.magics and carried.candidate is None and carried.python != source:
            inner = carry(carried.python, number)  # a cell magic around a body with magics of its own
            carried.magics += inner.magics
            carried.needs += inner.needs
            carried.python = inner.python
        if not parses(carried.python):
            raise _not_python(carried.python, number)
    return carried


def parses(source: str) -> bool:
    """Whether a text is Python 3 (top-level await counts: it is refused elsewhere, with its own words)."""
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
    return True


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

    def remember(fate: MagicFate) -> None:
        carried.magics.append(Magic(line=1, name=f"%%{name}", text=first.strip(), fate=fate))

    if name in _KEEP_CELL:
        remember(MagicFate.BODY_KEPT)
        if name == "mlee_candidate":
            words = _words(rest)
            carried.candidate = words[0] if words else None
        return ["\n", *body]
    if name in ("writefile", "file"):
        remember(MagicFate.FILE_WRITTEN)
        words = _words(rest)
        mode = "a" if any(w in ("-a", "--append") for w in words) else "w"
        target = next((w for w in reversed(words) if not w.startswith("-")), "out.txt")
        text = "".join(body)
        carried.needs.append("pathlib")
        opened = f"pathlib.Path({target!r}).open({mode!r}, encoding='utf-8')"
        return [f"with {opened} as file_written:\n", f"    file_written.write({text!r})\n"]
    if name in _SHELL_CELL:
        remember(MagicFate.SUBPROCESS)
        carried.needs.append("subprocess")
        program = _words(rest)[:1] if name == "script" else [{"sh": "sh"}.get(name, "bash")]
        return [f"subprocess.run({[*program, '-c', ''.join(body)]!r}, check=False)\n"]
    remember(MagicFate.GONE)
    if name in _TEXT_CELL or name in ("timeit", "mlee_experiment", "mlee_scoreboard"):
        return []
    if parses("".join(body)):  # an unknown magic around plain Python
        carried.magics[-1] = Magic(line=1, name=f"%%{name}", text=first.strip(), fate=MagicFate.BODY_KEPT)
        return ["\n", *body]
    return []


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
                parts.append(Carried(""))
                lines = _replace(min(found, key=lambda f: (f.start_line, f.start_col, f.priority)), lines, parts[-1])
        if not parts:
            return lines
        for part in reversed(parts):
            carried.magics += part.magics
            carried.needs += part.needs
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
        replacement = _line(text, start + 1, carried, assigned=assigned)
        if not replacement:
            replacement = "None" if assigned else ("pass" if before else "")
    blank = ["\n"] * (end - start)  # later lines keep their numbers
    return [*lines[:start], f"{before}{replacement}\n", *blank, *lines[end + 1 :]]


def _to_the_bracket(lines: list[str], start: int, column: int, end: int, text: str) -> tuple[int, str]:
    """A %time or %timeit whose statement goes on over lines, as older notebooks write it."""
    name, _, rest = text[1:].strip().partition(" ")
    if name not in ("time", "timeit") or parses(_without_options(rest)):
        return end, text
    for last in range(end + 1, min(end + 30, len(lines))):
        longer = "".join([lines[start][column:], *lines[start + 1 : last + 1]]).rstrip("\n")
        if parses(_without_options(longer[1:].strip().partition(" ")[2])):
            return last, longer
    return end, text


def _line(text: str, line: int, carried: Carried, *, assigned: bool) -> str:
    def remember(name: str, fate: MagicFate, packages: tuple[str, ...] = ()) -> None:
        carried.magics.append(Magic(line=line, name=name, text=text.strip(), fate=fate, packages=packages))

    if text.startswith("!"):
        command = text[2:] if text.startswith("!!") else text[1:]
        return _shell(command.strip(), assigned, carried, remember)
    if text.startswith("%") and not text.startswith("%%"):
        name, _, rest = text[1:].strip().partition(" ")
        rest = rest.strip()
        if name in ("pip", "conda", "mamba", "uv"):
            remember(f"%{name}", MagicFate.DEPENDENCY, installed(f"{name} {rest}"))
            return ""
        if name in ("sx", "system", "sc"):
            return _shell(rest, assigned, carried, remember)
        if name in _KEEP_LINE and parses(_without_options(rest)):
            remember(f"%{name}", MagicFate.BODY_KEPT)
            return _without_options(rest)
        if name in ("cd", "env", "set_env", "pylab"):
            python = _python_for(name, rest, carried)
            remember(f"%{name}", MagicFate.PYTHON if python else MagicFate.GONE)
            return python
        remember(f"%{name}", MagicFate.GONE)
        return ""
    if text[:1] in ",;/":  # auto-call and auto-quote
        from IPython.core.inputtransformer2 import tr

        remember(text[:1], MagicFate.BODY_KEPT)
        return str(tr[text[:1]](text[1:]))
    remember(text[:1], MagicFate.GONE)
    return ""


def _without_options(rest: str) -> str:
    while (option := re.match(r"-\w+(?:\s+|$)(?:[^\s=(]+\.\w+\s+)?", rest)) is not None:
        rest = rest[option.end() :]
    return rest


def _python_for(name: str, rest: str, carried: Carried) -> str:
    if name == "pylab":
        carried.needs.append("pylab")
        return ""
    if not rest or rest.startswith("-"):
        return ""
    carried.needs.append("os")
    if name == "cd":
        return f"os.chdir({rest.strip(chr(34) + chr(39))!r})"
    key, mark, value = rest.partition("=")
    if not mark:
        key, mark, value = rest.partition(" ")
    return f"os.environ[{key.strip()!r}] = {value.strip()!r}" if mark else ""


def _shell(command: str, assigned: bool, carried: Carried, remember: object) -> str:
    if _INSTALL.match(command):
        remember("!", MagicFate.DEPENDENCY, installed(command))  # type: ignore[operator]
        return ""
    remember("!", MagicFate.SUBPROCESS)  # type: ignore[operator]
    carried.needs.append("subprocess")
    literal = repr(command)
    if "{" in command and parses(candidate := "f" + repr(command)):
        literal = candidate
    if assigned:
        return f"subprocess.run({literal}, shell=True, capture_output=True, text=True, check=False).stdout.splitlines()"
    return f"subprocess.run({literal}, shell=True, check=False)"


def installed(command: str) -> tuple[str, ...]:
    """The packages that an install line names: `pip install -q umap-learn==0.5` gives umap-learn==0.5."""
    words = _words(command.split("#")[0])
    if "install" not in words:
        return ()
    named: list[str] = []
    skip = False
    for word in words[words.index("install") + 1 :]:
        if skip or word in ("&&", ";", "|", ">"):
            if word in ("&&", ";", "|", ">"):
                break
            skip = False
        elif word in ("-r", "-c", "-i", "--index-url", "-f", "--find-links", "-e", "-t", "--target", "-n"):
            skip = True
        elif re.match(r"^[A-Za-z0-9][A-Za-z0-9._-]*(\[[\w,-]+\])?([=<>!~]=?[\w.*,<>=!~]+)?$", word):
            named.append(word)
    return tuple(named)


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()
