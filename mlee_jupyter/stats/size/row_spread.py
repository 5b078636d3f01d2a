"""How much the difference of two candidates varies from row to row, expected before any row is there.

With s_a and s_b the standard deviations of the two influence values and r their correlation, the variance of the
difference on one row is s_a^2 + s_b^2 - 2 r s_a s_b. Each metric's own file foretells its s. With p the expected score
and q the better one's:

- accuracy: s^2 = p (1 - p). The share d of rows on which exactly one is right gives d - (q - p)^2 (Connor 1987).
- recall: p (1 - p) / share of positives; precision likewise by the share of alarms, taken as that of the positives.
- F1: p (1 - p) (2 - p) / (positives + alarms), the delta method on 2TP / (2TP + FP + FN).
- ROC AUC: (Q - p^2) (1 / positives + 1 / negatives), where Q = E Phi(z)^2 is the chance that two rows of one class
  both rank above one of the other (Hanley and McNeil 1982; DeLong, DeLong and Clarke-Pearson 1988), under two normal
  distributions of equal variance.
- balanced accuracy: p (1 - p) (1 / positives + 1 / negatives) / 4, two classes found alike. Macro F1 likewise by the
  delta method, with as many rows of one class taken for the other as the other way round.
- average precision: the delta method under the two normal distributions, on a grid, the share of positives drawn too.
- losses: the standard deviation of one row's loss. With normal errors sqrt(2) mse, 0.756 mae; rmse by the delta
  method, R2 as mse in units of the truth's variance, since both candidates share the truth.
"""

from __future__ import annotations

import math

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.metrics.expected import Expected
from mlee_jupyter.stats.metrics.traits import MetricFacts


def row_spread(facts: MetricFacts, expected: Expected, gain: float) -> float:
    """Standard deviation of the difference on one row.

    Args:
        facts: the metric.
        expected: of the candidates.
        gain: what the better one is better by, in the metric's units.

    Raises:
        MleeError: the metric must be told more, or the numbers contradict each other.
    """
    if expected.disagreement is not None:
        if expected.disagreement < gain:
            raise MleeError(
                f"expected_disagreement = {expected.disagreement:.3g} is below the useful gain {gain:.3g}.",
                "Two candidates that differ by the gain disagree on at least so many rows.",
            )
        return math.sqrt(max(expected.disagreement - gain**2, 1e-12))
    better = min(1.0, expected.score + gain) if facts.higher_is_better else max(0.0, expected.score - gain)
    one, other = (_alone(facts, expected, score) for score in (expected.score, better))
    variance = one**2 + other**2 - 2 * expected.correlation * one * other
    if facts.counts_right_rows:  # they disagree on as many rows as they differ, whatever the correlation
        variance = max(variance, gain - gain**2)
    return math.sqrt(max(variance, 1e-12 * (one**2 + other**2), 1e-300))


def _alone(facts: MetricFacts, expected: Expected, score: float) -> float:
    """Standard deviation of one candidate's influence values."""
    found = facts.spread(expected, score) if facts.spread is not None else None
    if found is not None:
        return found
    refuse_unforetold(facts)
    raise MleeError(
        f"How much the {facts.label} of one row varies is not known.",
        "Pass expected_spread=, the standard deviation of one row's loss in a pilot.",
    )


def refuse_unforetold(facts: MetricFacts) -> None:
    """Raises MleeError where nothing that could be expected tells how much a metric varies.

    Args:
        facts: the metric.
    """
    if facts.spread is None:
        raise MleeError(
            f"How much {facts.label} varies cannot be told beforehand.",
            "Record two candidates on some rows: their comparison says how many are needed (rows_for).",
        )
