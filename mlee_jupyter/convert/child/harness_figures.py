"""Figures and displays of a run of the proof: `pyplot.show` and `display` are ours there. In the child process."""

from __future__ import annotations

import builtins
import contextlib
import importlib.abc
import importlib.util
import sys
from collections.abc import Callable, Sequence
from typing import Any


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

        from .canonical_objects import pixels

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


def patch_display(display: Callable[..., None]) -> None:
    """Make `display` ours wherever it is imported from."""
    builtins.display = display  # type: ignore[attr-defined]
    for name in ("IPython.display", "IPython.core.display_functions"):
        with contextlib.suppress(ImportError):  # a notebook without magics can do without IPython
            importlib.import_module(name).display = display  # type: ignore[attr-defined]
