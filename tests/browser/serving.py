"""A JupyterLab of its own, with settings, kernels and a port that no other has: for tests, benchmarks and pictures."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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


@dataclass(frozen=True)
class Server:
    """A running JupyterLab."""

    url: str
    root: Path
    settings: Path  # where JupyterLab keeps the user's settings
    log: Path


@contextmanager
def serving(root: Path, home: Path) -> Iterator[Server]:
    """Serve a folder, with everything of JupyterLab's own in another."""
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


@contextmanager
def browsing(**options: Any) -> Iterator[Any]:
    """The machine's own chromium."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=30_000)
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS, **options)
        yield opened
        opened.close()
