"""Fold scores of cross-validation: few, and dependent, because folds share most of their training rows.

Treating them as independent finds differences that are not there: by simulation on identical recipes, a truly best
one was dropped in up to 55% of runs. Nadeau and Bengio (2003) widen the variance of the mean of J fold scores from
S^2 / J to (1/J + n_test/n_train) S^2, and take t with J - 1 degrees of freedom.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.distributions import t_quantile
from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.metrics.traits import MetricFacts
from mlee_jupyter.stats.rows.columns import as_rows, shown

from .intervals import unvaried_interval
from .pairs import Pairs, compare_pairs, raised

FEWEST_FOLDS = 5  # below, no winner is named
MOST_SINGLE_FOLDS = 10  # more scores than that in one flat list, and a multiple of five, are repeats of five folds
USUAL_FOLDS = 5
ROUNDING = 1e-14
SAME = 1e-9  # of scores, or of what they are apart by: fold scores are printed with fewer digits


@dataclass(frozen=True, kw_only=True, eq=False)
class FoldScores:
    """The fold scores of one recipe."""

    scores: np.ndarray  # (J,) float64, in the metric's own direction
    folds: int  # k of each repeat, given or assumed
    assumed: bool  # whether k was guessed from the length of a flat list

    @property
    def test_to_train(self) -> float:
        """Test rows over training rows, as k folds have it."""
        return 1 / (self.folds - 1)


def read_folds(values: Any, facts: MetricFacts | None = None) -> FoldScores:
    """Fold scores as they came, laid end to end.

    A flat list of up to ten scores is taken for one cross-validation, a longer one whose length is a multiple of
    five for repeats of five folds: of the usual splits that gives the widest error. Nested lists say it themselves.

    Args:
        values: cross_val_score's answer, or one such list per repeat.
        facts: the metric, whose scores may have scikit-learn's minus sign of a loss and must be within its limits.

    Raises:
        MleeError: fewer than two numbers, or numbers that are no such score.
    """
    if isinstance(values, float | int | np.number):
        raise MleeError(
            f"A score alone, {values:.4g}, does not say how much of it is chance.",
            "Hand over the predictions, or the score with its number of rows: (0.91, 1000).",
        )
    rows = as_rows(values, "the fold scores")
    if rows.dtype == object or rows.size < 2:
        raise MleeError("Fold scores are two or more numbers.", "Hand over cross_val_score(...) as it is.")
    nested = rows.ndim == 2
    scores = rows.astype(np.float64).reshape(-1)
    count = rows.shape[1] if nested else len(scores)
    repeated = not nested and count > MOST_SINGLE_FOLDS and count % USUAL_FOLDS == 0
    if facts is not None:
        scores = _in_its_direction(scores, facts)
    return FoldScores(scores=scores, folds=USUAL_FOLDS if repeated else count, assumed=repeated)


def _in_its_direction(scores: np.ndarray, facts: MetricFacts) -> np.ndarray:
    """A loss without the minus sign that scikit-learn's scorers give it."""
    if not facts.higher_is_better and facts.own is None and scores.max() <= 0:
        scores = -scores + 0.0
    least, most = facts.limits
    most = min(most, facts.most_in_practice)
    outside = scores[(scores < least) | (scores > most)]
    if len(outside):
        per_cent = most == 1 and scores.min() >= 0 and 1 < scores.max() <= 100
        todo = "If it is per cent, divide by 100; " if per_cent else ""
        raise MleeError(
            f"A fold score of {outside[0]:.6g} is no {facts.label}.",
            f'{todo}cross_val_score needs scoring="{facts.scorer}".'
            if facts.own is None
            else "Check the folds' scores.",
        )
    return scores


def inflation(folds: int, test_to_train: float) -> float:
    """How many times the variance of a mean of independent folds the Nadeau-Bengio variance is: 1 + J n_test/n_train.

    Args:
        folds: J, all scores of all repeats.
        test_to_train: n_test / n_train of one fold; 1/(k - 1) in k-fold cross-validation.
    """
    return 1.0 + folds * test_to_train


def fold_interval(
    scores: np.ndarray, test_to_train: float, alpha: float = 0.05, facts: MetricFacts | None = None
) -> tuple[float, float]:
    """The interval of a mean of fold scores: mean +- t_{J-1} sqrt((1/J + n_test/n_train) S^2) (Nadeau-Bengio 2003).

    Args:
        scores: (J,) of two or more folds.
        test_to_train: n_test / n_train of one fold.
        alpha: two-sided error, in (0, 1).
        facts: the metric, within whose limits it is; folds that are all alike then count as one row each at the least.
    """
    count = len(scores)
    if facts is not None:
        if are_alike(scores):
            return unvaried_interval(facts, float(scores[0]), count / inflation(count, test_to_train), alpha)
        (low, high), (least, most) = fold_interval(scores, test_to_train, alpha), facts.limits
        return max(least, low), min(most, high)
    error = math.sqrt(inflation(count, test_to_train) * float(np.var(scores, ddof=1)) / count)
    half = t_quantile(1 - alpha / 2, count - 1.0) * error
    return float(np.mean(scores)) - half, float(np.mean(scores)) + half


def are_alike(scores: np.ndarray) -> bool:
    """Whether all folds have the same score but for rounding: it says nothing of how far others would be off.

    Args:
        scores: (J,) of two or more folds.
    """
    return bool(np.ptp(scores) <= SAME * np.abs(scores).max())


def scored_folds(facts: MetricFacts, scores: np.ndarray) -> Scored:
    """Fold scores as a column of a comparison, higher is better.

    Args:
        facts: the metric.
        scores: (J,) in the metric's own direction, without a minus sign of scikit-learn's.
    """
    theta = facts.sign * float(np.mean(scores))
    psi = facts.sign * scores - theta
    if np.abs(psi).max() <= ROUNDING * abs(theta):  # the same score in every fold
        psi = np.zeros_like(psi)
    return Scored(theta=theta, psi=psi, df=len(scores) - 1.0)


def compare_folds(columns: Sequence[Scored], test_to_train: float, facts: MetricFacts | None = None) -> Pairs:
    """Everything pairwise, with Nadeau and Bengio's variance.

    Two recipes that each have the same score in all folds are not known to differ by just that on others.

    Args:
        columns: from `scored_folds`, of the same splits.
        test_to_train: n_test / n_train of one fold.
        facts: the metric; None: one without limits, of whose unseen scores nothing can be said.
    """
    count = len(columns[0].psi)
    pairs = compare_pairs(columns, inflation=inflation(count, test_to_train))
    if facts is None or not facts.has_both_limits:
        return pairs
    least, most = facts.comparable_limits
    # as one row for each fold, and one more on each side: what Wilson's interval is of
    trials = count / inflation(count, test_to_train) + 2
    share = ((pairs.theta - least) / (most - least) * (trials - 2) + 1) / trials
    own = np.where([not c.psi.any() for c in columns], share * (1 - share) / trials, 0.0) * (most - least) ** 2
    both = np.where(np.minimum(own[:, None], own[None, :]) > 0, own[:, None] + own[None, :], 0.0)
    return raised(pairs, np.sqrt(both))


def checked_ratio(test_to_train: Any) -> float:
    """A ratio of test rows to training rows that someone gave.

    Args:
        test_to_train: whatever was given.

    Raises:
        MleeError: not a number above 0.
    """
    fine = isinstance(test_to_train, int | float | np.integer | np.floating) and not isinstance(test_to_train, bool)
    if not fine or not 0 < test_to_train < math.inf:
        raise MleeError(
            f"test_to_train = {shown(repr(test_to_train), 30)} is no ratio above 0.", "For 5 folds write 0.25: 1/(5-1)."
        )
    return float(test_to_train)
