"""Runs a job of the proof in a fresh process with a time limit, and reads what it left behind. Nothing is unpickled."""

from __future__ import annotations

import contextlib
import json
import locale
import mmap
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mlee_jupyter.convert.child import confine

from .equal import Values

_RUN = "from mlee_proof.harness import main; main(sys.argv[2])"
LOOK = 1.0  # seconds between two looks at how far a run is
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "NUMBA_NUM_THREADS")
CHILD = Path(confine.__file__).parent  # what runs there: of Python 3.9 and its library alone
# It has a name of its own there: the interpreter may have no mlee_jupyter or another, and the notebook may import it.
BEGIN = """import sys
if sys.path[:1] == [""]: del sys.path[0]
ours = sys.modules["mlee_proof"] = type(sys)("mlee_proof"); ours.__path__ = [sys.argv[1]]"""


@dataclass(frozen=True, kw_only=True)
class JobRun:
    """What one run left behind."""

    values: Values
    text: Mapping[str, str] = field(default_factory=dict)  # by statement index
    commands: Mapping[str, str] = field(default_factory=dict)  # what commands print, likewise
    figures: tuple[Mapping[str, Any], ...] = ()
    shown: tuple[Mapping[str, Any], ...] = ()  # what was displayed: {"at": statement, "node": ...} or an error
    shown_values: Values = field(default_factory=lambda: Values({}, ()))  # what those nodes refer to
    files: Mapping[str, str] = field(default_factory=dict)
    failed_cell: int | None = None
    error: str = ""
    trace: str = ""
    timed_out: bool = False
    seconds: float = 0.0
    extra: Mapping[str, Any] = field(default_factory=dict)  # types, numbers, calls


def run_job(
    job: Mapping[str, Any],
    folder: Path,
    limit: float,
    environment: Mapping[str, str],
    watch: Callable[[int], None] = lambda _: None,
) -> JobRun:
    """Run one job.

    Args:
        job: what harness.py reads.
        folder: an empty folder of the job's own.
        limit: seconds after which the process and its children are ended.
        environment: variables beside those of this process.
        watch: told about once a second which cell runs.
    """
    folder.mkdir(parents=True)
    (folder / "job.json").write_text(json.dumps(job), "utf-8")
    started = time.perf_counter()
    with (folder / "errors.txt").open("wb") as errors, (folder / "commands.txt").open("a+b") as commands:
        process = subprocess.Popen(
            [job.get("python") or sys.executable, "-c", f"{BEGIN}\n{_RUN}", str(CHILD), str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=commands,
            stderr=errors,
            env={**fixed_environment(), **environment},
            cwd=job["work"],
            start_new_session=True,
        )
    try:
        timed_out = not _ended(process, started + limit, lambda: watch(_cell(folder) or 0))
    finally:
        _end(process)
    seconds = time.perf_counter() - started
    told = folder / "values.json"
    if timed_out or not told.exists():
        return _without_values(folder, timed_out, limit, process.returncode, seconds)
    return _read(json.loads(told.read_text("utf-8")), folder / "values.bin", seconds)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a run: its reaper ends what the run has started, in whatever session; then the rest of its group."""
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(5)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _ended(process: subprocess.Popen[bytes], deadline: float, watch: Callable[[], None]) -> bool:
    """Whether it ended before the deadline of the performance counter."""
    while True:
        try:
            process.wait(min(LOOK, max(0.0, deadline - time.perf_counter())))
        except subprocess.TimeoutExpired:
            if time.perf_counter() >= deadline:
                return False
            watch()
        else:
            return True


def _cell(folder: Path) -> int | None:
    """The cell of the notebook that runs, or ran last."""
    progress = folder / "progress.txt"
    written = progress.read_text("utf-8") if progress.exists() else ""
    return int(written) if written else None


def fixed_environment() -> dict[str, str]:
    """This process's environment with what makes runs differ held still."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("JPY_", "PYTHONSTARTUP", "COVERAGE", "PYTEST_"))}
    kept |= dict.fromkeys(_THREADS, "1")
    if not _runs_lines(kept.get("SHELL", "")):
        kept["SHELL"] = shutil.which("bash") or "/bin/sh"  # IPython's choice for shell lines
    elif Path(kept["SHELL"]).name == "bash":  # by the path that the package finds it by: error messages begin with it
        kept["SHELL"] = shutil.which("bash") or kept["SHELL"]
    if not _has_locale():  # every bash would say so among the lines of its command
        kept = {k: v for k, v in kept.items() if not k.startswith("LC_") and k != "LANGUAGE"} | {"LANG": "C.UTF-8"}
    return kept | {"PYTHONHASHSEED": "0", "MPLBACKEND": "agg", "PYTHONDONTWRITEBYTECODE": "1", "TQDM_DISABLE": "1"}


def _runs_lines(shell: str) -> bool:
    """Whether a shell is there and lets anybody in: accounts of services have one that does not."""
    return bool(shell) and shutil.which(shell) is not None and Path(shell).name not in ("nologin", "false", "true")


def _has_locale() -> bool:
    """Whether the system knows the locale that the environment asks for; one of another machine it may not."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "")
    except locale.Error:
        return False
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return True


def _without_values(folder: Path, timed_out: bool, limit: float, code: int | None, seconds: float) -> JobRun:
    said = (folder / "errors.txt").read_text("utf-8", "replace")[-3_000:]
    last = said.strip().splitlines()[-1:] or [""]
    error = (
        f"it did not end within {limit:g} s" if timed_out else f"the process ended with code {code}: {last[0][:200]}"
    )
    return JobRun(
        values=Values({}, ()), failed_cell=_cell(folder), error=error, trace=said, timed_out=timed_out, seconds=seconds
    )


def _read(told: dict[str, Any], binary: Path, seconds: float) -> JobRun:
    content: Any = b""
    if binary.stat().st_size:
        with binary.open("rb") as file:
            content = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    return JobRun(
        values=Values(told.get("names", {}), told["pool"], content),
        text=told["text"],
        commands=told["commands"],
        figures=tuple(told["figures"]),
        shown=tuple(told["shown"]),
        shown_values=Values({}, told["shown_pool"], content),
        files=told["files"],
        failed_cell=told["failed_cell"],
        error=told["error"],
        trace=told["trace"],
        seconds=seconds,
        extra={k: told.get(k, {}) for k in ("types", "numbers", "calls")},
    )
