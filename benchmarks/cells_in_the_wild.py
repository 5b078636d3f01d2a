"""Generated cells in IPython's grammar: what a real shell does, held against check, plan and package.

    python -m benchmarks.cells_in_the_wild [--cells 5000] [--seed 1] [--no-package]

Small notebooks are drawn from a grammar of magics, shell forms, expansions, help, automagic, indentation, continuation
lines, comments and nesting. Each is run in a real InteractiveShell in a folder of its own, read by the checks, and
turned into a package that is run beside it. Cells with a character lost or doubled are never run: only whether the
shell can compile them is held against MLE713. The shell commands drawn are echo, printf, cat, ls, wc, head and mkdir.

They disagree where
- a cell compiles in the shell and the check calls it broken, or the other way round;
- the check names a ghost and the shell stops there for no want of that name;
- the package has another value, or other lines printed, than the shell, and its plan left nothing out.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import importlib
import io
import json
import os
import random
import re
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mlee_jupyter.convert.health import notebook_facts
from mlee_jupyter.domain import NotebookFacts
from mlee_jupyter.errors import MleeError
from mlee_jupyter.guardrails.mle702_ghost_name import _ghosts

NAMES = ("a", "b", "prix", "rows", "k2", "total", "ls_", "data", "out", "word")
PLAIN = (int, float, str, bool, list, tuple, dict, set, type(None))


@dataclass
class Draw:
    """Draws cells; remembers which names are numbers and which are lists of texts by now."""

    dice: random.Random
    numbers: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def one(self, *choices: str) -> str:
        return self.dice.choice(choices)

    def new(self) -> str:
        return self.dice.choice(NAMES)

    def number(self) -> str:
        known = self.dice.choice(self.numbers) if self.numbers and self.dice.random() < 0.7 else ""
        return known or str(self.dice.randint(0, 9))

    def word(self) -> str:
        """Something that a shell line may hold."""
        known = self.dice.choice(self.numbers) if self.numbers else "7"
        return self.one(
            "plain", "'two words'", '"$HOME_OF_NOBODY"', f"{{{known}}}", f"${known}", f"{{{known} + 1}}", "{x,y}", "$$",
            "data/{u,v}/w", "100%", "a{b", "'{c}'", "*.none", "~", "\\$x", "${known}", "{{a}}", "$(echo z)", "#no",
            "a;", "é",
        )  # fmt: skip

    def command(self) -> str:
        return self.one(
            f"echo {self.word()}", f"echo {self.word()} {self.word()}", "printf 'a\\nb\\n'", "echo one | wc -l",
            "mkdir -p made/{p,q}", "ls", "printf 'x\\n' > made.txt", "cat /dev/null", "echo a && echo b",
            "head -1 /dev/null", f"echo {self.word()} # comment",
        )  # fmt: skip

    def bind(self, name: str, kind: str = "numbers") -> str:
        for known in (self.numbers, self.texts):
            if name in known:
                known.remove(name)
        getattr(self, kind).append(name)
        return name

    def python(self) -> str:
        """One plain statement."""
        value = self.number()
        name = self.new()
        made = self.one(
            f"{name} = {value} + {self.number()}",
            f"{name} = sum([q * 2 for q in range({value})])",
            f"{name} = (w := {value}) + w",
            f"{name}, other = {value}, {self.number()}",
            f"{name} = 0\nfor i in range(3):\n    {name} += i",
            f"def f(x, y={value}):\n    return x + y\n{name} = f(1)",
            f"{name} = [z for z in (1, 2, 3) if z > {value} % 3][-1:] == []",
            f"try:\n    {name} = int('{value}')\nexcept ValueError as fault:\n    {name} = 0",
            f"match {value}:\n    case 0 | 1:\n        {name} = 1\n    case int() as m:\n        {name} = m",
            f"class Box:\n    size = {value}\n    half = size / 2\n{name} = Box.half",
            f"with open('note.txt', 'w') as note:\n    {name} = note.write('abc')",
            f"{name} = (lambda t: t + {value})(1)",
            f"import math\n{name} = math.floor({value} + 0.5)",
            f"{name} = {value} if {self.number()} else 3; print({name})",
            f"{name} = max(\n    {value},\n    2,  # why\n)",
            f"gone = {value}\n{name} = gone\ndel gone",
            f"{name} = {{j: j for j in range(2)}}[1]",
            f"while True:\n    {name} = {value}\n    break",
            f"@staticmethod\ndef g(): return {value}\n{name} = g()",
        )
        self.bind(name)
        return made

    def magic(self) -> str:
        """One line that is no Python."""
        name, value = self.new(), self.number()
        kind = self.dice.randrange(24)
        if kind in (0, 1):
            return f"!{self.command()}"
        if kind == 2:
            return f"! {self.command()}"
        if kind == 3:
            return f"!!{self.command()}"
        if kind in (4, 5):
            line = f"{name} = !{self.command()}"
            self.bind(name, "texts")
            return line
        if kind == 6:
            return f"%time {self.bind(name)} = {value}"
        if kind == 7:
            return f"%time {self.one('', '# the note', f'{value} + 1')}"
        if kind == 8:
            self.bind(name, "texts")
            return f"{name} = %timeit -n1 -r1 -q -o {value} + 1"
        if kind == 9:
            return f"%timeit -n1 -r1 -q {value} + 1"
        if kind == 10:
            self.bind(name, "texts")
            return f"{name} = %pwd"
        if kind == 11:
            return f"%env WILD_{name.upper()}={self.one('1', 'two words', '/x/y')}"
        if kind == 12:
            self.bind(name, "texts")
            return f"import os\nos.environ['WILD'] = '1'\n{name} = %env WILD"
        if kind == 13:
            return self.one(
                "%precision 3", "%precision", "%who_ls", "%xmode Plain", "%config Application.log_level = 30"
            )
        if kind == 14:
            return self.one("len?", "?len", "len??", "?print", "%time?", f"{name} = 1\n{name}?", "str.spli*?")
        if kind == 15:
            return self.one(
                "%load_ext autoreload", "%reload_ext autoreload", "%autoreload 0", "%cd .", "%cd -q .", "%pwd"
            )
        if kind == 16:
            return f"%sx {self.command()}"
        if kind == 17:
            return f"!echo one \\\n  two \\\n  {self.one('three', '{x,y}')}"
        if kind == 18:
            return self.one(f",print {name} {name}", f";print {name} more", "/print 1")
        if kind == 19:
            self.bind(name, "texts")
            return f"{name} = %sx {self.command()}"
        if kind == 20:
            return f"%%time {value}" if self.dice.random() < 0.02 else "%matplotlib -l"
        if kind == 21:
            return f"%system {self.command()}"
        if kind == 22:
            self.bind(name, "texts")
            return f"{name} = get_ipython().getoutput('echo q')"
        return f"    !{self.command()}".lstrip()

    def nested(self) -> str:
        """Magics and Python inside a block."""
        head = self.one("if True:", "for _k in range(2):", "with open('n.txt', 'w') as _h:", "try:", "while True:")
        body = []
        for _ in range(self.dice.randint(1, 2)):
            known = list(self.numbers), list(self.texts)
            value = self.number()
            part = self.magic() if self.dice.random() < 0.7 else f"{self.bind(self.new())} = {value}"
            if "\n" not in part and part[0] not in ",;/?" and "?" not in part:
                body.append("    " + part)
            else:
                self.numbers, self.texts = known
        body = body or ["    pass"]
        if head == "while True:":
            body.append("    break")
        tail = ["except ValueError:", "    pass"] if head == "try:" else []
        return "\n".join([head, *body, *tail])

    def cell(self) -> str:
        """A whole cell."""
        kind = self.dice.random()
        name, number = self.new(), self.number()
        if kind < 0.05:
            return self.one(
                "ls", "pwd", "cd .", "ls -1", "who_ls", f"time {name} = {number}", "  pwd", "ls | wc -l", "cat note.txt"
            )
        if kind < 0.10:
            body = self.python()
            self.bind(name, "texts")
            return f"%%capture {name}\n{body}\nprint('held')"
        if kind < 0.15:
            return f"%%time\n{self.lines()}"
        if kind < 0.19:
            self.bind(name, "texts")
            return (
                f"%%{self.one('bash', 'sh', 'script bash')} --out {name}\n"
                f"{self.one('echo hello', 'for i in 1 2; do echo $i; done', 'printf b')}"
            )
        if kind < 0.22:
            return (
                f"%%{self.one('bash', 'sh')}\n"
                f"{self.one('echo hello', 'x=1; echo $x {a,b}', 'if true; then echo yes; fi')}"
            )
        if kind < 0.25:
            return f"%%writefile part.py\n{name} = 5\nprint('part')"
        if kind < 0.28:
            return f"%%{self.one('html', 'latex', 'markdown', 'javascript')}\n<b>it's {{not}} Python"
        if kind < 0.31:
            return f"%%capture\n%%time\n{self.python()}"
        if kind < 0.33:
            return "\n".join(
                ">>> " + self.python().split("\n")[0] if "\n" not in (p := self.python()) else p for _ in range(1)
            )
        text = self.lines()
        if kind < 0.40:
            text = "\n".join("    " + line if line else line for line in text.split("\n"))
        elif kind < 0.44:
            text = "\n\n" + text
        elif kind < 0.50:
            text = "# a comment\n" + text + "\n# the end"
        return text

    def lines(self) -> str:
        parts = []
        for _ in range(self.dice.randint(1, 4)):
            kind = self.dice.random()
            parts.append(self.python() if kind < 0.5 else self.magic() if kind < 0.85 else self.nested())
        if self.dice.random() < 0.3 and self.numbers:
            parts.append(f"print({self.dice.choice(self.numbers)})")
        if self.dice.random() < 0.06:
            parts.append(f"print(ghost_{self.dice.randint(1, 3)})")
        return "\n".join(parts)


def spoiled(cell: str, dice: random.Random) -> str:
    """A cell with a character lost, doubled or turned; it is never run."""
    if not cell:
        return cell
    place = dice.randrange(len(cell))
    how = dice.randrange(4)
    if how == 0:
        return cell[:place] + cell[place + 1 :]
    if how == 1:
        return cell[:place] + cell[place] + cell[place:]
    if how == 2:
        return cell[:place] + dice.choice("()[]{}'\"%!?:=\\ \n#") + cell[place:]
    lines = cell.split("\n")
    line = dice.randrange(len(lines))
    lines[line] = dice.choice(["  ", "    ", ""]) + lines[line].lstrip()
    return "\n".join(lines)


class RealShell:
    """IPython's own InteractiveShell: what it compiles, and what running leaves behind."""

    def __init__(self) -> None:
        from IPython.core.interactiveshell import InteractiveShell

        self.shell = InteractiveShell.instance()
        self.shell.history_manager.enabled = False  # type: ignore[union-attr]
        self.shell.set_hook("show_in_pager", lambda *_, **__: None)
        self.shell.user_ns_hidden["_wild"] = None

    def compiles(self, cell: str) -> bool:
        """Whether the shell can compile a cell, as `run_cell` does it: whole to a tree, then node by node."""
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        try:
            with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
                warnings.simplefilter("ignore")
                code = self.shell.transform_cell(cell)
                tree = compile(code, "cell", "exec", flags | ast.PyCF_ONLY_AST, dont_inherit=True)
                for node in tree.body:
                    compile(ast.Module([node], []), "cell", "exec", flags, dont_inherit=True)
        except (SyntaxError, ValueError):
            return False
        return not _runs_a_body(code) or self.compiles(_body_of(code))

    def run(self, cells: list[str], folder: Path) -> tuple[int, BaseException | None, dict[str, Any], str]:
        """The cell that failed (0: none), its exception, the variables, and what was printed."""
        self.shell.reset(new_session=False, aggressive=False)
        before, environment, here = set(self.shell.user_ns), dict(os.environ), os.getcwd()
        os.chdir(folder)
        try:
            with captured() as printed:
                for number, cell in enumerate(cells, start=1):
                    result = self.shell.run_cell(cell, silent=False, store_history=False)
                    if not result.success:
                        fault = result.error_before_exec or result.error_in_exec
                        return number, fault, {}, printed.text()
                text = printed.text()
            found = {n: v for n, v in self.shell.user_ns.items() if n not in before and not n.startswith("_")}
            return 0, None, found, text
        finally:
            os.chdir(here)
            os.environ.clear()
            os.environ.update(environment)


def _runs_a_body(code: str) -> bool:
    return bool(re.match(r"get_ipython\(\)\.run_cell_magic\('(time|capture|prun)'", code))


def _body_of(code: str) -> str:
    return str(ast.parse(code).body[0].value.args[2].value)  # type: ignore[attr-defined]


class captured:
    """All that goes to standard output, of this process and its children."""

    def __enter__(self) -> captured:
        sys.stdout.flush()
        self._file = tempfile.TemporaryFile()
        self._kept, self._python = os.dup(1), sys.stdout
        os.dup2(self._file.fileno(), 1)
        sys.stdout = io.TextIOWrapper(open(1, "wb", buffering=0, closefd=False), write_through=True)
        return self

    def text(self) -> str:
        """What was printed so far."""
        sys.stdout.flush()
        self._file.seek(0)
        text = self._file.read().decode(errors="replace")
        self._file.seek(0, 2)
        return text

    def __exit__(self, *_: object) -> None:
        sys.stdout = self._python
        os.dup2(self._kept, 1)
        os.close(self._kept)
        self._file.close()


def written(cells: list[str], folder: Path) -> Path:
    """The notebook as a file."""
    path = folder / "wild.ipynb"
    kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    made = [{"cell_type": "code", "source": c, "metadata": {}, "outputs": [], "execution_count": None} for c in cells]
    path.write_text(json.dumps({"cells": made, "metadata": kernel, "nbformat": 4, "nbformat_minor": 4}), "utf-8")
    return path


def check_disagrees(facts: NotebookFacts, cells: list[str], shell: RealShell) -> Iterator[str]:
    """Cells that shell and check read differently."""
    broken = {one.cell: one for one in facts.broken}
    for number, cell in enumerate(cells, start=1):
        compiles, is_broken = shell.compiles(cell), number in broken
        if compiles and is_broken:
            yield f"check calls a good cell broken ({broken[number].words}): {cell!r}"
        if not compiles and not is_broken and not _is_let_pass(cell):
            yield f"check lets a broken cell pass: {cell!r}"


def _is_let_pass(cell: str) -> bool:
    """What older shells took and the newest does not: a first line alone indented, %time over lines."""
    under = re.sub(r"^(\s*%%\w.*\n)+", "", cell)  # what a cell magic runs is a cell as well
    indented = any(re.match(r"\s*\n*[ \t]+\S", text) for text in (cell, under))
    return indented or bool(re.search(r"%time(it)?\b", cell) or re.match(r"\s*%\w", cell))


def ghosts_disagree(facts: NotebookFacts, stopped: int, fault: BaseException | None) -> Iterator[str]:
    """Ghost names that the shell knew."""
    if facts.open_names:
        return
    spots = _ghosts(facts)
    if not spots:
        return
    first = min(spots)
    if stopped and stopped < first.cell:
        return  # something else stops it before
    if not isinstance(fault, NameError) or stopped > first.cell:
        yield f"check says a fresh run stops at {first.words!r} in cell {first.cell}; the shell: {stopped} {fault!r}"


def _said(facts: NotebookFacts, stopped: int) -> str:
    if facts.open_names:
        return "nothing said, names are bound unseen"
    return "said" if any(spot.cell == stopped for spot in _ghosts(facts)) else "not said"


def package_disagrees(
    path: Path, work: Path, found: dict[str, Any], printed: str, number: int
) -> tuple[str, list[str]]:
    """What the package does otherwise: ("agrees" | "refused: why" | "says what it leaves" | "differs", how)."""
    from mlee_jupyter.convert.emit import emit
    from mlee_jupyter.convert.plan import plan_notebook

    try:
        plan = plan_notebook(path, name=f"wild_{number}")
    except MleeError as refusal:
        return f"refused: {re.sub('[0-9]+', 'N', str(refusal))[:70]}", []
    made = emit(plan, work / "package", lint=False)
    for relative, text in made.files.items():
        place = made.folder / relative
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
    here, environment = os.getcwd(), dict(os.environ)
    folder = work / "run"
    folder.mkdir()
    os.chdir(folder)
    sys.path.insert(0, str(made.folder / "src"))
    try:
        importlib.invalidate_caches()
        config = importlib.import_module(f"{plan.name}.config").load_config()
        with captured() as out:
            results = importlib.import_module(f"{plan.name}.pipeline").run(config)
            text = out.text()
    except Exception as fault:
        return "differs", [f"the package stops: {type(fault).__name__}: {fault}"[:160]]
    finally:
        sys.path.pop(0)
        os.chdir(here)
        os.environ.clear()
        os.environ.update(environment)
        for module in [m for m in sys.modules if m.partition(".")[0] == plan.name]:
            del sys.modules[module]
    original = {new: old for old, new in plan.renames.items()}
    wrong = []
    for name in plan.results:
        old = original.get(name, name)
        if old in found and isinstance(found[old], PLAIN):
            one, other = found[old], getattr(results, name)
            if str(work) not in repr(one) and (type(one).__name__ != type(other).__name__ or one != other):
                kinds = f"{type(one).__name__} {one!r} in the shell, {type(other).__name__} {other!r}"
                wrong.append(f"{old}: {kinds} in the package")
    if wrong:
        return "differs", wrong
    mine, theirs = (sorted(Counter(_lines(t)).items()) for t in (printed, text))
    return ("agrees", []) if mine == theirs else ("prints otherwise", [f"{mine} | {theirs}"[:300]])


def _lines(text: str) -> list[str]:
    kept = re.sub(r"\x1b\[[0-9;]*m|\r", "", text)
    noise = (
        r"CPU times|Wall time|^\s*$|/tmp/|^Out\[|env: |Writing |Overwriting "
        r"|^\[|^'|^\d+\.?\d*$|Available|made|note.txt|part.py|IPython.core.display|autoreload|Exception rep"
    )
    return [line for line in kept.split("\n") if not re.search(noise, line)]


def drawn(count: int, seed: int) -> Iterator[list[str]]:
    """Notebooks of three to six cells, `count` cells in all."""
    dice = random.Random(seed)
    while count > 0:
        draw = Draw(dice)
        cells = [draw.cell() for _ in range(dice.randint(3, 6))]
        count -= len(cells)
        yield cells


def held_together(count: int, seed: int, *, package: bool) -> tuple[Counter[str], list[tuple[str, str]]]:
    """All of it: how often what came out, and the disagreements with their notebooks."""
    warnings.simplefilter("ignore")
    shell, counted, wrong = RealShell(), Counter[str](), list[tuple[str, str]]()
    dice = random.Random(seed)
    for number, cells in enumerate(drawn(count, seed)):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "shell").mkdir()
            bad = [spoiled(cell, dice) for cell in cells]
            for which, texts in (("drawn", cells), ("spoiled", bad)):
                facts = notebook_facts(written(texts, folder))
                counted[f"{which} cells"] += len(texts)
                counted[f"{which} cells that no shell compiles"] += sum(not shell.compiles(c) for c in texts)
                wrong += [("check", words) for words in check_disagrees(facts, texts, shell)]
            path = written(cells, folder)
            stopped, fault, found, printed = shell.run(cells, folder / "shell")
            counted["notebooks"] += 1
            counted["notebooks that run to the end"] += not stopped
            facts = notebook_facts(path)
            wrong += [("check", f"{words} in {cells}") for words in ghosts_disagree(facts, stopped, fault)]
            if isinstance(fault, NameError):
                named = _said(facts, stopped)
                counted[f"stopped by a name: {named}"] += 1
            if package and not stopped:
                outcome, how = package_disagrees(path, folder, found, printed, number)
                counted[f"package {outcome}"] += 1
                wrong += [("package", f"{words} in {cells}") for words in how]
    return counted, wrong


def main() -> None:
    parser = argparse.ArgumentParser(description="Generated cells: a real shell against check, plan and package.")
    parser.add_argument("--cells", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-package", action="store_true")
    parser.add_argument("--most", type=int, default=40, help="disagreements to print")
    asked = parser.parse_args()
    counted, wrong = held_together(asked.cells, asked.seed, package=not asked.no_package)
    for kind, words in wrong[: asked.most]:
        print(f"{kind}: {words}\n")
    print("\n".join(f"{count:7} {what}" for what, count in sorted(counted.items())))
    print(f"{sum(kind == 'check' for kind, _ in wrong):7} disagreements of the check")
    print(f"{sum(kind == 'package' for kind, _ in wrong):7} disagreements of the package")
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
