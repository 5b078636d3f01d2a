"""A real JupyterLab and a real browser: what a user sees after `pip install` and opening a notebook.

Skipped with the reason where chromium or the built extension is missing; with MLEE_E2E=1 that is a failure.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest

from .lab import Lab

ROOT = Path(__file__).parents[2]
BUILT = ROOT / "mlee_jupyter" / "labextension"
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
]
CONFIG = """
c = get_config()
c.LabApp.expose_app_in_browser = True
c.JupyterNotebookApp.expose_app_in_browser = True
c.LabApp.extension_manager = "readonly"
c.ServerApp.open_browser = False
c.ServerApp.allow_root = True
c.ServerApp.ip = "127.0.0.1"
c.ServerApp.port_retries = 0
"""


def lacking() -> str:
    """What is missing for a test in a browser; empty: nothing."""
    if shutil.which("chromium") is None:
        return "no chromium on this machine"
    try:
        import jupyterlab  # noqa: F401
        import playwright  # noqa: F401
    except ImportError as fault:
        return f"{fault.name} is not installed: pip install '.[browser]'"
    if not (BUILT / "package.json").is_file():
        return "the extension is not built: cd labextension && npm ci && npm run build"
    return ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    reason = lacking()
    for item in items:
        if Path(item.path).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.slow)
            if reason and os.environ.get("MLEE_E2E") != "1":
                item.add_marker(pytest.mark.skip(reason=reason))


@dataclass(frozen=True)
class Server:
    """A running JupyterLab."""

    url: str
    root: Path
    settings: Path  # where JupyterLab keeps the user's settings
    log: Path


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    assert not lacking(), lacking()
    root, home = tmp_path_factory.mktemp("notebooks"), tmp_path_factory.mktemp("home")
    (home / "config.py").write_text(CONFIG)
    settings = home / "config" / "lab" / "user-settings"
    news = settings / "@jupyterlab" / "apputils-extension"
    news.mkdir(parents=True)
    (news / "notification.jupyterlab-settings").write_text('{"fetchNews": "false"}')
    (home / "data" / "labextensions").mkdir(parents=True)
    (home / "data" / "labextensions" / "mlee-jupyter").symlink_to(BUILT)
    environment = {
        **os.environ,
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "run"),
        "JUPYTER_PREFER_ENV_PATH": "0",
        "IPYTHONDIR": str(home / "ipython"),
        "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
        "PYTHONWARNINGS": "ignore",
    }
    for name in ("MLEE_STORE", "JPY_SESSION_NAME"):
        environment.pop(name, None)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = home / "server.log"
    command = [sys.executable, "-m", "jupyterlab", f"--config={home / 'config.py'}", f"--port={port}"]
    command += ["--IdentityProvider.token=t", f"--ServerApp.root_dir={root}"]
    with log.open("w") as written:
        running = subprocess.Popen(command, stdout=written, stderr=subprocess.STDOUT, env=environment)
    url, began = f"http://127.0.0.1:{port}", time.monotonic()
    try:
        while True:
            try:
                urllib.request.urlopen(f"{url}/api?token=t", timeout=2)
                break
            except OSError:
                assert running.poll() is None, log.read_text()
                assert time.monotonic() - began < 120, log.read_text()
                time.sleep(0.2)
        yield Server(url, root, settings, log)
    finally:
        running.terminate()
        running.wait(30)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """One browser for the tests of a file: its loop must end before another file's tests run in this process."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=30_000)
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def lab(server: Server, chromium: Any, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """A fresh browser window on the server, with a folder of its own and no kernel of an earlier test."""
    folder = server.root / request.node.name.replace("[", "-").replace("]", "")
    folder.mkdir()
    (folder / "pyproject.toml").touch()
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light")
    page = context.new_page()
    page.set_default_timeout(45_000)
    opened = Lab(page, server.url, folder, server.root)
    yield opened
    opened.shut_kernels()
    opened.set("mlee-jupyter:plugin", {})
    context.close()


@pytest.fixture
def notebook(lab: Lab) -> Any:
    """Writes notebooks of code cells into the test's folder."""

    def write(name: str, *cells: str) -> str:
        made = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(cell) for cell in cells],
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        )
        (lab.folder / name).write_text(nbformat.writes(made), "utf-8")
        return name

    return write
