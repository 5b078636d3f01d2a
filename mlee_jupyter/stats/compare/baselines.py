"""Free constant rules, computed from the truth: what guessing is worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.distributions import binomial_halves, t_tails
from mlee_jupyter.stats.metrics.influence import score
from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.metrics.traits import Target
from mlee_jupyter.stats.sums.pair_sums import largest_apart

from .pairs import Pairs

RULES = ("most frequent", "always positive", "mean", "median", "quantile", "last value", "last season")
SAME = 1e-12  # of the scale: a sum in another order


@dataclass(frozen=True, kw_only=True, eq=False)
class Past:
    """What was known at the end of training, where rows are in time order."""

    answers: np.ndarray  # canonical, oldest first
    season: np.ndarray | None = None  # for each test row the place in `answers` one season (or several) before it


def baseline_rows(target: Target, past: Past | None = None) -> dict[str, tuple[np.ndarray, bool]]:
    """Predictions of each constant rule, and whether they are scores.

    "most frequent": the most frequent class, or for metrics of probabilities the shares of the classes on every
    row. "mean" and "median" for numbers, "quantile" for pinball loss. All are computed from the truth itself,
    which flatters them a little: what they beat is beaten. With a past they are what could have been forecast at its
    end: computed from the past alone, and "last value" (its last answer) and "last season" come beside them.

    Args:
        target: the prepared truth.
        past: what was known at the end of training; None: nothing is in time order.

    Returns:
        By the rule's name its predictions, (n,) or (n, classes), and whether they are scores.
    """
    truth = target.truth
    if target.facts.needs == "numbers" or (target.facts.needs == "anything" and not target.labels):
        known = truth if past is None else past.answers.astype(np.float64)
        if target.facts.constant_is_undefined:
            constant = {}  # what is the same everywhere has no correlation
        elif target.facts.level is not None:
            constant = {"quantile": np.quantile(known, target.facts.level, axis=0)}
        else:
            constant = {"mean": np.mean(known, axis=0), "median": np.median(known, axis=0)}
        rules = {name: (np.full(truth.shape, value), False) for name, value in constant.items()}
        return rules if past is None else {**rules, **_repeated(known, past, target, bool(constant))}
    counts = target.counts if past is None else np.array([np.sum(past.answers == label) for label in target.labels])
    most = int(np.argmax(counts))
    if target.positive is not None and counts[target.positive] == counts[most]:
        most = target.positive  # of equals not the one whose name comes first
    if target.facts.needs == "scores":
        shares = counts / max(1, counts.sum())
        return {"most frequent": (np.broadcast_to(shares, (target.n, len(shares))), True)}
    constant_label = np.empty(target.n, dtype=truth.dtype)
    constant_label[:] = target.labels[most]
    rules = {"most frequent": (constant_label, False)}
    if target.facts.counted == "alarms" and target.positive not in (None, most):
        rules = {}  # it never says yes, so of its answers no share is right, and none wrong
    if target.facts.always_positive and target.positive is not None:
        # of a rare class the most frequent label finds none; always saying "yes" is the constant to beat
        always = np.empty(target.n, dtype=truth.dtype)
        always[:] = target.labels[target.positive]
        rules["always positive"] = (always, False)
    return rules if past is None else {**rules, **_repeated(past.answers, past, target, True)}


def _repeated(known: np.ndarray, past: Past, target: Target, constants: bool) -> dict[str, tuple[np.ndarray, bool]]:
    """The last answer, and the answers of the last season."""
    last = np.empty(target.n, dtype=known.dtype)
    last[:] = known[-1]
    rules = {"last value": (last, False)} if constants else {}
    if past.season is not None:
        rules["last season"] = (known[past.season], False)
    return rules


def scored_baselines(target: Target, past: Past | None = None) -> dict[str, Scored]:
    """The constant rules, scored like any candidate; but those on which a metric is not defined.

    Args:
        target: the prepared truth.
        past: as in `baseline_rows`.
    """
    scored = {}
    for name, (rows, scores) in baseline_rows(target, past).items():
        try:
            scored[name] = score(target, rows, scores)
        except MleeError:
            continue
    return scored


def same_rows(one: Scored, other: Scored) -> bool:
    """Whether two columns count the same on every row, to 12 digits of their scale.

    Args:
        one: a scored column.
        other: another one, on the same rows.
    """
    slack = SAME * max(one.largest, abs(one.theta), np.finfo(float).tiny)
    if one.n != other.n or abs(one.theta - other.theta) > slack:
        return False
    return largest_apart(one, other) <= slack


def one_sided_p_values(pairs: Pairs, baseline: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """For each of the first `count` columns the p-value that it is no better than the baseline, and no worse.

    Paired: exact McNemar (1947) for plain shares of right rows, else t on the difference of influence values.

    Args:
        pairs: columns first, baselines after them.
        baseline: the baseline's place.
        count: number of columns.
    """
    gap = pairs.theta[:count] - pairs.theta[baseline]
    spread, df = pairs.spread[:count, baseline], pairs.df[:count, baseline]
    if pairs.disagreements is not None:
        rows = pairs.disagreements[:count, baseline]
        ahead = np.rint((rows + gap * (df + 1)) / 2)
        behind = rows - ahead
        return binomial_halves(behind, rows), binomial_halves(ahead, rows)
    ratio = np.divide(gap, spread, out=np.zeros(count), where=spread > 0)
    return t_tails(ratio, df), t_tails(-ratio, df)


def holm(p_values: np.ndarray) -> np.ndarray:
    """Holm's adjusted p-values (Holm 1979).

    Args:
        p_values: (m,) of as many hypotheses, in any order.
    """
    order = np.argsort(p_values, kind="stable")
    factor = np.arange(len(p_values), 0, -1)
    adjusted = np.empty(len(p_values))
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(p_values[order] * factor))
    return adjusted
