"""From records to evidence: what a rule or a board may see of an experiment at one moment.

Arrays come from the store through a cache, every candidate's variants are judged together on each truth, and
nothing is written.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from mlee_jupyter.domain import (
    Candidate,
    Charter,
    Coverage,
    Effort,
    Evidence,
    Experiment,
    Judgement,
    Layout,
    Records,
    Result,
    ResultKind,
    RunOutcome,
    Span,
    Truth,
    estimates_in_hours,
    partly_trained,
    working_time,
)
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.domain.month_costs import MonthCost
from mlee_jupyter.domain.settings import Settings
from mlee_jupyter.judge.entries import Entry
from mlee_jupyter.judge.judging import judge
from mlee_jupyter.serving.month_cost import month_cost
from mlee_jupyter.serving.price_list import price_list
from mlee_jupyter.stats.compare.baselines import Past
from mlee_jupyter.stats.metrics.catalogue import REGISTERED, metric_facts
from mlee_jupyter.stats.metrics.metric_names import known, target_as_shown
from mlee_jupyter.stats.metrics.target import prepare
from mlee_jupyter.stats.metrics.traits import MetricFacts
from mlee_jupyter.stats.own_scores.row_score import row_score_facts
from mlee_jupyter.stats.rows.labels import label_text

from . import row_structure
from .derived_simplicity import with_derived
from .growing import not_outgrown, sizes_of
from .judged_with import by_layout
from .latest_results import dropped_answers, latest
from .looks import Course, Scale, with_wear
from .memory import Memory

if TYPE_CHECKING:
    pass

TWIN_ROWS = 50  # equal labels on fewer rows than this can be chance
TWIN_ERRORS = 5  # and so can the same four errors of two good classifiers


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
        _judgement(records, by_truth[truth], truth, memory, laid.get(truth or ""), past if truth == declared else None)
        for truth in order
    ]
    judgements += [_judgement(records, rest, None, memory) for rest in (together.folds, together.scores) if rest]
    found = Evidence(
        now=now,
        records=records,
        used=working_time.active_time(spans, settings.idle_limit, pauses),
        efforts=_efforts(records, working_time.active_time_by_candidate(spans, settings.idle_limit, pauses)),
        judgements=tuple(judgement for judgement in judgements if judgement is not None),
        declared_truth=declared_truth,
        coverage=_coverage(records, declared_truth, kinds),
        twins=_twins(judged, truths),
        strangers=_strangers(judged, truths, memory),
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


def _judgement(
    records: Records,
    results: list[Result],
    truth: str | None,
    memory: Memory,
    laid: Mapping[str, Layout] | None = None,
    past: Past | None = None,
) -> Judgement | None:
    """What the results of one truth, or without one, can carry; `laid` is how the truth's rows hang together."""
    charter = records.experiment.charter
    metric = charter.metric or results[-1].metric
    if metric is None:
        return None
    simplicity = {c.name: c.simplicity for c in records.candidates}
    judged = [r for r in results if r.rows is not None or r.kind == ResultKind.NUMBER]
    wanted = row_structure.declared(charter) if truth is not None else {}
    known = {} if laid is None else {what: layout.array for what, layout in laid.items()}
    sizes = sizes_of(records, truth, judged, memory)
    asked: tuple[Hashable, ...] = (charter.metric, charter.positive, charter.average, charter.useful_gain)
    asked = (*asked, charter.higher_is_better, *wanted.items(), *known.items())
    simple = tuple(simplicity.items())
    columns = tuple((r.candidate, r.variant, r.kind, r.rows, r.df, r.value, r.n) for r in judged)

    left, apart = [], {}
    for r in judged:
        why = _of_another_scale(records, r, metric)
        if why is None:
            left.append(r)
        else:
            apart[r.candidate] = why

    of_rows = any(r.kind == ResultKind.ROW_SCORES for r in left)
    facts = _row_facts(metric, charter) if of_rows else None
    if of_rows and facts is None:
        return None

    def judge_it() -> Judgement:
        judgement = by_layout(
            lambda **hanging: judge(
                memory.truth(truth) if truth else None,
                [_entry(r, simplicity.get(r.candidate), memory) for r in left],
                metric=metric if facts is None else facts,
                positive=charter.positive,
                average=charter.average,
                useful_gain=charter.useful_gain,
                truth_id=truth,
                past=past,
                growth=None if sizes is None else sizes.growth,
                **hanging,
            ),
            wanted,
            {what: memory.get(array) for what, array in known.items()},
        )
        judgement = judgement if sizes is None else sizes.noted(judgement)
        return replace(judgement, failed={**apart, **judgement.failed})

    question = (truth, metric, REGISTERED.get(metric), asked, simple, columns, _known(past), sizes)
    try:
        judgement = memory.judgement(question, judge_it)
    except MleeError:
        return None  # what could not be judged was said when it was recorded; the board shows it unjudged
    if truth is None or any(what not in known for what in wanted if what != "time"):
        return judgement  # without the groups that were declared, looks would seem to be of more rows than they are
    return _worn(judgement, truth, charter, judged, memory, known, dropped_answers(records))


def _of_another_scale(records: Records, result: Result, metric: str) -> str | None:
    """Why influence values of another metric or class cannot stand beside those of this one; None where they can."""
    if result.kind != ResultKind.INFLUENCE:
        return None
    charter = records.experiment.charter
    try:
        facts, own = metric_facts(metric, charter.average), metric_facts(result.metric or metric, charter.average)
    except MleeError:
        return None  # a metric that is registered no longer is said by the judge
    if own.name != facts.name:
        return f"Its rows were not kept, only what they tell of {own.label}. Record it again."
    by_one_class = facts.looks_at_one_class and not facts.symmetric
    before = [version.charter for version in records.charters if version.at <= result.started_at]
    if by_one_class and before and before[-1].positive != charter.positive:
        return "Its rows were not kept, only what they tell of another positive class. Record it again."
    return None


def _row_facts(metric: str, charter: Charter) -> MetricFacts | None:
    """What is known of row scores; None where their direction was taken back."""
    try:
        return row_score_facts(metric, charter.higher_is_better)
    except MleeError:
        return None


def _known(past: Past | None) -> Hashable:
    if past is None:
        return None
    season = b"" if past.season is None else past.season.tobytes()
    answers = past.answers.tobytes() if past.answers.dtype != object else tuple(past.answers.tolist())
    return hash(answers), len(past.answers), season


def _worn(
    judgement: Judgement,
    truth: str,
    charter: Charter,
    judged: list[Result],
    memory: Memory,
    known: Mapping[str, str],
    dropped: frozenset[str],
) -> Judgement:
    """The judgement with what the looks at its truth leave it able to prove."""
    leading = judgement.standings[0]
    mine = [r for r in judged if (r.candidate, r.variant) == (leading.candidate, leading.variant)]
    if not mine:
        return judgement
    sign = 1 if judgement.higher_is_better else -1
    leader = max(mine, key=lambda r: -math.inf if r.value is None else sign * r.value)

    def scale() -> Scale:
        of_rows = any(r.kind == ResultKind.ROW_SCORES for r in judged)
        facts = _row_facts(judgement.metric, charter) if of_rows else None
        facts = facts or metric_facts(judgement.metric, charter.average)
        rows = memory.truth(truth)
        target = None if rows is None else prepare(rows, facts, charter.positive)
        laid = {what: memory.get(array) for what, array in known.items()}
        return Scale(
            facts=facts, target=target, laid=laid, time_ordered=charter.time is not None and "time" not in laid
        )

    own = REGISTERED.get(judgement.metric)
    asked = (
        judgement.metric,
        own,
        charter.positive,
        charter.average,
        charter.time is not None,
        dropped,
        *known.items(),
    )
    try:
        course = memory.course(truth, asked, lambda: Course(scale=scale(), read=memory.get, dropped=dropped))
        return with_wear(judgement, course, _entry(leader, None, memory))
    except MleeError:
        return judgement  # the odometer adds to a judgement and never takes one away


def _entry(result: Result, simplicity: int | None, memory: Memory) -> Entry:
    return Entry(
        candidate=result.candidate,
        variant=result.variant,
        kind=ResultKind(result.kind or ""),
        rows=None if result.rows is None else memory.get(result.rows),
        simplicity=simplicity,
        df=result.df,
        value=result.value,
        n=result.n if result.kind == ResultKind.NUMBER else None,
        note=result.note,
    )


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


def _twins(results: list[Result], truths: Mapping[str, Truth]) -> tuple[tuple[str, str], ...]:
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


def _strangers(results: list[Result], truths: Mapping[str, Truth], memory: Memory) -> dict[str, float]:
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
