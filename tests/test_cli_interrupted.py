"""A command that hangs ends by Ctrl-C in one line, with the exit code of a shell."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from mlee_jupyter.store import open_store

from .store.makers import start

ROOT = Path(__file__).parent.parent


@contextmanager
def running(folder: Path, *command: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
    process = subprocess.Popen(
        [sys.executable, "-m", "mlee_jupyter", *command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    signal.signal(signal.SIGINT, before)
    with process:
        yield process


def interrupt(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=25)  # SQLite's own waiting would last 30 s
    assert (process.returncode, said) == (130, "mlee: interrupted; nothing more is written.\n")


@pytest.mark.slow
def test_waiting_for_a_store_that_someone_holds(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    place = tmp_path / ".mlee" / "experiments.db"
    with open_store(str(place)) as store:
        start(store)
    with closing(sqlite3.connect(place, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        with running(tmp_path, "rename", "shelf", "kiosk") as process:
            time.sleep(6)
            assert process.poll() is None
            interrupt(process)


@pytest.mark.slow
def test_waiting_for_a_server_that_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    with socket.create_server(("127.0.0.1", 0)) as server:
        place = f"postgresql://me@127.0.0.1:{server.getsockname()[1]}/x?connect_timeout=60"
        with running(tmp_path, "status", MLEE_STORE=place) as process:
            server.settimeout(60)
            connection, _ = server.accept()
            with connection:
                time.sleep(0.5)
                interrupt(process)
