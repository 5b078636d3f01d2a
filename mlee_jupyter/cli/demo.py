"""Executes the quickstart notebook in a folder of its own and gives back the scoreboard it ends with."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from mlee_jupyter.domain import files
from mlee_jupyter.domain.errors import MleeError

NOTEBOOK = "quickstart.ipynb"


def run(keep: Path | None = None) -> str:
    """Execute the notebook with a real kernel.

    Args:
        keep: where the executed notebook is written as well.

    Raises:
        MleeError: what executing needs is not installed, a cell failed, or there is something at `keep` already.
    """
    if keep is not None and files.plain_file(keep) is not None:
        raise MleeError(f"{keep} is there already.", "Name another file.")
    try:
        import nbformat
        from jupyter_client.kernelspec import KernelSpecManager
        from jupyter_client.manager import AsyncKernelManager
        from nbclient import NotebookClient
        from nbclient.exceptions import CellExecutionError
    except ImportError:
        raise MleeError("The demo needs a notebook runner.", 'Install it: pip install "mlee_jupyter[lab]"') from None
    notebook = nbformat.read(_notebook(), as_version=4)

    class OwnInterpreter(AsyncKernelManager):
        """A kernel of this very Python, whatever `python3` is registered on the machine."""

        def _kernel_spec_manager_default(self) -> Any:
            return KernelSpecManager(kernel_dirs=[])

    with tempfile.TemporaryDirectory(prefix="mlee-demo-") as folder:
        (Path(folder) / "pyproject.toml").touch()  # the demo's own project root: no team store, no settings
        environment = {name: value for name, value in os.environ.items() if name != "MLEE_STORE"}
        client = NotebookClient(
            notebook,
            timeout=600,
            kernel_name="python3",
            kernel_manager_class=OwnInterpreter,
            resources={"metadata": {"path": folder}},
        )
        try:
            client.execute(env=environment, stderr=subprocess.DEVNULL)
        except CellExecutionError as fault:
            raise MleeError(f"The notebook stopped: {fault.ename}: {fault.evalue}.", "Please report it.") from None
    if keep is not None:
        files.write(keep, nbformat.writes(notebook))
    boards = [
        output["data"]["text/plain"]
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if "application/vnd.mlee.board.v1+json" in output.get("data", {})
    ]
    if not boards:
        raise MleeError("The notebook showed no scoreboard.", "Please report it.")
    return str(boards[-1])


def _notebook() -> Path:
    """In an installed package beside it, in a checkout at its top."""
    here = Path(__file__).parents[1]
    for folder in (here / "example_notebooks", here.parent / "example_notebooks"):
        if (folder / NOTEBOOK).is_file():
            return folder / NOTEBOOK
    raise MleeError(f"{NOTEBOOK} is not installed with this package.", "Reinstall mlee_jupyter.")
