"""The tool that plans a package: a notebook is read, nothing is run or written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlee_jupyter.session.packaging import PackageOrder, plan_lines
from mlee_jupyter.wire.tool import TEXT, Tool

from .tool_files import inside

_LONGEST_PLAN = 20_000  # characters


def package_tool(folder: Path) -> Tool:
    """The tool.

    Args:
        folder: in which notebooks lie that a client may name.
    """

    def package(told: Mapping[str, Any]) -> dict[str, Any]:
        order = PackageOrder(notebook=inside(folder, told["notebook"]), keep=told.get("keep"), name=told.get("name"))
        text = plan_lines(order)
        said = f"The plan of {told['notebook']}; nothing was run or written."
        return {"plan": text[:_LONGEST_PLAN], "cut": len(text) > _LONGEST_PLAN, "said": said}

    return Tool(
        name="package",
        about="How a notebook would become a package: where each cell goes, what is dropped and why. It is read,"
        " nothing is run or written.",
        run=package,
        takes={
            "notebook": {**TEXT, "description": "a .ipynb file in the server's folder"},
            "keep": {**TEXT, "description": "only what this candidate needs"},
            "name": {**TEXT, "description": "of the package"},
        },
        needs=("notebook",),
    )
