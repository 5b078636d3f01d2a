"""The notebook page's door: what the JupyterLab panel shows of an experiment, and what it may ask for.

Kernel and page talk by a comm, in versioned JSON: whole snapshots from here, asks from there. The store is the truth;
the page holds nothing that a new snapshot would not replace. Without JupyterLab nothing of this runs.
"""

from __future__ import annotations

from .link import load, unload

__all__ = ["load", "unload"]
