"""The samples on which `benchmarks.peers` lets every rule answer: cells with names, and their seeds.

Null cells: all candidates equally good in truth, or eight of ten with the other two clearly worse. Power cells: the
first one better by 3.5 true standard errors of its difference to each of the others, which are equally good, so that
metrics and sizes can be compared.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache, partial
from statistics import NormalDist
from typing import Any

import numpy as np

from mlee_jupyter.domain import ResultKind
from mlee_jupyter.judge.entries import measure

NONCENTRALITY = 3.5
COUNTS = (2, 5, 10, 20)
NULL_ROWS = (100, 300, 1000)
POWER_ROWS = (100, 1000)
FOLD_COUNTS = (2, 5, 10)
FOLDS = {"5": (1, 5), "10": (1, 10), "5x5": (5, 5)}
SPREAD_OF_FOLDS = 0.02
TREE_ROWS, TREE_FOLDS = 150, 10
ACCURACY, AUC, POSITIVE, LATENT = 0.85, 0.80, 0.3, 0.8
FEW_POSITIVE, FEW_ROWS, FEW_COUNTS = 0.05, (100, 300), (10, 20)
OWN, COMMON = 0.45, 0.9  # of the t5 errors
T5_SQUARE, T5_FOURTH = 5 / 3, 25.0
_NORMAL = NormalDist()


@dataclass(frozen=True, kw_only=True, eq=False)
class Sample:
    """One draw, in every form that some rule wants."""

    metric: str
    gains: np.ndarray  # (n or folds, K); higher is better; for AUC influence values around the scores
    truth: np.ndarray | None = None
    predictions: np.ndarray | None = None  # (K, n)
    kind: ResultKind = ResultKind.PREDICTIONS
    runs: int = 1  # of fold scores: repeats
    seed: int = 0
    models: list[Any] = field(default_factory=list)  # of really cross-validated cells: unfitted estimators
    features: np.ndarray | None = None

    @property
    def of_folds(self) -> bool:
        return self.kind is ResultKind.FOLDS


@dataclass(frozen=True, kw_only=True)
class Cell:
    """Where samples come from."""

    name: str
    block: str
    count: int
    best: tuple[int, ...]  # the truly best candidates
    draw: Callable[[np.random.Generator], Sample]

    @property
    def is_null(self) -> bool:
        return len(self.best) > 1

    def sample(self, place: int, fresh: int = 0) -> Sample:
        """The same sample for whoever asks for this place; `fresh` starts another sequence."""
        seed = [zlib.crc32(self.name.encode()) + fresh, place]
        return self.draw(np.random.default_rng(seed))


def latent(random: np.random.Generator, n: int, count: int, correlation: float) -> np.ndarray:
    own = random.standard_normal((count, n))
    return np.asarray(math.sqrt(correlation) * random.standard_normal(n) + math.sqrt(1 - correlation) * own)


def solved(excess: Callable[[float], float], low: float, high: float) -> float:
    from scipy.optimize import brentq

    return float(brentq(excess, low, high, xtol=1e-6))


# ---------------------------------------------------------------- how much better the best one must be


@lru_cache
def better_accuracy(n: int, correlation: float) -> float:
    from scipy.stats import multivariate_normal

    def excess(gap: float) -> float:
        wrong = [1 - ACCURACY - gap, 1 - ACCURACY]
        cut = [_NORMAL.inv_cdf(share) for share in wrong]
        both = multivariate_normal.cdf(cut, cov=[[1, correlation], [correlation, 1]])
        disagree = wrong[0] + wrong[1] - 2 * both
        return gap * math.sqrt(n) - NONCENTRALITY * math.sqrt(disagree - gap**2)

    return solved(excess, 1e-4, 1 - ACCURACY - 1e-4)


@lru_cache
def smaller_errors(n: int) -> float:
    """By what factor the errors of the best one are smaller."""
    mean = (COMMON**2 + OWN**2) * T5_SQUARE
    crossed = COMMON**2 * OWN**2 * T5_SQUARE**2
    shared = COMMON**4 * T5_FOURTH + 2 * crossed + OWN**4 * T5_SQUARE**2 - mean**2
    own = (COMMON**4 + OWN**4) * T5_FOURTH + 6 * crossed - mean**2

    def excess(factor: float) -> float:
        s = factor**2
        return (1 - s) * mean * math.sqrt(n) - NONCENTRALITY * math.sqrt(own + s**2 * own - 2 * s * shared)

    return solved(excess, 0.05, 0.9999)


@lru_cache
def higher_shift(n: int) -> float:
    """Shift of the best one's positive scores; its standard error from 100,000 rows (seed 1)."""
    random, rows = np.random.default_rng(1), 100_000
    truth = (np.arange(rows) < round(POSITIVE * rows)).astype(np.int64)
    errors = latent(random, rows, 2, LATENT)
    usual = math.sqrt(2) * _NORMAL.inv_cdf(AUC)
    plain = measure(truth, errors[1] + truth * usual, ResultKind.SCORES, metric="roc_auc")

    def excess(shift: float) -> float:
        better = measure(truth, errors[0] + truth * shift, ResultKind.SCORES, metric="roc_auc")
        gap = _NORMAL.cdf(shift / math.sqrt(2)) - AUC
        return gap * math.sqrt(n) - NONCENTRALITY * float(np.std(better.influence - plain.influence))

    return solved(excess, usual, usual + 4)


# ---------------------------------------------------------------- samples


def accuracy(
    random: np.random.Generator, n: int, count: int, correlation: float, better: bool, worse: int = 0
) -> Sample:
    """The first one may be better, the last few worse by ten points."""
    truth = random.integers(0, 2, n)
    shares = np.full((count, 1), ACCURACY)
    shares[count - worse :] -= 0.1
    if better:
        shares[0] += better_accuracy(n, correlation)
    wrong = latent(random, n, count, correlation) > np.vectorize(_NORMAL.inv_cdf)(shares)
    predictions = np.where(wrong, 1 - truth, truth)
    return Sample(metric="accuracy", gains=(~wrong).T.astype(np.float64), truth=truth, predictions=predictions)


def squared_error(random: np.random.Generator, n: int, count: int, better: bool) -> Sample:
    truth = 2 * random.standard_normal(n)
    errors = COMMON * random.standard_t(5, n) + OWN * random.standard_t(5, (count, n))
    if better:
        errors[0] *= smaller_errors(n)
    return Sample(metric="mse", gains=-(errors**2).T, truth=truth, predictions=truth + errors)


def ranking(random: np.random.Generator, n: int, count: int, better: bool, positive: float = POSITIVE) -> Sample:
    truth = (np.arange(n) < round(positive * n)).astype(np.int64)
    shifts = np.full((count, 1), math.sqrt(2) * _NORMAL.inv_cdf(AUC))
    if better:
        shifts[0] = higher_shift(n)
    scores = latent(random, n, count, LATENT) + truth * shifts
    found = [measure(truth, column, ResultKind.SCORES, metric="roc_auc") for column in scores]
    gains = np.column_stack([one.influence + one.value for one in found])
    return Sample(metric="roc_auc", gains=gains, truth=truth, predictions=scores, kind=ResultKind.SCORES)


def fold_scores(random: np.random.Generator, count: int, runs: int, k: int, better: bool) -> Sample:
    """Fold scores as Nadeau and Bengio's model has them: any two of a recipe are correlated by n_test / n = 1 / k."""
    noise = math.sqrt(1 / k) * random.standard_normal((1, count))
    noise = noise + math.sqrt(1 - 1 / k) * random.standard_normal((runs * k, count))
    scores = 0.8 + SPREAD_OF_FOLDS * noise
    if better:
        of_mean = 1 / k + (1 - 1 / k) / (runs * k)
        scores[:, 0] += NONCENTRALITY * SPREAD_OF_FOLDS * math.sqrt(2 * of_mean)
    return Sample(metric="accuracy", gains=scores, kind=ResultKind.FOLDS, runs=runs)


def trees(random: np.random.Generator, better: bool) -> Sample:
    """Trees really cross-validated on a fresh sample of breast cancer; the better recipe is a deeper tree."""
    from sklearn.datasets import load_breast_cancer
    from sklearn.model_selection import StratifiedKFold, cross_val_score
    from sklearn.tree import DecisionTreeClassifier

    features, truth = load_breast_cancer(return_X_y=True)
    rows = random.choice(len(truth), TREE_ROWS, replace=False)
    split = StratifiedKFold(TREE_FOLDS, shuffle=True, random_state=int(random.integers(2**31)))
    depths = (4, 1 if better else 4)
    models = [
        DecisionTreeClassifier(max_features=3, max_depth=d, random_state=int(random.integers(2**31))) for d in depths
    ]
    scores = [cross_val_score(model, features[rows], truth[rows], cv=split) for model in models]
    return Sample(
        metric="accuracy",
        gains=np.column_stack(scores),
        truth=truth[rows],
        features=features[rows],
        models=models,
        kind=ResultKind.FOLDS,
    )


# ---------------------------------------------------------------- the grid


def cells() -> Iterator[Cell]:
    by_rows: dict[str, Callable[..., Sample]] = {
        "accuracy r=0.8": partial(accuracy, correlation=0.8),
        "accuracy r=0.95": partial(accuracy, correlation=0.95),
        "MSE t5": squared_error,
        "AUC 30%": ranking,
    }
    for block, draw in by_rows.items():
        for better in (False, True):
            for n in POWER_ROWS if better else NULL_ROWS:
                for count in COUNTS:
                    once = partial(draw, n=n, count=count, better=better)
                    yield _cell(block, f"n={n} K={count}", count, better, once)
    for n in FEW_ROWS:
        for count in FEW_COUNTS:
            rare = partial(ranking, n=n, count=count, better=False, positive=FEW_POSITIVE)
            yield _cell("AUC 5%", f"n={n} K={count}", count, False, rare)
    # eight truly best ones and two that are clearly worse, so that a first test of "all equal" rejects
    for correlation in (0.8, 0.95):
        once = partial(accuracy, n=1000, count=10, correlation=correlation, better=False, worse=2)
        block = f"accuracy r={correlation}"
        yield Cell(name=f"null {block} n=1000 K=8+2", block=block, count=10, best=tuple(range(8)), draw=once)
    for label, (runs, k) in FOLDS.items():
        for better in (False, True):
            for count in FOLD_COUNTS:
                once = partial(fold_scores, count=count, runs=runs, k=k, better=better)
                yield _cell(f"folds {label}", f"K={count}", count, better, once)
    for better in (False, True):
        yield _cell("trees 10 folds", "K=2", 2, better, partial(trees, better=better))


def _cell(block: str, size: str, count: int, better: bool, draw: Callable[[np.random.Generator], Sample]) -> Cell:
    kind = "power" if better else "null"
    best = (0,) if better else tuple(range(count))
    return Cell(name=f"{kind} {block} {size}", block=block, count=count, best=best, draw=draw)
