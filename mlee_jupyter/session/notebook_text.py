"""The text of notebook files, read again only where a file changed; nothing is run."""

from __future__ import annotations

import hashlib
import os
import stat
from collections import OrderedDict
from pathlib import Path

from mlee_jupyter.convert.health.notebook_facts import facts_of_cells, notebook_facts
from mlee_jupyter.domain import NotebookFacts
from mlee_jupyter.domain.errors import MleeError

MOST_KEPT = 16  # notebooks of one process

_Signature = tuple[int, int, int]
_read: OrderedDict[str, tuple[_Signature, bytes, NotebookFacts | None]] = OrderedDict()


def text_of_run(code: str, features: str | None) -> NotebookFacts | None:
    """What rules may know of a candidate's cell as it was run; None where it cannot be read.

    Args:
        code: the cell's.
        features: the name of the test rows, where it is declared.
    """
    if "fit" not in code and "train" not in code:
        return None  # nothing learns here
    declared = "" if features is None else f" --features {features}"
    try:
        return facts_of_cells([f"%mlee_experiment start it{declared}", f"%%mlee_candidate it\n{code}"])
    except MleeError:
        return None


def text_of(path: str) -> NotebookFacts | None:
    """What rules may know of a notebook file, as it was last saved; None where it cannot be read.

    Args:
        path: of the file; read again where its time or size changed, understood again where its content did.
    """
    try:
        seen = os.stat(path)
        if not stat.S_ISREG(seen.st_mode):
            return None
        signature = (seen.st_mtime_ns, seen.st_size, seen.st_ino)
        kept = _read.get(path)
        if kept is not None and kept[0] == signature:
            return kept[2]
        digest = hashlib.sha256(Path(path).read_bytes()).digest()
    except (OSError, ValueError):
        _read.pop(path, None)
        return None
    if kept is None or kept[1] != digest:
        try:
            facts = notebook_facts(path)
        except MleeError:
            facts = None
    else:
        facts = kept[2]
    _read[path] = (signature, digest, facts)
    _read.move_to_end(path)
    while len(_read) > MOST_KEPT:
        _read.popitem(last=False)
    return facts
