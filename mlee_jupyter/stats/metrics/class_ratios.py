"""Shares of right labels: of all rows, or of each class, averaged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from .expected import Expected
from .scored import ClassShare, Scored
from .target import refuse_places
from .traits import MetricFacts, Target, refuse_other_type

NOT_ONE = 1e-9  # rows, of a share of which nothing was seen
AVERAGES = ("macro", "micro", "weighted")


def right_rows(name: str, label: str, **more: Any) -> MetricFacts:
    """A metric that is the share of rows whose label is right.

    Args:
        name: canonical.
        label: as a sentence has it.
        more: further facts of it.
    """
    return MetricFacts(
        name=name,
        label=label,
        higher_is_better=True,
        limits=(0.0, 1.0),
        needs="labels",
        score=_right_rows,
        counted="rows",
        row_mean=True,
        spread=_share_spread,
        **more,
    )


def averaged(facts: MetricFacts) -> tuple[MetricFacts, ...]:
    """Its averages over classes, as scikit-learn names them, of a metric whose micro average is the accuracy.

    Args:
        facts: the metric of one class, scored by `class_ratio`.
    """
    found = []
    for average in facts.averages:
        name, label = f"{facts.name}_{average}", f"{facts.label} ({average} average)"
        if average == "micro":
            found.append(right_rows(name, label, average=average, averages=facts.averages))
            continue
        found.append(
            replace(
                facts,
                name=name,
                label=label,
                average=average,
                positive="none",
                counted=None,
                spread=None,
                best_is_exact=True,
                also=(),
                usual=None,
            )
        )
    return tuple(found)


def _right_rows(target: Target, labels: np.ndarray) -> Scored:
    refuse_other_type(target.truth, labels)
    refuse_places(target, labels)
    hits = np.asarray(labels == target.truth, dtype=bool)
    return Scored(theta=float(np.count_nonzero(hits)) / target.n, psi=hits, df=target.n - 1)


def _share_spread(expected: Expected, score: float) -> float:
    return float(np.sqrt(score * (1 - score)))


def class_ratio(
    right: float, true: float, predicted: float, strangers: bool = True
) -> Callable[[Target, np.ndarray], Scored]:
    """The score of a ratio per class, right rows over a sum of true and predicted rows; of one class or averaged.

    Each is a ratio of means, theta_c = mean(numerator) / mean(denominator), whose influence is
    (numerator - theta_c denominator) / mean(denominator) (Cramer 1946, 28.4); a row touches only its own and its
    predicted class, so the sum over classes is three look-ups.

    Args:
        right: weight of the class's right rows in the numerator; 2 for F1.
        true: weight of its rows in the denominator.
        predicted: weight of the rows that it was predicted for.
        strangers: whether a macro average counts predicted labels that the truth lacks, as scikit-learn does.
    """
    return partial(_classwise, (right, true, predicted), strangers)


def _classwise(
    weights_of: tuple[float, float, float], count_strangers: bool, target: Target, labels: np.ndarray
) -> Scored:
    facts, n, known = target.facts, target.n, len(target.labels)
    codes, strangers = target.encode(labels)
    refuse_places(target, labels)
    hits = codes == target.codes
    support = np.append(target.counts, 0).astype(np.float64)
    predicted = np.bincount(codes, minlength=known + 1).astype(np.float64)
    right = np.append(np.bincount(target.codes[hits], minlength=known), 0).astype(np.float64)
    gain, by_truth, by_prediction = weights_of
    whole = by_truth * support + by_prediction * predicted
    ratio = np.divide(gain * right, whole, out=np.zeros(known + 1), where=whole > 0)
    strangers = strangers if count_strangers else 0
    weights = _weights(target, support, strangers)
    theta = 1.0 if hits.all() else float(weights @ ratio)  # a sum of shares may miss 1 by a bit
    scale = np.divide(weights * n, whole, out=np.zeros(known + 1), where=whole > 0)
    psi = np.where(hits, (gain * scale)[target.codes], 0.0)
    if by_truth:
        psi -= (ratio * scale)[target.codes]
    if by_prediction:
        psi -= (ratio * scale)[codes]
    if facts.average == "weighted":  # the weights are shares of the sample, so they vary with it
        psi += ratio[target.codes] - theta
    either = by_truth * support + by_prediction * predicted - (gain - 1) * right  # F1: true or predicted, once each
    chosen = not by_truth
    a_rule = predicted.max() == n  # the same label for every row: it gives no other class, here or elsewhere
    shares = tuple(
        ClassShare(weight=float(weight), right=float(hit), rows=float(rows or NOT_ONE), doubled=gain > 1, chosen=chosen)
        for weight, hit, rows in zip(weights, right, either, strict=True)
        if weight
        and (rows or (chosen and not a_rule))  # how often a class is right that no row was given, nobody knows
    )
    scarcest = target.scarcest or 0
    if strangers and facts.average == "macro":
        fall, fewest = _fall_by_strangers(labels, codes == known, theta * strangers / known)
        psi += fall
        scarcest = min(scarcest, fewest)
    if chosen and target.positive is None:
        scarcest = min([scarcest, *(int(one.rows) for one in shares)])
    if facts.counted == "alarms" and target.positive is not None:
        scarcest = min(scarcest, int(predicted[target.positive]))
    return Scored(theta=theta, psi=psi, df=max(0, scarcest - 1), shares=shares)


def _fall_by_strangers(labels: np.ndarray, strange: np.ndarray, fall: float) -> tuple[np.ndarray, int]:
    """What labels that the truth lacks take from a macro average, as influence, and the rows of the rarest of them.

    Each is a class of its own with a score of 0, which it would not be without its few predicted rows: what it takes
    rests on them alone, so a label that was predicted once proves nothing.
    """
    kinds: dict[object, list[int]] = {}
    for row in np.flatnonzero(strange).tolist():
        kinds.setdefault(labels[row], []).append(row)
    psi = np.zeros(len(labels))
    for rows in kinds.values():
        psi[rows] -= fall / len(kinds) * len(labels) / len(rows)
    return psi - psi.mean(), min(map(len, kinds.values()))


def _weights(target: Target, support: np.ndarray, strangers: int) -> np.ndarray:
    """How much each class counts (the last place is for labels the truth does not know)."""
    weights = np.zeros(len(support))
    if target.positive is not None:
        weights[target.positive] = 1.0
    elif target.facts.average == "weighted":
        weights = support / target.n
    else:  # macro: scikit-learn averages over every label of the truth and the predictions, a stranger scoring 0
        weights[:-1] = 1.0 / (len(support) - 1 + strangers)
    return weights
