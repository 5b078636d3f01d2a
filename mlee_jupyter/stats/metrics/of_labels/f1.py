"""F1: twice the found ones over those that are there and those that were predicted."""

from __future__ import annotations

import math
from dataclasses import replace

from mlee_jupyter.stats.metrics.class_ratios import AVERAGES, averaged, class_ratio
from mlee_jupyter.stats.metrics.expected import Expected
from mlee_jupyter.stats.metrics.traits import MetricFacts


def _spread(expected: Expected, score: float) -> float:
    """By the delta method on 2TP / (2TP + FP + FN), with as many alarms as positives."""
    return math.sqrt(score * (1 - score) * (2 - score) / (2 * (expected.positives or 0.5)))


def _macro_spread(expected: Expected, score: float) -> float:
    """The same of the mean over two classes, with as many rows of one taken for the other as the other way round."""
    share = expected.positives or 0.5
    other = 1 - share
    missed = 2 * share * other * (1 - score)  # and false alarms: of all rows, at most all of the scarcer class
    missed = min(missed, share, other)
    one, two = 1 - missed / share, 1 - missed / other
    square = (share - missed) * ((1 - one) / (2 * share)) ** 2 + (other - missed) * ((1 - two) / (2 * other)) ** 2
    return math.sqrt(square + 2 * missed * ((one / share + two / other) / 4) ** 2)


METRIC = MetricFacts(
    name="f1",
    label="F1",
    higher_is_better=True,
    limits=(0.0, 1.0),
    needs="labels",
    score=class_ratio(2.0, 1.0, 1.0),
    also=("f1_score",),
    usual=30,
    positive="one",
    way_out="f1_macro or f1_weighted",
    averages=AVERAGES,
    hangs_on_classes=True,
    class_rows=0.5,
    always_positive=True,
    spread=_spread,
)
VARIANTS = tuple(
    replace(facts, spread=_macro_spread) if facts.average == "macro" else facts for facts in averaged(METRIC)
)
