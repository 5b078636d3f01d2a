"""The shell that a notebook's cells run in: IPython's, or a plain one where the interpreter has none."""

from __future__ import annotations

import contextlib
import sys
import types
from typing import Any


def shell_of() -> Any:
    """IPython's shell in a `__main__` of its own; a `PlainShell` where IPython is not there."""
    try:
        from IPython.core.interactiveshell import InteractiveShell
        from traitlets.config import Config
    except ImportError:
        return PlainShell()
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    return InteractiveShell.instance(config=config)


class PlainShell:
    """What a notebook without magics needs of a shell."""

    def __init__(self) -> None:
        main = sys.modules["__main__"] = types.ModuleType("__main__")
        self.user_ns: dict[str, Any] = main.__dict__
        self.user_ns["__builtins__"] = __builtins__
        self.builtin_trap = _Trap()

    def transform_cell(self, source: str) -> str:
        """A cell that is no plain Python: only IPython can read it."""
        import IPython  # fails, and says what is missing

        raise ImportError(f"IPython {IPython.__version__} could not be loaded", name="IPython")


class _Trap(contextlib.ExitStack):
    """Stands for IPython's trap: `display` is a built-in here already."""

    def add_builtin(self, name: str, value: object) -> None:
        """Nothing is left to do."""
