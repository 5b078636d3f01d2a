"""Ten refits of one recipe: is a winner named, and is the luck in the best score what resampling shows?

    python -m benchmarks.flattery_of_refits

Ten random forests that differ in their seed alone, on digits, 300 test rows. Whoever names a winner here is wrong.
The luck of the best is checked against 1,000 resamplings of the rows: choose the best on each, and look at what
its score on the resampled rows has over its score on all rows. Resampling takes the scores for true, which lie further
apart than the true ones do, so it shows too little luck: ours should be at least that, and at most twice as much.
"""

from __future__ import annotations

import argparse
import math

import numpy as np
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split

from benchmarks.short import Short
from mlee_jupyter import compare

SHORT = Short(
    arguments=("--splits", "1", "--resamplings", "20"),
    columns=("split", "best", "worst", "in set", "winner", "flattery", "resampled", "SE", "off by"),
    row=r" +(\d+) +([\d.]+) +([\d.]+) +(\d+) +(\S+) +([\d.]+) +([\d.]+) +([\d.]+) +([+-][\d.]+) SE",
    needs=("sklearn",),
)

ROWS = 300
RESAMPLINGS = 1000


def refits(split_seed: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """The truth of 300 test rows and the predictions of ten forests."""
    features, labels = load_digits(return_X_y=True)
    train, test, y_train, y_test = train_test_split(
        features, labels, test_size=ROWS, random_state=split_seed, stratify=labels
    )
    forests = [RandomForestClassifier(100, random_state=seed).fit(train, y_train) for seed in range(10)]
    return y_test, {f"seed {seed}": forest.predict(test) for seed, forest in enumerate(forests)}


def resampled_flattery(
    truth: np.ndarray, predictions: dict[str, np.ndarray], seed: int, resamplings: int
) -> tuple[float, float]:
    """Mean excess of the best over resamplings of the rows, and its standard error."""
    random = np.random.default_rng(seed)
    hits = np.array([rows == truth for rows in predictions.values()], dtype=float)
    scores = hits.mean(axis=1)
    excess = []
    for _ in range(resamplings):
        again = hits[:, random.integers(0, ROWS, ROWS)].mean(axis=1)
        best = random.choice(np.flatnonzero(again == again.max()))  # of equals any, as with continuous scores
        excess.append(again[best] - scores[best])
    return float(np.mean(excess)), float(np.std(excess, ddof=1) / math.sqrt(resamplings))


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--splits", type=int, default=3)
    options.add_argument("--resamplings", type=int, default=RESAMPLINGS)
    asked = options.parse_args()
    splits, resamplings = asked.splits, asked.resamplings
    print(f"Ten random forests, other seeds, digits, {ROWS} test rows, {resamplings} resamplings")
    heads = ("split", "best", "worst", "in set", "winner", "flattery", "resampled", "SE", "off by")
    print("".join(f"{head:>{width}}" for head, width in zip(heads, (6, 8, 8, 8, 8, 10, 11, 9, 9), strict=True)))
    failures = 0
    for split_seed in range(splits):
        truth, predictions = refits(split_seed)
        found = compare(truth, predictions)
        mean, error = resampled_flattery(truth, predictions, 100 + split_seed, resamplings)
        off = (found.flattery - mean) / error
        scores = [s.score for s in found.judgement.standings]
        print(
            f"{split_seed:>6}{max(scores):>8.4f}{min(scores):>8.4f}{len(found.best_set):>8}{found.winner or 'none':>8}"
            f"{found.flattery:>10.5f}{mean:>11.5f}{error:>9.5f}{off:>+6.1f} SE"
        )
        failures += found.winner is not None or off < -2 or found.flattery > 2 * mean
    print("no winner named, at least the luck of resampling" if not failures else f"{failures} split(s) outside")
    return int(failures > 0)


if __name__ == "__main__":
    raise SystemExit(main())
