"""Scores that rows have by themselves: how often a winner is named where nobody is better, and where one is.

    python -m benchmarks.row_scores [--cells TEXT] [--samples 1000] [--markdown]

The cells were written down before the code that judges row scores was tuned to any of them. In a cell of equals all
candidates have the same mean over all rows there could be, though not the same shape; naming one is a false winner,
and leaving one out of the best set a loss. Both may happen in 5% of samples and two standard errors, or the sample
must decline to name anybody. The cells of "power" hold one candidate that is better by so much.
"""

from __future__ import annotations

import argparse
import math
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.short import Short
from mlee_jupyter.domain import ResultKind
from mlee_jupyter.judge.entries import Entry
from mlee_jupyter.judge.judging import judge
from mlee_jupyter.stats.own_scores.row_score import row_score_facts

SHORT = Short(
    arguments=("--samples", "2", "--cells", "n=30 K=2"),
    columns=("cell", "named", "lost", "declined", "limit"),
    row=r"(\S.*?) {2,}([\d.]+%) +([\d.]+%) +([\d.]+%) +([\d.]+%|-)(?: +ABOVE)?",
    rows=3,
)
ALPHA = 0.05
SIZES = (30, 100, 300, 1000)
Draw = Callable[[np.random.Generator, int, int, float], list[np.ndarray]]  # rows, candidates, what the last gains


@dataclass(frozen=True, kw_only=True)
class Cell:
    name: str
    metric: str
    draw: Draw
    n: int
    count: int
    gain: float = 0.0


# ---------------------------------------------------------------- how scores come about


def _levels(random: np.random.Generator, n: int, count: int, spread: float, gain: float) -> list[np.ndarray]:
    """How good each answer is: a hard or easy row, and each candidate's own luck with it."""
    rows = random.normal(size=n)
    gains = [0.0] * (count - 1) + [gain]
    return [rows + own + spread * random.normal(size=n) for own in gains]


def three_points(random: np.random.Generator, n: int, count: int, gain: float) -> list[np.ndarray]:
    """A judge's grade 0, 1 or 2; most answers are right."""
    return [np.digitize(level, (-1.2, -0.3)).astype(float) for level in _levels(random, n, count, 0.7, gain)]


def ten_points(random: np.random.Generator, n: int, count: int, gain: float) -> list[np.ndarray]:
    """A judge's grade 1 to 10, which gathers at 7 and 8."""
    return [np.clip(np.round(7.5 + 1.5 * level), 1, 10) for level in _levels(random, n, count, 0.7, gain)]


def bold(random: np.random.Generator, n: int, count: int, gain: float) -> list[np.ndarray]:
    """Grades 1 to 10 of equals: the last is bold, great or poor, the others steady."""
    steady = [np.clip(np.round(6 + 0.5 * random.normal(size=n)), 1, 10) for _ in range(count - 1)]
    return [*steady, np.where(random.random(n) < 0.5 + gain, 8.0, 4.0)]


def dice(random: np.random.Generator, n: int, count: int, gain: float) -> list[np.ndarray]:
    """Dice near 1, skewed: hard pictures are hard for all."""
    return [1 / (1 + np.exp(-3.0 - level)) for level in _levels(random, n, count, 0.7, gain)]


def failing(random: np.random.Generator, n: int, count: int, gain: float) -> list[np.ndarray]:
    """Dice of equals: the last fails altogether on 5% of pictures, and is as much better on the others."""
    steady = [np.clip(0.893 + 0.03 * random.normal(size=n), 0, 1) for _ in range(count - 1)]
    good = np.clip(0.94 + gain + 0.03 * random.normal(size=n), 0, 1)
    return [*steady, np.where(random.random(n) < 0.05, 0.0, good)]


def returns(random: np.random.Generator, n: int, count: int, gain: float) -> list[np.ndarray]:
    """A return per seed with heavy tails on both sides (t with 3 degrees of freedom); seeds are shared."""
    shared = 50 * random.normal(size=n)
    gains = [0.0] * (count - 1) + [gain]
    return [200 + shared + 100 * (own + random.standard_t(3, size=n)) for own in gains]


def crashes(random: np.random.Generator, n: int, count: int, gain: float) -> list[np.ndarray]:
    """A return per seed: one in ten crashes to a loss of its own size, as often for each."""
    found = []
    for place in range(count):
        crash = random.random(n) < 0.1
        whole = 200 + 100 * (gain if place == count - 1 else 0.0) + 20 * random.normal(size=n)
        found.append(np.where(crash, -300 * random.lognormal(0, 0.7, size=n), whole))
    return found


def _rated(random: np.random.Generator, n: int, count: int, gain: float, taste: float) -> list[np.ndarray]:
    """Grades 1 to 10 by three raters: each has its level, its slips, and for each candidate a taste."""
    level, raters = _levels(random, n, count, 0.7, gain), random.normal(size=3)
    found = []
    for one in level:
        tastes = taste * random.normal(size=3)
        grades = 7 + 1.5 * one[:, None] + raters + tastes + 1.2 * random.normal(size=(n, 3))
        found.append(np.clip(np.round(grades), 1, 10))
    return found


def raters(random: np.random.Generator, n: int, count: int, gain: float) -> list[np.ndarray]:
    """Three raters without a taste."""
    return _rated(random, n, count, gain, 0.0)


def slight_tastes(random: np.random.Generator, n: int, count: int, gain: float) -> list[np.ndarray]:
    """Three raters, drawn from many whose tastes differ a little: equal over all raters there could be."""
    return _rated(random, n, count, gain, 0.1)


def tastes(random: np.random.Generator, n: int, count: int, gain: float) -> list[np.ndarray]:
    """The same with strong tastes."""
    return _rated(random, n, count, gain, 0.5)


def skipping(random: np.random.Generator, n: int, count: int, gain: float) -> list[np.ndarray]:
    """Grades 1 to 10 of equals; the last answers nothing that it finds hard."""
    hard = random.normal(size=n)
    found = [np.clip(np.round(7 + 1.5 * (hard + 0.7 * random.normal(size=n))), 1, 10) for _ in range(count - 1)]
    last = np.clip(np.round(7 + 1.5 * (hard + gain + 0.7 * random.normal(size=n))), 1, 10)
    return [*found, np.where(hard + 0.3 * random.normal(size=n) < -0.8, np.nan, last)]


KINDS: dict[str, tuple[str, Draw]] = {
    "grades of 3 points": ("grade", three_points),
    "grades 1 to 10": ("grade", ten_points),
    "grades, one is bold": ("grade", bold),
    "Dice near 1": ("dice", dice),
    "Dice, one fails on 5%": ("dice", failing),
    "returns with heavy tails": ("return", returns),
    "returns, one in ten crashes": ("return", crashes),
    "3 raters": ("grade", raters),
    "3 raters of slight tastes": ("grade", slight_tastes),
    "3 raters of strong tastes": ("grade", tastes),
    "one skips what is hard": ("grade", skipping),
}
POWER = {
    "grades of 3 points": 0.3,
    "grades 1 to 10": 0.25,
    "Dice near 1": 0.25,
    "returns with heavy tails": 0.4,
    "3 raters": 0.25,
    "one skips what is hard": 0.3,
}


def cells() -> Iterator[Cell]:
    for name, (metric, draw) in KINDS.items():
        for count in (2, 5):
            for n in SIZES:
                yield Cell(name=f"{name} n={n} K={count}", metric=metric, draw=draw, n=n, count=count)
    for name, gain in POWER.items():
        metric, draw = KINDS[name]
        for n in (100, 300):
            yield Cell(name=f"power: {name} n={n}", metric=metric, draw=draw, n=n, count=2, gain=gain)


@dataclass(kw_only=True)
class Counted:
    samples: int = 0
    named: int = 0
    lost: int = 0
    declined: int = 0

    def limit(self) -> float:
        return ALPHA + 2 * math.sqrt(ALPHA * (1 - ALPHA) / max(1, self.samples))


def run(cell: Cell, samples: int) -> Counted:
    """So many samples of a cell; its seed is the checksum of its name."""
    random = np.random.default_rng(zlib.crc32(cell.name.encode()))
    facts, found = row_score_facts(cell.metric, True), Counted()
    for _ in range(samples):
        rows = cell.draw(random, cell.n, cell.count, cell.gain)
        entries = [Entry(candidate=f"c{place}", rows=one, kind=ResultKind.ROW_SCORES) for place, one in enumerate(rows)]
        judged = judge(None, entries, metric=facts, alpha=ALPHA, useful_gain=0.01)
        found.samples += 1
        right = judged.winner == f"c{cell.count - 1}" if cell.gain else judged.winner is not None
        found.named += right
        found.lost += len(judged.best_set) < cell.count and not cell.gain
        found.declined += judged.no_winner_reason is not None
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cells", default="", help="only those whose name holds this")
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--markdown", action="store_true")
    args = parser.parse_args()
    if args.markdown:
        print("| cell | named | lost | declined | limit |\n| --- | ---: | ---: | ---: | ---: |")
    else:
        print(f"{'cell':<44} {'named':>7} {'lost':>7} {'declined':>9} {'limit':>7}")
    for cell in cells():
        if args.cells not in cell.name:
            continue
        found = run(cell, args.samples)
        shares = [100 * count / found.samples for count in (found.named, found.lost, found.declined)]
        limit = "-" if cell.gain else f"{100 * found.limit():.1f}%"
        above = not cell.gain and max(found.named, found.lost) / found.samples > found.limit()
        said = [f"{share:.1f}%" for share in shares]
        if args.markdown:
            print(f"| {cell.name} | {' | '.join(said)} | {limit}{' **above**' if above else ''} |", flush=True)
        else:
            mark = "   ABOVE" if above else ""
            print(f"{cell.name:<44} {said[0]:>7} {said[1]:>7} {said[2]:>9} {limit:>7}{mark}", flush=True)


if __name__ == "__main__":
    main()
