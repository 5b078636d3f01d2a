"""Putting a package on disk: never over someone else's files, never over a file that was edited by hand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlee_jupyter.errors import MleeError

from .refusals import OURS, check_output
from .types import Notebook, Written


@dataclass(frozen=True, kw_only=True)
class Landed:
    """What writing did, file by file (paths relative to the folder)."""

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    beside: tuple[str, ...]  # new text put beside a file that was edited by hand: NAME.new


@dataclass(frozen=True, kw_only=True)
class Drift:
    """A package whose notebook has changed, or whose own files were edited, since it was written."""

    folder: Path
    notebook_changed: bool
    edited: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def any(self) -> bool:
        """Whether the two have grown apart."""
        return self.notebook_changed


def write_files(written: Written, extra: Mapping[str, str] | None = None) -> Landed:
    """Write a package; files that were edited since the last time are kept, the new text goes beside them.

    Args:
        written: the package.
        extra: further files, such as the report.

    Raises:
        MleeError: the folder is someone else's, or a link leads out of it.
    """
    folder = written.folder
    check_output(folder)
    before = _marker(folder).get("files", {})
    files = {**written.files, **(extra or {})}
    home = folder.absolute().resolve()
    done: dict[str, list[str]] = {"written": [], "unchanged": [], "beside": []}
    for relative in files:
        place = folder / relative
        if not place.parent.resolve().is_relative_to(home) or (place.is_symlink()):
            raise MleeError(f"{relative} would be written outside {folder}.", "Remove the link that leads there.")
    hashes: dict[str, str] = {}
    for relative, text in files.items():
        place = folder / relative
        hashes[relative] = _hash(text)
        current = _hash(place.read_text("utf-8", errors="replace")) if place.is_file() else None
        if current == hashes[relative]:
            done["unchanged"].append(relative)
            continue
        if current is not None and before.get(relative) != current:
            place = place.with_name(place.name + ".new")
            hashes[relative] = before.get(relative, "")
            done["beside"].append(f"{relative}.new")
        else:
            done["written"].append(relative)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
    notebook = (written.plan.original or written.plan.facts).notebook
    marker = {"notebook": str(_relative(notebook.path, folder)), "code": code_hash(notebook), "files": hashes}
    (folder / OURS).write_text(json.dumps(marker, indent=1, sort_keys=True) + "\n", "utf-8")
    return Landed(written=tuple(done["written"]), unchanged=tuple(done["unchanged"]), beside=tuple(done["beside"]))


def _relative(path: Path, folder: Path) -> Path:
    import os

    return Path(os.path.relpath(path.absolute(), folder.absolute()))


def _marker(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / OURS).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) and isinstance(found.get("files"), dict) else {}


def _hash(text: str) -> str:
    return hashlib.sha256(text.replace("\r\n", "\n").encode("utf-8", "surrogatepass")).hexdigest()


def code_hash(notebook: Notebook) -> str:
    """A fingerprint of a notebook's code and prose; outputs and counts do not matter."""
    cells = [(c.kind, c.source.rstrip()) for c in notebook.cells if c.kind == "code" and c.source.strip()]
    return _hash(json.dumps(cells, ensure_ascii=True))


def drift_of(folder: Path) -> Drift | None:
    """How far a package and its notebook have grown apart; None for a folder that is not ours."""
    from .cells import read_notebook

    marker = _marker(folder)
    if not marker:
        return None
    path = folder / str(marker.get("notebook", ""))
    try:
        changed = code_hash(read_notebook(path)) != marker.get("code")
    except MleeError:
        changed = True
    edited, missing = [], []
    for relative, recorded in marker["files"].items():
        place = folder / relative
        if not place.is_file():
            missing.append(relative)
        elif _hash(place.read_text("utf-8", errors="replace")) != recorded:
            edited.append(relative)
    return Drift(folder=folder, notebook_changed=changed, edited=tuple(edited), missing=tuple(missing))


def packages_of(notebook: Path) -> list[Path]:
    """Packages near a notebook (in its folder, one or two levels down, or one up) that were made from it."""
    home = notebook.absolute().parent
    found = []
    for pattern in (f"*/{OURS}", f"*/*/{OURS}", f"../*/{OURS}"):
        for marker in sorted(home.glob(pattern)):
            folder = marker.parent
            if (folder / str(_marker(folder).get("notebook", ""))).resolve() == notebook.resolve():
                found.append(folder)
    return list(dict.fromkeys(found))
