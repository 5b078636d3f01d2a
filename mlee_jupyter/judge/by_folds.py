"""Recipes judged by their cross-validation scores, where nothing has rows."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import numpy as np

from mlee_jupyter.domain import Judgement, ResultKind
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.compare.few import set_from_few
from mlee_jupyter.stats.compare.folds import (
    FEWEST_FOLDS,
    SAME,
    FoldScores,
    are_alike,
    checked_ratio,
    compare_folds,
    fold_interval,
    inflation,
    read_folds,
    scored_folds,
)
from mlee_jupyter.stats.compare.luck import flattery
from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.metrics.traits import MetricFacts

from .entries import Entry
from .field import score_all
from .leader import with_luck
from .limits import apart_by_the_same, enough, rival_of
from .off_scale import off_scale, with_set_aside, without
from .standings import Basis, read_off

OTHER_SCALE = 30.0  # times larger or smaller: hardly the same metric


def judge_folds(entries: Sequence[Entry], facts: MetricFacts, useful_gain: float | None, alpha: float) -> Judgement:
    """What fold scores can carry; the folds must be the same splits for every candidate.

    Args:
        entries: fold scores; anything else is failed.
        facts: the metric.
        useful_gain: see `judge`.
        alpha: see `judge`.

    Raises:
        MleeError: no entry could be judged.
    """
    foreign = of_another_metric(entries, facts) or of_two_signs(entries, facts)
    if len(foreign) == len(entries):
        raise MleeError("No candidate could be judged.", next(iter(foreign.values())))
    if foreign:
        return with_set_aside(judge_folds(without(list(foreign), entries), facts, useful_gain, alpha), foreign)
    usual = _usual_length(entries, facts)
    field = score_all(entries, lambda entry, n: _scored(entry, facts, n), usual)
    read = [read_folds(entry.rows, facts) for entry in field.entries]
    # one ratio for all: the largest gives the widest error
    ratio = max(_ratio(entry, folds) for entry, folds in zip(field.entries, read, strict=True))
    field = replace(field, others_spread=field.others_spread * math.sqrt(inflation(len(read[0].scores), ratio)))
    pairs = compare_folds(field.columns, ratio, facts)
    found = set_from_few(pairs, alpha)
    aside = off_scale(facts, field.columns, found.members, {}, "fold")
    if aside:
        left = without([field.entries[place] for place in aside], entries)
        rest = judge_folds(left, facts, useful_gain, alpha)
        return with_set_aside(rest, {field.entries[place]: why for place, why in aside.items()})

    def interval(place: int, error: float = alpha) -> tuple[float, float]:
        return fold_interval(read[place].scores, ratio, error, facts)

    names = [entry.candidate for entry in field.entries]
    basis = Basis(
        entries=field.entries,
        pairs=pairs,
        found=found,
        limits=enough(names, pairs, found.members, _too_few(pairs.n) or _unvaried(names, field.columns)),
        interval=interval,
        n=pairs.n,
        more_help=False,  # the share n_test/n_train stays, however often cross-validation is repeated
    )
    flattered = flattery(pairs, found.draws, field.others_theta, field.others_spread)
    judgement = read_off(basis, facts, useful_gain, alpha)
    return replace(
        with_luck(judgement, field, facts, pairs, flattered, lambda error: interval(0, error)),
        by="folds",
        caveat=_caveat(pairs.n, ratio, any(folds.assumed for folds in read), any(are_alike(f.scores) for f in read)),
    )


def of_two_signs(entries: Sequence[Entry], facts: MetricFacts) -> dict[Entry, str]:
    """Entries whose scores may be R2, where those of one error metric have different signs, with the reason.

    Scikit-learn's scorers give a loss a minus sign, in every fold and for every recipe. Where some are positive and
    some negative, those within 1 may as well be R2, by which the order is the other way round.

    Args:
        entries: of all candidates.
        facts: the metric.
    """
    if facts.higher_is_better or facts.own is not None:
        return {}
    raw: dict[Entry, np.ndarray] = {}
    for entry in entries:
        with suppress(MleeError):
            if entry.kind is ResultKind.FOLDS:
                raw[entry] = read_folds(entry.rows).scores
    together = np.concatenate(list(raw.values()), dtype=float) if raw else np.zeros(1)
    if not together.min() < 0 < together.max():
        return {}
    return {
        entry: f"Some of these fold scores are positive, some negative: errors, or R2 where {scores.mean():.4g} is "
        f'better the higher? Score all with scoring="{facts.scorer}".'
        for entry, scores in raw.items()
        if np.abs(scores).max() <= 1 and not scores.min() < 0 < scores.max()  # by itself it is no error
    }


def of_another_metric(entries: Sequence[Entry], facts: MetricFacts) -> dict[Entry, str]:
    """Entries whose scores are of the size of another metric than the others', with the reason.

    An error that is many times smaller than the others' and lies within 1 is most likely an R2, what cross_val_score
    gives unasked; squares of the others are squared errors; an R2 far below 0 is an error with its sign turned.

    Args:
        entries: of all candidates.
        facts: the metric.
    """
    means: dict[Entry, float] = {}
    for entry in entries:
        with suppress(MleeError):
            if entry.kind is ResultKind.FOLDS:
                means[entry] = float(np.mean(read_folds(entry.rows, facts).scores))
    found: dict[Entry, str] = {}
    for entry, mean in means.items():
        others = [other for one, other in means.items() if one.candidate != entry.candidate]
        looks_like = _other_metric(mean, float(np.median(others)), facts) if others else None
        if looks_like is not None:
            usual = float(np.median(others))
            found[entry] = (
                f"Fold scores of {mean:.4g} beside {usual:.4g} look like {looks_like}, not {facts.label}. "
                f'Record again with scoring="{facts.scorer}".'
            )
    return found if len(found) < len(means) else {}


def _other_metric(mean: float, usual: float, facts: MetricFacts) -> str | None:
    if facts.needs != "numbers" or facts.own is not None:
        return None
    if facts.over_variance:
        return "errors" if mean < -OTHER_SCALE and usual > -1 else None
    if facts.higher_is_better or usual <= 0 or mean <= 0:
        return None
    if mean <= 1 and mean * OTHER_SCALE < usual:
        return "R2"
    square = mean / usual**2
    return "squared errors" if facts.is_root and mean > OTHER_SCALE * usual and 1 / 4 < square < 4 else None


def _scored(entry: Entry, facts: MetricFacts, folds: int | None) -> Scored:
    if entry.kind is not ResultKind.FOLDS:
        raise MleeError(f"A {entry.kind.value} has no folds to compare.", "Record predictions.")
    if entry.test_to_train is not None:
        checked_ratio(entry.test_to_train)
    scores = read_folds(entry.rows, facts).scores
    if folds is not None and len(scores) != folds:
        raise MleeError(f"It has {len(scores)} folds, the others {folds}.", "Score all on the same splits.")
    return scored_folds(facts, scores)


def _usual_length(entries: Sequence[Entry], facts: MetricFacts) -> int | None:
    """The number of folds that most entries have; of equals the greater."""
    lengths: Counter[int] = Counter()
    for entry in entries:
        try:
            lengths[len(read_folds(entry.rows, facts).scores)] += entry.kind is ResultKind.FOLDS
        except MleeError:
            continue
    return max(lengths, key=lambda length: (lengths[length], length)) if lengths else None


def _ratio(entry: Entry, folds: FoldScores) -> float:
    return folds.test_to_train if entry.test_to_train is None else float(entry.test_to_train)


def _too_few(folds: int) -> str | None:
    return f"There are {folds} folds; below {FEWEST_FOLDS} no winner is named." if folds < FEWEST_FOLDS else None


def _unvaried(names: Sequence[str], columns: Sequence[Scored]) -> str | None:
    """Why the leader may not be named, where it is ahead of the next best by the same in every fold."""
    place = rival_of(names)
    if place is None:
        return None
    apart = columns[0].psi - columns[place].psi
    if np.ptp(apart) > SAME * max(abs(columns[0].theta), abs(columns[place].theta)):
        return None
    return apart_by_the_same("in every fold")


def _caveat(folds: int, ratio: float, assumed: bool, alike: bool) -> str:
    taken = f", taken for repeats of {round(1 / ratio) + 1} folds" if assumed else ""
    return (
        f"Judged by {folds} fold scores{taken}: folds share training rows, so their error is widened "
        f"(Nadeau-Bengio, test/train {ratio:.3g}). "
        + ("Folds that are all alike say nothing of their spread. " if alike else "")
        + "Predictions on rows kept aside would be sharper."
    )
