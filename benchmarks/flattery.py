"""The luck in the best score: what is left of it after the correction, and how often the lower bound holds.

    python -m benchmarks.flattery [--replicates 400] [--cells "AUC K=50"]

K candidates whose scores correlate at about one half, with true scores that are all equal, nearly tied (a third at
the top, the rest one standard error below), in a row (from the best down to three standard errors) or led by one that
is four standard errors ahead. Bias is that of the leader's score, in standard errors of that score: as it stands, and
less the flattery. Coverage is that of the one-sided bound. Targets: a corrected bias of at most 0.5, coverage of at
least 93%; a cell is outside when it misses by more than two standard errors of the simulation.
The first sample of each cell goes through `judge` itself, which must agree.
"""

from __future__ import annotations

import argparse
import math
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from statistics import NormalDist

import numpy as np

from benchmarks.short import Short
from mlee_jupyter.domain import ResultKind
from mlee_jupyter.judge.entries import Entry, measure
from mlee_jupyter.judge.judging import judge
from mlee_jupyter.judge.leader import bound_of_leader
from mlee_jupyter.stats.compare.confidence_set import SEED, normal_draws
from mlee_jupyter.stats.compare.intervals import score_interval
from mlee_jupyter.stats.compare.luck import flattery, resampled_errors
from mlee_jupyter.stats.compare.pairs import compare_pairs
from mlee_jupyter.stats.metrics.catalogue import metric_facts
from mlee_jupyter.stats.metrics.influence import score
from mlee_jupyter.stats.metrics.target import prepare

SHORT = Short(
    arguments=("--replicates", "2", "--cells", "accuracy n=100 K=2"),
    columns=("cell", "as it stands", "corrected", "SE", "bound covers", "SE", "seed", ""),
    rows=3,
)

COUNTS = (2, 10, 50)
ROWS = (100, 1000)
POSITIVES = 0.3
DRAWS = 2000  # of the errors
MOST_BIAS, LEAST_COVERAGE = 0.5, 0.93
SHAPES: dict[str, Callable[[int], np.ndarray]] = {  # true scores, in standard errors
    "all equal": np.zeros,
    "near-ties": lambda count: np.where(np.arange(count) < max(1, count // 3), 0.0, -1.0),
    "gradient": lambda count: np.linspace(0, -3, count),
    "clear winner": lambda count: np.append(4.0, np.zeros(count - 1)),
}


@dataclass(frozen=True)
class Sample:
    truth: np.ndarray
    rows: np.ndarray  # (K, n)
    metric: str
    kind: ResultKind
    true: np.ndarray  # (K,) true scores, in the metric's own direction
    errors: np.ndarray  # (K,) their true standard errors


@dataclass(frozen=True, kw_only=True)
class Leader:
    place: int
    score: float
    corrected: float
    bound: float
    sign: float  # of the direction: -1 for a loss


def latent(random: np.random.Generator, n: int, count: int, correlation: float) -> np.ndarray:
    own = random.standard_normal((count, n))
    return np.asarray(math.sqrt(correlation) * random.standard_normal(n) + math.sqrt(1 - correlation) * own)


def led(sample: Sample) -> Leader:
    """The leader as `judge` corrects it, without the confidence set, which takes most of the time there."""
    facts = metric_facts(sample.metric)
    target = prepare(sample.truth, facts, None)
    scored = [score(target, one, sample.kind is ResultKind.SCORES) for one in sample.rows]
    order = sorted(range(len(scored)), key=lambda place: (-scored[place].theta, str(place)))
    columns = [scored[place] for place in order]
    pairs = compare_pairs(columns, facts.counts_all_or_nothing)
    errors = resampled_errors(columns, DRAWS) if facts.counts_right_rows else None
    if errors is None:
        errors = normal_draws(pairs.covariance, DRAWS, SEED)[0]
    skewed = () if facts.is_proportion else columns
    bound = bound_of_leader(facts, pairs, 0.05, lambda error: score_interval(facts, columns[0], error), skewed)
    found = facts.sign * columns[0].theta
    return Leader(
        place=order[0],
        score=found,
        corrected=found - facts.sign * flattery(pairs, errors),
        bound=bound,
        sign=facts.sign,
    )


def demand_agreement(sample: Sample, leader: Leader) -> None:
    """Stop where `judge` itself says something else of a sample; its draws differ in number."""
    entries = [Entry(candidate=str(place), rows=one, kind=sample.kind) for place, one in enumerate(sample.rows)]
    judgement = judge(sample.truth, entries, metric=sample.metric, baselines=False)
    assert judgement.leader_bound is not None
    assert judgement.leader_corrected is not None
    assert judgement.leader == str(leader.place)
    assert abs(judgement.leader_bound - leader.bound) < 1e-9
    assert abs(judgement.leader_corrected - leader.corrected) < 0.1 * sample.errors[leader.place]


def accuracy(random: np.random.Generator, n: int, shape: np.ndarray) -> Sample:
    true = np.minimum(0.85 + shape * math.sqrt(0.85 * 0.15 / n), 0.999)
    truth = random.integers(0, 2, n)
    limits = np.array([NormalDist().inv_cdf(p) for p in true])
    wrong = latent(random, n, len(shape), 0.7) > limits[:, None]  # hits then correlate at about .5
    rows, errors = np.where(wrong, 1 - truth, truth), np.sqrt(true * (1 - true) / n)
    return Sample(truth, rows, "accuracy", ResultKind.PREDICTIONS, true, errors)


@cache
def auc_error(area: float) -> float:
    """Standard error of the AUC of two shifted normal samples, times the root of n; from one large sample."""
    random = np.random.default_rng(1)
    truth = (np.arange(40_000) < POSITIVES * 40_000).astype(np.int64)
    scores = random.standard_normal(len(truth)) + truth * math.sqrt(2) * NormalDist().inv_cdf(area)
    found = measure(truth, scores, ResultKind.SCORES, metric="roc_auc")
    return (found.high - found.low) / (2 * 1.96) * math.sqrt(len(truth))


def auc(random: np.random.Generator, n: int, shape: np.ndarray) -> Sample:
    true = np.minimum(0.8 + shape * auc_error(0.8) / math.sqrt(n), 0.99)
    truth = (np.arange(n) < POSITIVES * n).astype(np.int64)
    shifts = np.array([math.sqrt(2) * NormalDist().inv_cdf(area) for area in true])
    scores = latent(random, n, len(shape), 0.5) + truth * shifts[:, None]
    errors = np.array([auc_error(float(round(area, 3))) for area in true]) / math.sqrt(n)
    return Sample(truth, scores, "roc_auc", ResultKind.SCORES, true, errors)


def mse(random: np.random.Generator, n: int, shape: np.ndarray) -> Sample:
    true = 1 - shape * math.sqrt(2 / n)
    truth = random.standard_normal(n)
    residuals = latent(random, n, len(shape), math.sqrt(0.5))  # squares then correlate at .5
    predicted = truth + residuals * np.sqrt(true)[:, None]
    return Sample(truth, predicted, "mean_squared_error", ResultKind.PREDICTIONS, true, true * math.sqrt(2 / n))


METRICS: dict[str, Callable[..., Sample]] = {"accuracy": accuracy, "AUC": auc, "MSE": mse}


@dataclass(frozen=True, kw_only=True)
class Found:
    naive: float
    corrected: float
    error: float  # of the corrected bias
    coverage: float
    coverage_error: float

    @property
    def outside(self) -> bool:
        biased = abs(self.corrected) > MOST_BIAS + 2 * self.error
        return biased or self.coverage < LEAST_COVERAGE - 2 * self.coverage_error


def cells() -> Iterator[tuple[str, Callable[[np.random.Generator], Sample]]]:
    for metric, draw in METRICS.items():
        for n in ROWS:
            for count in COUNTS:
                for shape, true in SHAPES.items():
                    name = f"{metric} n={n} K={count} {shape}"
                    yield name, partial(draw, n=n, shape=true(count))


def simulate(draw: Callable[[np.random.Generator], Sample], replicates: int, seed: int) -> Found:
    random = np.random.default_rng(seed)
    naive, corrected, covered = [], [], []
    for replicate in range(replicates):
        sample = draw(random)
        leader = led(sample)
        if replicate == 0:
            demand_agreement(sample, leader)
        true, error = float(sample.true[leader.place]), leader.sign / float(sample.errors[leader.place])
        naive.append((leader.score - true) * error)
        corrected.append((leader.corrected - true) * error)
        covered.append(leader.sign * (true - leader.bound) >= 0)
    share = float(np.mean(covered))
    return Found(
        naive=float(np.mean(naive)),
        corrected=float(np.mean(corrected)),
        error=float(np.std(corrected, ddof=1) / math.sqrt(replicates)),
        coverage=share,
        coverage_error=math.sqrt(max(share * (1 - share), 0.01) / replicates),
    )


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--replicates", type=int, default=400)
    options.add_argument("--cells", default="", help="words that a cell's name must all have")
    chosen = options.parse_args()
    print(f"{chosen.replicates} replicates a cell; bias of the leader's score in its standard errors")
    print("| cell | as it stands | corrected | SE | bound covers | SE | seed | |\n|---|---|---|---|---|---|---|---|")
    began, outside = time.perf_counter(), 0
    for name, draw in cells():
        if set(chosen.cells.split()) <= set(name.split()):
            seed = zlib.crc32(name.encode())
            found = simulate(draw, chosen.replicates, seed)
            if found.outside:  # again, on fresh samples and ten times as many, before it counts
                seed += 1
                found = simulate(draw, 10 * chosen.replicates, seed)
            outside += found.outside
            print(
                f"| {name} | {found.naive:+.2f} | {found.corrected:+.2f} | {found.error:.2f} | {found.coverage:.1%} "
                f"| {found.coverage_error:.1%} | {seed} | {'**outside**' if found.outside else ''} |",
                flush=True,
            )
    print(f"\n{outside} cells outside; {time.perf_counter() - began:.0f} s")
    return int(outside > 0)


if __name__ == "__main__":
    raise SystemExit(main())
