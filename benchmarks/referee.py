"""What somebody learns who hands in 500 times: from a plain board, from the Ladder as published, and from the referee.

    python -m benchmarks.referee [--replicates 60] [--looks 500] [--checks 600]

Nothing becomes better in truth. The analyst goes on from whatever the board shows as better. `hill`: each look changes
a twentieth of the rows of what leads. `fresh`: variants of equal worth. `vote`: guesses, of which those that the board
shows as better than the first are kept, and their majority is handed in (Hardt's boosting attack). Shown gain: the best
score that the board ever showed, less the first one that it showed, in points (of an error of 1: hundredths). The
promise: the referee shows a step in at most 5% of such searches. Most of that chance is spent early, 97% of it in the
first 30 looks, so the last column counts more searches of 30 looks.

Then power: every tenth look is truly better by a step, and what is shown, and said to be gained at least, is held
against what was truly gained.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from benchmarks.short import Short
from mlee_jupyter.judge.lead import lead
from mlee_jupyter.stats.compare.dependence import Sampling
from mlee_jupyter.stats.looking.ladder import Ladder
from mlee_jupyter.stats.metrics.catalogue import metric_facts
from mlee_jupyter.stats.metrics.scored import Scored

SHORT = Short(
    arguments=("--replicates", "2", "--looks", "20", "--checks", "2"),
    columns=("cell", "plain board", "Ladder, one error a step", "referee", "a step by luck"),
    rows=10,
)
SEED = 20261130
TWEAKED = 0.05
ALPHA = 0.05
EARLY = 30
AT = (10, 50, 100, 200, 500)  # looks, of the curves


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What a row is worth: 1 or 0 of a right answer, or minus an error."""

    metric: str
    draw: Callable[[np.random.Generator, int], np.ndarray]


def _right(random: np.random.Generator, n: int, share: float) -> np.ndarray:
    return random.random(n) < share


def _blunders(random: np.random.Generator, n: int) -> np.ndarray:
    return -np.where(random.random(n) < 0.01, 100.0, 0.01) * random.standard_normal(n) ** 2


KINDS = {
    "accuracy 80%": Kind(metric="accuracy", draw=partial(_right, share=0.8)),
    "accuracy 97%": Kind(metric="accuracy", draw=partial(_right, share=0.97)),
    "guesses": Kind(metric="accuracy", draw=partial(_right, share=0.5)),
    "MSE, normal errors": Kind(metric="mse", draw=lambda random, n: -(random.standard_normal(n) ** 2)),
    "MSE, t5 errors": Kind(metric="mse", draw=lambda random, n: -0.6 * random.standard_t(5, n) ** 2),
    "MSE, 1% blunders": Kind(metric="mse", draw=_blunders),
}
CELLS = (  # written before any of them was run
    ("accuracy 80%", 1000, "hill"),
    ("accuracy 80%", 200, "hill"),
    ("accuracy 80%", 5000, "hill"),
    ("accuracy 97%", 1000, "hill"),
    ("accuracy 80%", 1000, "fresh"),
    ("guesses", 1000, "vote"),
    ("MSE, normal errors", 1000, "hill"),
    ("MSE, t5 errors", 1000, "hill"),
    ("MSE, 1% blunders", 1000, "hill"),
    ("MSE, t5 errors", 200, "fresh"),
)
POWER = ((50, 0.01), (50, 0.03), (500, 0.002), (500, 0.003), (100, 0.02))  # looks, step of every tenth


class Plain:
    """Shows every score as it is."""

    def __init__(self, kind: Kind) -> None:
        self.first = self.shown = -math.inf

    def look(self, rows: np.ndarray) -> bool:
        """Whether it is shown as the best so far."""
        score = float(rows.mean())
        if self.first == -math.inf:
            self.first = self.shown = score
            return True
        better = score > self.shown
        self.shown = max(self.shown, score)
        return better


class OneError(Plain):
    """The parameter-free Ladder as published: better by one standard error of the paired difference."""

    def look(self, rows: np.ndarray) -> bool:
        if self.first == -math.inf:
            self.best = rows
            return super().look(rows)
        difference = rows.astype(float) - self.best
        if difference.mean() <= difference.std(ddof=1) / math.sqrt(len(rows)):
            return False
        self.best = rows
        self.shown = float(rows.mean())
        return True


class Referee(Plain):
    """What the product shows."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(kind)
        facts = metric_facts(kind.metric)
        self.ladder = Ladder(
            lead=lambda best, new: lead(best, new, facts, None, Sampling(by="rows", n=len(new.psi))),
            error=lambda one: float(one.influence.std(ddof=1)) / math.sqrt(len(one.psi)),
            alpha=ALPHA,
        )

    def look(self, rows: np.ndarray) -> bool:
        theta = float(rows.mean())
        psi = rows if rows.dtype == bool else rows - theta
        rung = self.ladder.look(Scored(theta=theta, psi=psi, df=len(rows) - 1))
        if rung is None:
            return False
        self.shown = rung.level * self.ladder.grid
        self.first = self.shown if rung.look == 1 else self.first
        return True


BOARDS = {"plain board": Plain, "Ladder, one error a step": OneError, "referee": Referee}


def hill(board: Plain, draw: Callable[[int], np.ndarray], random: np.random.Generator, n: int) -> Callable[[], None]:
    best = [draw(n)]
    board.look(best[0])

    def step() -> None:
        new = best[0].copy()
        at = random.choice(n, int(TWEAKED * n), replace=False)
        new[at] = draw(len(at))
        if board.look(new):
            best[0] = new

    return step


def fresh(board: Plain, draw: Callable[[int], np.ndarray], random: np.random.Generator, n: int) -> Callable[[], None]:
    common = draw(n)
    board.look(common)

    def step() -> None:
        board.look(np.where(random.random(n) < 0.7, common, draw(n)))

    return step


def vote(board: Plain, draw: Callable[[int], np.ndarray], random: np.random.Generator, n: int) -> Callable[[], None]:
    sums = 2 * draw(n).astype(int) - 1
    board.look(sums > 0)
    asked = [0]

    def step() -> None:
        asked[0] += 1
        if asked[0] % 10 == 0:
            board.look(sums > 0)
            return
        guess = draw(n)
        shown = float(guess.mean()) > board.first if type(board) is Plain else board.look(guess)
        if type(board) is Plain:
            board.look(guess)
        sums[:] += (2 * guess.astype(int) - 1) * (1 if shown else -1 if type(board) is Plain else 0)

    return step


WAYS = {"hill": hill, "fresh": fresh, "vote": vote}


def searched(cell: tuple[str, int, str], board: str, looks: int, seed: int) -> list[float]:
    """The gain that is shown after each look."""
    name, n, way = cell
    kind, random = KINDS[name], np.random.default_rng(seed)
    shows = BOARDS[board](kind)
    step = WAYS[way](shows, partial(kind.draw, random), random, n)
    shown = [0.0]
    for _ in range(looks):
        step()
        shown.append(shows.shown - shows.first)
    return shown


def climb(n: int, looks: int, gain: float, board: str, seed: int) -> tuple[Plain, float]:
    """A search in which every tenth look is truly better; the board, and what its best truly gained over the first."""
    random, accuracy = np.random.default_rng(seed), 0.8
    shows = BOARDS[board](KINDS["accuracy 80%"])
    best, worth, reached = random.random(n) < accuracy, 0.0, 0.0
    shows.look(best)
    for number in range(1, looks + 1):
        new = best.copy()
        at = random.choice(n, int(TWEAKED * n), replace=False)
        new[at] = random.random(len(at)) < accuracy + worth
        if number % 10 == 0:
            worth = min(worth + gain, 1 - accuracy)
            new |= random.random(n) < gain / (1 - accuracy)
            best = new  # kept by who knows why it is better, whatever the board shows
        if shows.look(new):
            best, reached = new, worth
    return shows, reached


def spread_text(values: list[float]) -> str:
    return f"{100 * float(np.mean(values)):.1f} ({100 * float(np.quantile(values, 0.95)):.1f})"


def share_text(hits: int, of: int) -> str:
    share = hits / of
    return f"{share:.1%} ({math.sqrt(max(share * (1 - share), 1 / of) / of):.1%})"


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--replicates", type=int, default=60)
    options.add_argument("--looks", type=int, default=500)
    options.add_argument("--checks", type=int, default=600)
    given = options.parse_args()
    replicates, looks, checks = given.replicates, given.looks, given.checks
    print(f"seed {SEED}, {replicates} replicates a cell, {looks} looks after the first; points, mean (95% of searches)")
    print(f"\n| cell | {' | '.join(BOARDS)} | a step by luck |\n|---|---|---|---|---|")
    worst, curves = 0.0, dict[str, np.ndarray]()
    for cell in CELLS:
        found = {b: [searched(cell, b, looks, SEED + r) for r in range(replicates)] for b in BOARDS}
        curves = curves or {b: np.array(shown) for b, shown in found.items()}
        early = (searched(cell, "referee", min(looks, EARLY), SEED + 10_000 + r) for r in range(checks))
        steps = sum(max(shown) > 0 for shown in early)
        worst = max(worst, steps / checks - 2 * math.sqrt(ALPHA * (1 - ALPHA) / checks))
        gains = [spread_text([shown[-1] for shown in found[b]]) for b in BOARDS]
        print(
            f"| {cell[0]}, {cell[1]:,} rows, {cell[2]} | {' | '.join(gains)} | {share_text(steps, checks)} |",
            flush=True,
        )
    at = [count for count in AT if count <= looks]
    print(f"\nShown gain by looks, the first cell\n\n| board | {' | '.join(f'{count}' for count in at)} |")
    print(f"|---|{'---|' * len(at)}")
    for name, curve in curves.items():
        print(f"| {name} | {' | '.join(spread_text(list(curve[:, count])) for count in at)} |")
    print("\nPower: every tenth look is truly better, 1,000 rows, accuracy 80%; points at the end, means")
    heads = (
        "looks, step",
        "truly gained by the best shown",
        "shown",
        "said at least",
        "said too much",
        "steps",
        "plain board",
    )
    print(f"\n| {' | '.join(heads)} |")
    print("|---|---|---|---|---|---|---|")
    for count, gain in POWER:
        power_row(min(count, looks), gain, replicates)
    print("\na step by luck in at most 5% of searches" if worst <= ALPHA else "\na cell is above 5%")
    return int(worst > ALPHA)


def power_row(looks: int, gain: float, replicates: int) -> None:
    """One line of the power table."""
    truly, shown, said, plain, steps, wrong = [], [], [], [], [], 0
    for r in range(replicates):
        board, reached = climb(1000, looks, gain, "referee", SEED + r)
        assert isinstance(board, Referee)
        last = board.ladder.rungs[-1]
        sure = last.gained * board.ladder.grid
        truly.append(reached)
        shown.append(board.shown - board.first)
        said.append(sure)
        steps.append(len(board.ladder.rungs) - 1)
        wrong += sure > reached + 1e-9
        other, _ = climb(1000, looks, gain, "plain board", SEED + r)
        plain.append(other.shown - other.first)
    points = [f"{100 * float(np.mean(values)):.1f}" for values in (truly, shown, said)]
    print(
        f"| {looks}, {gain:.1%} | {' | '.join(points)} | {share_text(wrong, replicates)} | {np.mean(steps):.1f} |"
        f" {100 * float(np.mean(plain)):.1f} |",
        flush=True,
    )


if __name__ == "__main__":
    raise SystemExit(main())
