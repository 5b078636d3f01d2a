"""The whole of `compare` against arch's model confidence set.

    python -m benchmarks.compare_speed [--rows 100000] [--candidates 50]

Ours is timed from raw predictions to the finished judgement (scores, intervals, set, bounds, luck, baselines); arch
from the matrix of losses to its p-values. Both in one process, alternating; medians. arch needs minutes for 1,000
resamples at this size, so it runs fewer and its time is scaled up by resamples, its fixed part left out.
"""

from __future__ import annotations

import argparse
import statistics
import time

import numpy as np
from arch.bootstrap import MCS

from mlee_jupyter.judge import compare

RESAMPLES = 1000


def problem(rows: int, candidates: int, seed: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Numbers to predict, and candidates whose errors are correlated and equally large."""
    random = np.random.default_rng(seed)
    truth = random.normal(size=rows)
    hard = random.normal(size=rows)
    return truth, {f"c{k:02d}": truth + 0.7 * hard + 0.7 * random.normal(size=rows) for k in range(candidates)}


def time_ours(truth: np.ndarray, predictions: dict[str, np.ndarray]) -> float:
    began = time.perf_counter()
    compare(truth, predictions, "mse")
    return time.perf_counter() - began


def time_arch(losses: np.ndarray, resamples: int) -> float:
    began = time.perf_counter()
    # a block of one row is the plain bootstrap
    MCS(losses, size=0.05, reps=resamples, block_size=1, bootstrap="mbb", method="R", seed=1).compute()
    return time.perf_counter() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--candidates", type=int, default=50)
    parser.add_argument("--resamples", type=int, default=40, help="of arch, beyond two that measure its fixed part")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    truth, predictions = problem(asked.rows, asked.candidates, seed=0)
    losses = np.column_stack([(truth - rows) ** 2 for rows in predictions.values()])
    compare(truth, predictions, "mse")  # imports and first calls
    time_arch(losses, 2)
    ours, theirs = [], []
    for _ in range(asked.rounds):
        ours += [time_ours(truth, predictions) for _ in range(3)]
        few, more = time_arch(losses, 2), time_arch(losses, 2 + asked.resamples)
        theirs.append((more - few) / asked.resamples * RESAMPLES)
    mine, scaled = statistics.median(ours), statistics.median(theirs)
    size = f"{asked.rows:,} rows x {asked.candidates} candidates"
    span = f"{min(ours) * 1e3:,.0f} to {max(ours) * 1e3:,.0f}"
    print(f"{size}, squared error, seed 0, medians of {asked.rounds} rounds")
    print(f"  compare, everything          {mine * 1e3:>10,.0f} ms  ({span})")
    print(f"  arch MCS, R, {RESAMPLES:,} resamples {scaled * 1e3:>10,.0f} ms  (scaled from {asked.resamples})")
    print(f"  ratio                        {scaled / mine:>10,.0f} x   (at least 100 wanted)")
    return int(scaled / mine < 100)


if __name__ == "__main__":
    raise SystemExit(main())
