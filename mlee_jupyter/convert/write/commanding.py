"""__main__.py and data_root.py: a package runs by its name, from wherever one is."""

from __future__ import annotations

from mlee_jupyter.convert.types import Plan

from .filling import filled, region

_MAIN = "src/package_name/__main__.py"


def main_py(plan: Plan, data_folder: str | None) -> str:
    """The command line; where files are read or written, it runs in their folder, as the notebook did.

    Args:
        plan: where everything goes.
        data_folder: where the notebook's files lie, seen from the package's folder; None when it touches none.
    """
    if data_folder is not None:
        return filled(_MAIN, plan.name)
    lines = region(_MAIN, plan.name, "imports").splitlines(keepends=True)
    imports = "".join(line for line in lines if line != "import os\n" and "data_root" not in line)
    return filled(_MAIN, plan.name, imports=imports, folder="")


def data_root_py(plan: Plan, data_folder: str) -> str:
    """The module that knows where the data files lie."""
    root = f"ROOT = {data_folder!r}  # seen from the project's folder"
    return filled("src/package_name/data_root.py", plan.name, root=root)
