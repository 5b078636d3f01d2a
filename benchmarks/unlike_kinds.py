"""Candidates that are equally good in truth and unlike in kind: the samples of `benchmarks.unlike`.

Every kind draws K columns whose true score is the same, by a formula or by the root of an integral, while their
errors differ in shape: one hedges and one is overconfident, one blunders rarely and one errs steadily, one alarms
often and one seldom, one follows a season. Columns alternate between the forms of a kind. With `behind` every second
column is worse by a little, so that its distance is known.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from statistics import NormalDist
from typing import Any

import numpy as np

from mlee_jupyter.domain import ResultKind

GRID = 60  # nodes of the Gauss-Hermite integrals
T3_SCALE = 1 / math.sqrt(3.0)  # of t with 3 degrees of freedom, for a variance of 1
_NORMAL = NormalDist()

Random = np.random.Generator


@dataclass(frozen=True, kw_only=True, eq=False)
class Sample:
    """What `judge` takes."""

    truth: Any
    columns: Sequence[Any]
    metric: Any
    kind: ResultKind = ResultKind.PREDICTIONS
    how: dict[str, Any] = field(default_factory=dict)


Kind = Callable[[Random, int, int, float], Sample]  # random, rows, candidates, how much worse every second one is


def quantile(p: float) -> float:
    return _NORMAL.inv_cdf(p)


def root(excess: Callable[[float], float], low: float, high: float) -> float:
    from scipy.optimize import brentq

    return float(brentq(excess, low, high, xtol=1e-10))


def places(count: int) -> range:
    return range(count)


# ---------------------------------------------------------------- probabilities


@lru_cache
def _nodes() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    points, weights = np.polynomial.hermite_e.hermegauss(GRID)
    x, e = np.meshgrid(points, points, indexing="ij")
    return x, e, np.outer(weights, weights) / weights.sum() ** 2


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-np.clip(x, -500, 500)))


def _loss_of(metric: str, slope: float, noise: float, scale: float) -> float:
    """Expected loss of sigmoid(slope (logit + noise e)), the truth drawn by sigmoid(logit), logit = scale x."""
    x, e, weights = _nodes()
    true, said = _sigmoid(scale * x), _sigmoid(slope * (scale * x + noise * e))
    if metric == "brier":
        return float(np.sum(weights * (true * (1 - said) ** 2 + (1 - true) * said**2)))
    score = slope * (scale * x + noise * e)
    return float(np.sum(weights * (true * np.logaddexp(0, -score) + (1 - true) * np.logaddexp(0, score))))


@lru_cache
def _slopes(metric: str, modest: float, noise: float, scale: float, behind: float) -> tuple[float, float]:
    """A modest slope and an overconfident one, the second behind by so much."""
    least = _loss_of(metric, modest, noise, scale) + behind
    best = min(np.linspace(0.05, 3, 60), key=lambda s: _loss_of(metric, float(s), noise, scale))
    return modest, root(lambda s: _loss_of(metric, s, noise, scale) - least, float(best), 30)


def confidence(metric: str, modest: float, noise: float, scale: float = 2.0) -> Kind:
    """One hedges, one is overconfident."""

    def draw(random: Random, n: int, count: int, behind: float) -> Sample:
        slopes = _slopes(metric, modest, noise, scale, behind)
        x = scale * random.standard_normal(n)
        truth = (random.random(n) < _sigmoid(x)).astype(np.int64)
        columns = [_sigmoid(slopes[k % 2] * (x + noise * random.standard_normal(n))) for k in places(count)]
        return Sample(truth=truth, columns=columns, metric=metric, kind=ResultKind.SCORES)

    return draw


def constant_and_hard(random: Random, n: int, count: int, behind: float) -> Sample:
    """Brier score: one always says a half (0.25), one says 0 or 1 and errs on a quarter."""
    truth = random.integers(0, 2, n)
    columns = []
    for k in places(count):
        wrong = random.random(n) < 0.25 + behind
        columns.append(np.full(n, 0.5) if k % 2 == 0 else np.abs(truth - wrong).astype(float))
    return Sample(truth=truth, columns=columns, metric="brier", kind=ResultKind.SCORES)


# ---------------------------------------------------------------- numbers

ErrorForm = Callable[[Random, int], np.ndarray]


def normal(random: Random, n: int) -> np.ndarray:
    return random.standard_normal(n)


def t3(random: Random, n: int) -> np.ndarray:
    return np.asarray(T3_SCALE * random.standard_t(3, n))


def t5(random: Random, n: int) -> np.ndarray:
    return np.asarray(random.standard_t(5, n) / math.sqrt(5 / 3))


def laplace(random: Random, n: int) -> np.ndarray:
    return random.laplace(0, math.sqrt(0.5), n)


def skewed(random: Random, n: int) -> np.ndarray:
    return random.exponential(1, n) - 1


def uniform(random: Random, n: int) -> np.ndarray:
    return random.uniform(-math.sqrt(3), math.sqrt(3), n)


def blunders(share: float, size: float = 6.0) -> ErrorForm:
    """Mostly small errors, and a share of them so many times larger; variance 1."""
    small = math.sqrt(1 / (1 - share + share * size**2))

    def draw(random: Random, n: int) -> np.ndarray:
        return small * np.where(random.random(n) < share, size, 1.0) * random.standard_normal(n)

    return draw


@lru_cache
def _mean_loss(form: ErrorForm, metric: str) -> float:
    """Of errors of variance 1, from 4 million draws (seed 7): its own error is a thousandth of a sample's."""
    errors = form(np.random.default_rng(7), 4_000_000)
    return float(np.mean(_losses(metric, errors)))


def _losses(metric: str, errors: np.ndarray) -> np.ndarray:
    if metric.startswith("pinball"):
        level = float(metric.rpartition("_")[2])
        return np.asarray(np.maximum(level * errors, (level - 1) * errors))
    return np.abs(errors) if metric == "mae" else errors**2


def errors(metric: str, *forms: ErrorForm, shared: float = 0.0) -> Kind:
    """Errors of equal mean loss around the truth; `shared` is the share of variance that all have in common."""

    def draw(random: Random, n: int, count: int, behind: float) -> Sample:
        truth = 5 * random.standard_normal(n)
        common = random.standard_normal(n)
        columns = []
        for k in places(count):
            form = forms[k % len(forms)]
            scale = 1.0
            if metric in ("mae",) or metric.startswith("pinball"):
                scale = _mean_loss(forms[0], metric) / _mean_loss(form, metric)
            if k % 2:
                scale *= 1 + behind
            own = scale * form(random, n)
            columns.append(truth - (math.sqrt(shared) * common + math.sqrt(1 - shared) * own))
        return Sample(truth=truth, columns=columns, metric=metric)

    return draw


def correlated(metric: str, *forms: ErrorForm) -> Kind:
    """Predictions of equal Pearson correlation with the truth: equal variance, unlike tails."""

    def draw(random: Random, n: int, count: int, behind: float) -> Sample:
        truth = random.standard_normal(n)
        columns = [truth + 0.6 * (1 + behind * (k % 2)) * forms[k % len(forms)](random, n) for k in places(count)]
        return Sample(truth=truth, columns=columns, metric=metric)

    return draw


def percentages(random: Random, n: int, count: int, behind: float) -> Sample:
    """MAPE: half of them err in per cent of the truth, half on small truths above all."""
    truth = np.exp(0.6 * random.standard_normal(n))
    columns = []
    for k in places(count):
        share = 0.2 * random.standard_normal(n)
        if k % 2:  # the same mean of |share|, four times as large on a tenth of the rows
            share *= np.where(random.random(n) < 0.1, 4.0, 1.0) / 1.3 * (1 + behind)
        columns.append(truth * (1 + share))
    return Sample(truth=truth, columns=columns, metric="mape")


def _profit(truth: np.ndarray, rows: np.ndarray) -> np.ndarray:
    return np.where(rows > 0, rows * truth, 0.0)


def profits(random: Random, n: int, count: int, behind: float) -> Sample:
    """A metric of one's own: rare large wins against steady small ones, one unit a row on average."""
    from mlee_jupyter.stats.metrics.registered import own_facts

    columns = []
    for k in places(count):
        steady = np.maximum(0.01, 1 + 0.5 * random.standard_normal(n))
        rare = np.where(random.random(n) < 0.04, random.exponential(25 * (1 - behind), n), 1e-9)
        columns.append(steady if k % 2 == 0 else rare)
    mean = float(np.mean(np.maximum(0.01, 1 + 0.5 * np.random.default_rng(3).standard_normal(4_000_000))))
    columns = [column if k % 2 == 0 else column * mean for k, column in enumerate(columns)]
    return Sample(truth=np.ones(n), columns=columns, metric=own_facts(_profit, higher_is_better=True))


# ---------------------------------------------------------------- labels


def _factors(structure: str, random: Random, n: int, count: int) -> np.ndarray:
    """Standard normal columns (count, n): in blocks of near copies, in a chain, or mixes of three."""
    if structure == "blocks":
        block = np.arange(count) // 2
        centre = random.standard_normal((int(block[-1]) + 1, n))
        return math.sqrt(0.95) * centre[block] + math.sqrt(0.05) * random.standard_normal((count, n))
    if structure == "chain":
        columns = np.empty((count, n))
        columns[0] = random.standard_normal(n)
        for k in range(1, count):
            columns[k] = 0.9 * columns[k - 1] + math.sqrt(1 - 0.81) * random.standard_normal(n)
        return columns
    if structure == "mixes":
        base = random.standard_normal((3, n))
        angle = np.arange(count)
        weights = np.stack((np.cos(angle), np.sin(angle), np.full(count, 0.7)))
        weights /= np.sqrt((weights**2).sum(axis=0))
        return np.asarray(weights.T @ base)
    return random.standard_normal((count, n))


def right_and_wrong(structure: str, share: float) -> Kind:
    """Accuracy: equal shares of errors, on rows that overlap in blocks, chains or not at all."""

    def draw(random: Random, n: int, count: int, behind: float) -> Sample:
        truth = random.integers(0, 2, n)
        cuts = np.array([quantile(1 - share - behind * (k % 2)) for k in places(count)])[:, None]
        wrong = _factors(structure, random, n, count) > cuts
        return Sample(truth=truth, columns=np.where(wrong, 1 - truth, truth), metric="accuracy")

    return draw


def alarms(metric: str, positives: float, forms: Sequence[tuple[float, float]]) -> Kind:
    """Two classes; each form is the share of positives that are found and of negatives that alarm."""

    def draw(random: Random, n: int, count: int, behind: float) -> Sample:
        truth = (random.random(n) < positives).astype(np.int64)
        columns = []
        for k in places(count):
            found, false = forms[k % len(forms)]
            if k % 2:
                found, false = found * (1 - behind), false * (1 + behind)
            columns.append((random.random(n) < np.where(truth == 1, found, false)).astype(np.int64))
        return Sample(truth=truth, columns=columns, metric=metric)

    return draw


def f1_forms(positives: float, score: float, found: Sequence[float]) -> list[tuple[float, float]]:
    """Found and false shares of the same F1: 2 tp / (positives + tp + fp)."""
    forms = []
    for share in found:
        tp = positives * share
        forms.append((share, (2 * tp / score - positives - tp) / (1 - positives)))
    return forms


def confusions(metric: str, labels: int) -> Kind:
    """Several classes of unequal size: one errs alike on all, one on the two classes that look alike."""

    def draw(random: Random, n: int, count: int, behind: float) -> Sample:
        truth = random.integers(0, labels, n)
        columns = []
        for k in places(count):
            if k % 2 == 0:
                wrong = random.random(n) < 0.2
                columns.append(np.where(wrong, (truth + random.integers(1, labels, n)) % labels, truth))
            else:  # pairs of classes are mixed up, the others never: the same share of each class is right
                wrong = random.random(n) < 0.2 + behind
                columns.append(np.where(wrong, _partner(truth, labels), truth))
        return Sample(truth=truth, columns=columns, metric=metric)

    return draw


def _partner(truth: np.ndarray, labels: int) -> np.ndarray:
    return np.asarray((truth + 1) % labels)


# ---------------------------------------------------------------- rankings


def spreads(metric: str, positives: float, spread: Sequence[float], area: float = 0.85) -> Kind:
    """AUC: positives of unequal spread, Phi(shift / sqrt(1 + spread^2)) being the same."""

    def draw(random: Random, n: int, count: int, behind: float) -> Sample:
        truth = (np.arange(n) < max(2, round(positives * n))).astype(np.int64)
        columns = []
        for k in places(count):
            wide = spread[k % len(spread)]
            shift = quantile(area - behind * (k % 2)) * math.sqrt(1 + wide**2)
            columns.append(np.where(truth == 1, shift + wide * random.standard_normal(n), random.standard_normal(n)))
        return Sample(truth=truth, columns=columns, metric=metric, kind=ResultKind.SCORES)

    return draw


@lru_cache
def _shift_of_levels(levels: int, area: float) -> float:
    """The shift at which scores rounded to a few levels have the same AUC."""
    cuts = np.linspace(-1.5, 2.5, levels - 1)

    def of(shift: float) -> float:
        def shares(centre: float) -> np.ndarray:
            below = np.array([0.0, *(_NORMAL.cdf(cut - centre) for cut in cuts), 1.0])
            return np.diff(below)

        low, high = shares(0.0), shares(shift)
        return float(sum(high[j] * (low[:j].sum() + low[j] / 2) for j in range(levels))) - area

    return root(of, 0.1, 6)


def levels(positives: float, count_of_levels: int, area: float = 0.85) -> Kind:
    """AUC: continuous scores against scores of a few levels, with ties."""

    def draw(random: Random, n: int, count: int, behind: float) -> Sample:
        truth = (np.arange(n) < max(2, round(positives * n))).astype(np.int64)
        smooth, stepped = quantile(area) * math.sqrt(2), _shift_of_levels(count_of_levels, area - behind)
        cuts = np.linspace(-1.5, 2.5, count_of_levels - 1)
        columns = []
        for k in places(count):
            scores = random.standard_normal(n) + truth * (stepped if k % 2 else smooth)
            columns.append(np.digitize(scores, cuts).astype(float) if k % 2 else scores)
        return Sample(truth=truth, columns=columns, metric="roc_auc", kind=ResultKind.SCORES)

    return draw


# ---------------------------------------------------------------- rows that hang together


def _season(random: Random, n: int, length: int, phi: float) -> np.ndarray:
    """x_t = phi x_(t - length) + e_t, stationary, variance 1."""
    shocks = math.sqrt(1 - phi**2) * random.standard_normal(n)
    found = np.empty(n)
    found[:length] = random.standard_normal(min(n, length))
    for step in range(length, n):
        found[step] = phi * found[step - length] + shocks[step]
    return found


def seasons(length: int, phi: float) -> Kind:
    """Losses with a season of their own."""

    def draw(random: Random, n: int, count: int, behind: float) -> Sample:
        columns = [40 + behind * (k % 2) + _season(random, n, length, phi) for k in places(count)]
        return Sample(truth=np.zeros(n), columns=columns, metric="mae", how={"time_ordered": True})

    return draw


def memories(*phis: float) -> Kind:
    """Losses whose neighbours are alike, more so for some."""

    def draw(random: Random, n: int, count: int, behind: float) -> Sample:
        columns = [40 + behind * (k % 2) + _season(random, n, 1, phis[k % len(phis)]) for k in places(count)]
        return Sample(truth=np.zeros(n), columns=columns, metric="mae", how={"time_ordered": True})

    return draw


def slow_level(phi: float, share: float) -> Kind:
    """Noise, a share of whose variance is a level that moves slowly."""

    def draw(random: Random, n: int, count: int, behind: float) -> Sample:
        columns = [
            40
            + behind * (k % 2)
            + math.sqrt(share) * _season(random, n, 1, phi)
            + math.sqrt(1 - share) * random.standard_normal(n)
            for k in places(count)
        ]
        return Sample(truth=np.zeros(n), columns=columns, metric="mae", how={"time_ordered": True})

    return draw


def right_in_runs(phi: float, share: float) -> Kind:
    """Accuracy in time order: errors come in runs."""

    def draw(random: Random, n: int, count: int, behind: float) -> Sample:
        truth = random.integers(0, 2, n)
        cuts = [quantile(1 - share - behind * (k % 2)) for k in places(count)]
        wrong = np.array([_season(random, n, 1, phi) > cut for cut in cuts])
        columns = np.where(wrong, 1 - truth, truth)
        return Sample(truth=truth, columns=columns, metric="accuracy", how={"time_ordered": True})

    return draw


def grouped(form: str) -> Kind:
    """Losses in groups: of very unequal sizes, or with a few groups on which one of two fails as a whole."""

    def draw(random: Random, n: int, count: int, behind: float) -> Sample:
        if form == "sizes":
            sizes = 1 + np.floor(random.exponential(9, n)).astype(int)
            groups = np.repeat(np.arange(n), sizes)[:n]
        else:
            groups = np.arange(n) // 10
        held = int(groups[-1]) + 1
        columns = []
        for k in places(count):
            level = random.standard_normal(held)
            if form == "failures" and k % 2:
                level = np.where(random.random(held) < 0.03, 9.0, -0.27 / 0.97) + 0 * level
            columns.append(20 + behind * (k % 2) + 0.6 * level[groups] + 0.8 * random.standard_normal(n))
        return Sample(truth=np.zeros(n), columns=columns, metric="mae", how={"groups": groups})

    return draw


def weighted(random: Random, n: int, count: int, behind: float) -> Sample:
    """Accuracy with weights: one errs alike everywhere, one twice as often on rows of the upper half of the weight."""
    weights = np.exp(random.standard_normal(n))
    heavy = weights > math.exp(1.0)  # half of all weight lies above e^(sigma^2)
    truth = random.integers(0, 2, n)
    columns = []
    for k in places(count):
        chance = np.full(n, 0.15) if k % 2 == 0 else np.where(heavy, 0.2, 0.1) + behind
        wrong = random.random(n) < chance
        columns.append(np.where(wrong, 1 - truth, truth))
    return Sample(truth=truth, columns=columns, metric="accuracy", how={"weights": weights})


def folds(repeats: int, k_folds: int) -> Kind:
    """Fold scores, half of them three times as scattered, correlated as Nadeau and Bengio say."""

    def draw(random: Random, n: int, count: int, behind: float) -> Sample:
        columns = []
        for k in places(count):
            scatter = 0.03 if k % 2 else 0.01
            shared = math.sqrt(1 / k_folds) * random.standard_normal()
            own = math.sqrt(1 - 1 / k_folds) * random.standard_normal((repeats, k_folds))
            scores = 0.8 - behind * (k % 2) + scatter * (shared + own)
            columns.append(scores if repeats > 1 else scores[0])
        return Sample(truth=None, columns=columns, metric="accuracy", kind=ResultKind.FOLDS)

    return draw
