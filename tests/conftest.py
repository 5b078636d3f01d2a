"""What most tests need: a project folder of their own, and a real IPython in it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")  # every core has a test of its own; before anybody imports numpy

import hypothesis
import pytest

hypothesis.settings.register_profile("any machine", deadline=None)  # no test says how quick a machine is
hypothesis.settings.load_profile("any machine")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a shell's background job: nobody could interrupt by hand
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_xdist_auto_num_workers() -> int:
    """How many processes test: one more than there are cores, since a browser's tests mostly wait."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project folder as the working folder; nothing of the machine's own settings shows through."""
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.chdir(tmp_path)
    for name in ("MLEE_STORE", "JPY_SESSION_NAME"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


class Shell:
    """A real IPython with the extension loaded, and what its cells print."""

    def __init__(self, ipython: Any, capture: pytest.CaptureFixture[str]) -> None:
        self.ipython = ipython
        self._capture = capture

    def run(self, cell: str) -> str:
        """Run a cell that must succeed; gives back what it printed."""
        result, printed = self.attempt(cell)
        result.raise_error()
        return printed

    def attempt(self, cell: str) -> tuple[Any, str]:
        """Run a cell that may fail; gives back IPython's result and what was printed."""
        self._capture.readouterr()
        result = self.ipython.run_cell(cell, store_history=True)
        return result, self._capture.readouterr().out

    def refused(self, cell: str) -> str:
        """Run a cell that must end in one line of UsageError; gives the line back."""
        from IPython.core.error import UsageError

        result, _ = self.attempt(cell)
        fault = result.error_in_exec
        assert type(fault) is UsageError, f"{cell!r} gave {fault!r}"
        assert "\n" not in str(fault), str(fault)
        return str(fault)

    @property
    def names(self) -> dict[str, Any]:
        return self.ipython.user_ns  # type: ignore[no-any-return]


@pytest.fixture
def alone(project: Path) -> Iterator[None]:
    """An empty project folder, and no experiment open before or after."""
    from mlee_jupyter.session import current

    current.forget_session()
    yield
    current.forget_session()


def make_shell(folder: Path) -> Any:
    """A fresh IPython whose own files stay in a folder."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    os.environ["IPYTHONDIR"] = str(folder / ".ipython")
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    InteractiveShell.clear_instance()
    return InteractiveShell.instance(config=config)


@pytest.fixture
def shell(project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Shell]:
    """A real IPython in the project folder, with the extension loaded and no experiment open."""
    from IPython.core.interactiveshell import InteractiveShell

    from mlee_jupyter.session import current, faults

    current.forget_session()
    monkeypatch.setattr(faults, "shield_faults", False)
    ipython = make_shell(project)
    ipython.run_line_magic("load_ext", "mlee_jupyter")
    yield Shell(ipython, capsys)
    current.forget_session()
    InteractiveShell.clear_instance()
