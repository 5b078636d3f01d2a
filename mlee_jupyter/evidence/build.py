"""From records to evidence: what a rule or a board may see of an experiment at one moment.

Arrays come from the store through a cache, every candidate's variants are judged together on each truth, and
nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from mlee_jupyter.domain import (
    Candidate,
    Coverage,
    Effort,
    Evidence,
    Experiment,
    Layout,
    Records,
    Result,
    RunOutcome,
    Span,
    Truth,
    estimates_in_hours,
    partly_trained,
    working_time,
)
from mlee_jupyter.domain.month_costs import MonthCost
from mlee_jupyter.domain.settings import Settings
from mlee_jupyter.serving.month_cost import month_cost
from mlee_jupyter.serving.price_list import price_list
from mlee_jupyter.stats.compare.baselines import Past
from mlee_jupyter.stats.metrics.metric_names import target_as_shown

from . import row_structure
from .answers_alike import strangers, twins
from .asking_judge import judgement_of
from .derived_simplicity import with_derived
from .growing import not_outgrown
from .latest_results import latest
from .memory import Memory


def evidence(
    records: Records,
    memory: Memory,
    *,
    now: datetime,
    settings: Settings,
    declared_truth: Truth | None = None,
    kinds: tuple[str, Mapping[str, int]] | None = None,
    live_spans: Iterable[Span] = (),
    live_layouts: Sequence[Layout] = (),
    past: Past | None = None,
) -> Evidence:
    """Everything known of one experiment at `now`, judged.

    Args:
        records: the store's snapshot.
        memory: where arrays are read from, and what was judged already.
        now: aware, UTC.
        settings: the project's settings.
        declared_truth: the truth as it stands in the notebook; None outside of one.
        kinds: where the population's kinds were counted, and the rows of each; None: the truth's own labels.
        live_spans: cells that ran in this kernel and are not in the store yet.
        live_layouts: groups, times and weights of rows as they stand in the notebook.
        past: the answers of the declared truth's training rows, where rows are in time order.
    """
    truths = dict(records.truths)
    if declared_truth is None and records.experiment.truth_name is not None:
        used = (truths[r.truth] for r in reversed(records.results) if r.truth in truths)
        declared_truth = next((truth for truth in used if truth.name == records.experiment.truth_name), None)
    spans = (*records.spans, *live_spans)
    records = replace(
        records,
        spans=spans,
        experiment=_with_defaults(records.experiment, settings),
        candidates=_ranked(records),
    )
    records = with_derived(records)
    pauses = [(start, end or now) for start, end in records.pauses]
    together = latest(records)
    judged = together.by_row
    declared = declared_truth.fingerprint if declared_truth else None
    by_truth = not_outgrown(together.by_truth, declared, memory)
    order = sorted(by_truth, key=lambda truth: (truth != declared, -len(by_truth[truth])))
    laid = row_structure.stored(records, live_layouts)
    for layout in live_layouts:
        memory.keep(layout.array, layout.rows)
    judgements = [
        judgement_of(
            records, by_truth[truth], truth, memory, laid.get(truth or ""), past if truth == declared else None
        )
        for truth in order
    ]
    judgements += [judgement_of(records, rest, None, memory) for rest in (together.folds, together.scores) if rest]
    found = Evidence(
        now=now,
        records=records,
        used=working_time.active_time(spans, settings.idle_limit, pauses),
        efforts=_efforts(records, working_time.active_time_by_candidate(spans, settings.idle_limit, pauses)),
        judgements=tuple(judgement for judgement in judgements if judgement is not None),
        declared_truth=declared_truth,
        coverage=_coverage(records, declared_truth, kinds),
        twins=twins(judged, truths),
        strangers=strangers(judged, truths, memory),
        settings=settings.rules,
        estimates=estimates_in_hours(records.experiment.charter.estimates, settings.hours_a_day),
    )
    return replace(found, costs=_costs(found, settings))


def _ranked(records: Records) -> tuple[Candidate, ...]:
    """The candidates, with the simplicity that was planned where none was said since."""
    ranks = {one.candidate: one.simplicity for one in records.experiment.charter.estimates}
    return tuple(
        replace(c, simplicity=ranks[c.name]) if c.simplicity is None and c.name in ranks else c
        for c in records.candidates
    )


def _costs(evidence: Evidence, settings: Settings) -> dict[str, MonthCost]:
    """What running each candidate costs a month; nothing where no use of it was declared."""
    serving = evidence.charter.serving
    if serving is None or serving.mode is None:
        return {}
    prices = price_list(settings.prices)
    return {
        name: month_cost(
            serving,
            result.model if result.model is not None and result.model.is_measured else None,
            result.duration_us / 1e6,
            prices,
        )
        for name, result in evidence.served.items()
    }


def _with_defaults(experiment: Experiment, settings: Settings) -> Experiment:
    """The experiment with the project's useful gain where its charter names none, and its target as shown."""
    charter = experiment.charter
    gain = settings.useful_gain if charter.useful_gain is None else charter.useful_gain
    target = target_as_shown(charter.must_reach, charter.metric)
    return replace(experiment, charter=replace(charter, useful_gain=gain, must_reach=target))


def _efforts(records: Records, active: Mapping[str, timedelta]) -> dict[str, Effort]:
    seen: dict[str, list[Result]] = {c.name: [] for c in records.candidates}
    for result in records.results:
        seen.setdefault(result.candidate, []).append(result)
    partly = partly_trained(records.results)
    return {name: _effort(mine, active.get(name, timedelta()), partly) for name, mine in seen.items()}


def _effort(results: list[Result], active: timedelta, partly: frozenset[int]) -> Effort:
    runs = {r.run_id: r for r in results}
    started = [r.started_us for r in results]
    tried = [r for r in results if r.outcome == RunOutcome.OK and r.metric is not None and r.run_id not in partly]
    return Effort(
        variants=len({r.variant_id for r in tried}),
        runs=len(runs),
        failed_runs=sum(r.outcome != RunOutcome.OK for r in runs.values()),
        active=active,
        last_at=_at(max(started)) if started else None,
    )


def _at(microseconds: int) -> datetime:
    return datetime.fromtimestamp(microseconds / 1e6, UTC)


def _coverage(records: Records, truth: Truth | None, kinds: tuple[str, Mapping[str, int]] | None) -> Coverage | None:
    population = records.experiment.charter.population
    if population is None or population.kinds is None:
        return None
    if kinds is None:
        if truth is None or truth.kind != "labels":
            return None
        kinds = (truth.name, truth.classes)
    source, counts = kinds
    thinnest = min(counts, key=lambda kind: counts[kind]) if counts else None
    return Coverage(
        source=source,
        kinds_expected=population.kinds,
        kinds_present=len(counts),
        rows=sum(counts.values()),
        thinnest=thinnest,
        thinnest_rows=counts[thinnest] if thinnest is not None else None,
    )
