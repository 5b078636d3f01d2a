"""A page with JupyterLab or Notebook 7 on it, in words of a user."""

from __future__ import annotations

import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

READY = "() => ['lab', 'notebook'].includes(document.body.dataset.mlee)"
IDLE = """path => {
  const open = window.jupyterapp?.shell?.currentWidget;
  return open?.context?.path === path && open.context.isReady
    && open.sessionContext?.session?.kernel?.status === 'idle';
}"""


class Lab:
    """One browser window."""

    def __init__(self, page: Any, url: str, folder: Path, root: Path) -> None:
        self.page = page
        self.url = url
        self.folder = folder
        self.root = root
        self.errors: list[str] = []
        page.on("pageerror", self._fault)

    def _fault(self, fault: Any) -> None:
        """Keep what our own code threw; other extensions of the environment are not tested here."""
        if "mlee" in f"{fault} {getattr(fault, 'stack', '')}":
            self.errors.append(f"{fault} {getattr(fault, 'stack', '')}")

    def path(self, name: str) -> str:
        """A notebook's path on the server."""
        return f"{self.folder.name}/{name}"

    def open(self, name: str, *, reset: bool = True) -> None:
        """Open a notebook in JupyterLab; `reset` forgets the windows of before."""
        self.page.goto(
            f"{self.url}/lab/tree/{quote(self.path(name))}?token=t{'&reset' if reset else ''}",
            wait_until="domcontentloaded",
        )
        self.ready()

    def ready(self) -> None:
        """Wait until the extension is wired."""
        self.page.wait_for_function(READY)
        self.page.evaluate("() => window.jupyterapp.restored.then(() => null)")  # it puts the panels where they were

    def open_in_notebook7(self, name: str) -> None:
        self.page.goto(f"{self.url}/notebooks/{quote(self.path(name))}?token=t", wait_until="domcontentloaded")
        self.ready()

    def wait_for_kernel(self, name: str) -> None:
        self.page.wait_for_function(IDLE, arg=self.path(name))

    def run_all(self, name: str) -> None:
        """Run every cell by command and wait until the last one is through."""
        self.wait_for_kernel(name)
        self.command_done("notebook:run-all-cells")  # a kernel that is idle may not have begun yet
        self.wait_for_kernel(name)

    def command(self, name: str, **args: Any) -> None:
        """Run a command and do not wait for it: it may wait for a dialog."""
        self.page.evaluate(
            "([name, args]) => { void window.jupyterapp.commands.execute(name, args); }", [name, args or {}]
        )

    def command_done(self, name: str, **args: Any) -> None:
        """Run a command to its end."""
        self.page.evaluate(
            "([name, args]) => window.jupyterapp.commands.execute(name, args).then(() => null)", [name, args]
        )

    def run_cell(self, index: int) -> None:
        """Run one cell and wait for its end."""
        self.page.evaluate("index => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = index; }", index)
        self.command_done("notebook:run-cell")

    def insert_and_run(self, source: str) -> None:
        """Add a cell at the end and run it."""
        count = self.page.evaluate(
            """source => {
            const { content } = window.jupyterapp.shell.currentWidget;
            content.model.sharedModel.addCell({ cell_type: 'code', source });
            return content.model.cells.length;
        }""",
            source,
        )
        self.run_cell(count - 1)

    def restart(self) -> None:
        """Restart the kernel, as the menu does after its question."""
        self.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.restartKernel()")

    def no_kernel(self, name: str) -> None:
        """Take from the notebook which kernel it wants, so that JupyterLab asks."""
        self.page.goto("about:blank")
        file = self.folder / name
        told = json.loads(file.read_text("utf-8"))
        told["metadata"] = {}
        file.write_text(json.dumps(told), "utf-8")

    def set(self, plugin: str, settings: dict[str, Any]) -> None:
        """Change a user's settings by the server's API, before the page is opened."""
        request = urllib.request.Request(
            f"{self.url}/lab/api/settings/{plugin}?token=t",
            data=json.dumps({"raw": json.dumps(settings)}).encode(),
            method="PUT",
        )
        urllib.request.urlopen(request, timeout=20)

    def show_panel(self) -> Any:
        """The panel, opened."""
        self.command_done("mlee:panel")
        panel = self.page.locator("#mlee-panel")
        panel.wait_for()
        return panel

    def widen_panel(self, width: int) -> None:
        """Give the panel so many pixels, as by dragging its edge."""
        self.page.evaluate(
            """async width => {
            const { _hsplitPanel: split } = window.jupyterapp.shell;
            const frame = () => new Promise(done => requestAnimationFrame(done));
            for (let round = 0; round < 3; round++) {
                split.setRelativeSizes([width + 2, split.node.clientWidth - width - 2, 0]);
                await frame();
            }
        }""",
            width,
        )

    @property
    def status(self) -> Any:
        return self.page.locator(".mleelab-status-button")

    @property
    def toasts(self) -> Any:
        return self.page.locator(".Toastify__toast").filter(has_text=re.compile("MLE"))

    def save(self) -> None:
        self.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.save()")

    def active_cell(self) -> int:
        found: int = self.page.evaluate("() => window.jupyterapp.shell.currentWidget.content.activeCellIndex")
        return found

    def theme(self, dark: bool) -> None:
        name = "JupyterLab Dark" if dark else "JupyterLab Light"
        self.command_done("apputils:change-theme", theme=name)

    def sessions(self) -> list[dict[str, Any]]:
        with urllib.request.urlopen(f"{self.url}/api/sessions?token=t", timeout=20) as answer:
            found: list[dict[str, Any]] = json.load(answer)
        return found

    def shut_kernels(self) -> None:
        """End every kernel; one may be ending by itself meanwhile."""
        for session in self.sessions():
            request = urllib.request.Request(f"{self.url}/api/sessions/{session['id']}?token=t", method="DELETE")
            with suppress(urllib.error.HTTPError):
                urllib.request.urlopen(request, timeout=20)

    def workspace(self) -> str:
        """What JupyterLab has kept of its own state, as text."""
        with urllib.request.urlopen(f"{self.url}/lab/api/workspaces?token=t", timeout=20) as answer:
            return str(answer.read().decode())

    def wait_until(self, so: Callable[[], bool], seconds: float = 60) -> None:
        """Wait for something that no element of the page shows."""
        until = time.monotonic() + seconds
        while not so():
            assert time.monotonic() < until
            self.page.wait_for_timeout(200)
