"""Is a truly best candidate kept as often as promised? The grid of every kind of evidence.

    python -m benchmarks.calibration [--cells TEXT] [--replicates 200] [--results calibration.jsonl]

All K candidates of a cell are equally good in truth, so the best set must keep every one of them in 95% of samples.
A cell above 5% plus two standard errors is run again with a fresh seed and ten times the replicates before it
counts. Each finished cell is a line of the results file, so a run that was stopped goes on where it was; --cells
takes words that a cell's name must all have, such as "AR(1) K=10".
"""

from __future__ import annotations

import argparse
import json
import math
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np

from benchmarks.short import Short
from mlee_jupyter.domain import Judgement, ResultKind
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.judge.entries import Entry
from mlee_jupyter.judge.judging import judge
from mlee_jupyter.stats.metrics.registered import own_facts
from mlee_jupyter.stats.metrics.traits import MetricFacts

SHORT = Short(
    arguments=("--cells", "accuracy r=0.3 n=30 K=2", "--replicates", "1", "--results", "{made}/calibration.jsonl"),
    columns=("cell", "lost", "SE", "winner", "refused", "runs", "seed", "s"),
    row=r"(\S.*?) +([\d.]+%) +([\d.]+%|nan%) +([\d.]+%) +([\d.]+%) +(\d+) +(\d+) +(\d+)(?: +ABOVE)?",
)

ALPHA = 0.05
COUNTS = (2, 5, 10, 20, 50)
ROWS = (30, 100, 300, 1000, 5000)
FURTHER_COUNTS, FURTHER_ROWS = (2, 10), (30, 100, 1000)  # of the metrics beyond the first grid
SERIES_ROWS = (200, 300, 1000, 5000)
FOLDS = {"5": (1, 5), "10": (1, 10), "5x5": (5, 5)}
GROUP_SIZE = 10
TREE_ROWS = 150

Draw = Callable[[np.random.Generator], Judgement]


@dataclass(frozen=True, kw_only=True)
class Cell:
    name: str
    count: int
    draw: Draw


def quantile(p: float) -> float:
    return NormalDist().inv_cdf(p)


def latent(random: np.random.Generator, n: int, count: int, correlation: float = 0.8) -> np.ndarray:
    """Standard normal columns, equally correlated (count, n)."""
    own = random.standard_normal((count, n))
    return np.asarray(math.sqrt(correlation) * random.standard_normal(n) + math.sqrt(1 - correlation) * own)


def judged(
    truth: Any, columns: Any, metric: str | MetricFacts, kind: ResultKind = ResultKind.PREDICTIONS, **how: Any
) -> Judgement:
    entries = [Entry(candidate=f"c{place:02d}", rows=rows, kind=kind) for place, rows in enumerate(columns)]
    return judge(truth, entries, metric=metric, alpha=ALPHA, baselines=False, **how)


# ---------------------------------------------------------------- samples in which all are equally good


def accuracy(random: np.random.Generator, n: int, count: int, correlation: float) -> Judgement:
    truth = random.integers(0, 2, n)
    wrong = latent(random, n, count, correlation) > quantile(0.85)
    return judged(truth, np.where(wrong, 1 - truth, truth), "accuracy")


def numbers(random: np.random.Generator, n: int, count: int, metric: str | MetricFacts) -> Judgement:
    truth = 2 * random.standard_normal(n)
    common, own = random.standard_t(5, n), random.standard_t(5, (count, n))
    return judged(truth, truth + 0.9 * common + 0.45 * own, metric)


def probabilities(random: np.random.Generator, n: int, count: int, metric: str = "log_loss") -> Judgement:
    truth = random.integers(0, 2, n)
    logits = 1.5 * (2 * truth - 1) + 1.5 * latent(random, n, count)
    return judged(truth, 1 / (1 + np.exp(-logits)), metric, ResultKind.SCORES)


def auc(random: np.random.Generator, n: int, count: int, share: float, metric: str = "roc_auc") -> Judgement:
    truth = (np.arange(n) < max(1, round(share * n))).astype(np.int64)
    scores = latent(random, n, count) + truth * math.sqrt(2) * quantile(0.8)
    return judged(truth, scores, metric, ResultKind.SCORES)


def f1(random: np.random.Generator, n: int, count: int, share: float, metric: str | MetricFacts = "f1") -> Judgement:
    truth = (np.arange(n) < max(1, round(share * n))).astype(np.int64)
    missed = latent(random, n, count) > quantile(0.7)
    alarm = latent(random, n, count) > quantile(1 - 0.3 * share / (1 - share))
    return judged(truth, np.where(truth == 1, ~missed, alarm).astype(np.int64), metric)


def macro_f1(random: np.random.Generator, n: int, count: int) -> Judgement:
    truth = random.integers(0, 5, n)
    wrong = latent(random, n, count) > quantile(0.75)
    return judged(truth, np.where(wrong, (truth + random.integers(1, 5, (count, n))) % 5, truth), "f1_macro")


def percentages(random: np.random.Generator, n: int, count: int) -> Judgement:
    """Errors in proportion to a truth that is never near nothing, MAPE's own case."""
    truth = np.exp(0.5 * random.standard_normal(n))
    error = 0.3 * random.standard_normal(n) + 0.15 * random.standard_normal((count, n))
    return judged(truth, truth * np.exp(error), "mape")


def correlated(random: np.random.Generator, n: int, count: int, metric: str) -> Judgement:
    truth = random.standard_normal(n)
    return judged(truth, truth + 0.5 * random.standard_t(5, n) + 0.3 * random.standard_t(5, (count, n)), metric)


def _own_f1(truth: np.ndarray, rows: np.ndarray) -> float:
    return float(2 * np.count_nonzero(truth & rows) / max(1, np.sum(truth) + np.sum(rows)))


def _own_rmse(truth: np.ndarray, rows: np.ndarray) -> float:
    return float(np.sqrt(np.mean((truth - rows) ** 2)))


def _own_gain(truth: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """What each answer is worth: a margin that shrinks with the error, a loss where it is too far off."""
    return np.where(np.abs(truth - rows) < 2, 5 - np.abs(truth - rows), -1.0)


OWN_F1, OWN_RMSE = own_facts(_own_f1, higher_is_better=True), own_facts(_own_rmse, higher_is_better=False)
OWN_GAIN = own_facts(_own_gain, higher_is_better=True)


def grouped(random: np.random.Generator, n: int, count: int) -> Judgement:
    """Ten rows a group, intra-class correlation of the losses 0.3."""
    groups = np.arange(n) // GROUP_SIZE
    effect = random.standard_normal((count, int(groups[-1]) + 1))[:, groups]
    losses = 20 + math.sqrt(0.3) * effect + math.sqrt(0.7) * random.standard_normal((count, n))
    return judged(np.zeros(n), losses, "mean_absolute_error", groups=groups)


def series(random: np.random.Generator, n: int, count: int, phi: float) -> Judgement:
    """Losses that are AR(1) around the same mean."""
    losses = np.empty((count, n))
    losses[:, 0] = random.standard_normal(count)
    shocks = math.sqrt(1 - phi**2) * random.standard_normal((count, n))
    for step in range(1, n):
        losses[:, step] = phi * losses[:, step - 1] + shocks[:, step]
    return judged(np.zeros(n), 40 + losses, "mean_absolute_error", time_ordered=True)


def folds(random: np.random.Generator, count: int, repeats: int, k: int) -> Judgement:
    """Fold scores by Nadeau and Bengio's model: any two of a recipe are correlated by n_test / n."""
    shared = math.sqrt(1 / k) * random.standard_normal((count, 1, 1))
    scores = 0.8 + 0.02 * (shared + math.sqrt(1 - 1 / k) * random.standard_normal((count, repeats, k)))
    rows = list(scores) if repeats > 1 else list(scores[:, 0])
    return judged(None, rows, "accuracy", ResultKind.FOLDS)


def trees(random: np.random.Generator, count: int, repeats: int, k: int) -> Judgement:
    """One recipe with other seeds, really cross-validated on a fresh sample of breast cancer."""
    from sklearn.datasets import load_breast_cancer
    from sklearn.model_selection import StratifiedKFold, cross_val_score
    from sklearn.tree import DecisionTreeClassifier

    features, truth = load_breast_cancer(return_X_y=True)
    rows = random.choice(len(truth), TREE_ROWS, replace=False)
    splits = [StratifiedKFold(k, shuffle=True, random_state=int(random.integers(2**31))) for _ in range(repeats)]
    scores = []
    for _ in range(count):
        tree = DecisionTreeClassifier(max_features=3, max_depth=4, random_state=int(random.integers(2**31)))
        scores.append([cross_val_score(tree, features[rows], truth[rows], cv=split) for split in splits])
    return judged(None, scores if repeats > 1 else [one[0] for one in scores], "accuracy", ResultKind.FOLDS)


# ---------------------------------------------------------------- the grid


def cells() -> Iterator[Cell]:
    by_rows: dict[str, Callable[[np.random.Generator, int, int], Judgement]] = {
        **{f"accuracy r={r}": lambda g, n, k, r=r: accuracy(g, n, k, r) for r in (0.3, 0.8, 0.95)},
        "MSE t5": lambda g, n, k: numbers(g, n, k, "mse"),
        "MAE": lambda g, n, k: numbers(g, n, k, "mae"),
        "RMSE": lambda g, n, k: numbers(g, n, k, "rmse"),
        "R2": lambda g, n, k: numbers(g, n, k, "r2"),
        "log loss": probabilities,
        **{f"AUC {share:.0%}": lambda g, n, k, s=share: auc(g, n, k, s) for share in (0.3, 0.05)},
        **{f"F1 {share:.0%}": lambda g, n, k, s=share: f1(g, n, k, s) for share in (0.3, 0.1)},
        "macro F1": macro_f1,
        "groups": grouped,
        **{f"AR(1) {phi}": lambda g, n, k, p=phi: series(g, n, k, p) for phi in (0.3, 0.6, 0.9)},
    }
    further: dict[str, Callable[[np.random.Generator, int, int], Judgement]] = {
        "Brier": lambda g, n, k: probabilities(g, n, k, "brier"),
        **{f"AP {share:.0%}": lambda g, n, k, s=share: auc(g, n, k, s, "average_precision") for share in (0.3, 0.05)},
        "MAPE": percentages,
        "pinball 90%": lambda g, n, k: numbers(g, n, k, "pinball_0.9"),
        "Spearman": lambda g, n, k: correlated(g, n, k, "spearman"),
        "Pearson": lambda g, n, k: correlated(g, n, k, "pearson"),
        "own by row": lambda g, n, k: numbers(g, n, k, OWN_GAIN),
        "own F1 30%": lambda g, n, k: f1(g, n, k, 0.3, OWN_F1),
        "own RMSE": lambda g, n, k: numbers(g, n, k, OWN_RMSE),
    }
    for label, draw in {**by_rows, **further}.items():
        rows = SERIES_ROWS if label.startswith("AR") else FURTHER_ROWS if label in further else ROWS
        for n in rows:
            for count in FURTHER_COUNTS if label in further else COUNTS:
                name = f"{label} n={n} K={count}"
                yield Cell(name=name, count=count, draw=lambda g, d=draw, n=n, k=count: d(g, n, k))
    for label, (repeats, k) in FOLDS.items():
        for count in COUNTS:
            for kind, by in (("model", folds), ("trees", trees)):
                name = f"folds {kind} {label} K={count}"
                yield Cell(name=name, count=count, draw=lambda g, b=by, c=count, r=repeats, k=k: b(g, c, r, k))


def limit(replicates: int) -> float:
    return ALPHA + 2 * math.sqrt(ALPHA * (1 - ALPHA) / replicates)


def run(cell: Cell, replicates: int, seed: int) -> dict[str, Any]:
    random = np.random.default_rng(seed)
    began = time.perf_counter()
    lost = refused = winners = 0
    for _ in range(replicates):
        try:
            found = cell.draw(random)
        except MleeError:  # a sample without one of the classes
            refused += 1
            continue
        lost += len(found.best_set) < cell.count
        winners += found.winner is not None
        refused += found.no_winner_reason is not None
    share = lost / replicates
    return {
        "cell": cell.name,
        "replicates": replicates,
        "seed": seed,
        "lost": share,
        "error": math.sqrt(share * (1 - share) / replicates),
        "winners": winners / replicates,
        "refused": refused / replicates,
        "seconds": round(time.perf_counter() - began, 1),
        "above": share > limit(replicates),
    }


def run_twice(cell: Cell, replicates: int) -> dict[str, Any]:
    seed = zlib.crc32(cell.name.encode())
    first = run(cell, replicates, seed)
    return run(cell, 10 * replicates, seed + 1) if first["above"] else first


def finished(results: Path) -> dict[str, dict[str, Any]]:
    if not results.exists():
        return {}
    lines = results.read_text(encoding="utf-8").splitlines()
    return {found["cell"]: found for found in map(json.loads, filter(None, lines))}


def table(done: dict[str, dict[str, Any]]) -> Iterator[str]:
    """The finished cells as the table of docs/calibration.md: one line a metric and number of rows."""
    lines: dict[str, dict[int, str]] = {}
    for cell in cells():
        found = done.get(cell.name)
        label, _, _ = cell.name.rpartition(" K=")
        if found is not None:
            runs = "" if found["replicates"] == 200 else f" ({found['replicates']:,})"
            mark = " **above**" if found["above"] else " refused" if found["refused"] == 1 else ""
            lines.setdefault(label, {})[cell.count] = f"{found['lost']:.1%}{runs}{mark}"
    yield "| cell | " + " | ".join(f"K = {count}" for count in COUNTS) + " |"
    yield "| --- |" + " --- |" * len(COUNTS)
    for label, shares in lines.items():
        yield f"| {label} | " + " | ".join(shares.get(count, "") for count in COUNTS) + " |"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cells", action="append", help="words a cell's name must all contain; may be repeated")
    parser.add_argument("--replicates", type=int, default=200)
    parser.add_argument("--results", type=Path, default=Path("calibration.jsonl"))
    parser.add_argument("--markdown", action="store_true", help="print what is finished as a table, and run nothing")
    asked = parser.parse_args()
    done = finished(asked.results)
    if asked.markdown:
        print("\n".join(table(done)))
        return 0
    wanted = [words.split() for words in asked.cells or [""]]
    chosen = [c for c in cells() if any(set(w) <= set(c.name.split()) for w in wanted)]
    print(f"{'cell':<34}{'lost':>8}{'SE':>7}{'winner':>8}{'refused':>9}{'runs':>7}{'seed':>12}{'s':>7}")
    above = 0
    for cell in chosen:
        found = done.get(cell.name)
        if found is None or found["replicates"] < asked.replicates:
            found = run_twice(cell, asked.replicates)
            with asked.results.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(found) + "\n")
        above += found["above"]
        print(
            f"{found['cell']:<34}{found['lost']:>8.1%}{found['error']:>7.1%}{found['winners']:>8.1%}"
            f"{found['refused']:>9.1%}{found['replicates']:>7}{found['seed']:>12}{found['seconds']:>7.0f}"
            f"{'  ABOVE' if found['above'] else ''}",
            flush=True,
        )
    print(f"{len(chosen)} cells, {above} above {ALPHA:.0%} and two standard errors after a second run")
    return int(above > 0)


if __name__ == "__main__":
    raise SystemExit(main())
