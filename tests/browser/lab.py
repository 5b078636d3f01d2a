"""A page with JupyterLab or Notebook 7 on it, in words of a user."""

from __future__ import annotations

import json
import re
import urllib.request
from pathlib import Path
from typing import Any

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
        page.on("pageerror", lambda fault: self.errors.append(str(fault)))

    def path(self, name: str) -> str:
        """A notebook's path on the server."""
        return f"{self.folder.name}/{name}"

    def open(self, name: str, *, reset: bool = True) -> None:
        """Open a notebook in JupyterLab; `reset` forgets the windows of before."""
        self.page.goto(
            f"{self.url}/lab/tree/{self.path(name)}?token=t{'&reset' if reset else ''}", wait_until="domcontentloaded"
        )
        self.page.wait_for_function(READY)

    def open_in_notebook7(self, name: str) -> None:
        self.page.goto(f"{self.url}/notebooks/{self.path(name)}?token=t", wait_until="domcontentloaded")
        self.page.wait_for_function(READY)

    def wait_for_kernel(self, name: str) -> None:
        self.page.wait_for_function(IDLE, arg=self.path(name))

    def run_all(self, name: str) -> None:
        """Run every cell by command and wait until the last one is through."""
        self.wait_for_kernel(name)
        self.command("notebook:run-all-cells")
        self.wait_for_kernel(name)

    def command(self, name: str, **args: Any) -> None:
        """Run a command and do not wait for it: it may wait for a dialog."""
        self.page.evaluate(
            "([name, args]) => { void window.jupyterapp.commands.execute(name, args); }", [name, args or {}]
        )

    def command_done(self, name: str, **args: Any) -> None:
        """Run a command to its end."""
        self.page.evaluate("([name, args]) => window.jupyterapp.commands.execute(name, args).then(() => null)", [name, args])

    def show_panel(self) -> Any:
        """The panel, opened."""
        self.command_done("mlee:panel")
        panel = self.page.locator("#mlee-panel")
        panel.wait_for()
        return panel

    @property
    def status(self) -> Any:
        return self.page.locator(".mlee-status-button")

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
        for session in self.sessions():
            request = urllib.request.Request(f"{self.url}/api/sessions/{session['id']}?token=t", method="DELETE")
            urllib.request.urlopen(request, timeout=20)
