"""A code cell as a kernel reads it, for the checks: IPython's own grammar says what is Python and what is a magic.

The converter rewrites magics into Python that does the same; the checks only need to know which names a cell reads and
binds, and whether a kernel can read it at all. So a shell line is `pass` here, a magic's answer is `None`, and what a
magic runs as Python (`%time x = 1`, `%%capture`) stands as it is. Lines keep their numbers.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mlee_jupyter.convert.types import Magic, MagicFate

RUN_THEIR_BODY = frozenset({"time", "capture", "prun", "memit", "mlee_candidate", "snakeviz", "scalene"})
_RUN_THEIR_LINE = frozenset({"time", "prun", "memit", "mprun", "lprun", "snakeviz", "debug"})
# Line magics and shell aliases: IPython takes them for magics while no variable has their name.
_AUTOMAGIC_WORDS = """
alias alias_magic autoawait autocall automagic autoreload autosave bookmark cat cd clear code_wrap colors conda
config connect_info cp cpaste debug dhist dirs doctest_mode ed edit env gui hist history killbgscripts ldir less lf
lk ll load load_ext loadpy logoff logon logstart logstate logstop ls lsmagic lx macro magic mamba man matplotlib
micromamba mkdir more mv notebook page paste pastebin pdb pdef pdoc pfile pinfo pinfo2 pip popd pprint precision
prun psearch psource pushd pwd pycat pylab qtconsole quickref recall rehashx reload_ext rep rerun reset
reset_selective rm rmdir run save sc set_env store subshell sx system tb time timeit unalias unload_ext uv who who_ls
whos xdel xmode
"""
AUTOMAGIC = frozenset(_AUTOMAGIC_WORDS.split())
_BIND_NOTHING = frozenset(
    ["writefile", "file", "html", "HTML", "javascript", "js", "latex", "markdown", "svg", "SVG", "timeit"]
)
_OTHER_LANGUAGES = frozenset(
    [
        "R",
        "julia",
        "perl",
        "ruby",
        "cython",
        "octave",
        "matlab",
        "sas",
        "stata",
        "sql",
        "bigquery",
        "bash",
        "sh",
        "script",
        "system",
        "sx",
        "!",
        "cmd",
        "pypy",
        "python",
        "python2",
        "python3",
        "spark",
    ]
)
PROMPT = re.compile(r"\s*In ?\[\d+\]: ")  # IPython takes it off; Python takes `In [1]: a = 5` for an annotation
_LONGEST_LOOP = 50  # magics that stand inside each other, or come to light one behind the other
_PYTHON_2 = re.compile(
    r"^\s*(?:\w.*:\s*)?(print|exec)\s+[^=(\s.,:)\]]|^\s*(?:\w.*:\s*)?print\s*$|^\s*except\s+[\w.()]+\s*,\s*\w+\s*:|<>"
    r"|\bur['\"]|(?<![\w.])0\d+\b|(?<![\w.])\d+[lL]\b|^\s*raise\s+\w+\s*,|`\w+`|^\s*print\s*(>>|\(.*\)\s*[%,])"
)
_BARE = re.compile(r"(pip|conda|mamba|micromamba|uv)\s+(-\S+\s+)*\w|(ls|cd|cat|cp|mv|rm|mkdir|rmdir|pwd)\s+\S+$")
# Grammar that came after Python 3.11: template strings, `type X = ...`, `def f[T](x)`, `except A, B:`.
_NEWER = re.compile(r"\b[tT][rR]?['\"]|^type\s+\w+.*=|^(async\s+)?(def|class)\s+\w+\[|^except\s+[\w.]+\s*,")


@dataclass(frozen=True)
class Fault:
    """Why a kernel cannot read a cell."""

    line: int  # in the cell's source, 1-based
    words: str  # what Python says
    text: str  # the line as written
    automagic: bool = False  # a magic without its per cent sign that stands beside other lines


@dataclass
class AsRun:
    """A cell's Python with its magics named apart."""

    python: str = ""  # empty where the cell is in another language
    magics: list[Magic] = field(default_factory=list)
    fault: Fault | None = None
    followed: bool = True  # False: what the cell does to names cannot be told


def read_as_run(source: str, shadowed: frozenset[str] = frozenset()) -> AsRun:
    """What a kernel makes of a cell's source.

    Args:
        source: the cell.
        shadowed: names the notebook has bound above; a variable named `ls` is no magic.
    """
    if _compiles(source) is None and not _is_automagic_line(source, shadowed) and not PROMPT.match(source):
        return AsRun(source)
    from IPython.core.inputtransformer2 import TransformerManager, leading_indent

    lines = source.splitlines(keepends=True) or [""]
    if not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    manager = TransformerManager()
    read = _read_cleaned(lines, manager.cleanup_transforms, shadowed)
    if read.fault is None:
        return read
    older = [_without_first_indent if one is leading_indent else one for one in manager.cleanup_transforms]
    taken = _read_cleaned(lines, older, shadowed)
    return taken if taken.fault is None else read


def _read_cleaned(lines: list[str], cleanups: Sequence[Any], shadowed: frozenset[str]) -> AsRun:
    """A cell behind the steps by which IPython takes off empty lines, indentation and prompts, in their order."""
    cleaned = lines
    for cleanup in cleanups:
        cleaned = cleanup(cleaned)
    skipped = len(lines) - len(cleaned)
    read = _read(cleaned, shadowed)
    if skipped:
        read.python = "\n" * skipped + read.python
        read.magics = [_moved(magic, skipped) for magic in read.magics]
        if read.fault is not None:
            read.fault = _fault_at(read.fault, skipped)
    return read


def _without_first_indent(lines: list[str]) -> list[str]:
    """The indentation of the first line taken from every line that has it, as IPython did up to version 8."""
    space = re.match(r"[ \t]*", lines[0])[0] if lines else ""  # type: ignore[index]
    return [line.removeprefix(space) for line in lines] if space else lines


def _moved(magic: Magic, down: int) -> Magic:
    return Magic(line=magic.line + down, name=magic.name, text=magic.text, fate=magic.fate)


def _fault_at(fault: Fault, down: int) -> Fault:
    return Fault(fault.line + down, fault.words, fault.text, fault.automagic)


def _read(lines: list[str], shadowed: frozenset[str]) -> AsRun:
    if lines and lines[0].startswith("%%") and not re.match(r"%%\w+\?", lines[0]):
        return _cell_magic(lines, shadowed)
    source = "".join(lines)
    if _is_automagic_line(source, shadowed):
        read = AsRun()
        read.python = _python_of("%" + source.strip(), 1, False, read) + "\n"
        return read
    read = AsRun()
    plain = _line_magics(lines, read)
    read.python = "".join(plain)
    if (error := _compiles(read.python)) is not None:
        read.fault = _fault(error, lines, shadowed)
        read.python, read.followed = "", False
    return read


def _magic(line: int, name: str, text: str) -> Magic:
    return Magic(line=line, name=name, text=text.strip(), fate=MagicFate.GONE)


def _cell_magic(lines: list[str], shadowed: frozenset[str]) -> AsRun:
    """The cell under a cell magic: its Python where the magic runs it, else what can be read of it."""
    name = lines[0][2:].strip().partition(" ")[0]
    own = _magic(1, f"%%{name}", lines[0])
    body = lines[1:]
    if name in RUN_THEIR_BODY:
        inner = read_as_run("".join(body), shadowed)
        inner.python = "\n" + inner.python
        inner.magics = [own, *(_moved(magic, 1) for magic in inner.magics)]
        if inner.fault is not None:
            inner.fault = _fault_at(inner.fault, 1)
        return inner
    if name in _BIND_NOTHING:
        return AsRun("", [own])
    text = "" if name in _OTHER_LANGUAGES else "".join(body)  # x <- 1 would be Python
    return AsRun("\n" + text if _compiles(text) is None else "", [own], followed=False)


def _line_magics(lines: list[str], read: AsRun) -> list[str]:
    """The lines with every escaped line and help request replaced by Python that binds what it binds."""
    from IPython.core import inputtransformer2 as grammar

    kinds = (grammar.MagicAssign, grammar.SystemAssign, grammar.EscapedCommand, grammar.HelpEnd)
    for _ in range(_LONGEST_LOOP):
        if _compiles("".join(lines)) is None:
            break
        before = lines
        try:
            for logical in reversed(grammar.make_tokens_by_line(lines)):  # from below: what is above keeps its place
                found = [one for kind in kinds if (one := kind.find([logical])) and _is_taken(one, lines)]
                if found:
                    first = min(found, key=lambda f: (f.start_line, f.start_col, f.priority))
                    lines = _replaced(first, lines, read)
        except (SyntaxError, ValueError, RecursionError):  # indentation that goes back to nowhere
            break
        if lines is before:
            break
    read.magics.sort(key=lambda magic: magic.line)
    return lines


def _is_taken(found: Any, lines: list[str]) -> bool:
    """Whether IPython takes what looks like an escape or a help request for one: `word'?` is none."""
    try:
        found.transform(list(lines))
    except (SyntaxError, AssertionError, AttributeError):
        return False
    return True


def _replaced(found: Any, lines: list[str], read: AsRun) -> list[str]:
    from IPython.core import inputtransformer2 as grammar

    start, column = found.start_line, found.start_col
    before = lines[start][:column]
    assigned = isinstance(found, (grammar.MagicAssign, grammar.SystemAssign))
    if isinstance(found, grammar.HelpEnd):
        end = found.q_line
        text = "".join(lines[start : end + 1])[column:]
        read.magics.append(_magic(start + 1, "?", text))
        python = "pass"
    else:
        end = grammar.find_end_of_continued_line(lines, start)
        text = grammar.assemble_continued_line(lines, (start, column), end)
        end, text = _to_the_bracket(lines, start, column, end, text)
        python = _python_of(text.strip(), start + 1, assigned, read)
    blank = ["\n"] * (end - start - python.count("\n"))
    return [*lines[:start], f"{before}{python}\n", *blank, *lines[end + 1 :]]


def _python_of(text: str, line: int, assigned: bool, read: AsRun) -> str:
    """What stands for an escaped line: the Python it runs, else `None` for an answer and `pass` for none."""
    nothing = "None" if assigned else "pass"
    if text[:1] in ",;/":  # auto-call and auto-quote
        from IPython.core.inputtransformer2 import tr

        return str(tr[text[0]](text[1:]))
    if not text.startswith("%") or text.startswith("%%"):
        read.magics.append(_magic(line, text[:1], text))
        return nothing
    name = text[1:].strip().partition(" ")[0]
    read.magics.append(_magic(line, f"%{name}", text))
    if name in _RUN_THEIR_LINE:
        return _run_line(text[1:], nothing)
    setting = re.match(r"%\s*(?:env|set_env)\s+(\w+)\s*[= ]\s*(\S.*)", text)
    return f"__import__('os').environ[{setting[1]!r}] = {setting[2]!r}" if setting and not assigned else nothing


def _run_line(text: str, nothing: str = "pass") -> str:
    """The Python that `time x = f(y)` runs."""
    rest = text.strip().partition(" ")[2].strip()
    while (option := re.match(r"-\w+(?:\s+|$)(?:[^\s=(]+\.\w+\s+)?", rest)) is not None:
        rest = rest[option.end() :]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(rest).body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return nothing
    if not body or (nothing == "None" and not (len(body) == 1 and isinstance(body[0], ast.Expr))):
        return nothing
    return rest


def _to_the_bracket(lines: list[str], start: int, column: int, end: int, text: str) -> tuple[int, str]:
    """A %time or %timeit whose statement goes on over lines, as older notebooks write it."""
    name, _, rest = text[1:].strip().partition(" ")
    if name not in ("time", "timeit") or _compiles(rest) is None:
        return end, text
    for last in range(end + 1, min(end + 30, len(lines))):
        longer = "".join([lines[start][column:], *lines[start + 1 : last + 1]]).rstrip("\n")
        if _compiles(longer[1:].strip().partition(" ")[2]) is None:
            return last, longer
    return end, text


_FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


def _compiles(source: str) -> SyntaxError | None:
    """What stops IPython from compiling a cell's text; None where nothing does, or where it cannot be told.

    IPython parses the whole cell, then compiles statement by statement: `from __future__` may stand in its middle.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                compile(source, "cell", "exec", _FLAGS, dont_inherit=True)
            except SyntaxError:
                tree = compile(source, "cell", "exec", _FLAGS | ast.PyCF_ONLY_AST, dont_inherit=True)
                for node in tree.body:
                    compile(ast.Module([node], []), "cell", "exec", _FLAGS, dont_inherit=True)
    except SyntaxError as error:
        return error
    except ValueError as error:
        return SyntaxError(str(error))
    except (MemoryError, RecursionError):
        return None
    return None


def _fault(error: SyntaxError, lines: list[str], shadowed: frozenset[str]) -> Fault:
    line = min(max(error.lineno or 1, 1), max(len(lines), 1))
    text = lines[line - 1].strip() if lines else ""
    bare = bool(_BARE.match(text)) and begins_with_magic(text, shadowed)
    return Fault(line, error.msg, text, automagic=bare)


def _is_automagic_line(source: str, shadowed: frozenset[str]) -> bool:
    """Whether IPython takes a cell of one line for a magic that is written without its per cent sign."""
    return len(source.splitlines()) == 1 and begins_with_magic(source.strip(), shadowed)


def begins_with_magic(text: str, shadowed: frozenset[str] = frozenset()) -> bool:
    """IPython's rule: the first word is a magic's name and no variable's, and no assignment follows."""
    from IPython.core.splitinput import LineInfo

    words = text.split(maxsplit=1)
    if not words or re.match(r"[^\W\d]\w*", words[0]) is None:
        return False
    line = LineInfo(text.split("\n")[0])
    return line.ifun in AUTOMAGIC and line.ifun not in shadowed and line.the_rest[:1] not in ("=", ",", "?")


def stated_version(written: Mapping[str, Any]) -> tuple[int, ...] | None:
    """The version of Python a notebook was saved with: (3, 12); None where it says nothing."""
    metadata = written.get("metadata")
    metadata = metadata if isinstance(metadata, Mapping) else {}
    info, spec = metadata.get("language_info"), metadata.get("kernelspec")
    version = str(info.get("version") or "") if isinstance(info, Mapping) else ""
    if match := re.match(r"(\d+)(?:\.(\d+))?", version):
        return tuple(int(part) for part in match.groups() if part)
    name = str(spec.get("name") or "") if isinstance(spec, Mapping) else ""
    shown = str(spec.get("display_name") or "") if isinstance(spec, Mapping) else ""
    if match := re.match(r"python\s*([23])(?:\.(\d+))?", f"{name.lower()}") or re.match(
        r"python\s*([23])(?:\.(\d+))?", shown.lower()
    ):
        return tuple(int(part) for part in match.groups() if part)
    return None


def is_python_2(source: str) -> bool:
    """Whether a cell that is no Python 3 looks like Python 2."""
    return any(_PYTHON_2.search(line) for line in source.split("\n"))


def may_be_newer(fault: Fault) -> bool:
    """Whether a later Python than this one may read the line: its grammar has grown since."""
    return fault.words.startswith("f-string") or bool(_NEWER.search(fault.text))
