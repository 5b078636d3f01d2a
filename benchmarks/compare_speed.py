"""Our speed and memory against arch's model confidence set and autorank, from a thousand rows to a million.

    python -m benchmarks.compare_speed [--sizes 1000x10 10000x20 100000x50 1000000x50] [--no-growth]

Two of ours are timed: "set" does what arch does, from the matrix of losses to the p-values ("all draws": the same
where a p-value is so near 5% that no draw is saved); "compare" is the whole of it, from raw predictions to the
finished judgement (checked input, scores, intervals, set, bounds, luck, baselines). Squared errors, seed 0. arch with
1,000 resamples and blocks of one row (the plain bootstrap); where that would take minutes fewer are run and the time
is scaled up by resamples, its fixed part left out.

Times are CPU seconds, the least of several rounds, all on one thread: what else the machine does hardly counts, and
its load is printed. Every size is a process of its own; the peak of memory is of one more, which only compares.
autorank may use 6 GiB and two minutes of CPU.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.short import Short
from mlee_jupyter import compare
from mlee_jupyter.stats.compare.confidence_set import (
    DRAWS,
    DRAWS_BUDGET,
    MOST_DRAWS,
    ConfidenceSet,
    NullMaxima,
    confidence_set,
)
from mlee_jupyter.stats.compare.pairs import Pairs, compare_pairs
from mlee_jupyter.stats.metrics.scored import Scored

SHORT = Short(
    arguments=("--sizes", "1000x10", "--no-growth", "--no-memory"),
    columns=(
        "rows x K",
        "set",
        "all draws",
        "compare",
        "arch R",
        "arch max",
        "autorank",
        "resamples run",
        "arch R / set",
        "arch max / set",
        "autorank / set",
        "arch R / all draws",
        "arch R / compare",
    ),
    needs=("arch",),
)

RESAMPLES = 1000
WHOLE = 1_000_000  # numbers up to which arch runs all its resamples
SIZES = ("1000x10", "10000x20", "100000x50", "1000000x50")
AUTORANK_BYTES, AUTORANK_SECONDS = 6 << 30, 120  # of memory, of CPU time
MOST_BYTES = 2 << 30
WANTED = 100


def problem(rows: int, candidates: int, seed: int, kind: Any = np.float64) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Numbers to predict, and candidates whose errors are correlated and equally large."""
    random = np.random.default_rng(seed)
    truth = random.normal(size=rows)
    hard = random.normal(size=rows)
    columns = (truth + 0.7 * hard + 0.7 * random.normal(size=rows) for _ in range(candidates))
    return truth.astype(kind), {f"c{k:03d}": column.astype(kind) for k, column in enumerate(columns)}


def pairs_of(losses: np.ndarray) -> Pairs:
    gains = np.negative(losses.T, out=np.empty(losses.shape[::-1]))
    scores = gains.mean(axis=1)
    gains -= scores[:, None]
    order = np.argsort(-scores, kind="stable")
    return compare_pairs([Scored(theta=float(scores[k]), psi=gains[k], df=len(losses) - 1.0) for k in order])


def set_of(losses: np.ndarray, draws: int | None = None) -> ConfidenceSet:
    return confidence_set(pairs_of(losses), draws=draws)


def least(call: Callable[[], object], rounds: int) -> float:
    """CPU seconds of the quickest round."""
    best = math.inf
    for _ in range(rounds):
        began = time.process_time()
        call()
        best = min(best, time.process_time() - began)
    return best


# ---------------------------------------------------------------- one size, in a process of its own


def arch_seconds(losses: np.ndarray, method: str) -> tuple[float, int]:
    """Seconds of 1,000 resamples, and how many were run for it."""
    from arch.bootstrap import MCS

    def run(resamples: int) -> None:
        how = {"size": 0.05, "reps": resamples, "block_size": 1, "bootstrap": "mbb", "seed": 1}
        MCS(losses, method=method, **how).compute()

    if losses.size <= WHOLE:
        return least(lambda: run(RESAMPLES), 3), RESAMPLES
    more = 40 if losses.size < 10 * WHOLE else 4
    few, many = least(lambda: run(2), 2), least(lambda: run(2 + more), 2)
    return (many - few) / more * RESAMPLES, more


def one_size(rows: int, candidates: int) -> dict[str, Any]:
    truth, predictions = problem(rows, candidates, seed=0)
    losses = np.column_stack([(truth - column) ** 2 for column in predictions.values()])
    compare(truth, predictions, "mse")  # imports and first calls
    rounds = 60 if rows <= 1000 else 30 if rows <= 10_000 else 5 if rows <= 100_000 else 3
    found: dict[str, Any] = {"rows": rows, "candidates": candidates}
    found["compare"] = least(lambda: compare(truth, predictions, "mse"), rounds)
    found["set"] = least(lambda: set_of(losses), rounds)
    every = max(DRAWS, min(MOST_DRAWS, DRAWS_BUDGET // candidates**2))
    found["all draws"] = least(lambda: set_of(losses, every), rounds)
    for method in ("R", "max"):
        found[f"arch {method}"], found["resamples"] = arch_seconds(losses, method)
    return found


def autorank_seconds(rows: int, candidates: int) -> None:
    import contextlib
    import io
    import warnings

    import pandas as pd
    from autorank import autorank

    warnings.simplefilter("ignore")
    resource.setrlimit(resource.RLIMIT_AS, (AUTORANK_BYTES, AUTORANK_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (AUTORANK_SECONDS, AUTORANK_SECONDS + 1))
    truth, predictions = problem(rows, candidates, seed=0)
    losses = pd.DataFrame({name: (truth - column) ** 2 for name, column in predictions.items()})
    with contextlib.redirect_stdout(io.StringIO()):
        autorank(losses.head(50), order="ascending")  # imports and first calls
        seconds = least(lambda: autorank(losses, order="ascending"), 3 if rows <= 10_000 else 1)
    print(seconds)


def peak(rows: int, candidates: int, kind: str) -> None:
    """Bytes at the highest, with what the user holds and without the imports, as one JSON line."""
    if kind == "int8":
        random = np.random.default_rng(0)
        truth = random.integers(0, 2, rows, dtype=np.int8)
        predictions = {
            f"c{k:03d}": np.where(random.random(rows) < 0.85, truth, 1 - truth).astype(np.int8)
            for k in range(candidates)
        }
    else:
        truth, predictions = problem(rows, candidates, 0, np.dtype(kind))
    held = truth.nbytes + sum(column.nbytes for column in predictions.values())
    compare(truth, predictions, "accuracy" if kind == "int8" else "mse")
    print(json.dumps({"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, "held": held}))


# ---------------------------------------------------------------- how time grows


def growth() -> None:
    print("\nHow the time of the set grows (ms of CPU; in brackets the power of the step from the size before)")
    losses = {}
    for rows in (1_000, 10_000, 100_000, 1_000_000):
        truth, predictions = problem(rows, 20, seed=0)
        losses[rows] = np.column_stack([(truth - column) ** 2 for column in predictions.values()])
    _steps("rows, K = 20: pairs", {n: least(lambda x=x: pairs_of(x), 5) for n, x in losses.items()})
    fixed = {n: pairs_of(x) for n, x in losses.items()}
    _steps("rows, K = 20: set", {n: least(lambda p=p: confidence_set(p, draws=4000), 10) for n, p in fixed.items()})
    by_count = {}
    for count in (5, 10, 20, 40, 80, 160):
        truth, predictions = problem(10_000, count, seed=0)
        by_count[count] = np.column_stack([(truth - column) ** 2 for column in predictions.values()])
    _steps("K, 10,000 rows: pairs", {k: least(lambda x=x: pairs_of(x), 5) for k, x in by_count.items()})
    pairs = {k: pairs_of(x) for k, x in by_count.items()}
    _steps("K, 4,000 draws: set", {k: least(lambda p=p: confidence_set(p, draws=4000), 5) for k, p in pairs.items()})
    draws = (1000, 2000, 4000, 8000, 16_000, 32_000)
    _steps("draws, K = 20: set", {b: least(lambda b=b: confidence_set(pairs[20], draws=b), 5) for b in draws})
    print(
        "  Rows enter only through the covariance, one pass of n K^2 multiplications (BLAS; power 1 in n once the\n"
        "  block loop's fixed part is small, between 1 and 2 in K because reading the columns is K). The set then\n"
        "  costs K^2 / 2 differences a draw whatever n is: power 1 in draws, towards 2 in K. arch resamples rows:\n"
        "  its time is resamples x n x K, so the ratio grows with n."
    )


def _steps(label: str, seconds: dict[int, float]) -> None:
    shown, before = [], None
    for size, took in seconds.items():
        power = "" if before is None else f" ({math.log(took / before[1]) / math.log(size / before[0]):.1f})"
        shown.append(f"{size:,}: {took * 1e3:,.2f}{power}")
        before = (size, took)
    print(f"  {label:<24}" + "   ".join(shown), flush=True)


def precision(count: int = 10, repeats: int = 40) -> None:
    """How far a p-value near 5% moves with the seed."""
    truth, predictions = problem(1000, count, seed=0)
    pairs = pairs_of(np.column_stack([(truth - column) ** 2 for column in predictions.values()]))
    whole = confidence_set(pairs, draws=10_000).maxima
    assert isinstance(whole, NullMaxima)
    point = whole.quantile(count, 0.05)
    moved = [confidence_set(pairs, draws=RESAMPLES, seed=seed).maxima.tail(count, point) for seed in range(repeats)]
    ours, theirs = float(np.std(moved)), math.sqrt(0.05 * 0.95 / RESAMPLES)
    print(
        f"\nA p-value of 5% moves by {ours:.2%} from seed to seed with our first {RESAMPLES:,} draws (K = {count}, "
        f"{repeats} seeds), by {theirs:.2%} with {RESAMPLES:,} resamples:\n"
        f"  as exact a p-value would take arch {RESAMPLES * (theirs / ours) ** 2:,.0f} of them."
    )


# ---------------------------------------------------------------- all sizes


def child(*arguments: object) -> str:
    """What a process on one thread printed."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": "Agg"}
    call = [sys.executable, "-m", "benchmarks.compare_speed", "--child", *map(str, arguments)]
    done = subprocess.run(call, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.rstrip()


def autorank_or_why_not(rows: int, candidates: int) -> float | str:
    try:
        return float(child("autorank", rows, candidates))
    except subprocess.CalledProcessError as fault:
        if fault.returncode == -signal.SIGXCPU:
            return "no end"
        last = (fault.stderr.strip().splitlines() or ["?"])[-1]
        return last.split(":")[0].split(".")[-1]


def as_ratio(theirs: float | str, ours: float) -> str:
    return theirs if isinstance(theirs, str) else f"{theirs / ours:,.0f}x"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", default=SIZES, help="rows x candidates, such as 1000x10")
    parser.add_argument("--no-growth", action="store_true")
    parser.add_argument("--no-memory", action="store_true")
    parser.add_argument("--child", nargs="+", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        return _as_child(*asked.child)
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, {time.strftime('%Y-%m-%d %H:%M')}; CPU time")
    heads = ["rows x K", "set", "all draws", "compare", "arch R", "arch max", "autorank", "resamples run"]
    heads += ["arch R / set", "arch max / set", "autorank / set", "arch R / all draws", "arch R / compare"]
    print("| " + " | ".join(heads) + " |\n" + "| --- " * len(heads) + "|", flush=True)
    below = 0
    for size in asked.sizes:
        rows, candidates = map(int, size.split("x"))
        found = json.loads(child("size", rows, candidates))
        ranked = autorank_or_why_not(rows, candidates)
        rivals = [found["arch R"], found["arch max"], ranked]
        times = [found["set"], found["all draws"], found["compare"], *rivals]
        shown = [one if isinstance(one, str) else f"{one * 1e3:,.3g} ms" for one in times]
        ratios = [as_ratio(one, found["set"]) for one in rivals]
        ratios += [as_ratio(found["arch R"], found[name]) for name in ("all draws", "compare")]
        below += sum(not isinstance(one, str) and one / found["set"] < WANTED for one in rivals)
        cells = [f"{rows:,} x {candidates}", *shown, f"{found['resamples']:,}", *ratios]
        print("| " + " | ".join(cells) + " |", flush=True)
    print(f"{below} ratios of the set below {WANTED}; load now {os.getloadavg()[0]:.1f}")
    over = not asked.no_memory and _memory()
    if not asked.no_growth:
        print(child("growth"))
    return int(below > 0 or over)


def _memory() -> bool:
    print("\nPeak memory of a process that only compares 1,000,000 rows x 50 (imports and the caller's columns in it)")
    over = False
    for kind in ("float64", "float32", "int8"):
        found = json.loads(child("peak", 1_000_000, 50, kind))
        over |= found["peak"] > MOST_BYTES
        print(f"  {kind:<8}{found['peak'] / 2**20:>8,.0f} MiB, of which the caller holds {found['held'] / 2**20:,.0f}")
    return over


def _as_child(what: str, rows: str = "0", candidates: str = "0", kind: str = "") -> int:
    if what == "growth":
        precision()
        growth()
    elif what == "size":
        print(json.dumps(one_size(int(rows), int(candidates))))
    elif what == "autorank":
        autorank_seconds(int(rows), int(candidates))
    else:
        peak(int(rows), int(candidates), kind)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
