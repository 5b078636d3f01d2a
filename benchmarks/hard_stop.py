"""Which cells a hard limit stops, in a real kernel: `python -m benchmarks.hard_stop [--repeats 3]`.

Each workload runs under `%%mlee_candidate --minutes ... --hard` with a limit of one second and would run for
twenty more. The table says how long after the limit the cell ended (client's view), what the user saw, and whether the
same kernel then ran another cell. A call that holds the interpreter for good cannot be stopped; there it says so.
"""

from __future__ import annotations

import argparse
import statistics

from benchmarks.short import Short

from .kernels import Kernel, kernel

SHORT = Short(
    arguments=("--repeats", "1", "--only", "time.sleep"),
    columns=("workload", "ms past the limit", "seen", "kernel alive"),
    row=r"(\S.*?) {2,}(\d+|not stopped \(.*\)) +(\S.*?) {2,}(\d+ of \d+)",
)

LIMIT_SECONDS = 1.0
PREPARE = """
import asyncio, subprocess, sys, time
import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.model_selection import GridSearchCV
from sklearn.datasets import make_classification
X, y = make_classification(n_samples=40_000, n_features=40, random_state=0)
A = np.random.default_rng(0).normal(size=(1500, 1500))
def swallow():
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            sum(range(1000))
        except Exception:
            pass
def count(seconds):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        pass
"""
WORKLOADS = {
    "pure-Python loop": "count(20)",
    "time.sleep": "time.sleep(20)",
    "numpy matmul, many": "for _ in range(2000): A @ A",
    "one long C call holding the GIL": "sum(range(400_000_000))",
    "RandomForest fit, n_jobs=2": "RandomForestClassifier(3000, n_jobs=2).fit(X, y)",
    "GridSearchCV, n_jobs=2": (
        "GridSearchCV(RandomForestClassifier(100), {'max_depth': list(range(2, 40))}, n_jobs=2).fit(X, y)"
    ),
    "HistGradientBoosting": "HistGradientBoostingClassifier(max_iter=5000, early_stopping=False).fit(X, y)",
    "await asyncio.sleep": "await asyncio.sleep(20)",
    "async cell, busy loop": "await asyncio.sleep(0)\ncount(20)",
    "loop with except Exception: pass": "swallow()",
    "subprocess.run wait": "subprocess.run([sys.executable, '-c', 'import time; time.sleep(20)'])",
}


def measure(running: Kernel, body: str) -> tuple[float | None, str, bool]:
    """Seconds past the limit (None: not stopped), what the user saw, whether the kernel lives."""
    line = f"%%mlee_candidate slow --minutes {LIMIT_SECONDS / 60} --hard"
    ran = running.run(f"{line}\nkept = 1\n{body}", timeout=60)
    after = running.run("print(kept + 1)", timeout=30)
    alive = after.status == "ok" and after.printed.strip() == "2"
    stopped = ran.error in ("TimeBoxExpired", "TimeBoxExceeded") and "cannot be stopped" not in ran.printed
    said = ran.error if stopped else "said so" if "cannot be stopped" in ran.printed else f"{ran.status}, not said"
    return (ran.seconds - LIMIT_SECONDS if stopped else None), str(said), alive


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", choices=WORKLOADS, action="append", help="may be given again")
    asked = parser.parse_args()
    repeats = asked.repeats
    print(f"{'workload':<34}{'ms past the limit':>18}  {'seen':<18}{'kernel alive':>12}")
    with kernel() as running:
        running.run(PREPARE)
        running.run("%load_ext mlee_jupyter\n%mlee_experiment start bench --budget 6h")
        for name, body in WORKLOADS.items():
            if asked.only and name not in asked.only:
                continue
            tries = [measure(running, body) for _ in range(repeats)]
            late = [seconds for seconds, _, _ in tries if seconds is not None]
            shown = (
                f"{1000 * statistics.median(late):.0f}"
                if len(late) == repeats
                else f"not stopped ({len(late)}/{repeats})"
            )
            alive = sum(lives for _, _, lives in tries)
            print(f"{name:<34}{shown:>18}  {tries[-1][1]:<18}{f'{alive} of {repeats}':>12}", flush=True)


if __name__ == "__main__":
    main()
