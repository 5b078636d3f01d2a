"""Scores that rows have by themselves, recorded: which rows they are of, and what is written."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mlee_jupyter.domain import CandidateState, Charter, Measured, Records, Result, ResultKind, Truth
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.compare.intervals import score_interval
from mlee_jupyter.stats.own_scores.row_score import UNNAMED, row_score_facts, scored_rows
from mlee_jupyter.stats.rows.row_index import index_hash, index_mismatch

from .cell_output import Handed

KIND = "rows"  # of a truth that is none: the rows that scores are of
NAME = "rows"


def rows_scored(handed: Handed, records: Records, truth: Truth | None, names: Mapping[str, Any]) -> Truth:
    """The rows that scores are of, as what results on the same rows share.

    A declared truth's rows; else those of the row index; else the rows of this experiment, matched by position.

    Args:
        handed: the scores, perhaps with an index.
        records: of the experiment.
        truth: the declared one; None: none is.
        names: the user's variables.

    Raises:
        MleeError: other rows than those of the truth, or than those that were scored before.
    """
    n = 0 if handed.rows is None else len(handed.rows)
    if truth is not None:
        if n != truth.n:
            raise MleeError(
                f"{n:,} row scores for {truth.n:,} rows of {truth.name}; nothing was recorded.",
                "Give one for each row, NaN where there is none.",
            )
        if index_mismatch(names.get(truth.name), handed.value):
            raise MleeError(
                f"The index of the row scores is not the index of {truth.name}; nothing was recorded.",
                f"Align them: scores.loc[{truth.name}.index]; or hand over plain values if the order is right.",
            )
        return _rows(f"truth {truth.fingerprint}", n, truth.index_hash, truth.name)
    own = index_hash(handed.value)
    before = _scored_before(records)
    if before is None:
        return _rows(f"index {own}" if own else f"experiment {records.experiment.opened_at.isoformat()}", n, own, NAME)
    if n != before.n:
        raise MleeError(
            f"{n:,} row scores, where the others have {before.n:,}; nothing was recorded.",
            "Give one for each row, NaN where there is none; other rows are another experiment.",
        )
    if None not in (own, before.index_hash) and own != before.index_hash:
        raise MleeError(
            "The index of these row scores is not the index of the others; nothing was recorded.",
            "Bring them into one order, or hand over plain values if they are.",
        )
    return before


def _rows(identity: str, n: int, index: str | None, name: str) -> Truth:
    fingerprint = hashlib.sha256(f"row scores of {n} rows\n{identity}".encode()).hexdigest()
    return Truth(fingerprint=fingerprint, name=name, n=n, kind=KIND, index_hash=index)


def _scored_before(records: Records) -> Truth | None:
    """The rows that the newest row scores are of, those of dropped candidates aside."""
    dropped = {c.name for c in records.candidates if c.state is CandidateState.DROPPED}
    used = [r for r in records.results if r.kind == ResultKind.ROW_SCORES and r.candidate not in dropped]
    return next((records.truths[r.truth] for r in reversed(used) if r.truth and r.truth in records.truths), None)


def measured_rows(handed: Handed, rows: Truth, metric: str | None, charter: Charter) -> tuple[Measured, float, float]:
    """What is written of row scores, with the 95% range of their mean.

    Args:
        handed: the scores.
        rows: that they are of.
        metric: of the experiment; None: none is named.
        charter: as it stands.

    Raises:
        MleeError: which way is better is not known, or fewer than two rows have a score.
    """
    scores = np.asarray(handed.rows)
    facts = row_score_facts(metric, charter.higher_is_better, [scores])
    scored = scored_rows(facts, scores)
    measured = Measured(
        metric=metric or UNNAMED,
        kind=ResultKind.ROW_SCORES,
        value=facts.sign * scored.theta + 0.0,
        n=int(scored.df) + 1,
        truth=rows.fingerprint,
        rows=scores,
        df=scored.df,
        note=handed.note,
    )
    return measured, *score_interval(facts, scored)


def remarks_of_rows(measured: Measured, rows: int, earlier: Sequence[Result]) -> tuple[str, ...]:
    """What there is to say of row scores: rows without one, scores that are all alike, other raters than before.

    Args:
        measured: as it is written.
        rows: that there are.
        earlier: the experiment's results so far.
    """
    said = []
    if measured.n is not None and measured.n < rows:
        said.append(
            f"{rows - measured.n:,} of {rows:,} rows have no score: candidates are compared where all have one."
        )
    least, most = float(np.nanmin(measured.rows)), float(np.nanmax(measured.rows))
    if least == most:
        said.append(f"These scores are {least:.4g} on every row: did the scorer run?")
    others = [r for r in earlier if r.kind == ResultKind.ROW_SCORES and r.truth == measured.truth]
    if others and others[-1].note != measured.note:
        said.append(
            f"{measured.note or '1 score a row'}, before it {others[-1].note or '1 score a row'}: "
            "they are not compared until all have the same."
        )
    return tuple(said)
