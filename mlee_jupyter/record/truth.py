"""Declared answers as a truth: canonical rows, their fingerprint, and the classes in them."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlee_jupyter.domain import Truth
from mlee_jupyter.stats.metrics.truth_kinds import truth_kind
from mlee_jupyter.stats.rows import columns
from mlee_jupyter.stats.rows.array_codec import content_hash
from mlee_jupyter.stats.rows.labels import label_text

MOST_CLASSES = 1_000  # classes counted by name; more are only counted


def truth_of(name: str, value: Any) -> Truth:
    """Declared answers as a truth: canonical rows, their fingerprint, and the classes in them.

    Raises:
        MleeError: the value holds nothing that can be right answers.
    """
    rows = columns.as_column(value, name)
    labels = truth_kind(rows) == "labels"
    classes: dict[str, int] = {}
    n_classes = None
    if labels:
        kinds, counts = np.unique(rows, return_counts=True)
        n_classes = len(kinds)
        if n_classes <= MOST_CLASSES:
            classes = {label_text(kind): int(n) for kind, n in zip(kinds, counts, strict=True)}
    return Truth(
        fingerprint=content_hash(rows),
        name=name,
        n=len(rows),
        kind="labels" if labels else "numbers",
        classes=classes,
        n_classes=n_classes,
        index_hash=columns.index_hash(value),
        rows=rows,
    )
