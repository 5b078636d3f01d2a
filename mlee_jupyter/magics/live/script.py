"""Where the live scoreboard's script lies: npm makes it of labextension/src, together with the JupyterLab extension."""

from __future__ import annotations

from importlib.resources import files

BUILT = files(__package__).joinpath("built")
MODULE, STYLE = "scoreboard.js", "scoreboard.css"


def is_built() -> bool:
    """Whether this installation has it."""
    return all(BUILT.joinpath(name).is_file() for name in (MODULE, STYLE))
