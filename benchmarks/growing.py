"""A test set that grows, looked at again and again: false winners, power and rows used until a winner is named.

    python -m benchmarks.growing [--replicates 500] [--cells TEXT]

Each replicate is one test set whose rows come in batches. The judge looks after every batch at all rows so far, and one
stops at the first winner, or at the last look. "False winners": candidates are equally good, and one is named. "Power":
one is better by what the last look alone would see in 98% of samples (four standard errors), and it is named. "Rows":
share of the rows of the last look that are used then. "Shown": the difference to the next when one stops, over the true
one. Standard errors in brackets.

Designs: "naive" judges every size as if it were the only one. "horizon" knows beforehand that 2,000 rows are planned.
"always" has a bound that holds at every size from the first on. "no horizon" is what an experiment without one does: it
cannot know at the first size that there will be another, so that one is judged as the only one, and "always" after it.
"""

from __future__ import annotations

import argparse
import math
import zlib
from dataclasses import dataclass, replace

import numpy as np

from benchmarks import power_of_rows_needed as plain
from benchmarks import unlike_kinds as unlike
from benchmarks.short import Short
from benchmarks.unlike_kinds import Kind, Sample
from mlee_jupyter.domain import Judgement
from mlee_jupyter.judge.entries import Entry, scored_entry
from mlee_jupyter.judge.field import paired_spread
from mlee_jupyter.judge.judging import judge
from mlee_jupyter.stats.compare.growth import Growth, grown
from mlee_jupyter.stats.metrics.catalogue import metric_facts
from mlee_jupyter.stats.metrics.target import prepare

SHORT = Short(
    arguments=("--replicates", "2", "--cells", "five equal looks"),
    columns=("cell", "design", "false winners", "power", "rows", "shown"),
    rows=4,
)

SEED = 20261129
HORIZON = 2_000
DRIFT = 4.0  # standard errors of the true gain at the horizon
CLEARLY = 0.8  # of the errors that a winner must be ahead by
KNOWN = 200_000  # rows that the spread of a difference is taken from
DESIGNS = ("naive", "horizon", "always", "no horizon")


def equal(looks: int, last: int = HORIZON) -> tuple[int, ...]:
    """Rows at so many looks, each after as many new ones."""
    return tuple(round(last * (look + 1) / looks) for look in range(looks))


@dataclass(frozen=True, kw_only=True)
class Cell:
    """How candidates answer, and when they are looked at."""

    name: str
    draw: Kind  # random, rows, candidates, how much worse all but the first are
    count: int = 2
    sizes: tuple[int, ...] = equal(20)


def shares(draw: plain.Draw, metric: str, score: float) -> Kind:
    """Of one that is better and others that are alike; a loss is shrunk, a score raised."""

    def drawn(random: np.random.Generator, n: int, count: int, behind: float) -> Sample:
        first = score - behind if metric.startswith("mean") else score + behind
        truth, columns, kind = draw(random, n, [first, *[score] * (count - 1)])
        return Sample(truth=truth, columns=list(columns), metric=metric, kind=kind)

    return drawn


def in_groups(random: np.random.Generator, n: int, count: int, behind: float) -> Sample:
    """Four rows of each customer, of whom some are hard for everybody."""
    groups = np.arange(n) // 4
    hard = random.standard_normal(groups[-1] + 1)[groups]
    truth = random.integers(0, 2, n)
    cuts = [[plain.quantile(0.85 + behind * (k == 0))] for k in range(count)]
    own = random.standard_normal((count, groups[-1] + 1))[:, groups]
    parts = 0.5 * hard + 0.25 * own + 0.25 * random.standard_normal((count, n))
    wrong = parts / math.sqrt(0.375) > np.array(cuts)
    return Sample(
        truth=truth, columns=list(np.where(wrong, 1 - truth, truth)), metric="accuracy", how={"groups": groups}
    )


ACCURACY = shares(lambda g, n, s: plain.accuracy(g, n, s, 0.8), "accuracy", 0.85)
CELLS = (
    Cell(name="accuracy 85%, K=2", draw=ACCURACY),
    Cell(name="accuracy 85%, K=3", draw=ACCURACY, count=3),
    Cell(name="accuracy 85%, K=5", draw=ACCURACY, count=5),
    Cell(name="accuracy 85%, K=10", draw=ACCURACY, count=10),
    Cell(name="accuracy 97%, K=2", draw=shares(lambda g, n, s: plain.accuracy(g, n, s, 0.8), "accuracy", 0.97)),
    Cell(
        name="MSE, normal errors, K=2",
        draw=shares(lambda g, n, s: plain.numbers(g, n, s, None, 2), "mean_squared_error", 1.0),
    ),
    Cell(
        name="MSE, t5 errors, K=5",
        draw=shares(lambda g, n, s: plain.numbers(g, n, s, 5.0, 2), "mean_squared_error", 1.0),
        count=5,
    ),
    Cell(name="AUC .80, 30% positive, K=2", draw=shares(lambda g, n, s: plain.auc(g, n, s, 0.3), "roc_auc", 0.8)),
    Cell(name="AUC .80, 5% positive, K=2", draw=shares(lambda g, n, s: plain.auc(g, n, s, 0.05), "roc_auc", 0.8)),
    Cell(name="F1 .70, 30% positive, K=5", draw=shares(lambda g, n, s: plain.f1(g, n, s, 0.3), "f1", 0.7), count=5),
    Cell(name="log loss, modest and overconfident, K=2", draw=unlike.confidence("log_loss", 0.5, 1.0)),
    Cell(name="MSE, steady and 1% blunders, K=2", draw=unlike.errors("mse", unlike.normal, unlike.blunders(0.01))),
    Cell(name="accuracy 85% in groups of 4, K=2", draw=in_groups),
    Cell(name="accuracy, five equal looks", draw=ACCURACY, sizes=equal(5)),
    Cell(name="accuracy, rows doubled four times", draw=ACCURACY, sizes=(125, 250, 500, 1_000, 2_000)),
    Cell(name="accuracy, a late start, then often", draw=ACCURACY, sizes=(1_000, *range(1_050, 2_001, 50))),
    Cell(name="accuracy, on beyond the horizon", draw=ACCURACY, sizes=equal(30, 3_000)),
)


def first_rows(sample: Sample, n: int) -> Sample:
    """The test set as it was with so many rows."""
    how = {name: values[:n] for name, values in sample.how.items()}
    return replace(sample, truth=sample.truth[:n], columns=[column[:n] for column in sample.columns], how=how)


def entries_of(sample: Sample) -> list[Entry]:
    """The candidates, the first of which is the better one where there is one."""
    return [Entry(candidate=f"c{k:02d}", rows=rows, kind=sample.kind) for k, rows in enumerate(sample.columns)]


def judged(sample: Sample, growth: Growth | None = None) -> Judgement:
    """As the product judges it."""
    return judge(sample.truth, entries_of(sample), metric=sample.metric, baselines=False, growth=growth, **sample.how)


def gain_of(cell: Cell) -> float:
    """What the last look alone sees in 98% of samples of two: four standard errors of the difference."""
    random, gain = np.random.default_rng(SEED), 0.0
    for _ in range(4):
        spread = judged(cell.draw(random, KNOWN, 2, gain)).standings[1].row_spread
        assert spread is not None
        gain = DRIFT * spread / math.sqrt(HORIZON)
    return gain


@dataclass(kw_only=True)
class Counted:
    """Of one design: each replicate's named one, the share of rows used and the difference shown."""

    named: list[str | None]
    used: list[float]
    shown: list[float]


def run(cell: Cell, gain: float, replicates: int, seed: int) -> dict[str, Counted]:
    """Every design on the same test sets."""
    random = np.random.default_rng(seed)
    found = {design: Counted(named=[], used=[], shown=[]) for design in DESIGNS}
    for _ in range(replicates):
        sample = cell.draw(random, cell.sizes[-1], cell.count, gain)
        apart = {n: errors_apart(first_rows(sample, n)) for n in cell.sizes if has_both_classes(first_rows(sample, n))}
        sizes = tuple(apart)
        for design, counted in found.items():
            for look, (n, errors) in enumerate(apart.items()):
                growth = growth_of(design, sizes[: look + 1])
                last = n == cell.sizes[-1]
                if not last and errors < CLEARLY * (1.96 if growth is None else growth.bound(1.96)):
                    continue
                judgement = judged(first_rows(sample, n), growth)
                if judgement.winner is not None or last:
                    counted.named.append(judgement.winner)
                    counted.used.append(n / cell.sizes[-1])
                    counted.shown.append(judgement.standings[1].behind)
                    break
    return found


def has_both_classes(sample: Sample) -> bool:
    """Whether there is anything to look at: without a positive row there is no ranking."""
    return metric_facts(sample.metric).needs != "scores" or len(set(sample.truth.tolist())) > 1


def errors_apart(sample: Sample) -> float:
    """How many plain standard errors the best score is ahead of the next."""
    facts = metric_facts(sample.metric)
    target, entries = prepare(sample.truth, facts), entries_of(sample)
    columns = [scored_entry(entry, target, facts, target.n) for entry in entries]
    best, second = sorted(columns, key=lambda column: -column.theta)[:2]
    spread = paired_spread(best, second)
    return (best.theta - second.theta) / spread if spread > 0 else math.inf


def growth_of(design: str, sizes: tuple[int, ...]) -> Growth | None:
    """What a design knows at the last of these sizes."""
    if design == "naive" or (design == "no horizon" and len(sizes) == 1):
        return None
    return grown(sizes, HORIZON if design == "horizon" else None)


def share_error(share: float, count: int) -> float:
    return math.sqrt(max(share * (1 - share), 1 / count) / count)


def main() -> int:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--replicates", type=int, default=500)
    options.add_argument("--cells", default="", help="only cells whose name holds this")
    asked = options.parse_args()
    runs, outside = asked.replicates, 0
    print(f"seed {SEED}, {runs} replicates a cell")
    print("| cell | design | false winners | power | rows | shown |\n|---|---|---:|---:|---:|---:|")
    for cell in CELLS:
        if asked.cells not in cell.name:
            continue
        seed, gain = SEED + zlib.crc32(cell.name.encode()), gain_of(cell)
        equals, better = run(cell, 0.0, runs, seed), run(cell, gain, runs, seed + 1)
        for design in DESIGNS:
            false = float(np.mean([name is not None for name in equals[design].named]))
            right = [name == "c00" for name in better[design].named]
            power, used = float(np.mean(right)), float(np.mean(better[design].used))
            shown = [by / gain for by, is_right in zip(better[design].shown, right, strict=True) if is_right]
            outside += design != "naive" and false > 0.05 + 2 * share_error(0.05, runs)
            print(
                f"| {cell.name} | {design} | {false:.1%} ({share_error(false, runs):.1%}) "
                f"| {power:.1%} ({share_error(power, runs):.1%}) | {used:.0%} | {np.mean(shown or [0]):.2f} |",
                flush=True,
            )
    print(f"{outside} above 5% and two standard errors")
    return int(outside > 0)


if __name__ == "__main__":
    raise SystemExit(main())
