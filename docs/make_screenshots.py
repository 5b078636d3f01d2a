"""Pictures of the scoreboard in JupyterLab, light and dark, for the README.

    python docs/make_screenshots.py example_notebooks/quickstart.ipynb

The notebook is copied to a temporary folder, run from top to bottom in a JupyterLab of its own (own settings, own
store), and the last scoreboard in it is photographed: docs/images/scoreboard_light.png and scoreboard_dark.png.

Needs, beside mlee_jupyter[lab]: the Python package playwright, and a Chromium (found on the PATH as chromium,
chromium-browser or google-chrome, or named by --browser).
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

IMAGES = Path(__file__).parent / "images"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
BOARD = ".mlee-board:has(table)"
READY = """path => {
  const widget = window.jupyterapp?.shell?.currentWidget;
  return widget?.context?.path === path && widget.context.isReady
    && widget.sessionContext?.session?.kernel?.status === 'idle';
}"""


def main() -> int:
    """Run a notebook and take the pictures."""
    parser = argparse.ArgumentParser(description="Pictures of the scoreboard in JupyterLab, light and dark.")
    parser.add_argument("notebook", type=Path)
    parser.add_argument("--output", type=Path, default=IMAGES)
    parser.add_argument("--browser", help="path of a Chromium; found on the PATH by default")
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--minutes", type=float, default=5, help="longest wait for the notebook to run")
    options = parser.parse_args()
    browser = options.browser or next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        print("No Chromium found; name one with --browser.", file=sys.stderr)
        return 1
    options.output.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        jupyterlab(Path(folder), options.notebook) as url,
        sync_playwright() as playwright,
    ):
        chromium = playwright.chromium.launch(executable_path=browser, args=FLAGS)
        page = chromium.new_page(viewport={"width": options.width, "height": 1400}, device_scale_factor=2)
        run(page, url, options.notebook.name, options.minutes)
        for theme in ("light", "dark"):
            picture = options.output / f"scoreboard_{theme}.png"
            photograph(page, theme, picture)
            print(picture)
        chromium.close()
    return 0


@contextmanager
def jupyterlab(folder: Path, notebook: Path) -> Iterator[str]:
    """A JupyterLab with settings of its own that serves one copied notebook; gives its address."""
    root, home = folder / "work", folder / "home"
    root.mkdir()
    shutil.copy(notebook, root)
    quiet = home / "config/lab/user-settings/@jupyterlab/apputils-extension/notification.jupyterlab-settings"
    quiet.parent.mkdir(parents=True)
    quiet.write_text('{"fetchNews": "false"}', "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    places = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "run",
        "IPYTHONDIR": "i",
    }
    environment = {k: v for k, v in os.environ.items() if k != "MLEE_STORE"}
    environment |= {"HOME": str(home), **{name: str(home / place) for name, place in places.items()}}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}"]
    command += ["--ServerApp.port_retries=0", "--IdentityProvider.token=pictures", f"--ServerApp.root_dir={root}"]
    command += ["--LabApp.expose_app_in_browser=True"]
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_for(f"http://127.0.0.1:{port}/api?token=pictures", server, folder / "server.log")
        yield f"http://127.0.0.1:{port}/lab/tree/{notebook.name}?token=pictures&reset"
    finally:
        server.terminate()
        server.wait(30)


def wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Return once the server answers.

    Raises:
        RuntimeError: it ended, or did not answer within 90 seconds; the end of its log is in the message.
    """
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=2)
        except OSError:
            time.sleep(0.3)
        else:
            return
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text('utf-8')[-2000:]}")


def run(page: Page, url: str, path: str, minutes: float) -> None:
    """Open the notebook, wait for its kernel, run every cell."""
    page.goto(url, wait_until="domcontentloaded")
    page.wait_for_function(READY, arg=path, timeout=90_000)
    page.evaluate("window.jupyterapp.commands.execute('application:toggle-left-area')")
    page.evaluate("window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
    page.set_default_timeout(minutes * 60_000)
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")  # resolves when the last cell is done
    page.locator(BOARD).last.wait_for()


def photograph(page: Page, theme: str, picture: Path) -> None:
    """One picture of the cell that shows the last scoreboard."""
    name = f"JupyterLab {theme.capitalize()}"
    page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", name)
    page.wait_for_timeout(1_500)
    cell = page.locator(".jp-CodeCell", has=page.locator(BOARD)).last
    cell.scroll_into_view_if_needed()
    cell.screenshot(path=picture)


if __name__ == "__main__":
    sys.exit(main())
