"""What `benchmarks.false_winners` draws: equal candidates, and honest twins of what repeats."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from mlee_jupyter.domain import ResultKind

Random = np.random.Generator
MEAN_SIZE_OF_T3 = math.sqrt(math.pi / 2)  # sqrt(2 / pi) of a normal error over 2 / pi of one of t3, both of variance 1


@dataclass(frozen=True, kw_only=True, eq=False)
class Drawn:
    """What `judge` takes, and the score that each candidate would have on endless rows, if it is asked for."""

    truth: Any
    columns: Sequence[Any]
    metric: str
    kind: ResultKind = ResultKind.PREDICTIONS
    how: dict[str, Any] = field(default_factory=dict)
    true_score: float | None = None


Draw = Callable[[Random], Drawn]


def sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


# ---------------------------------------------------------------- rows as they come


def numbers(random: Random, n: int, count: int, metric: str, better: float = 0.0) -> Drawn:
    """Normal errors, half of their variance shared; the first one's are smaller by a share."""
    truth, shared = 5 * random.standard_normal(n), random.standard_normal(n)
    scale = np.ones(count)
    scale[0] = 1 - better
    columns = [truth + s * (shared + random.standard_normal(n)) / math.sqrt(2) for s in scale]
    return Drawn(truth=truth, columns=columns, metric=metric)


def scores(random: Random, n: int, count: int, metric: str, better: float = 0.0) -> Drawn:
    """Probabilities of a class that is in three of ten rows, with noise of one size for all but the first."""
    logit = 1.5 * random.standard_normal(n) - 1
    truth = (random.random(n) < sigmoid(logit)).astype(int)
    noise = np.full(count, 0.8)
    noise[0] *= 1 - better
    columns = [sigmoid(logit + s * random.standard_normal(n)) for s in noise]
    return Drawn(truth=truth, columns=columns, metric=metric, kind=ResultKind.SCORES)


def labels(random: Random, n: int, count: int, classes: int = 2, better: float = 0.0) -> Drawn:
    """Labels, a fifth of them wrong."""
    truth = random.integers(0, classes, n)
    columns = []
    for k in range(count):
        wrong = random.random(n) < 0.2 - (better if k == 0 else 0.0)
        columns.append(np.where(wrong, (truth + random.integers(1, max(2, classes), n)) % classes, truth))
    return Drawn(truth=truth, columns=columns, metric="accuracy")


# ---------------------------------------------------------------- rows that repeat


def repeated(drawn: Drawn, random: Random, often: np.ndarray) -> Drawn:
    """Each row so many times, in any order."""
    rows = random.permutation(np.repeat(np.arange(len(drawn.truth)), often))
    return replace(drawn, truth=drawn.truth[rows], columns=[column[rows] for column in drawn.columns])


def each(random: Random, drawn: Drawn) -> np.ndarray:
    """2 to 5 times."""
    return random.integers(2, 6, len(drawn.truth))


def thrice(random: Random, drawn: Drawn) -> np.ndarray:
    return np.full(len(drawn.truth), 3)


def joined(random: Random, drawn: Drawn) -> np.ndarray:
    """A join that multiplies: three in ten rows 2 to 12 times."""
    n = len(drawn.truth)
    return np.where(random.random(n) < 0.3, random.integers(2, 13, n), 1)


def oversampled(random: Random, drawn: Drawn) -> np.ndarray:
    """The rarer class is drawn with replacement until both are equally many."""
    rare = np.flatnonzero(drawn.truth == 1)
    more = random.choice(rare, max(0, len(drawn.truth) - 2 * len(rare)))
    return 1 + np.bincount(more, minlength=len(drawn.truth))


def copies(draw: Draw, often: Callable[[Random, Drawn], np.ndarray]) -> Draw:
    def drawn(random: Random) -> Drawn:
        rows = draw(random)
        return repeated(rows, random, often(random, rows))

    return drawn


# ---------------------------------------------------------------- honest rows of few different values


def counts(random: Random, n: int, mean: float, rounded: bool) -> Drawn:
    rate = mean * np.exp(0.4 * random.standard_normal(n))
    truth = random.poisson(rate).astype(float)
    columns = [rate * np.exp(0.2 * random.standard_normal(n)) for _ in range(3)]
    return Drawn(truth=truth, columns=[np.rint(c) if rounded else c for c in columns], metric="mae")


def leaves(random: Random, n: int, many: int, truth: str) -> Drawn:
    """Trees: predictions of so many leaves, of a truth that is counted, capped, mostly nothing, or plain numbers."""
    x = random.standard_normal(n)
    y = x + 0.7 * random.standard_normal(n)
    if truth == "counted":
        y = np.rint(20 * np.exp(0.4 * y))
    elif truth == "capped":
        y = np.minimum(y, 1.5)
    elif truth == "mostly nothing":
        y = np.maximum(y, 0.5)
    elif truth == "class":
        y = (y > 0.5).astype(float)
    columns = []
    for _ in range(3):
        cuts = np.sort(random.standard_normal(many - 1))
        leaf = np.searchsorted(cuts, x + 0.2 * random.standard_normal(n))
        centre = np.concatenate(([cuts[0] - 0.5], (cuts[1:] + cuts[:-1]) / 2, [cuts[-1] + 0.5]))
        columns.append(sigmoid(centre[leaf]) if truth == "class" else centre[leaf])
    kind = ResultKind.SCORES if truth == "class" else ResultKind.PREDICTIONS
    whole = y.astype(int) if truth == "class" else y
    return Drawn(truth=whole, columns=columns, metric="log_loss" if truth == "class" else "mae", kind=kind)


def combinations(random: Random, n: int, many: int, steep: float = 1.5) -> Drawn:
    """Features of so many combinations: all scores repeat with them, and the class is drawn row by row."""
    table = steep * random.standard_normal(many)
    said = [table + 0.5 * random.standard_normal(many) for _ in range(3)]
    place = random.integers(0, many, n)
    truth = (random.random(n) < sigmoid(table[place])).astype(int)
    columns = [sigmoid(one[place]) for one in said]
    return Drawn(truth=truth, columns=columns, metric="log_loss", kind=ResultKind.SCORES)


def grades(random: Random, n: int, many: int, rounded: bool) -> Drawn:
    hidden = random.standard_normal(n)
    truth = np.clip(np.rint(many / 2 + many / 5 * (hidden + 0.5 * random.standard_normal(n))), 1, many)
    columns = [many / 2 + many / 5 * (hidden + 0.4 * random.standard_normal(n)) for _ in range(3)]
    return Drawn(truth=truth, columns=[np.clip(np.rint(c), 1, many) if rounded else c for c in columns], metric="mae")


def rounded_scores(random: Random, n: int, digits: int) -> Drawn:
    drawn = scores(random, n, 3, "log_loss")
    return replace(drawn, columns=[np.clip(np.round(c, digits), 0.01, 0.99) for c in drawn.columns])


def votes(random: Random, n: int, trees: int) -> Drawn:
    drawn = scores(random, n, 3, "roc_auc")
    return replace(drawn, columns=[random.binomial(trees, c) / trees for c in drawn.columns])


def prices(random: Random, n: int) -> Drawn:
    """Prices that end in .99, predicted by a tree of 40 leaves."""
    truth = np.rint(np.exp(3 + 0.8 * random.standard_normal(n))) - 0.01
    columns = []
    for _ in range(3):
        cuts = np.sort(np.exp(3 + 0.8 * random.standard_normal(40)))
        columns.append(cuts[np.minimum(39, np.searchsorted(cuts, truth * np.exp(0.2 * random.standard_normal(n))))])
    return Drawn(truth=truth, columns=columns, metric="mae")


# ---------------------------------------------------------------- few rows carry the score


def rare_huge(
    random: Random, n: int, metric: str, share: float, size: float, count: int = 2, seen: bool | None = None
) -> Drawn:
    """One errs steadily, the other little, and enormously on a share of rows; the same mean loss.

    With `seen` those samples alone that hold such a row, or hold none.
    """
    truth = 5 * random.standard_normal(n)
    power = 1 if metric == "mae" else 2
    small = (1 / (1 - share + share * size**power)) ** (1 / power)
    columns = []
    for k in range(count):
        error = random.standard_normal(n)
        if k % 2:
            huge = random.random(n) < share
            while seen is not None and bool(huge.any()) is not seen:
                huge = random.random(n) < share
            error *= small * np.where(huge, size, 1.0)
        columns.append(truth + error)
    return Drawn(truth=truth, columns=columns, metric=metric)


def heavy(random: Random, n: int, metric: str, df: int) -> Drawn:
    """Normal errors, and errors of t with so many degrees of freedom; the same score."""
    truth = 5 * random.standard_normal(n) if metric == "mse" else random.standard_normal(n)
    wild = random.standard_t(df, n) / math.sqrt(df / (df - 2))
    if metric == "mae":
        wild *= MEAN_SIZE_OF_T3
    size = 1.0 if metric != "pearson" else 0.6
    return Drawn(truth=truth, columns=[truth + size * random.standard_normal(n), truth + size * wild], metric=metric)


# ---------------------------------------------------------------- one of two does not vary


def unvaried(random: Random, n: int, metric: str) -> Drawn:
    """One has the same loss on every row, the other's varies around it."""
    truth = 5 * random.standard_normal(n)
    steady = truth + np.where(random.random(n) < 0.5, 1.0, -1.0)
    error = random.exponential(1.0, n) if metric == "mae" else random.standard_normal(n)
    return Drawn(truth=truth, columns=[steady, truth + error], metric=metric)


def unvaried_brier(random: Random, n: int) -> Drawn:
    truth = random.integers(0, 2, n)
    wrong = random.random(n) < 0.25
    hard = np.abs(truth - wrong).astype(float)
    return Drawn(truth=truth, columns=[np.full(n, 0.5), hard], metric="brier_score", kind=ResultKind.SCORES)


def unvaried_class(random: Random, n: int, rare: int) -> Drawn:
    """One finds every row of a rare class and half of the rest; of the other both shares are three in four."""
    truth = (np.arange(n) < rare).astype(int)
    first = np.where(truth == 1, 1, random.random(n) < 0.5)
    right = random.random(n) < 0.75
    return Drawn(truth=truth, columns=[first, np.where(right, truth, 1 - truth)], metric="balanced_accuracy")


def unvaried_groups(random: Random, groups: int, size: int) -> Drawn:
    """One errs by as much in every group; the other's error is the group's own."""
    n = groups * size
    truth, group = 5 * random.standard_normal(n), np.arange(n) // size
    sign = np.where(random.random(n) < 0.5, 1.0, -1.0)
    own = random.exponential(1.0, groups)[group]
    return Drawn(truth=truth, columns=[truth + sign, truth + sign * own], metric="mae", how={"groups": group})


# ---------------------------------------------------------------- few groups


def in_groups(random: Random, groups: int, size: int, form: str, better: float = 0.0) -> Drawn:
    """Accuracy; each candidate has groups that it finds hard, or that it fails as a whole."""
    truth, group = random.integers(0, 2, groups * size), np.repeat(np.arange(groups), size)
    columns = []
    for k in range(2):
        if form == "hard":
            share = np.clip(0.2 + 0.1 * random.standard_normal(groups), 0.0, 1.0)
        else:
            share = np.where(random.random(groups) < 0.1, 0.9, 0.1)
        wrong = random.random(groups * size) < np.maximum(0.0, share[group] - (better if k == 0 else 0.0))
        columns.append(np.where(wrong, 1 - truth, truth))
    return Drawn(truth=truth, columns=columns, metric="accuracy", how={"groups": group})


# ---------------------------------------------------------------- long memory


def remembering(random: Random, n: int, phi: float) -> Drawn:
    """Losses whose logarithm is autoregressive, with a mean of 1."""
    columns, truth = [], 5 * random.standard_normal(n)
    for _ in range(2):
        level = np.empty(n)
        level[0] = random.standard_normal()
        steps = math.sqrt(1 - phi**2) * random.standard_normal(n)
        for t in range(1, n):
            level[t] = phi * level[t - 1] + steps[t]
        columns.append(truth + np.exp(0.5 * level - 0.125) * np.where(random.random(n) < 0.5, 1.0, -1.0))
    return Drawn(truth=truth, columns=columns, metric="mae", how={"time": np.arange(n)}, true_score=1.0)


# ---------------------------------------------------------------- all cells

_OFTEN = {"each 2 to 5 times": each, "each 3 times": thrice, "three in ten 2 to 12 times": joined}
_ROWS: dict[str, Draw] = {
    "MAE": partial(numbers, n=150, count=3, metric="mae"),
    "MSE": partial(numbers, n=150, count=2, metric="mse"),
    "log loss": partial(scores, n=200, count=3, metric="log_loss"),
    "AUC": partial(scores, n=200, count=5, metric="roc_auc"),
    "accuracy of 4 classes K=6": partial(labels, n=200, count=6, classes=4),
    "accuracy K=2": partial(labels, n=200, count=2),
}
COPIES: dict[str, Draw] = {
    f"{kind}, {how}": copies(draw, often) for kind, draw in _ROWS.items() for how, often in _OFTEN.items()
}
COPIES |= {
    f"{kind}, rare class oversampled": copies(_ROWS[kind], oversampled) for kind in ("log loss", "AUC", "accuracy K=2")
}
COPIES["counted truth, each 2 to 5 times"] = copies(partial(counts, n=200, mean=20, rounded=False), each)
COPIES["leaves of 30, each 2 to 5 times"] = copies(partial(leaves, n=200, many=30, truth="numbers"), each)

HONEST: dict[str, Draw] = {
    "counts about 3": partial(counts, n=400, mean=3, rounded=False),
    "counts about 3, rounded": partial(counts, n=400, mean=3, rounded=True),
    "counts about 200, rounded": partial(counts, n=400, mean=200, rounded=True),
    "leaves 6, counted": partial(leaves, n=400, many=6, truth="counted"),
    "leaves 30, counted": partial(leaves, n=400, many=30, truth="counted"),
    "leaves 30, capped": partial(leaves, n=400, many=30, truth="capped"),
    "leaves 8, mostly nothing": partial(leaves, n=400, many=8, truth="mostly nothing"),
    "leaves 30, class": partial(leaves, n=400, many=30, truth="class"),
    "leaves 8, class": partial(leaves, n=400, many=8, truth="class"),
    "12 combinations": partial(combinations, n=400, many=12),
    "100 combinations": partial(combinations, n=400, many=100),
    "100 combinations, steep": partial(combinations, n=400, many=100, steep=4.0),
    "300 combinations": partial(combinations, n=400, many=300),
    "grades 1 to 5": partial(grades, n=400, many=5, rounded=False),
    "grades 1 to 5, rounded": partial(grades, n=400, many=5, rounded=True),
    "grades 1 to 100, rounded": partial(grades, n=400, many=100, rounded=True),
    "probabilities of 1 digit": partial(rounded_scores, n=400, digits=1),
    "probabilities of 2 digits": partial(rounded_scores, n=2000, digits=2),
    "votes of 10 trees": partial(votes, n=2000, trees=10),
    "votes of 100 trees": partial(votes, n=2000, trees=100),
    "prices of .99": partial(prices, n=400),
    "labels K=2": partial(labels, n=400, count=2),
    "labels of 4 classes K=6": partial(labels, n=400, count=6, classes=4),
    "plain numbers": partial(numbers, n=400, count=3, metric="mae"),
    "plain probabilities": partial(scores, n=400, count=3, metric="log_loss"),
}
FEW: dict[str, Draw] = {
    f"{metric.upper()}, 2% huge, n={n}": partial(rare_huge, n=n, metric=metric, share=0.02, size=50)
    for metric in ("mae", "mse")
    for n in (60, 100, 300, 1000)
}
FEW |= {
    f"MSE, 1% blunders, n={n}": partial(rare_huge, n=n, metric="mse", share=0.01, size=10) for n in (100, 300, 1000)
}
FEW |= {
    f"{metric.upper()}, normal and t3, n={n}": partial(heavy, n=n, metric=metric, df=3)
    for metric in ("mse", "mae", "pearson")
    for n in (100, 300)
}
FEW |= {
    f"MAE, 2% huge, n={n}, {words}": partial(rare_huge, n=n, metric="mae", share=0.02, size=50, seen=seen)
    for n in (60, 100)
    for seen, words in ((True, "one is seen"), (False, "none is seen"))
}
ALONE: dict[str, Draw] = {
    "MAE, one does not vary, n=30": partial(unvaried, n=30, metric="mae"),
    "MAE, one does not vary, n=100": partial(unvaried, n=100, metric="mae"),
    "MSE, one does not vary, n=30": partial(unvaried, n=30, metric="mse"),
    "MSE, one does not vary, n=100": partial(unvaried, n=100, metric="mse"),
    "Brier, always a half, n=40": partial(unvaried_brier, n=40),
    "balanced accuracy, 8 of a class": partial(unvaried_class, n=300, rare=8),
    "balanced accuracy, 20 of a class": partial(unvaried_class, n=300, rare=20),
    "MAE, 10 groups": partial(unvaried_groups, groups=10, size=20),
    "MAE, 14 groups": partial(unvaried_groups, groups=14, size=20),
    "MAE, 40 groups": partial(unvaried_groups, groups=40, size=5),
}
GROUPS: dict[str, Draw] = {
    f"accuracy, {groups} groups {words}": partial(in_groups, groups=groups, size=25, form=form)
    for form, words in (("hard", "some harder"), ("whole", "failed as a whole"))
    for groups in (10, 12, 14, 17, 30)
}
MEMORY: dict[str, Draw] = {
    f"AR {phi}, n={n}": partial(remembering, n=n, phi=phi) for phi in (0.5, 0.9, 0.95, 0.97) for n in (200, 500, 1000)
}
POWER: dict[str, Draw] = {
    "accuracy, 7 points better, n=300": partial(labels, n=300, count=3, better=0.11),
    "MAE, 20% better, n=100": partial(numbers, n=100, count=3, metric="mae", better=0.2),
    "MSE, 15% better, n=150": partial(numbers, n=150, count=3, metric="mse", better=0.15),
    "log loss, less noise, n=300": partial(scores, n=300, count=3, metric="log_loss", better=0.45),
    "AUC, less noise, n=400": partial(scores, n=400, count=3, metric="roc_auc", better=0.6),
}


def _laplace(random: Random, n: int, metric: str, better: float) -> Drawn:
    """Errors of two exponential tails."""
    truth = 5 * random.standard_normal(n)
    columns = [truth + (1 - better * (k == 0)) * random.laplace(0, math.sqrt(0.5), n) for k in range(3)]
    return Drawn(truth=truth, columns=columns, metric=metric)


def _t5(random: Random, n: int, better: float) -> Drawn:
    truth = 5 * random.standard_normal(n)
    columns = [truth + (1 - better * (k == 0)) * random.standard_t(5, n) for k in range(3)]
    return Drawn(truth=truth, columns=columns, metric="mse")


POWER |= {
    "MSE of t5, 35% better, n=100": partial(_t5, n=100, better=0.35),
    "MSE of t5, 18% better, n=500": partial(_t5, n=500, better=0.18),
    "MSE of Laplace, 30% better, n=100": partial(_laplace, n=100, metric="mse", better=0.3),
    "MAE of Laplace, 25% better, n=100": partial(_laplace, n=100, metric="mae", better=0.25),
    "MAE, 40% better, n=40": partial(numbers, n=40, count=3, metric="mae", better=0.4),
    "accuracy, 12 groups, 10 points better": partial(in_groups, groups=12, size=25, form="hard", better=0.1),
    "accuracy, 16 groups, 10 points better": partial(in_groups, groups=16, size=25, form="hard", better=0.1),
}
PARTS: Mapping[str, Mapping[str, Draw]] = {
    "copies": COPIES,
    "honest": HONEST,
    "few": FEW,
    "alone": ALONE,
    "groups": GROUPS,
    "memory": MEMORY,
    "power": POWER,
}
