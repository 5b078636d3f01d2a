"""The life of the sealed second sample: declared early, kept apart, opened once after the decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from mlee_jupyter.domain import Evidence, Fresh, Records, Truth
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.domain.text.names import count
from mlee_jupyter.record.truth import truth_of
from mlee_jupyter.stats.metrics.catalogue import default_metric, metric_facts

from . import sealing

if TYPE_CHECKING:
    from mlee_jupyter.store import Store

    from .user_variables import Declared


def seal(
    store: Store, records: Records, declared: Declared, name: str, because: str | None, at: datetime
) -> tuple[str, ...]:
    """Declare the second sample; gives back what there is to say. Saying it again changes nothing.

    Raises:
        MleeError: it shares rows with the declared truth, was looked at before, or was opened already.
    """
    before, there = records.fresh, name in declared.names
    if before is not None and before.name == name and (before.opened_at is not None or not there):
        return ()
    if not there:
        store.seal(records.experiment.name, name, None, because, at)
        return (f"{name[:40]} is not there yet; it is sealed when it is, at the next candidate.",)
    sample = truth_of(name, declared.names[name])
    if before is not None and before.fingerprint == sample.fingerprint:
        return ()
    if before is not None and before.name == name and before.fingerprint is not None:
        # the cell that starts the experiment ran again, on other rows: the seal is not silently put elsewhere
        sealing.demand_unchanged(before, sample)
    truth = declared.truth_if_there(records.experiment)
    answers = declared.names.get(truth.name) if truth else None
    sealing.demand_apart(name, sample, declared.names[name], truth, answers)
    if looks := store.looks(sample.fingerprint):
        raise MleeError(
            f"{name[:40]} was judged on already ({count(looks, 'look')}), so it is not fresh.", "Keep other rows aside."
        )
    store.seal(records.experiment.name, name, sample, because, at)
    return (f"{name[:40]} is sealed: {sample.n:,} rows that open once, after the decision.",)


def heed(store: Store, records: Records, declared: Declared, truth: Truth | None, at: datetime) -> tuple[str, ...]:
    """Seal what was not there when it was declared, and keep candidates off what is sealed; gives back what to say.

    Raises:
        MleeError: the truth is the sealed sample.
    """
    fresh = records.fresh
    if fresh is None:
        return ()
    said: tuple[str, ...] = ()
    fingerprint = fresh.fingerprint
    if fingerprint is None and fresh.name in declared.names:
        said = seal(store, records, declared, fresh.name, None, at)
        fingerprint = truth_of(fresh.name, declared.names[fresh.name]).fingerprint
    if truth is not None and truth.fingerprint == fingerprint:
        raise MleeError(
            f"{truth.name[:40]} is the sealed sample: candidates are not judged on it; nothing was recorded.",
            "It opens after the decision: %mlee_experiment confirm NAME=PREDICTIONS.",
        )
    return said


def confirm(
    store: Store,
    evidence: Evidence,
    declared: Declared,
    handed: Mapping[str, Any],
    features_name: str | None,
    at: datetime,
) -> tuple[Fresh, bool]:
    """Open the sealed sample, once: what it showed, and whether this was the opening.

    The same predictions again give the same answer.

    Raises:
        MleeError: not sealed, not decided, changed since, or opened before with other predictions.
    """
    fresh = evidence.records.fresh
    if fresh is None or fresh.fingerprint is None:
        raise MleeError("No fresh sample is sealed here.", f"Seal one before the next try: {sealing.SEAL}")
    if fresh.name not in declared.names:
        raise MleeError(f"There is no variable {fresh.name[:40]!r} here, the sealed sample.", "Load it again.")
    sample = truth_of(fresh.name, declared.names[fresh.name])
    sealing.demand_unchanged(fresh, sample)
    if fresh.opened_at is None:
        sealing.demand_order(evidence, list(handed))
        if looks := store.looks(sample.fingerprint):
            raise MleeError(
                f"{fresh.name[:40]} was judged on since it was sealed ({count(looks, 'look')}): it is fresh no more.",
                f"Seal other rows: {sealing.SEAL}",
            )
    charter = evidence.charter
    metric = fresh.metric or (evidence.judgement.metric if evidence.judgement else charter.metric)
    facts = metric_facts(metric or default_metric(sample.rows), charter.average)
    found = sealing.judged(handed, sample, facts, charter, evidence, declared.features(features_name))
    if fresh.opened_at is None:
        return store.open_fresh(evidence.experiment.name, facts.name, found, at), True
    known = {one.candidate: one.answers for one in fresh.confirmed}
    if any(known.get(one.candidate) != one.answers for one in found):
        raise MleeError(
            f"{fresh.name[:40]} was opened on {fresh.opened_at:%d %b %Y}, and opens once: "
            "other predictions are not judged on it.",
            "%mlee_scoreboard shows what it said.",
        )
    return fresh, False
