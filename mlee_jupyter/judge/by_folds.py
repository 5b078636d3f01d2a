"""Recipes judged by their cross-validation scores, where nothing has rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from mlee_jupyter.domain import Judgement, ResultKind
from mlee_jupyter.errors import MleeError
from mlee_jupyter.stats.few import set_from_few
from mlee_jupyter.stats.folds import (
    FEWEST_FOLDS,
    FoldScores,
    checked_ratio,
    compare_folds,
    fold_interval,
    read_folds,
    scored_folds,
)
from mlee_jupyter.stats.influence import Scored
from mlee_jupyter.stats.luck import flattery
from mlee_jupyter.stats.metrics import MetricFacts

from .entries import Entry
from .field import score_all
from .leader import with_luck
from .limits import enough
from .standings import Basis, read_off


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
    usual = _usual_length(entries, facts)
    field = score_all(entries, lambda entry, n: _scored(entry, facts, n), usual)
    read = [read_folds(entry.rows, facts) for entry in field.entries]
    # one ratio for all: the largest gives the widest error
    ratio = max(_ratio(entry, folds) for entry, folds in zip(field.entries, read, strict=True))
    pairs = compare_folds(field.columns, ratio)
    found = set_from_few(pairs, alpha)
    least, most = facts.limits

    def interval(place: int, error: float = alpha) -> tuple[float, float]:
        low, high = fold_interval(read[place].scores, ratio, error)
        return max(least, low), min(most, high)

    names = [entry.candidate for entry in field.entries]
    basis = Basis(
        entries=field.entries,
        pairs=pairs,
        found=found,
        limits=enough(names, pairs, found.members, _too_few(pairs.n)),
        interval=interval,
        n=pairs.n,
        more_help=False,  # the share n_test/n_train stays, however often cross-validation is repeated
    )
    flattered = flattery(pairs, found.draws, field.others_theta, field.others_spread)
    judgement = read_off(basis, facts, useful_gain, alpha)
    return replace(
        with_luck(judgement, field, facts, pairs, flattered, lambda error: interval(0, error)),
        by="folds",
        caveat=_caveat(pairs.n, ratio, any(folds.assumed for folds in read)),
    )


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


def _caveat(folds: int, ratio: float, assumed: bool) -> str:
    taken = f", taken for repeats of {round(1 / ratio) + 1} folds" if assumed else ""
    return (
        f"Judged by {folds} fold scores{taken}: folds share training rows, so their error is widened "
        f"(Nadeau-Bengio, test/train {ratio:.3g}). Predictions on rows kept aside would be sharper."
    )
