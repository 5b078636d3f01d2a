"""The child process of the proof: runs a notebook's cells, or a package, and leaves nodes behind.

`main(JOB_FOLDER)` reads job.json; it leaves progress.txt, values.json and values.bin there.

The notebook's cells run statement by statement in an IPython shell, in a `__main__` of their own; figures are closed at
the end of each cell, as the inline backend does. Magics that only measure or set up a display run what they hold.
"""

from __future__ import annotations

import builtins
import contextlib
import importlib.abc
import importlib.util
import io
import json
import os
import stat
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

MOST_TEXT = 5_000_000  # characters kept of what one run prints


class Printed(io.TextIOBase):
    """Takes what is printed, told apart by what runs at the moment."""

    encoding = "utf-8"

    def __init__(self) -> None:
        self.parts: dict[str, list[str]] = {}
        self.commands: dict[str, str] = {}  # what commands wrote to the process's own output, by what ran
        self._now, self._written = "start", _size_of_output()
        self.silent = False
        self.kept = 0
        self.buffer = _Bytes(self)

    @property
    def now(self) -> str:
        """What runs at the moment."""
        return self._now

    @now.setter
    def now(self, what: str) -> None:
        end = _size_of_output()
        if end > self._written:
            piece = os.pread(1, min(end - self._written, MOST_TEXT), self._written).decode("utf-8", "replace")
            self.commands[self._now] = self.commands.get(self._now, "") + piece
        self._now, self._written = what, end

    def write(self, text: str) -> int:
        """Keep a piece of text, within bounds."""
        if not self.silent and self.kept < MOST_TEXT:
            self.parts.setdefault(self.now, []).append(text)
            self.kept += len(text)
        return len(text)

    def writable(self) -> bool:
        """It can be written to."""
        return True

    def text(self) -> dict[str, str]:
        """All that was printed, by what printed it, in order."""
        return {key: "".join(parts) for key, parts in self.parts.items()}


def _size_of_output() -> int:
    """How much commands have written; they have the process's own output, which is a file here."""
    state = os.fstat(1)
    return state.st_size if stat.S_ISREG(state.st_mode) else 0


class _Bytes(io.RawIOBase):
    def __init__(self, printed: Printed) -> None:
        self.printed = printed

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self.printed.write(bytes(content).decode("utf-8", "replace"))
        return len(content)


class Figures:
    """Every figure that is shown: its pixels, and then it is closed."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []
        self.cell = 0

    def show(self, *_: Any, **__: Any) -> None:
        """Stands for `pyplot.show`, and for the end of a cell."""
        if "matplotlib._pylab_helpers" not in sys.modules:
            return
        from matplotlib import pyplot

        from mlee_jupyter.convert.canonical_objects import pixels

        for number in pyplot.get_fignums():
            self.seen.append({"cell": self.cell, "pixels": pixels(pyplot.figure(number))})
        pyplot.close("all")


class OnImport(importlib.abc.MetaPathFinder):
    """Lets a module be changed as it is imported: `pyplot.show` replaced, stage functions watched."""

    def __init__(
        self, wanted: Callable[[str], bool], changed: Callable[[importlib.abc.Loader, str], importlib.abc.Loader]
    ) -> None:
        self.wanted, self.changed, self.busy = wanted, changed, False

    def find_spec(self, name: str, path: Sequence[str] | None, target: Any = None) -> Any:
        """The module's own way in, with its loader changed."""
        if self.busy or not self.wanted(name):
            return None
        self.busy = True
        try:
            spec = importlib.util.find_spec(name)
        finally:
            self.busy = False
        if spec is not None and spec.loader is not None:
            spec.loader = self.changed(spec.loader, name)
        return spec


def patch_pyplot(figures: Figures) -> None:
    """Replace `pyplot.show` when (and if) pyplot is imported."""

    def show(*_: Any, **__: Any) -> None:  # a plain function: pyplot writes attributes on it
        figures.show()

    def changed(loader: importlib.abc.Loader, _: str) -> importlib.abc.Loader:
        original = loader.exec_module

        def exec_module(module: Any) -> None:
            original(module)
            module.show = show

        loader.exec_module = exec_module  # type: ignore[method-assign]
        return loader

    sys.meta_path.insert(0, OnImport(lambda name: name == "matplotlib.pyplot", changed))


_WRITING = frozenset(
    {"os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown"}
    | {"os.utime", "os.setxattr", "shutil.rmtree", "shutil.move", "sqlite3.connect"}
)
_STARTING = frozenset({"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "pty.spawn"})


def guard_writes(protected: Sequence[str]) -> None:
    """Refuse to open a file of the real folder for writing, in plain words: the run works in a copy."""
    bounds = tuple(os.path.realpath(p) + os.sep for p in protected)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and _writes(arguments) and os.path.realpath(os.fsdecode(arguments[0])).startswith(bounds):
            raise PermissionError(13, "the proof works in a copy and leaves the original folder alone", arguments[0])

    sys.addaudithook(hook)


def _writes(arguments: tuple[Any, ...]) -> bool:
    mode, flags = arguments[1], arguments[2] if len(arguments) > 2 else 0
    return isinstance(arguments[0], (str, bytes)) and (
        (isinstance(mode, str) and any(c in mode for c in "wax+"))
        or bool(isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC))
    )


def guard_python(root: str, network: bool, commands: bool) -> None:
    """Where the system confines nothing: what Python itself can hold back, which is not what other programs do.

    Args:
        root: the only folder that may be written to.
        network: whether other machines may be reached.
        commands: whether any command may be started; plainly harmless ones always may.
    """
    from mlee_jupyter.convert.reaches import is_harmless

    bounds = (os.path.realpath(root) + os.sep, os.path.realpath(os.devnull))

    def outside(path: Any) -> bool:
        return isinstance(path, (str, bytes)) and not os.path.realpath(os.fsdecode(path)).startswith(bounds)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            refused = _writes(arguments) and outside(arguments[0])
        elif event in _WRITING:
            refused = any(map(outside, arguments[: 2 if event in ("os.rename", "os.link", "shutil.move") else 1]))
        elif event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
            address = arguments[1] if len(arguments) > 1 else None
            refused = not network and (not isinstance(address, (str, bytes)) or outside(address))
        elif event in _STARTING:
            words = arguments[1] if event == "subprocess.Popen" else arguments[0]
            disguised = event == "subprocess.Popen" and arguments[0] != words[0]  # the program is not the one named
            refused = not commands and (disguised or not is_harmless(words))
        else:
            return
        if refused:
            raise PermissionError(13, f"held back while the notebook is proven ({event})")

    sys.addaudithook(hook)


def no_input(*_: Any, **__: Any) -> str:
    """Nobody is there to answer."""
    raise RuntimeError("input() has nobody to ask while the notebook is proven")


def seed_generators(seed: int) -> None:
    """Begin with the same random numbers on both sides: what a notebook draws without a seed can be compared too."""
    import random

    random.seed(seed)
    with contextlib.suppress(ImportError):
        import numpy as np

        np.random.seed(seed)


def patch_display(display: Callable[..., None]) -> None:
    """Make `display` ours wherever it is imported from."""
    import IPython.display
    from IPython.core import display_functions

    for module in (IPython.display, display_functions):
        module.display = display  # type: ignore[attr-defined]
    builtins.display = display  # type: ignore[attr-defined]


def run(folder: Path) -> None:
    """Do the job that lies in a folder."""
    from mlee_jupyter.convert import confine

    job = json.loads((folder / "job.json").read_text("utf-8"))
    if (held := job.get("confine")) is not None:
        if held["level"] != confine.NONE:
            confine.enter(Path(held["root"]), held["level"], network=held["effects"])
        if held["level"] != confine.WHOLE:
            guard_python(held["root"], held["effects"], held["effects"])
    own = tuple(job.get("own_modules", ()))
    work = os.path.realpath(job["work"])

    from mlee_jupyter.convert.canonical import Canon
    from mlee_jupyter.convert.harness_shown import Shown

    def is_mine(module: str) -> bool:
        return module == "__main__" or module.partition(".")[0] in own

    sys.argv = ["notebook"]
    sys.setrecursionlimit(10_000)
    os.chdir(work)
    printed, figures = Printed(), Figures()
    result: dict[str, Any] = {"failed_cell": None, "error": "", "trace": ""}
    with (folder / "values.bin").open("wb") as binary:
        canon = Canon(binary, is_mine)
        guard_writes(job.get("protected", ()))
        patch_pyplot(figures)
        builtins.input = no_input
        shown = Shown(binary, is_mine, printed)
        patch_display(shown.display)
        sys.stdout = printed
        started = time.perf_counter()
        if job["side"] == "package":
            from mlee_jupyter.convert.harness_package import run_package as runner
        else:
            from mlee_jupyter.convert.harness_notebook import run_notebook as runner
        if job["library"] in sys.path:
            sys.path.remove(job["library"])  # only the first: where we are installed it stands there twice
        seed_generators(job.get("seed", 0))
        names = runner(job, folder, printed, figures, shown, result)
        result["seconds"] = time.perf_counter() - started
        printed.now, printed.silent = "end", True
        canon.forget()
        with contextlib.redirect_stderr(io.StringIO()):
            result["names"] = {name: canon.of(value) for name, value in names.items()}
            result["calls"] = result.pop("confirmed", dict)()
    result |= {"pool": canon.pool, "text": printed.text(), "commands": printed.commands, "figures": figures.seen}
    result |= {"shown": shown.seen, "shown_pool": shown.canon.pool}
    result["files"] = written_files(Path(work), job.get("before", {}), is_mine)
    whole = folder / "values.part"
    whole.write_text(json.dumps(result), "utf-8")
    whole.rename(folder / "values.json")


def written_files(work: Path, before: dict[str, list[float]], is_mine: Callable[[str], bool]) -> dict[str, str]:
    """Fingerprints of the files that are new or changed."""

    found: dict[str, str] = {}
    for file in sorted(work.rglob("*")):
        name = file.relative_to(work).as_posix()
        if file.is_symlink() or not file.is_file() or "__pycache__" in name:
            continue
        state = file.stat()
        if before.get(name) != [state.st_size, state.st_mtime] and len(found) < 2_000:
            found[name] = fingerprint(file.read_bytes(), is_mine)
    return found


def fingerprint(content: bytes, is_mine: Callable[[str], bool]) -> str:
    """A hash of a file's content; a pickle is read, never loaded: the module of an own class has another name there."""
    import hashlib

    if content[:1] == b"\x80":
        with contextlib.suppress(Exception):
            return hashlib.sha256(repr(list(_steps(content, is_mine))).encode()).hexdigest()
    return hashlib.sha256(content).hexdigest()


def _steps(content: bytes, is_mine: Callable[[str], bool]) -> Iterator[tuple[str, Any]]:
    import pickletools

    for step, argument, _ in pickletools.genops(content):
        module, mark, name = argument.partition(" ") if isinstance(argument, str) else ("", "", "")
        is_own = bool(module) and is_mine(module)  # an old protocol writes "module name"
        if step.name != "FRAME":  # how long the next steps are
            yield step.name, f"own{mark}{name}" if is_own else argument


def failure(result: dict[str, Any], fault: BaseException, cell: int | None) -> None:
    """Note which cell failed with which error."""
    said = str(fault).strip().splitlines()
    result["error"] = f"{type(fault).__name__}: {said[0][:300]}" if said else type(fault).__name__
    result["failed_cell"] = cell
    result["trace"] = "".join(traceback.format_exception(fault))[-6_000:]


@contextlib.contextmanager
def silenced(printed: Printed) -> Iterator[None]:
    """What is printed inside is not kept."""
    before, printed.silent = printed.silent, True
    try:
        yield
    finally:
        printed.silent = before


def main(folder: str) -> None:
    """Do the job and leave at once: threads, pools and programs that a notebook left behind do not hold us."""
    from mlee_jupyter.convert.confine import reaped

    os._exit(reaped(lambda: run(Path(folder))))
