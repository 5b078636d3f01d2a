"""Matthews correlation: of true and predicted labels, of any number of classes (Gorodkin 2004)."""

from __future__ import annotations

import math

import numpy as np

from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.metrics.traits import MetricFacts, Target


def _score(target: Target, labels: np.ndarray) -> Scored:
    """The delta method on (c - sum p t) / sqrt((1 - sum p^2) (1 - sum t^2)), p and t the shares of the classes."""
    codes, _ = target.encode(labels)
    known = len(target.labels)
    true = np.append(target.counts / target.n, 0.0)
    predicted = np.bincount(codes, minlength=known + 1) / target.n
    hits = (codes == target.codes).astype(np.float64)
    both, own_true, own_predicted = float(true @ predicted), float(true @ true), float(predicted @ predicted)
    top, under = float(hits.mean()) - both, (1 - own_predicted) * (1 - own_true)
    df = max(0, (target.scarcest or 0) - 1)
    if under <= 0:
        return Scored(theta=0.0, psi=np.zeros(target.n), df=df)
    theta = top / math.sqrt(under)
    of_top = hits - hits.mean() - (true[codes] - both) - (predicted[target.codes] - both)
    of_predicted, of_true = -2 * (predicted[codes] - own_predicted), -2 * (true[target.codes] - own_true)
    psi = of_top / math.sqrt(under) - theta / 2 * (of_predicted / (1 - own_predicted) + of_true / (1 - own_true))
    return Scored(theta=min(1.0, max(-1.0, theta)), psi=psi, df=df)


METRIC = MetricFacts(
    name="matthews_corrcoef",
    label="Matthews correlation",
    higher_is_better=True,
    limits=(-1.0, 1.0),
    needs="labels",
    score=_score,
    also=("mcc",),
    hangs_on_classes=True,
)
