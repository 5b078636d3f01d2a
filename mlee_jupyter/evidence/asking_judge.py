"""What the results of one truth, or without one, can carry: asked of the judge, once for the same question."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import replace

from mlee_jupyter.domain import Charter, Judgement, Layout, Records, Result, ResultKind
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.judge.entries import Entry
from mlee_jupyter.judge.judging import judge
from mlee_jupyter.stats.compare.baselines import Past
from mlee_jupyter.stats.metrics.catalogue import REGISTERED, metric_facts
from mlee_jupyter.stats.metrics.target import prepare
from mlee_jupyter.stats.metrics.traits import MetricFacts
from mlee_jupyter.stats.own_scores.row_score import row_score_facts

from . import row_structure
from .growing import sizes_of
from .judged_with import by_layout
from .latest_results import dropped_answers
from .looks import Course, Scale, with_wear
from .memory import Memory


def judgement_of(
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
