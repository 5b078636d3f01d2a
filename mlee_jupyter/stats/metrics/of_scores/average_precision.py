"""Average precision: the mean precision at the scores of the positives; of many classes, each against the rest."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from mlee_jupyter.stats.metrics.expected import Expected
from mlee_jupyter.stats.metrics.ranked import ranked
from mlee_jupyter.stats.metrics.ranking import average_precision_influence
from mlee_jupyter.stats.metrics.traits import MetricFacts

FARTHEST = 8.0  # standard deviations, of a score from its class and of one class from the other


def _spread(expected: Expected, score: float) -> float:
    """By the delta method under two normal distributions of equal variance."""
    reached, spreads = _by_distance(expected.positives or 0.5)
    return float(np.interp(score, reached, spreads))


@lru_cache(maxsize=64)
def _by_distance(share: float) -> tuple[np.ndarray, np.ndarray]:
    """The average precision and the spread of its influence values, the classes at rising distances."""
    found = np.array([_at_distance(share, distance) for distance in np.linspace(0, FARTHEST, 161)])
    return found[:, 0], found[:, 1]


def _at_distance(share: float, distance: float) -> tuple[float, float]:
    from scipy.special import ndtr

    x = np.linspace(-FARTHEST, FARTHEST + distance, 2001)
    step = float(x[1] - x[0])
    positive, negative = (np.exp(-((x - centre) ** 2) / 2) * step / math.sqrt(2 * math.pi) for centre in (distance, 0))
    hits, alarms = share * ndtr(distance - x), (1 - share) * ndtr(-x)
    precision = hits / (hits + alarms)
    average = float(positive @ precision)
    slope = positive / (hits + alarms) ** 2
    of_positives = precision + np.cumsum(slope * share * alarms)  # what a row does to the precision of those below it
    of_negatives = np.cumsum(slope * (1 - share) * hits)
    squares = (positive @ of_positives**2 - (positive @ of_positives) ** 2) / share
    squares += (negative @ of_negatives**2 - (negative @ of_negatives) ** 2) / (1 - share)
    squares += hits @ (slope * alarms) * (hits @ (slope * alarms)) / (share * (1 - share))  # how many are positive
    return average, math.sqrt(max(0.0, squares))


METRIC = MetricFacts(
    name="average_precision",
    label="average precision",
    higher_is_better=True,
    limits=(0.0, 1.0),
    needs="scores",
    score=ranked(average_precision_influence),
    also=("ap", "pr_auc", "average_precision_score"),
    usual=50,
    ranks=True,
    positive="or mean",
    hangs_on_classes=True,
    spread=_spread,
)
