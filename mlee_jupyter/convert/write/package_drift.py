"""Living with a package: how far it and its notebook have grown apart, and how it was made, to make it again."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlee_jupyter.convert.plan.refusals import OURS
from mlee_jupyter.convert.read.cells import read_notebook
from mlee_jupyter.domain import files
from mlee_jupyter.domain.errors import MleeError

from .writing import code_hash, hash_of, marker_of

_BESIDE = re.compile(r"\.new(\.\d+)?$")  # put beside an edited file; whoever has merged it takes it away


@dataclass(frozen=True, kw_only=True)
class Drift:
    """A package, its notebook and its files, seen against the time when it was written."""

    folder: Path
    notebook_changed: bool
    changed_cells: tuple[int, ...]  # cells of the notebook as it is now that the package does not know
    edited: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def any(self) -> bool:
        """Whether the two have grown apart; a package that was edited is not behind its notebook."""
        return self.notebook_changed


def drift_of(folder: Path) -> Drift | None:
    """How far a package and its notebook have grown apart; None for a folder that is not ours."""
    marker = marker_of(folder)
    if not marker:
        return None
    cells = marker.get("cells")
    known = set(map(str, cells)) if isinstance(cells, list) else set()
    changed_cells: tuple[int, ...] = ()
    try:
        notebook = read_notebook(folder / str(marker.get("notebook", "")))
        changed = code_hash(notebook) != marker.get("code")
        if changed:
            changed_cells = tuple(c.number for c in notebook.code if hash_of(c.source.rstrip())[:16] not in known)
    except MleeError:
        changed = True
    edited, missing = [], []
    for relative, recorded in marker["files"].items():
        try:
            now = hash_of(files.read(folder / relative).decode("utf-8", "replace"))
        except (OSError, MleeError):
            if not _BESIDE.search(relative):
                missing.append(relative)
        else:
            if now != recorded:
                edited.append(relative)
    return Drift(
        folder=folder,
        notebook_changed=changed,
        changed_cells=changed_cells,
        edited=tuple(edited),
        missing=tuple(missing),
    )


def packages_of(notebook: Path) -> list[Path]:
    """Packages near a notebook (in its folder, one or two levels down, or one up) that were made from it."""
    home = notebook.absolute().parent
    found = []
    for pattern in (f"*/{OURS}", f"*/*/{OURS}", f"../*/{OURS}"):
        for marker in sorted(home.glob(pattern)):
            folder = marker.parent
            with contextlib.suppress(OSError, ValueError, RuntimeError):  # a note may name anything, links in a circle
                if (folder / str(marker_of(folder).get("notebook", ""))).resolve() == notebook.resolve():
                    found.append(folder)
    return list({folder.resolve(): folder for folder in found}.values())


def remembered(folder: Path) -> dict[str, Any]:
    """The arguments that a package was made with: `name`, `keep`, `keep_variables`, `python`, `kernel`.

    Raises:
        MleeError: the folder holds no package of ours.
    """
    marker = marker_of(folder)
    if not marker:
        raise MleeError(f"{folder} holds no package of ours to refresh.", "Leave out --refresh to write a new one.")
    variables = marker.get("keep_variables")
    return {
        "name": str(marker["name"]) if marker.get("name") else None,
        "keep": str(marker["keep"]) if marker.get("keep") else None,
        "python": str(marker["python"]) if marker.get("python") else None,
        "kernel": str(marker["kernel"]) if marker.get("kernel") else None,
        "keep_variables": tuple(map(str, variables)) if isinstance(variables, list) else None,
    }


def folder_to_refresh(notebook: Path) -> Path:
    """The package that was made from a notebook.

    Raises:
        MleeError: there is none near it, or there are several.
    """
    found = packages_of(notebook)
    if len(found) == 1:
        return found[0]
    if not found:
        raise MleeError(f"No package near {notebook.name} was made from it.", "Name its folder: --output DIR.")
    raise MleeError(
        f"{len(found)} packages were made from {notebook.name}: {', '.join(f.name for f in found[:5])}.",
        "Name one: --output DIR.",
    )
