"""The notebook page's door: what the JupyterLab panel shows of an experiment, and what it may ask for.

Kernel and page talk by a comm, in versioned JSON: whole snapshots from here, asks from there. The store is the truth;
the page holds nothing that a new snapshot would not replace. Without JupyterLab nothing of this runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def load(shell: InteractiveShell) -> None:
    """Listen for pages; does nothing outside of a kernel."""
    if getattr(shell, "kernel", None) is not None:
        from . import page_comm  # with an event loop, which a kernel has already

        page_comm.load(shell)


def unload(shell: InteractiveShell) -> None:
    """Listen no longer."""
    if getattr(shell, "kernel", None) is not None:
        from . import page_comm

        page_comm.unload()
