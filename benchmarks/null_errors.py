"""How often the best set loses a truly best candidate, and how often it names one that truly is.

    python -m benchmarks.null_errors [--quick]

Null: K candidates that are equally good in truth. The set promises to keep all of them in 95% of samples. A cell
above 5% plus two standard errors is run again with a fresh seed and ten times the samples before it counts.
Power: one candidate truly better by 5 points, 2,000 rows.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable

import numpy as np

from benchmarks.short import Short
from mlee_jupyter.domain import Judgement, ResultKind
from mlee_jupyter.judge.entries import Entry
from mlee_jupyter.judge.judging import judge

SHORT = Short(
    arguments=("--replicates", "2"),
    columns=("metric", "n", "K", "dropped", "SE", "samples", "seed", "s"),
    row=r"(\S.*?) +(\d+) +(\d+) +([\d.]+%) +([\d.]+%) +(\d+) +(\d+) +(\d+)(?: +above, run again| +ABOVE)?",
    rows=3,
)

Sample = tuple[np.ndarray, list[np.ndarray], ResultKind, str]

ALPHA = 0.05
CORRELATION = 0.8  # of the candidates' latent errors: they find the same rows hard


def latent(random: np.random.Generator, n: int, count: int, correlation: float = CORRELATION) -> np.ndarray:
    """Standard normal columns, equally correlated (count, n)."""
    shared = random.standard_normal(n)
    own = random.standard_normal((count, n))
    return np.asarray(math.sqrt(correlation) * shared + math.sqrt(1 - correlation) * own)


def right_or_wrong(random: np.random.Generator, n: int, accuracies: list[float]) -> Sample:
    """Two-class labels and predictions that are right with the given chances."""
    errors = latent(random, n, len(accuracies))
    truth = random.integers(0, 2, n)
    predictions = []
    for error, accuracy in zip(errors, accuracies, strict=True):
        wrong = error > _normal_quantile(accuracy)
        predictions.append(np.where(wrong, 1 - truth, truth))
    return truth, predictions, ResultKind.PREDICTIONS, "accuracy"


def rare_class(random: np.random.Generator, n: int, count: int) -> Sample:
    """5% positives, scores shifted so that every AUC is 0.80."""
    truth = np.zeros(n, dtype=np.int64)
    truth[: max(1, round(0.05 * n))] = 1
    scores = latent(random, n, count) + truth * math.sqrt(2) * _normal_quantile(0.8)
    return truth, list(scores), ResultKind.SCORES, "roc_auc"


def _normal_quantile(p: float) -> float:
    from statistics import NormalDist

    return NormalDist().inv_cdf(p)


def judged(sample: Sample) -> Judgement:
    truth, columns, kind, metric = sample
    entries = [Entry(candidate=f"c{place:02d}", rows=rows, kind=kind) for place, rows in enumerate(columns)]
    return judge(truth, entries, metric=metric, alpha=ALPHA, baselines=False)


def share_that_lose_one(draw: Callable[[np.random.Generator], Sample], count: int, replicates: int, seed: int) -> float:
    """Share of null samples in which some (truly best) candidate is not in the best set."""
    random = np.random.default_rng(seed)
    return float(np.mean([len(judged(draw(random)).best_set) < count for _ in range(replicates)]))


def share_named(gap: float, rows: int, count: int, samples: int, seed: int) -> float:
    """Share of samples in which the one candidate that is better by `gap` is named the winner."""
    random = np.random.default_rng(seed)
    accuracies = [0.85 + gap] + [0.85] * (count - 1)
    named = [judged(right_or_wrong(random, rows, accuracies)).winner == "c00" for _ in range(samples)]
    return float(np.mean(named))


def null_cells() -> list[tuple[str, int, int, Callable[[np.random.Generator], Sample]]]:
    cells: list[tuple[str, int, int, Callable[[np.random.Generator], Sample]]] = []
    for n in (100, 1000):
        for count in (2, 10, 20):
            cells.append(("accuracy 85%", n, count, lambda r, n=n, k=count: right_or_wrong(r, n, [0.85] * k)))
            cells.append(("AUC, 5% positive", n, count, lambda r, n=n, k=count: rare_class(r, n, k)))
    return cells


def limit(replicates: int) -> float:
    return ALPHA + 2 * math.sqrt(ALPHA * (1 - ALPHA) / replicates)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the samples")
    parser.add_argument("--replicates", type=int, default=1000)
    asked = parser.parse_args()
    replicates = 100 if asked.quick else asked.replicates
    failures = 0
    print(f"Some truly best candidate dropped, alpha {ALPHA:.0%}, limit {limit(replicates):.2%} (5% + 2 SE)")
    print(f"{'metric':<18}{'n':>6}{'K':>4}{'dropped':>10}{'SE':>8}{'samples':>9}{'seed':>7}{'s':>6}")
    for place, (name, n, count, draw) in enumerate(null_cells()):
        runs = [(replicates, 1000 + place), (10 * replicates, 5000 + place)]
        for size, seed in runs:
            began = time.perf_counter()
            share = share_that_lose_one(draw, count, size, seed)
            error = math.sqrt(share * (1 - share) / size)
            above = share > limit(size)
            verdict = "" if not above else "  above, run again" if (size, seed) == runs[0] else "  ABOVE"
            print(
                f"{name:<18}{n:>6}{count:>4}{share:>10.2%}{error:>8.2%}{size:>9}{seed:>7}"
                f"{time.perf_counter() - began:>6.0f}{verdict}",
                flush=True,
            )
            if not above:
                break
        else:
            failures += 1
    pairs = min(200, replicates)
    print("\nTruly better by 5 points, accuracy 85%, 2,000 rows: named the winner")
    print(f"{'K':>4}{'named':>9}{'SE':>8}{'samples':>9}{'seed':>7}")
    for count in (2, 10, 20):
        share = share_named(0.05, 2000, count, pairs, 77 + count)
        print(f"{count:>4}{share:>9.1%}{math.sqrt(share * (1 - share) / pairs):>8.1%}{pairs:>9}{77 + count:>7}")
        failures += share < 0.95
    print("\nall within limits" if not failures else f"\n{failures} cell(s) outside")
    return int(failures > 0)


if __name__ == "__main__":
    raise SystemExit(main())
