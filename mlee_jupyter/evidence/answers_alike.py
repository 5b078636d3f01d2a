"""What candidates' answers show of each other and of the truth: the same ones, and labels it has never heard of."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np

from mlee_jupyter.domain import Result, ResultKind, Truth
from mlee_jupyter.stats.metrics.metric_names import known
from mlee_jupyter.stats.rows.labels import label_text

from .memory import Memory

TWIN_ROWS = 50  # equal labels on fewer rows than this can be chance
TWIN_ERRORS = 5  # and so can the same four errors of two good classifiers


def twins(results: list[Result], truths: Mapping[str, Truth]) -> tuple[tuple[str, str], ...]:
    """Pairs of candidates whose newest predictions are the same, where chance is no explanation.

    Only the newest variant of each counts: among many variants of two good classifiers, some agree by chance.
    """
    newest = {(r.candidate, r.truth): r for r in results}
    first: dict[tuple[str | None, str], str] = {}
    pairs: dict[tuple[str, str], None] = {}
    for result in newest.values():
        if result.rows is None or result.kind == ResultKind.INFLUENCE:
            continue
        truth = truths.get(result.truth or "")
        labels = truth is not None and truth.kind == "labels" and result.kind == ResultKind.PREDICTIONS
        rows, value = result.n or 0, result.value or 0.0
        few_errors = 0 <= value <= 1 and (1 - value) * rows < TWIN_ERRORS
        if labels and (rows <= TWIN_ROWS or few_errors):
            continue
        if result.kind == ResultKind.ROW_SCORES:
            continue  # two that are graded 5 throughout are no twins
        other = first.setdefault((result.truth, result.rows), result.candidate)
        if other != result.candidate:
            pairs[(other, result.candidate)] = None
    return tuple(pairs)


def strangers(results: list[Result], truths: Mapping[str, Truth], memory: Memory) -> dict[str, float]:
    """Share of a candidate's predicted labels that the truth has never heard of, by its newest result."""
    shares: dict[str, float] = {}
    for result in {r.candidate: r for r in results}.values():
        truth, facts = truths.get(result.truth or ""), known(result.metric)
        if facts is not None and facts.needs == "numbers":
            continue  # 3.7 stars is no label of another coding
        if truth is None or truth.kind != "labels" or not truth.classes or result.kind != ResultKind.PREDICTIONS:
            continue
        asked = ("strangers", result.rows, truth.fingerprint, memory.truth(truth.fingerprint) is None)
        if (share := memory.counted(asked, partial(_strange_share, result.rows or "", truth, memory))) is not None:
            shares[result.candidate] = share
    return shares


def _strange_share(kept: str, truth: Truth, memory: Memory) -> float | None:
    """That share of one stored array of predictions; None where it has no labels to count."""
    predicted, answers = memory.get(kept), memory.truth(truth.fingerprint)
    if answers is not None and (predicted.dtype == object) != (answers.dtype == object):
        return 1.0  # text on one side, numbers on the other: "1" is not 1
    if predicted.ndim != 1 or not len(predicted):
        return None
    labels, counts = np.unique(predicted, return_counts=True)
    known = [label_text(label) in truth.classes for label in labels]
    return float(counts[~np.array(known)].sum()) / len(predicted)
