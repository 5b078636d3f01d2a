"""The child process of the proof: runs a notebook's cells, or a package, and leaves nodes behind.

`main(JOB_FOLDER)` reads job.json; it leaves progress.txt, values.json and values.bin there.

The notebook's cells run statement by statement in an IPython shell, in a `__main__` of their own; figures are closed at
the end of each cell, as the inline backend does. Magics that only measure or set up a display run what they hold.
"""

from __future__ import annotations

import builtins
import contextlib
import io
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from .harness_figures import Figures, patch_display, patch_pyplot
from .harness_files import written_files
from .harness_guards import guard_python, guard_writes, no_input
from .harness_printed import Printed


def seed_generators(seed: int) -> None:
    """Begin with the same random numbers on both sides: what a notebook draws without a seed can be compared too."""
    import random

    random.seed(seed)
    with contextlib.suppress(ImportError):
        import numpy as np

        np.random.seed(seed)


def run(folder: Path) -> None:
    """Do the job that lies in a folder."""
    from . import confine

    job = json.loads((folder / "job.json").read_text("utf-8"))
    if (held := job.get("confine")) is not None:
        if held["level"] != confine.NONE:
            confine.enter(Path(held["root"]), held["level"], network=held["effects"])
        if held["level"] != confine.WHOLE:
            guard_python(held["root"], held["effects"], held["effects"])
    own = tuple(job.get("own_modules", ()))
    work = os.path.realpath(job["work"])

    from .canonical_objects import Canon
    from .harness_shown import Shown

    def is_mine(module: str) -> bool:
        return module == "__main__" or module.partition(".")[0] in own

    sys.argv = ["notebook"]
    sys.setrecursionlimit(10_000)
    os.chdir(work)
    printed, figures = Printed(), Figures()
    result: dict[str, Any] = {"failed_cell": None, "error": "", "trace": ""}
    with (folder / "values.bin").open("wb") as binary:
        canon = Canon(binary, is_mine)
        guard_writes(job.get("protected", ()), own=held["root"] if held else str(work))
        patch_pyplot(figures)
        builtins.input = no_input
        shown = Shown(binary, is_mine, printed)
        patch_display(shown.display)
        sys.stdout = printed
        started = time.perf_counter()
        if job["side"] == "package":
            from .harness_package import run_package as runner
        else:
            from .harness_notebook import run_notebook as runner
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


def main(folder: str) -> None:
    """Do the job and leave at once: threads, pools and programs that a notebook left behind do not hold us."""
    from .confine import reaped

    os._exit(reaped(lambda: run(Path(folder))))
