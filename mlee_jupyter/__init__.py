"""Guardrails for experiments in notebooks: time-boxed, judged honestly, turned into real code.

`%load_ext mlee_jupyter` brings the magics; `import mlee_jupyter as mlee` the same in plain Python. Nothing
heavy is imported before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from .api import check
    from .convert.package import package
    from .errors import MleeError
    from .handle import ExperimentHandle, start
    from .judge.comparison import Comparison
    from .judge.door import compare
    from .sampling import SampleCheck, check_sample
    from .stats.planning import rows_needed, rows_per_class, smallest_difference
    from .stats.registered import metric

__version__ = "0.1.0"
__all__ = [
    "Comparison",
    "ExperimentHandle",
    "MleeError",
    "SampleCheck",
    "check",
    "check_sample",
    "compare",
    "metric",
    "package",
    "rows_needed",
    "rows_per_class",
    "smallest_difference",
    "start",
]

_HOMES = {
    "Comparison": "judge.comparison",
    "ExperimentHandle": "handle",
    "MleeError": "errors",
    "SampleCheck": "sampling",
    "check": "api",
    "check_sample": "sampling",
    "compare": "judge.door",
    "metric": "stats.registered",
    "package": "convert.package",
    "rows_needed": "stats.planning",
    "rows_per_class": "stats.planning",
    "smallest_difference": "stats.planning",
    "start": "handle",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = found
    return found


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Where JupyterLab's tools find the built extension."""
    return [{"src": "labextension", "dest": "mlee-jupyter"}]


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Called by `%load_ext mlee_jupyter`."""
    from . import magics, page

    magics.load(shell)
    page.load(shell)
    print("mlee is on. No experiment is open in this notebook. %mlee shows the one-page help.")


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """Called by `%unload_ext mlee_jupyter`."""
    from . import magics, page

    page.unload(shell)
    magics.unload(shell)
