"""What a kernel refuses, a proof of the notebook refuses; what its shell says, the package's shell says."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlee_jupyter.convert.package import package
from mlee_jupyter.convert.prove.observe import FreshProcesses
from mlee_jupyter.convert.types import Sameness
from mlee_jupyter.domain.errors import MleeError

from .makers import write_notebook

ASKS = "import asyncio\nasync def ask():\n    await asyncio.sleep(0)\n    return 3"
REFUSED = {
    "a command left running": (["!sleep 0.1 &", "x = 1"], "Background processes not supported"),
    "several": (["!echo a; sleep 0.1 & ", "x = 1"], "Background processes not supported"),
    "asyncio.run": ([ASKS, "x = asyncio.run(ask())"], "cannot be called from a running event loop"),
    "a loop of its own": ([ASKS, "x = asyncio.new_event_loop().run_until_complete(ask())"], "another loop is running"),
    "the loop that runs": ([ASKS, "x = asyncio.get_event_loop().run_until_complete(ask())"], "already running"),
}
ALIKE = {
    "a loop in a thread": [
        ASKS,
        "import threading\nout = []\none = threading.Thread(target=lambda: out.append(asyncio.run(ask())))",
        "one.start()\none.join()\nx = out[0]",
    ],
    "an and, no background": ["!true && echo a", "x = 1"],
    "a command that is not there": ["said = !nosuchtool --version", "n = len(said)"],
    "what a shell says of a file": ["said = !cat < nosuchfile", "n = len(said)"],
    "what a shell cannot read": ["said = !(", "n = len(said)"],
    "a byte written out": ["said = !printf '\\x41\\n'", "!printf '\\x41\\n'", "n = said[0]"],
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_fails_in_a_kernel_is_no_proof(case: str, tmp_path: Path) -> None:
    cells, says = REFUSED[case]
    with pytest.raises(MleeError, match=says) as refused:
        package(write_notebook(tmp_path, *cells), tmp_path / "made", prover=FreshProcesses(limit=60))
    assert ".." not in str(refused.value)
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("case", ALIKE)
def test_what_runs_there_is_the_same(case: str, tmp_path: Path) -> None:
    made = package(write_notebook(tmp_path, *ALIKE[case]), tmp_path / "made", prover=FreshProcesses(limit=60))
    assert made.verdict is Sameness.IDENTICAL, made.proof
