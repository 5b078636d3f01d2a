"""Stored answers judged by another metric than the one agreed on: a look aside, which suggests nobody."""

from __future__ import annotations

from dataclasses import replace

from mlee_jupyter.domain import Charter, Evidence, Records, ResultKind
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.metrics.catalogue import metric_facts
from mlee_jupyter.stats.metrics.metric_names import known

_CAN_BE_SCORED_AGAIN = (ResultKind.PREDICTIONS, ResultKind.SCORES)


def by_another_metric(records: Records, metric: str) -> Records:
    """The records as if their charter named that metric: with the answers that can be scored again, and no others.

    Raises:
        MleeError: there is no such metric, it is the agreed one, or nothing can be scored by it.
    """
    charter = records.experiment.charter
    facts = metric_facts(metric)
    answers = tuple(
        one for one in records.results if one.kind in _CAN_BE_SCORED_AGAIN and one.rows is not None and one.truth
    )
    agreed = known(charter.metric or (answers[-1].metric if answers else None))
    if agreed is not None and agreed.name == facts.name:
        raise MleeError(f"The board is by {facts.label} already.", "Leave --metric out.")
    if not answers:
        raise MleeError(
            f"Nothing here can be scored by {facts.label}: no candidate's predictions are kept.",
            "Record one: %mlee_candidate NAME --pred y_pred.",
        )
    aside = replace(
        charter, metric=metric, average=_average(metric, charter), useful_gain=None, must_reach=None, estimates=()
    )
    left = {one.candidate for one in answers}
    return replace(
        records,
        experiment=replace(records.experiment, charter=aside),
        candidates=tuple(one for one in records.candidates if one.name in left),
        results=answers,
    )


def cannot_be_scored(metric: str) -> MleeError:
    """What is said where answers are kept, and none of them is of the kind that the metric judges."""
    facts = metric_facts(metric)
    wanted = {"scores": "probabilities or scores", "numbers": "numbers"}.get(facts.needs, "labels")
    return MleeError(f"No answer here can be scored by {facts.label}: it needs {wanted}.", "Record those as well.")


def as_side_view(evidence: Evidence) -> Evidence:
    """The same, with nobody suggested: what is good enough was agreed on in another metric."""
    return replace(evidence, judgements=tuple(replace(one, recommended=None) for one in evidence.judgements))


def seen_again(evidence: Evidence) -> dict[str, dict[str, str]]:
    """By truth, the answers that such a board shows: their content hashes and kinds."""
    found: dict[str, dict[str, str]] = {}
    judged = {(one.truth, s.candidate) for one in evidence.judgements for s in one.standings}
    for one in evidence.records.results:
        if (one.truth, one.candidate) in judged and one.truth and one.rows and one.kind:
            found.setdefault(one.truth, {})[one.rows] = one.kind
    return found


def _average(metric: str, charter: Charter) -> str | None:
    try:
        metric_facts(metric, charter.average)
    except MleeError:
        return None
    return charter.average
