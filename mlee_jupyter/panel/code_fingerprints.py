"""What code each run was recorded with, as fingerprints: by them a badge says whether its cell was changed since.

They come from the store, so that they are known of the runs of earlier kernels too.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlee_jupyter.store import Store


class Fingerprints:
    """The fingerprint of every source that was met once."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}  # by the store's own hash of the source

    def of(self, store: Store, experiment: str) -> Mapping[int, str]:
        """The fingerprints of an experiment's runs, by run; runs that came without source are left out."""
        sources = store.sources(experiment)
        if unknown := set(sources.values()) - self._known.keys():
            self._known.update((key, fingerprint(code)) for key, code in store.codes(unknown).items())
        return {run: self._known[key] for run, key in sources.items() if key in self._known}


@lru_cache(maxsize=64)
def fingerprint(code: str) -> str:
    """Eight hexadecimal digits that the page computes of a cell too: CRC-32 of its lines without trailing blanks."""
    lines = [line.rstrip(" \t") for line in code.replace("\r\n", "\n").split("\n")]
    text = "\n".join(lines).strip("\n")
    return f"{zlib.crc32(text.encode('utf-8', 'replace')):08x}"
