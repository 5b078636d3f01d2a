"""Generated cells in IPython's grammar: what a real shell does, held against check, plan and package.

    python -m benchmarks.cells_in_the_wild [--cells 5000] [--seed 1] [--no-package] [--proofs N]

Small notebooks are drawn from a grammar of magics, shell forms, expansions, help, automagic, indentation, continuation
lines, comments and nesting. Each is run in a real InteractiveShell in a folder of its own, read by the checks, and
turned into a package that is run beside it. Cells with a character lost or doubled are never run: only whether the
shell can compile them is held against MLE713. `--proofs 100` proves the package of every hundredth notebook as well.

They disagree where
- a cell compiles in the shell and the check calls it broken, or the other way round;
- the check names a ghost and the shell stops there for no want of that name;
- the package, or a slice of it, has another value, or leaves other lines, files or environment variables than the
  shell, and neither was it refused nor does its plan say what it leaves out.
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
import shutil
import sys
import tempfile
import traceback
import warnings
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.short import Short
from benchmarks.wild_grammar import SCRIPT, drawn, spoiled
from mlee_jupyter.convert.health.notebook_facts import notebook_facts
from mlee_jupyter.convert.types import Plan
from mlee_jupyter.domain import NotebookFacts
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.guardrails.notebook.mle702_ghost_name import _ghosts

SHORT = Short(
    arguments=("--cells", "4"),
    columns=("how many", "of what"),
    row=r" +(\d+) (\w.*)",
    rows=8,
)

PLAIN = (int, float, str, bool, list, tuple, dict, set, type(None))
# Magics whose print is the notebook's own; what others print is theirs, and the plan lists them.
PRINTING = frozenset(
    {"time", "prun", "sx", "system", "run", "cp", "mkdir", "capture", "!", "bash", "sh", "script", "python", "python3"}
)


@dataclass(frozen=True)
class Ran:
    """What running a notebook did."""

    stopped: int  # the cell that failed; 0: none
    fault: BaseException | None
    found: dict[str, Any] = field(default_factory=dict)
    printed: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    failed_captured: bool = False  # something failed under %%capture, and the shell went on


class RealShell:
    """IPython's own InteractiveShell: what it compiles, and what running leaves behind."""

    def __init__(self) -> None:
        from IPython.core.interactiveshell import InteractiveShell

        self.shell = InteractiveShell.instance()
        self.shell.history_manager.enabled = False  # type: ignore[union-attr]
        self.shell.set_hook("show_in_pager", lambda *_, **__: None)
        self.shell.user_ns_hidden["_wild"] = None
        os.environ["SHELL"] = shutil.which("bash") or "sh"  # what packages take shell lines for
        self.shell.run_line_magic = self._line_magic  # type: ignore[method-assign]
        self.shell.run_cell_magic = self._cell_magic  # type: ignore[method-assign]

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

    def _line_magic(self, magic_name: str, line: str, _stack_depth: int = 1) -> Any:
        with contextlib.nullcontext() if magic_name in PRINTING else captured():
            return type(self.shell).run_line_magic(self.shell, magic_name, line, _stack_depth + 1)

    def _cell_magic(self, name: str, line: str, body: str) -> Any:
        with contextlib.nullcontext() if name in PRINTING else captured():
            answer = type(self.shell).run_cell_magic(self.shell, name, line, body)
        if name == "capture" and (result := self.shell.last_execution_result) is not None and not result.success:
            self.failed_captured = True
        return answer

    def run(self, cells: list[str], folder: Path) -> Ran:
        """What running the cells did, up to the first that fails."""
        self.shell.reset(new_session=False, aggressive=False)
        before, environment, here = set(self.shell.user_ns), dict(os.environ), os.getcwd()
        os.chdir(folder)
        sys.path.insert(0, "")
        self.failed_captured = False
        try:
            with captured() as printed:
                self.shell.run_cell("pass", silent=True)  # IPython's own %xdel fails in a session's first cell
                for number, cell in enumerate(cells, start=1):
                    result = self.shell.run_cell(cell, silent=True, store_history=False)
                    if not result.success:
                        fault = result.error_before_exec or result.error_in_exec
                        return Ran(number, fault)
                text = printed.text()
            found = {n: v for n, v in self.shell.user_ns.items() if n not in before and not n.startswith("_")}
            return Ran(0, None, found, text, set_in(environment), self.failed_captured)
        finally:
            sys.path.pop(0)
            os.chdir(here)
            os.environ.clear()
            os.environ.update(environment)


def set_in(environment: dict[str, str]) -> dict[str, str]:
    """The environment variables set since."""
    return {k: v for k, v in os.environ.items() if environment.get(k) != v}


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


def ghosts_disagree(facts: NotebookFacts, cells: list[str], stopped: int, fault: BaseException | None) -> Iterator[str]:
    """Ghost names that the shell knew."""
    if facts.open_names:
        return
    spots = _ghosts(facts)
    if not spots:
        return
    first = min(spots)
    if cells[first.cell - 1].lstrip().startswith("%%capture"):
        return  # it fails unseen, and the shell goes on
    if stopped and (stopped < first.cell or (stopped == first.cell and _line_of(fault) < first.line)):
        return  # something else stops it before
    if not isinstance(fault, NameError) or stopped > first.cell:
        yield f"check says a fresh run stops at {first.words!r} in cell {first.cell}; the shell: {stopped} {fault!r}"


def _line_of(fault: BaseException | None) -> float:
    """The line of its cell at which an error came up; endless where that cannot be told."""
    lines = [0]
    for frame, number in traceback.walk_tb(fault.__traceback__ if fault is not None else None):
        code = frame.f_code
        if code.co_name == "<module>" and code.co_filename.startswith("<"):
            lines.append(number + code.co_filename.startswith("<timed"))  # %%time stands above what it runs
    return max(lines) or float("inf")


def _said(facts: NotebookFacts, stopped: int) -> str:
    if facts.open_names:
        return "nothing said, names are bound unseen"
    return "said" if any(spot.cell == stopped for spot in _ghosts(facts)) else "not said"


def package_disagrees(path: Path, work: Path, ran: Ran, number: int, dice: random.Random) -> tuple[str, list[str]]:
    """How the package fares: ("agrees" | "said: what" | "differs", how).

    Held against the shell are the values, the printed lines, the files and the environment that all of the notebook
    leaves, and the values of a slice of it for some names drawn at random.
    """
    from mlee_jupyter.convert.plan.planning import plan_notebook

    try:
        plan = plan_notebook(path, name=f"wild_{number}")
    except MleeError as refusal:
        return f"said: {_kind_of(str(refusal))}", []
    made = run_package(plan, work, ran.found)
    if isinstance(made, str):
        unbound = re.search(r"NameError: name '(\w+)'", made)
        if unbound and any(f"reads {unbound[1]}, which nothing" in note for note in plan.notes):
            return "said: a name that nothing binds", []
        if ran.failed_captured and any(note.startswith("an error under %%capture") for note in plan.notes):
            return "said: an error under %%capture", []
        return "differs", [made]
    wrong = _values_differ(plan, made, ran)
    mine, theirs = (Counter(_lines(one.printed, place)) for one, place in ((ran, "shell"), (made, plan.name)))
    if mine != theirs:
        captured_too = any("%%capture" in note for note in plan.notes) and not mine - theirs
        if not captured_too:
            wrong.append(f"printed in the shell alone {[*(mine - theirs)]}, in the package alone {[*(theirs - mine)]}")
    if (one := files_in(work / "shell")) != (other := files_in(work / plan.name)):
        wrong.append(f"files {sorted(one.items() ^ other.items())}")
    if ran.environment != made.environment:
        wrong.append(f"environment {ran.environment} | {made.environment}")
    names = sorted(n for n, v in ran.found.items() if isinstance(v, PLAIN) and n in plan.facts.bound)
    if names and not wrong:
        chosen = tuple(dice.sample(names, min(len(names), dice.randint(1, 3))))
        wrong += [f"the slice for {chosen}: {how}" for how in _slice_differs(path, work, ran, number, chosen)]
    return ("differs", wrong) if wrong else ("agrees", [])


def _slice_differs(path: Path, work: Path, ran: Ran, number: int, chosen: tuple[str, ...]) -> list[str]:
    from mlee_jupyter.convert.plan.planning import plan_notebook

    try:
        plan = plan_notebook(path, keep_variables=chosen, name=f"sliced_{number}")
    except MleeError:
        return []
    made = run_package(plan, work, ran.found)
    return [made] if isinstance(made, str) else _values_differ(plan, made, ran)


def run_package(plan: Plan, work: Path, names: Collection[str]) -> Ran | str:
    """What a plan's package does when it runs in a folder of its own; why it stops."""
    from mlee_jupyter.convert.write.emit import emit

    made = emit(plan, work / f"{plan.name}_package", lint=False)
    for relative, text in made.files.items():
        place = made.folder / relative
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
    here, environment, folder = os.getcwd(), dict(os.environ), work / plan.name
    folder.mkdir()
    (folder / SCRIPT[0]).write_text(SCRIPT[1], "utf-8")
    os.chdir(folder)
    sys.path.insert(0, str(made.folder / "src"))
    try:
        importlib.invalidate_caches()
        configured = "config.toml" in made.files
        given = [importlib.import_module(f"{plan.name}.config").load_config()] if configured else []
        with captured() as out:
            results = importlib.import_module(f"{plan.name}.pipeline").run(*given)
            text = out.text()
        found = {n: getattr(results, n) for n in plan.results}
        return Ran(0, None, found, text, set_in(environment))
    except Exception as fault:
        return f"the package stops: {type(fault).__name__}: {fault}"[:160]
    finally:
        sys.path.pop(0)
        os.chdir(here)
        os.environ.clear()
        os.environ.update(environment)
        for module in [m for m in sys.modules if m.partition(".")[0] == plan.name]:
            del sys.modules[module]


def _values_differ(plan: Plan, made: Ran, ran: Ran) -> list[str]:
    original = {new: old for old, new in plan.renames.items()}
    wrong = []
    for name, other in made.found.items():
        old = original.get(name, name)
        one = ran.found.get(old, other)
        if not isinstance(one, PLAIN):
            continue
        told, got = (_told(value, place) for value, place in ((one, "shell"), (other, plan.name)))
        if told != got:
            wrong.append(f"{old}: {told} in the shell, {got} in the package")
    return wrong


def _told(value: Any, place: str) -> str:
    """A value with its kind; IPython's list of lines is a list, and each side's folder is called alike."""
    kind = "list" if type(value).__name__ == "SList" else type(value).__name__
    return f"{kind} {value!r}".replace(f"/{place}", "/HERE")


def files_in(folder: Path) -> dict[str, str]:
    """Every file and folder below one, with its text."""
    paths = [p for p in folder.rglob("*") if "__pycache__" not in p.parts]
    return {str(p.relative_to(folder)): p.read_text("utf-8") if p.is_file() else "" for p in sorted(paths)}


# Times, and what programs say on standard error, which IPython's terminal mixes with their output.
_NOT_HELD = re.compile(r"CPU times: |Wall time: |(/\S*/)?(ba|da)?sh: |\w+: [^:]+: No such file or directory$")


def _lines(text: str, place: str) -> list[str]:
    kept = re.sub(r"\x1b\[[0-9;]*m|\r", "", text).replace(f"/{place}", "/HERE")
    stripped = [line.strip() for line in kept.split("\n")]  # %prun puts a blank before what is printed next
    return [line for line in stripped if line and not _NOT_HELD.match(line)]


def _kind_of(refusal: str) -> str:
    words = re.sub(r"`[^`]*`", "`...`", refusal.splitlines()[0])
    words = re.sub(r"\$\w+|(?<=reads )[\w.]+|(?<=%)(run|cd|cell) .*(?= shares| needs)", "X", words)
    return re.sub(r"\d+", "N", words)[:90]


def proven(cells: list[str], work: Path, number: int) -> str:
    """The verdict of a whole proof of a package, in processes of its own; or why there is none."""
    from mlee_jupyter.convert.package import package

    folder = work / "proof"
    folder.mkdir()
    (folder / SCRIPT[0]).write_text(SCRIPT[1], "utf-8")
    try:
        outcome = package(written(cells, folder), folder / "made", name=f"proven_{number}")
    except MleeError as refusal:
        return str(refusal)
    return str(outcome.verdict)


def held_together(
    count: int, seed: int, *, package: bool, proofs: int = 0
) -> tuple[Counter[str], Counter[tuple[str, str]], list[tuple[str, str]]]:
    """All of it: how often what came out, how each form fared, and the disagreements with their notebooks."""
    warnings.simplefilter("ignore")
    shell, counted, wrong = RealShell(), Counter[str](), list[tuple[str, str]]()
    fared = Counter[tuple[str, str]]()
    dice = random.Random(seed)
    for number, (cells, forms) in enumerate(drawn(count, seed)):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "shell").mkdir()
            for place in (folder, folder / "shell"):
                (place / SCRIPT[0]).write_text(SCRIPT[1], "utf-8")
            bad = [spoiled(cell, dice) for cell in cells]
            for which, texts in (("drawn", cells), ("spoiled", bad)):
                facts = notebook_facts(written(texts, folder))
                counted[f"{which} cells"] += len(texts)
                counted[f"{which} cells that no shell compiles"] += sum(not shell.compiles(c) for c in texts)
                wrong += [("check", words) for words in check_disagrees(facts, texts, shell)]
            path = written(cells, folder)
            ran = shell.run(cells, folder / "shell")
            counted["notebooks"] += 1
            counted["notebooks that run to the end"] += not ran.stopped
            facts = notebook_facts(path)
            wrong += [
                ("check", f"{words} in {cells}") for words in ghosts_disagree(facts, cells, ran.stopped, ran.fault)
            ]
            if isinstance(ran.fault, NameError):
                named = _said(facts, ran.stopped)
                counted[f"stopped by a name: {named}"] += 1
            elif ran.stopped:
                counted[f"stopped by {type(ran.fault).__name__}: {str(ran.fault)[:60]}"] += 1
            if package and not ran.stopped:
                outcome, how = package_disagrees(path, folder, ran, number, dice)
                counted[f"package {outcome}"] += 1
                fared.update((form, outcome.partition(":")[0]) for form in forms)
                wrong += [("package", f"{words} in {cells}") for words in how]
                if proofs and outcome == "agrees" and not number % proofs:
                    verdict = proven(cells, folder, number)
                    counted[f"proof {verdict[:80]}"] += 1
                    wrong += [("package", f"the proof says {verdict} of {cells}")] if verdict != "identical" else []
    return counted, fared, wrong


def main() -> None:
    os.environ["PATH"] = os.pathsep.join(
        [str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]
    )  # python
    parser = argparse.ArgumentParser(description="Generated cells: a real shell against check, plan and package.")
    parser.add_argument("--cells", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-package", action="store_true")
    parser.add_argument("--proofs", type=int, default=0, help="prove every so manieth notebook's package")
    parser.add_argument("--most", type=int, default=40, help="disagreements to print")
    asked = parser.parse_args()
    counted, fared, wrong = held_together(asked.cells, asked.seed, package=not asked.no_package, proofs=asked.proofs)
    for kind, words in wrong[: asked.most]:
        print(f"{kind}: {words}\n")
    print("\n".join(f"{count:7} {what}" for what, count in sorted(counted.items())))
    if fared:
        outcomes = ("agrees", "said", "differs")
        print("\n" + "".join(f"{one:>8}" for one in outcomes) + "  notebooks with")
        for form in sorted({form for form, _ in fared}):
            print("".join(f"{fared[form, one]:8}" for one in outcomes) + f"  {form}")
        print()
    print(f"{sum(kind == 'check' for kind, _ in wrong):7} disagreements of the check")
    print(f"{sum(kind == 'package' for kind, _ in wrong):7} disagreements of the package")
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
