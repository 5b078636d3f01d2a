"""Putting a package on disk: never over someone else's files, never over a file that was edited by hand."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlee_jupyter.convert.interpreter import OWN
from mlee_jupyter.convert.plan.refusals import OURS, check_output
from mlee_jupyter.convert.types import Landed, Notebook, Written
from mlee_jupyter.domain import files
from mlee_jupyter.domain.errors import MleeError

_LARGEST_NOTE = 4 * 2**20  # bytes: one line for each file of the package


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
    before: Mapping[str, str] = marker_of(folder).get("files", {})
    done: dict[str, list[str]] = {"written": [], "beside": []}
    hashes: dict[str, str] = {}
    ready: dict[str, str] = {}
    for relative, text in {**written.files, **(extra or {})}.items():
        hashes[relative] = hash_of(text)
        current = _hash_on_disk(folder, relative)
        if current == hashes[relative]:
            continue
        if current is not None and before.get(relative) != current:
            hashes[relative] = before.get(relative, "")
            beside = _beside(folder, relative, text, before)
            hashes[beside] = hash_of(text)
            done["beside"].append(beside)
            ready[beside] = text
        else:
            done["written"].append(relative)
            ready[relative] = text
    for relative, text in ready.items():  # every place was looked at by now: nothing is written where one is refused
        files.write(folder / relative, text, below=folder)
    done["removed"], done["left"] = _tidy(folder, before, hashes)
    marker = json.dumps(_marker_of(written, hashes), indent=1, sort_keys=True) + "\n"
    files.write(folder / OURS, marker, below=folder)
    return Landed(**{what: tuple(names) for what, names in done.items()})


def _beside(folder: Path, relative: str, text: str, before: Mapping[str, str]) -> str:
    """NAME.new, or NAME.new.2 where somebody has worked in NAME.new already."""
    number, name = 1, f"{relative}.new"
    while _hash_on_disk(folder, name) not in (None, before.get(name), hash_of(text)):
        number += 1
        name = f"{relative}.new.{number}"
    return name


def _tidy(folder: Path, before: Mapping[str, str], now: dict[str, str]) -> tuple[list[str], list[str]]:
    """Files of the last time that the package has no more: removed, or left where they were edited."""
    removed, left = [], []
    for relative, recorded in before.items():
        if relative in now:
            continue
        try:
            current = _hash_on_disk(folder, relative)
        except MleeError:
            continue  # a link, a folder: not what was written
        if current == recorded:
            (folder / relative).unlink()
            removed.append(relative)
        elif current is None:
            continue
        else:
            now[relative] = recorded
            left.append(relative)
    return removed, left


def _marker_of(written: Written, hashes: Mapping[str, str]) -> dict[str, Any]:
    plan = written.plan
    notebook = (plan.original or plan.facts).notebook
    return {
        "notebook": str(_relative(notebook.path, written.folder)),
        "code": code_hash(notebook),
        "cells": [hash_of(c.source.rstrip())[:16] for c in notebook.code],
        "files": dict(hashes),
        "name": plan.name,
        "keep": plan.keep,
        **(plan.interpreter or OWN).asked,
        "keep_variables": None if plan.keep or not plan.keep_variables else list(plan.keep_variables),
    }


def _relative(path: Path, folder: Path) -> Path:
    return Path(os.path.relpath(path.absolute(), folder.absolute()))


def marker_of(folder: Path) -> dict[str, Any]:
    """What was noted when a package was written; empty for a folder that is not ours, or a note that is not."""
    try:
        found = files.parse_json(files.read_text(folder / OURS, most=_LARGEST_NOTE))
    except (OSError, ValueError, MleeError):
        return {}
    if not isinstance(found, dict) or not isinstance(found.get("files"), dict):
        return {}
    if not all(isinstance(hashed, str) and files.is_inside(name) for name, hashed in found["files"].items()):
        return {}
    return found


def hash_of(text: str) -> str:
    """A fingerprint of a text; how its lines end does not matter."""
    return hashlib.sha256(text.replace("\r\n", "\n").encode("utf-8", "surrogatepass")).hexdigest()


def _hash_on_disk(folder: Path, relative: str) -> str | None:
    """The fingerprint of a plain file of the folder; None: there is nothing.

    Raises:
        MleeError: what is there is no plain file, or a link leads there.
    """
    if files.plain_file(folder / relative, below=folder) is None:
        return None
    return hash_of(files.read(folder / relative).decode("utf-8", "replace"))


def code_hash(notebook: Notebook) -> str:
    """A fingerprint of a notebook's code; prose, outputs and counts do not matter."""
    cells = [(c.kind, c.source.rstrip()) for c in notebook.cells if c.kind == "code" and c.source.strip()]
    return hash_of(json.dumps(cells, ensure_ascii=True))
