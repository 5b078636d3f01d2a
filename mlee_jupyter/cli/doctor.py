"""Says what runs where: the environment, the settings, the store, and what is wrong with them."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sys
from pathlib import Path

from mlee_jupyter.domain import durations, settings
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.domain.text.names import count

PARTS = (
    "ipython",
    "ipykernel",
    "jupyterlab",
    "notebook",
    "ipywidgets",
    "anywidget",
    "numpy",
    "pandas",
    "scipy",
    "SQLAlchemy",
)
LABEXTENSION = "mlee-jupyter"


def examine() -> tuple[list[str], bool]:
    """Lines that tell, and whether all is well."""
    lines = [
        f"mlee_jupyter  {_version('mlee_jupyter') or 'not installed as a package'}  {Path(__file__).parents[1]}",
        f"python        {platform.python_version()}  {sys.executable}",
        "parts         " + ", ".join(f"{part} {_version(part) or 'not installed'}" for part in PARTS),
        _kernel(),
        f"labextension  {_labextension()}",
    ]
    try:
        found = settings.read()
    except MleeError as fault:
        return [*lines, f"settings      PROBLEM: {fault}"], False
    lines.append(f"project       {found.root}")
    lines.append(
        f"settings      idle limit {durations.show(found.idle_limit)}, a day is {found.hours_a_day:g} h, "
        f"store_rows = {found.store_rows}"
    )
    try:
        line, healthy = _store(found.store_location)
    except MleeError as fault:
        line, healthy = f"PROBLEM: {fault}", False
    return [*lines, f"store         {line}", "all is well" if healthy else "something is wrong: see PROBLEM"], healthy


def _kernel() -> str:
    """Whether the kernel that notebooks start by default is this very Python."""
    try:
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
    except ImportError:
        return "kernel        no Jupyter in this environment; install mlee_jupyter where your kernel runs"
    try:
        runs = KernelSpecManager().get_kernel_spec("python3").argv[0]
    except NoSuchKernel:
        return "kernel        no python3 kernel is installed here: pip install ipykernel"
    same = Path(runs).name == runs or Path(runs).resolve() == Path(sys.executable).resolve()
    return f"kernel        python3 runs {runs}" + (
        "" if same else "  (another Python: install mlee_jupyter there as well)"
    )


def _labextension() -> str:
    """Whether the JupyterLab of this environment shows the panel: the server counts, not the kernel."""
    try:
        from jupyter_core.paths import jupyter_path
        from jupyterlab_server.config import get_page_config
    except ImportError:
        return "no JupyterLab in this environment; the panel needs mlee_jupyter where JupyterLab runs"
    folders = [Path(folder, LABEXTENSION) for folder in jupyter_path("labextensions")]
    found = next((folder for folder in folders if (folder / "package.json").is_file()), None)
    if found is None:
        return "not installed: no panel in JupyterLab, magics and commands work (it is left out where npm is missing)"
    disabled = get_page_config(jupyter_path("labextensions")).get("disabledExtensions", [])
    off = any(name == LABEXTENSION or name.startswith(f"{LABEXTENSION}:") for name in disabled)
    return f"installed in {found}, " + (
        f"but switched off: jupyter labextension enable {LABEXTENSION}" if off else "enabled"
    )


def _store(location: str) -> tuple[str, bool]:
    from mlee_jupyter.store import open_store

    if "://" not in location and not os.path.lexists(location):
        return f"{location} (made when the first experiment starts)", True
    store = open_store(location, when_needed=True)
    try:
        if store.notice:
            return f"PROBLEM: {store.notice}", False
        return f"{store.location}, {count(len(store.experiments()), 'experiment')}", True
    finally:
        store.close()


def _version(part: str) -> str | None:
    try:
        return importlib.metadata.version(part)
    except importlib.metadata.PackageNotFoundError:
        return None
