"""Shell lines, cells that a program reads and %run as plain Python: each becomes a process or a script that runs."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from .carried import Carried, words_of
from .scopes import bound_in

INSTALL = re.compile(
    r"^\s*(?:sudo\s+)?(?:python3?\s+-m\s+|\{?sys\.executable\}?\s+-m\s+)?(pip3?|conda|mamba|uv\s+pip)\s+install\b"
)
_BASH = re.compile(  # what a plain sh does not know
    r"\{[^{}\s]*(?:,|\.\.)[^{}\s]*\}|\[\[|<\(|>\(|<<<|&>|\|&|\$'|\bsource\s|\bfunction\s|\bpipefail\b"
    r"|\$\{\w+(?:/|\^|,|\[)|\$\{[#!]|\b(?:declare|let|pushd|popd|shopt|mapfile|readarray)\s|(?<!\$)\(\(|\w=\("
    r"|\[\s[^\]]*==|\$(?:RANDOM|SECONDS|E?UID|HOSTNAME|BASH\w*|OSTYPE)\b|\bprintf\s+-v|\bread\s+-[^r\s]"
)
_BASH_ECHO = re.compile(
    r"\becho\s+(?:-\w*e|[^|;&]*\\)|\bprintf\s[^|;&]*\\[xuU]"
)  # in quotes as well: a plain sh turns \t into a tab there


def script_cell(name: str, rest: str, body: str, carried: Carried) -> str:
    """A cell that a program reads: IPython hands it over on the program's input and raises when it fails.

    In UTF-8 both ways, whatever the locale, and with every \\r as it is.
    """
    kept, options = _script_options(words_of(rest))
    if options.keys() & {"bg", "proc"}:
        carried.problems.append((1, f"%%{name} --bg leaves a program running behind"))
    carried.needs += ["subprocess", "shlex"]
    out, err = options.get("out"), options.get("err")
    program_words = [] if name == "script" else [name]

    def build(text: Callable[[str], str]) -> str:
        if text is repr or options:
            program = f"[{', '.join(map(text, [*program_words, *kept]))}]"
        else:  # split when it is expanded, as IPython does
            program = f"[{''.join(f'{w!r}, ' for w in program_words)}*shlex.split({text(rest)})]"
        check = "no_raise_error" not in options
        if out and err:
            popen = f"subprocess.Popen({program}, {_pipes('stdin', 'stdout', 'stderr')})"
            return f"(read.decode(errors='replace') for read in {popen}.communicate({body!r}.encode()))"
        stream = "stdout" if out else "stderr" if err else ""
        if not stream:
            return f"subprocess.run({program}, input={body!r}, encoding='utf-8', check={check})"
        called = f"subprocess.run({program}, input={body!r}.encode(), check={check}, {_pipes(stream)})"
        return f"{called}.{stream}.decode(errors='replace')"

    target = ", ".join(n for n in (out, err) if n)
    return f"{target} = {carried.later(rest, build)}\n" if target else f"{carried.later(rest, build)}\n"


def _pipes(*streams: str) -> str:
    return ", ".join(f"{stream}=subprocess.PIPE" for stream in streams if stream)


def _script_options(words: list[str]) -> tuple[list[str], dict[str, str]]:
    """The program's own words, and the options that are IPython's."""
    kept: list[str] = []
    found: dict[str, str] = {}
    waiting = ""
    for word in words:
        option, mark, value = word.partition("=")
        if waiting:
            found[waiting], waiting = word, ""
        elif option in ("--out", "--err", "--proc"):
            found[option[2:]] = value
            waiting = "" if mark else option[2:]
        elif word in ("--bg", "--no-raise-error"):
            found[word[2:].replace("-", "_")] = "yes"
        else:
            kept.append(word)
    return kept, found


def file_opened(rest: str, text: Callable[[str], str]) -> str:
    """`%%writefile -a {stem}.txt` as a call that opens the file."""
    words = words_of(rest)
    mode = "a" if any(w in ("-a", "--append") for w in words) else "w"
    target = next((w for w in reversed(words) if not w.startswith("-")), "out.txt")
    home = ".expanduser()" if target.startswith("~") else ""
    return f"pathlib.Path({text(target)}){home}.open({mode!r}, encoding='utf-8')"


def script_run(rest: str, line: int, carried: Carried) -> str:
    """`%run names.py`: the script runs in a namespace of its own, and what the notebook reads of it is bound."""
    words = words_of(rest.split("#")[0])
    folder = carried.reading.folder
    if len(words) != 1 or words[0].startswith("-") or folder is None:
        carried.problems.append((line, f"%run {rest} shares names or arguments that cannot be followed"))
        return ""
    name = words[0] if words[0].endswith(".py") else f"{words[0]}.py"
    try:
        tree = ast.parse((folder / name).read_text("utf-8"))
    except (OSError, ValueError, SyntaxError, RecursionError):
        carried.problems.append((line, f"%run {rest}: {name} is no Python script beside the notebook"))
        return ""
    bound = {n for n in bound_in(tree.body)[0] if not n.startswith("_")}
    wanted = sorted(bound & carried.reading.words)
    carried.needs.append("runpy")
    called = f"runpy.run_path({name!r}, run_name='__main__')"
    if not wanted:
        return called
    if len(wanted) == 1:
        return f"{wanted[0]} = {called}[{wanted[0]!r}]"
    return f"{', '.join(wanted)} = map({called}.get, {tuple(wanted)!r})"


def shell_command(command: str, line: int, carried: Carried, *, output: bool) -> str:
    """A shell command as a subprocess; with `output` the lines that it prints, errors among them, as IPython has it.

    Bytes that the locale's encoding has not are replaced, as IPython does it.
    """
    carried.needs += ["subprocess", "shutil"] if output else ["subprocess"]
    is_bash = bool(_BASH.search(re.sub(r"'[^']*'", "", command)) or _BASH_ECHO.search(command))

    def build(text: Callable[[str], str]) -> str:
        if output:  # what a shell itself says (that there is no such command) is among the lines, each in its words
            how = "shell=True, executable=shutil.which('bash'), check=False"
            pipes = "stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors='replace'"
            return f"subprocess.run({text(command)}, {how}, {pipes}).stdout.splitlines()"
        how = "check=False" if is_bash else "shell=True, check=False"
        what = f"['bash', '-c', {text(command)}]" if is_bash else text(command)
        return f"subprocess.run({what}, {how})"

    return carried.later(command, build, shell=True, line=line)


def installed(command: str) -> tuple[str, ...]:
    """The packages that an install line names: `pip install -q umap-learn==0.5` gives umap-learn==0.5."""
    words = words_of(command.split("#")[0])
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
