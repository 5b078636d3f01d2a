"""An audit: what a search that another tool kept can carry, by the judge and the rules of a board."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mlee_jupyter.bridges.sources import read_source
from mlee_jupyter.domain import Judgement, ResultKind
from mlee_jupyter.domain.audits import Asked, Audit, Tried, Try, Tuning
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.domain.text.names import label
from mlee_jupyter.judge.by_scores import scored_number, unpaired_spread
from mlee_jupyter.judge.entries import Entry, scored_entry
from mlee_jupyter.judge.judging import judge
from mlee_jupyter.judge.tuning import how_far
from mlee_jupyter.stats.compare.dependence import read_sampling
from mlee_jupyter.stats.compare.folds import checked_ratio, inflation, read_folds, scored_folds
from mlee_jupyter.stats.compare.pairs import compare_pairs, paired_spread
from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.metrics.target import prepare, read_truth
from mlee_jupyter.stats.metrics.traits import MetricFacts
from mlee_jupyter.stats.rows.columns import MissingValues, as_rows

from .audit_answers import findings_of, missing_of
from .audited_metric import checked, facts_of_search, turned

ALPHA = 0.05
MOST_ALONE = 100  # tries that are held against each other one by one; the others count as one, and for luck
STEERED = "Tries were chosen by scores on the same rows, so often that luck may have chosen the best."


def audit(source: str, asked: Asked) -> Audit:
    """What the search at a source can carry.

    Args:
        source: see `read_source`.
        asked: what was typed besides.

    Raises:
        MleeError: the source cannot be read, or what was typed cannot be meant.
    """
    checked(asked)
    tried = read_source(source, asked)
    if asked.steered is not None:
        tried = replace(tried, steered=asked.steered)
    facts, tried = facts_of_search(tried, asked)
    tried = _without_gaps(turned(tried, facts, asked))
    kept = [one for one in tried.tries if not one.lacking]
    if not kept:
        why = Counter(one.lacking for one in tried.tries).most_common(1)[0][0]
        raise MleeError(
            f"None of the {len(tried.tries):,} {tried.thing}s has a score ({why}).", "Nothing can be judged."
        )
    rows = asked.rows if asked.rows is not None else tried.rows
    evidence = _evidence(tried, kept, facts, asked, rows)
    if evidence is None:
        why_not = _why_not(facts, rows)
        found = _audit(tried, facts, kept, why_not)
    else:
        judgement = evidence.judged()
        judged = [one for one in kept if one.name not in judgement.failed]
        found = _audit(tried, facts, judged)
        tops = [s.candidate for s in judgement.standings if s.in_set]
        rest = evidence.rest
        tuning = evidence.tuning(judgement)
        if tried.steered and tuning is not None and tuning.steered_from is not None:
            judgement = replace(judgement, winner=None, recommended=None, no_winner_reason=STEERED)
        found = replace(
            found,
            best=next(one for one in kept if one.name == judgement.leader),
            judgement=judgement,
            top=sum(name != rest for name in tops),
            at_least=rest is not None and rest in tops,
            tuning=tuning,
        )
    found = replace(found, findings=findings_of(found))
    return replace(found, missing=missing_of(found, rows))


def _without_gaps(tried: Tried) -> Tried:
    """The search, without predictions that miss a row: a score on other rows does not compare."""

    def read(one: Try) -> Try:
        if one.rows is None:
            return one
        try:
            return replace(one, rows=as_rows(one.rows, one.name))
        except MissingValues:
            return replace(one, rows=None, lacking="with missing values")

    return replace(tried, tries=tuple(map(read, tried.tries)))


def _audit(tried: Tried, facts: MetricFacts, kept: Sequence[Try], why_not: str = "") -> Audit:
    scores = [one for one in kept if one.score is not None]
    best = max(scores, key=lambda one: facts.sign * float(one.score or 0.0), default=None)
    return Audit(
        tried=tried,
        metric=facts.name,
        label=facts.label,
        higher_is_better=facts.higher_is_better,
        bounded=facts.bounded,
        lacking=dict(Counter(one.lacking for one in tried.tries if one.lacking).most_common()),
        scored=len(kept),
        best=best,
        judgement=None,
        why_not=why_not,
        steered=tried.steered,
    )


def _why_not(facts: MetricFacts, rows: int | None) -> str:
    if facts.counts_right_rows and rows is None:
        return "Nobody said on how many rows the scores were taken, and without that nothing is known of their error"
    return f"A bare {facts.label} does not tell its own error"


# ---------------------------------------------------------------------- what is judged


@dataclass(frozen=True, kw_only=True, eq=False)
class _Judged:
    """The tries as entries of the judge, the oldest first, and how two of them are held against each other."""

    entries: list[Entry]
    facts: MetricFacts
    score_one: Callable[[Entry], Scored]
    spread_of: Callable[[Scored, Scored], float]
    thing: str
    in_order: bool
    is_bound: bool
    useful_gain: float | None
    positive: Any = None
    truth: Any = None
    groups: Any = None

    @property
    def rest(self) -> str | None:
        """What those are called that are not held against the best one by one."""
        left = len(self.entries) - MOST_ALONE
        return f"one of the {left:,} other {self.thing}s" if left > 0 else None

    def judged(self) -> Judgement:
        """The judgement; the best are candidates of their own."""
        entries = self.entries
        if self.rest is not None:
            scores = {entry.candidate: self._theta(entry) for entry in entries}
            ranked = sorted(entries, key=lambda entry: -scores[entry.candidate])
            alone, others = ranked[:MOST_ALONE], ranked[MOST_ALONE:]
            entries = [*alone, *(replace(one, candidate=self.rest, variant=one.candidate) for one in others)]
        return judge(
            self.truth,
            entries,
            metric=self.facts,
            positive=self.positive,
            useful_gain=self.useful_gain,
            alpha=ALPHA,
            groups=self.groups,
        )

    def tuning(self, judgement: Judgement) -> Tuning | None:
        """From which try on luck alone may give more than what matters."""
        columns = [self.score_one(entry) for entry in self.entries if self._theta(entry) > -math.inf]
        return how_far(
            columns, self.spread_of, judgement.useful_gain, ALPHA, in_order=self.in_order, is_bound=self.is_bound
        )

    def _theta(self, entry: Entry) -> float:
        try:
            return float(self.score_one(entry).theta)
        except MleeError:
            return -math.inf


def _evidence(tried: Tried, kept: Sequence[Try], facts: MetricFacts, asked: Asked, rows: int | None) -> _Judged | None:
    if tried.truth is not None:
        return _by_rows(tried, kept, facts, asked)
    common: dict[str, Any] = {
        "facts": facts,
        "thing": tried.thing,
        "in_order": tried.in_order,
        "useful_gain": asked.useful_gain,
    }
    if any(one.folds for one in kept):
        return _by_folds(kept, facts, asked, common)
    if not facts.counts_right_rows or rows is None:
        return None
    number = ResultKind.NUMBER
    return _Judged(
        entries=[Entry(candidate=one.name, rows=None, kind=number, value=one.score, n=rows) for one in kept],
        score_one=lambda entry: scored_number(entry, facts),
        spread_of=unpaired_spread,
        is_bound=True,
        **common,
    )


def _by_folds(kept: Sequence[Try], facts: MetricFacts, asked: Asked, common: dict[str, Any]) -> _Judged:
    ratio = None if asked.test_to_train is None else checked_ratio(asked.test_to_train)
    entries = [
        Entry(candidate=one.name, rows=list(one.folds), kind=ResultKind.FOLDS, test_to_train=ratio)
        for one in kept
        if one.folds
    ]
    read = read_folds(entries[0].rows, facts)
    wider = math.sqrt(inflation(len(read.scores), read.test_to_train if ratio is None else ratio))
    return _Judged(
        entries=entries,
        score_one=lambda entry: scored_folds(facts, read_folds(entry.rows, facts).scores),
        spread_of=lambda one, other: paired_spread(one, other) * wider,
        is_bound=False,
        **common,
    )


def _by_rows(tried: Tried, kept: Sequence[Try], facts: MetricFacts, asked: Asked) -> _Judged:
    answers = read_truth(tried.truth, facts)
    positive = _positive(asked.positive, answers)
    target = prepare(answers, facts, positive)
    entries = []
    for one in kept:
        are_scores = facts.needs == "scores" and one.rows.dtype.kind == "f"
        kind = ResultKind.SCORES if are_scores else ResultKind.PREDICTIONS
        entries.append(Entry(candidate=one.name, rows=one.rows, kind=kind))

    def spread_of(one: Scored, other: Scored) -> float:
        if tried.groups is None:
            return paired_spread(one, other)
        sampling = read_sampling(len(one.psi), facts, target, tried.groups, None, None, False, None)
        return float(compare_pairs(sampling.collapsed([one, other])).spread[0, 1])

    return _Judged(
        entries=entries,
        facts=facts,
        score_one=lambda entry: scored_entry(entry, target, facts, len(answers)),
        spread_of=spread_of,
        thing=tried.thing,
        in_order=tried.in_order,
        is_bound=False,
        useful_gain=asked.useful_gain,
        positive=positive,
        truth=answers,
        groups=tried.groups,
    )


def _positive(typed: str | None, answers: np.ndarray) -> Any:
    if typed is None:
        return None
    named = {str(value): value for value in dict.fromkeys(answers.tolist())}
    if typed not in named:
        raise MleeError(f"No row has the answer {typed[:40]!r}.", f"Write --positive {label(next(iter(named)), 40)}.")
    return named[typed]
