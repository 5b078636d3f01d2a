"""Do the rows that `rows_needed` asks for give the power it promises? Asked for 80%, simulated with the judge itself.

    python -m benchmarks.power_of_rows_needed [--quick] [--cells TEXT]

Each cell knows what a user may know: the true scores, the candidates' correlation and (for losses) the spread of one
row's loss, taken from 400,000 other rows of the same kind. One candidate is better by the gain, all others are equally
far behind it; it counts when the judge names it. Within five points of 80%, two standard errors allowed, is "ok".
The second table does the same from a pilot of 500 rows with `Comparison.rows_for`, as a share of the rows that the
first table's knowledge asks for.
"""

from __future__ import annotations

import argparse
import math
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from benchmarks.short import Short
from mlee_jupyter import Comparison, rows_needed
from mlee_jupyter.domain import Judgement, ResultKind
from mlee_jupyter.judge.entries import Entry, measure
from mlee_jupyter.judge.judging import judge
from mlee_jupyter.stats.metrics.catalogue import metric_facts
from mlee_jupyter.stats.metrics.target import prepare

SHORT = Short(
    arguments=("--samples", "4", "--cells", "accuracy"),
    columns=("cell", "gain", "K", "rows", "named", "SE", "samples", "seed", ""),
    rows=2,
)

POWER, ALLOWED = 0.80, 0.05
PILOT, KNOWN = 500, 400_000

Sample = tuple[np.ndarray, np.ndarray, ResultKind]
Draw = Callable[[np.random.Generator, int, list[float]], Sample]


@dataclass(frozen=True, kw_only=True)
class Cell:
    name: str
    metric: str
    lesser: float
    gain: float
    draw: Draw
    positives: float | None = None
    spread_known: bool = True  # False: planned as if errors were normal

    def scores(self, count: int) -> list[float]:
        better = self.lesser + self.gain if self.positives or self.metric in ("accuracy", "r2") else None
        return [self.lesser - self.gain if better is None else better] + [self.lesser] * (count - 1)


def quantile(p: float) -> float:
    return NormalDist().inv_cdf(p)


def latent(random: np.random.Generator, n: int, count: int, correlation: float = 0.8) -> np.ndarray:
    own = random.standard_normal((count, n))
    return np.asarray(math.sqrt(correlation) * random.standard_normal(n) + math.sqrt(1 - correlation) * own)


def accuracy(random: np.random.Generator, n: int, scores: list[float], correlation: float) -> Sample:
    truth = random.integers(0, 2, n)
    wrong = latent(random, n, len(scores), correlation) > np.array([[quantile(s)] for s in scores])
    return truth, np.where(wrong, 1 - truth, truth), ResultKind.PREDICTIONS


def auc(random: np.random.Generator, n: int, scores: list[float], share: float) -> Sample:
    truth = (random.random(n) < share).astype(np.int64)
    lift = np.array([[math.sqrt(2) * quantile(s)] for s in scores])
    return truth, latent(random, n, len(scores)) + lift * truth, ResultKind.SCORES


def f1(random: np.random.Generator, n: int, scores: list[float], share: float) -> Sample:
    truth = (random.random(n) < share).astype(np.int64)
    missed = latent(random, n, len(scores)) > np.array([[quantile(s)] for s in scores])
    alarm = latent(random, n, len(scores)) > np.array([[quantile(1 - (1 - s) * share / (1 - share))] for s in scores])
    return truth, np.where(truth == 1, ~missed, alarm).astype(np.int64), ResultKind.PREDICTIONS


def classes(random: np.random.Generator, n: int, scores: list[float], share: float) -> Sample:
    """Both classes are found alike."""
    truth = (random.random(n) < share).astype(np.int64)
    wrong = latent(random, n, len(scores)) > np.array([[quantile(s)] for s in scores])
    return truth, np.where(wrong, 1 - truth, truth), ResultKind.PREDICTIONS


@lru_cache
def area_of(precision: float, share: float) -> float:
    """The AUC that goes with an average precision, of normal scores; from one large sample."""
    random = np.random.default_rng(5)
    truth = (random.random(KNOWN) < share).astype(np.int64)
    noise = random.standard_normal(len(truth))
    facts = metric_facts("average_precision")
    target = prepare(truth, facts)
    low, high = 0.5, 0.9999
    for _ in range(16):
        area = (low + high) / 2
        reached = facts.score(target, noise + math.sqrt(2) * quantile(area) * truth).theta
        low, high = (area, high) if reached < precision else (low, area)
    return area


def numbers(random: np.random.Generator, n: int, scores: list[float], df: float | None, power: float) -> Sample:
    """Errors whose mean loss is the score: |e|^power has mean score; a common part that all candidates share."""
    if df is None:
        common, own = random.standard_normal(n), random.standard_normal((len(scores), n))
    else:
        scale = math.sqrt((df - 2) / df)
        common, own = scale * random.standard_t(df, n), scale * random.standard_t(df, (len(scores), n))
    unit = math.sqrt(0.8) * common + math.sqrt(0.2) * own
    mean = 1.0 if power == 2 else math.sqrt(2 / math.pi)
    sizes = np.array([[(s / mean) ** (1 / power)] for s in scores])
    return np.zeros(n), sizes * unit, ResultKind.PREDICTIONS


def precise(random: np.random.Generator, n: int, scores: list[float], share: float) -> Sample:
    """Scores of two classes whose average precision is the score."""
    return auc(random, n, [area_of(one, share) for one in scores], share)


def macro_f1(random: np.random.Generator, n: int, scores: list[float], share: float) -> Sample:
    """Labels whose macro F1 is about the score."""
    return f1(random, n, [1 - 2 * (1 - share) * (1 - one) for one in scores], share)


def of_share(share: float, name: str, metric: str, lesser: float, gain: float, draw: Callable[..., Sample]) -> Cell:
    """A cell in which a share of the rows is positive."""
    return Cell(
        name=f"{name}, {share:.0%} positive",
        metric=metric,
        lesser=lesser,
        gain=gain,
        draw=lambda g, n, s: draw(g, n, s, share),
        positives=share,
    )


def cells() -> list[Cell]:
    made = [
        Cell(
            name=f"accuracy 85%, r={r}",
            metric="accuracy",
            lesser=0.85,
            gain=0.025,
            draw=lambda g, n, s, r=r: accuracy(g, n, s, r),
        )
        for r in (0.3, 0.8, 0.95)
    ]
    for share in (0.3, 0.1, 0.03):
        made.append(of_share(share, "AUC .80", "roc_auc", 0.8, 0.03, auc))
    for share in (0.3, 0.1, 0.03):
        made.append(of_share(share, "F1 .70", "f1", 0.7, 0.05, f1))
    for share in (0.3, 0.1):
        lesser = 0.7 if share > 0.2 else 0.5
        made.append(of_share(share, "AP", "average_precision", lesser, 0.04, precise))
        made.append(of_share(share, "balanced accuracy .80", "balanced_accuracy", 0.8, 0.03, classes))
        made.append(of_share(share, "macro F1 .80", "f1_macro", 0.8, 0.03, macro_f1))
    for label, df in (("normal", None), ("t5", 5.0), ("t5, planned as normal", 5.0), ("t3", 3.0)):
        made.append(
            Cell(
                name=f"MSE, {label} errors",
                metric="mean_squared_error",
                lesser=1.0,
                gain=0.1,
                draw=lambda g, n, s, d=df: numbers(g, n, s, d, 2),
                spread_known="planned" not in label,
            )
        )
    made.append(
        Cell(
            name="MAE, normal errors",
            metric="mean_absolute_error",
            lesser=1.0,
            gain=0.05,
            draw=lambda g, n, s: numbers(g, n, s, None, 1),
        )
    )
    return made


def judged(cell: Cell, sample: Sample) -> Judgement:
    truth, columns, kind = sample
    entries = [Entry(candidate=f"c{k:02d}", rows=rows, kind=kind) for k, rows in enumerate(columns)]
    return judge(truth, entries, metric=cell.metric, baselines=False, useful_gain=cell.gain)


def known(cell: Cell, random: np.random.Generator) -> dict[str, float]:
    """The candidates' correlation, and the spread of one row's loss."""
    truth, columns, kind = cell.draw(random, KNOWN, cell.scores(2))
    pair = [measure(truth, rows, kind, metric=cell.metric).influence for rows in columns]
    facts = {"expected_correlation": float(np.corrcoef(pair)[0, 1])}
    if cell.metric.startswith("mean_") and cell.spread_known:
        facts["expected_spread"] = float(pair[1].std())
    return facts


def asked(cell: Cell, facts: dict[str, float], count: int) -> int:
    return rows_needed(
        cell.gain, cell.lesser, metric=cell.metric, candidates=count, positives=cell.positives, power=POWER, **facts
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the samples")
    parser.add_argument("--samples", type=int, default=500)
    parser.add_argument("--cells", default="", help="only cells whose name holds this")
    options = parser.parse_args()
    samples = 50 if options.quick else options.samples
    outside = 0
    chosen = [cell for cell in cells() if options.cells in cell.name]
    print("| cell | gain | K | rows | named | SE | samples | seed | |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    plans: dict[str, int] = {}
    for cell in chosen:
        seed = zlib.crc32(cell.name.encode())
        facts = known(cell, np.random.default_rng(seed))
        for count in (2, 10):
            rows = asked(cell, facts, count)
            plans.setdefault(cell.name, rows)
            random = np.random.default_rng(seed + count)
            named = [judged(cell, cell.draw(random, rows, cell.scores(count))).winner == "c00" for _ in range(samples)]
            share = float(np.mean(named))
            error = math.sqrt(share * (1 - share) / samples)
            close = abs(share - POWER) <= ALLOWED + 2 * error
            outside += not close
            print(
                f"| {cell.name} | {cell.gain:g} | {count} | {rows:,} | {share:.1%} | {error:.1%} | {samples} "
                f"| {seed + count} | {'ok' if close else '**outside**'} |",
                flush=True,
            )
    print(f"\nFrom a pilot of {PILOT} rows, two candidates: rows asked for, as a share of the rows above")
    print("| cell | lowest tenth | median | highest tenth | samples | seed |")
    print("| --- | --- | --- | --- | --- | --- |")
    for cell in chosen:
        seed = zlib.crc32(cell.name.encode()) + 100
        random = np.random.default_rng(seed)
        asked_for = []
        for _ in range(samples // 2):
            found = Comparison(judged(cell, cell.draw(random, PILOT, cell.scores(2)))).rows_for(cell.gain)
            asked_for.append((found or math.nan) / plans[cell.name])
        low, middle, high = np.nanquantile(asked_for, [0.1, 0.5, 0.9])
        print(f"| {cell.name} | {low:.2f} | {middle:.2f} | {high:.2f} | {samples // 2} | {seed} |", flush=True)
    print(f"\n{outside} cell(s) outside {ALLOWED:.0%}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
