"""The sealed second sample: what may be sealed, and what opening it shows.

A sample is sealed by the fingerprint of its right answers; the answers themselves are not kept. It is opened once,
after the decision, and judges the chosen candidate beside at most two others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mlee_jupyter.domain import Charter, Confirmed, Evidence, Fresh, ResultKind, Truth
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.judge.entries import class_scores, measure
from mlee_jupyter.record import cell_output
from mlee_jupyter.stats.metrics.traits import MetricFacts
from mlee_jupyter.stats.rows.array_codec import content_hash
from mlee_jupyter.stats.rows.row_index import index_of

MOST = 3  # candidates judged on it: more would make it a second contest
SHARED = 0.5  # of a sample's distinct numbers found in the other: no chance, where answers have many values
FEWEST_VALUES = 20  # from here on numbers say which row they are of
SEAL = "%mlee_experiment change --fresh y_final"


def demand_apart(name: str, fresh: Truth, value: Any, truth: Truth | None, answers: Any) -> None:
    """Refuse a second sample that is the first one, or shares rows with it.

    Args:
        name: the second sample's variable.
        fresh: as a truth.
        value: what the variable holds.
        truth: the declared truth; None where it is not there yet.
        answers: what its variable holds.

    Raises:
        MleeError: what they share.
    """
    if truth is None:
        return
    another = f"Keep rows aside that are not in {truth.name[:40]}."
    if fresh.fingerprint == truth.fingerprint:
        raise MleeError(f"{name[:40]} holds the very answers of {truth.name[:40]}, so nothing is fresh in it.", another)
    if _one_memory(value, answers):
        raise MleeError(f"{name[:40]} is a part of {truth.name[:40]}: they share rows.", another)
    here, there = index_of(value), index_of(answers)
    if here is not None and there is not None and _says_rows(here) and _says_rows(there):
        shared = int(here.isin(there).sum())
        if shared:
            raise MleeError(f"{shared:,} rows of {name[:40]} are in {truth.name[:40]} too, by their index.", another)
    if fresh.kind == "numbers" and truth.kind == "numbers" and fresh.rows is not None and truth.rows is not None:
        values = np.unique(fresh.rows)
        known = np.isin(values, truth.rows)
        if len(values) >= FEWEST_VALUES and known.mean() > SHARED and bool(np.any(values != np.floor(values))):
            raise MleeError(
                f"{int(known.sum()):,} of the {len(values):,} values in {name[:40]} are in {truth.name[:40]} too.",
                another,
            )


def _one_memory(value: Any, answers: Any) -> bool:
    arrays = [getattr(one, "values", one) for one in (value, answers)]
    return all(isinstance(one, np.ndarray) for one in arrays) and bool(np.shares_memory(*arrays))


def _says_rows(index: Any) -> bool:
    """An index that is more than the positions 0..n-1."""
    return not np.array_equal(np.asarray(index), np.arange(len(index)))


def demand_unchanged(fresh: Fresh, now: Truth) -> None:
    """Refuse to open anything but what was sealed.

    Raises:
        MleeError: how it differs.
    """
    if now.fingerprint == fresh.fingerprint:
        return
    name = fresh.name[:40]
    if now.n != fresh.n:
        raise MleeError(f"{name} has {now.n:,} rows now; {fresh.n or 0:,} were sealed.", "Load the sealed rows again.")
    raise MleeError(f"The answers in {name} have changed since they were sealed.", "Load the sealed rows again.")


def demand_order(evidence: Evidence, names: Sequence[str]) -> str:
    """The chosen candidate, where the time has come to open.

    Raises:
        MleeError: nothing was decided, or other candidates were handed over.
    """
    decision = evidence.experiment.decision
    if decision is None:
        raise MleeError(
            "The fresh sample opens after the decision.", "Decide first: %mlee_experiment decide NAME --because ..."
        )
    if decision.candidate is None:
        raise MleeError("You decided against all candidates, so there is nothing to confirm.", "")
    typed = f"Type %mlee_experiment confirm {decision.candidate[:40]}=PREDICTIONS."
    if decision.candidate not in names:
        raise MleeError(f"{decision.candidate[:40]} was chosen, and its predictions are missing.", typed)
    unknown = [name for name in names if name not in evidence.candidates]
    if unknown:
        raise MleeError(f"There is no candidate {unknown[0][:40]!r}.", typed)
    if len(names) > MOST:
        raise MleeError(
            f"{len(names)} candidates on the fresh sample would be a second contest.",
            f"Hand over {decision.candidate[:40]} and at most {MOST - 1} to compare it with.",
        )
    return decision.candidate


def judged(
    handed: Mapping[str, Any], truth: Truth, facts: MetricFacts, charter: Charter, evidence: Evidence, features: Any
) -> tuple[Confirmed, ...]:
    """Each candidate's score on the sealed sample, the chosen one first.

    Args:
        handed: predictions, scores or an estimator, by candidate.
        truth: the sealed sample.
        facts: the metric of the experiment.
        charter: of the experiment.
        evidence: what was known before.
        features: what an estimator predicts on; None where none was named.

    Raises:
        MleeError: predictions that do not fit.
    """
    before = {s.candidate: s.score for s in evidence.judgement.standings} if evidence.judgement else {}
    found = []
    for name, value in handed.items():
        (one, *more) = cell_output.read(value, n=truth.n, needs=facts.needs, metric=facts.name, features=features)
        if more or one.rows is None or one.kind not in (ResultKind.PREDICTIONS, ResultKind.SCORES):
            raise MleeError(
                f"{name[:40]} needs one set of predictions for the {truth.n:,} rows of {truth.name[:40]}.",
                f"Type %mlee_experiment confirm {name[:40]}=PREDICTIONS.",
            )
        if len(one.rows) != truth.n:
            raise MleeError(
                f"{len(one.rows):,} predictions of {name[:40]} for {truth.n:,} rows; {truth.name[:40]} stays sealed.",
                f"Predict on the rows that {truth.name[:40]} holds the answers of.",
            )
        rows = one.rows
        if one.kind is ResultKind.SCORES:
            rows = class_scores(truth.rows, rows, one.classes, facts, charter.positive, of_estimator=one.of_estimator)
        score = measure(
            truth.rows, rows, one.kind, metric=facts.name, positive=charter.positive, average=charter.average
        )
        found.append(
            Confirmed(
                candidate=name,
                score=score.value,
                low=score.low,
                high=score.high,
                before=before.get(name),
                answers=content_hash(rows),
            )
        )
    chosen = evidence.experiment.decision.candidate if evidence.experiment.decision else None
    return tuple(sorted(found, key=lambda one: one.candidate != chosen))
