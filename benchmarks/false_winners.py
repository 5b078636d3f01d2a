"""False winners by rows that repeat, by few rows that carry a score, by one-sided spread and by long memory.

    python -m benchmarks.false_winners [--part copies|honest|few|alone|groups|memory|power] [--cells TEXT]
                                       [--samples 400]

The cells were chosen before the statistics were changed for them. In `copies`, `few`, `alone`, `groups` and `memory`
all candidates are equally good, and a winner may be named in at most 5% of samples and two standard errors. In `honest`
rows have few different values and are no copies: what is counted is how often they are called copies, which must be
never (its candidates need not be equal). In `memory` also how often the range of a score holds the true one. In `power`
one candidate is better, and it is counted how often it is named. The seed of a cell is the checksum of its name.
"""

from __future__ import annotations

import argparse
import math
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.short import Short
from mlee_jupyter.domain import Judgement, Verdict
from mlee_jupyter.judge.entries import Entry
from mlee_jupyter.judge.judging import judge

from . import false_winner_kinds as kinds

SHORT = Short(
    arguments=("--part", "copies", "--cells", "MAE", "--samples", "3"),
    columns=("cell", "named", "lost", "as good", "copies", "declined", "covered", "samples"),
    row=r"(\S.*?) {2,}([\d.]+%) +([\d.]+%) +([\d.]+%) +([\d.]+%) +([\d.]+%) +([\d.]+%|-) +(\d+)(?: +ABOVE)?",
    rows=3,
)
ALPHA = 0.05


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A kind at a size."""

    part: str
    name: str
    draw: Callable[[np.random.Generator], kinds.Drawn]


def cells() -> Iterator[Cell]:
    """All of them, in the order of the page."""
    for part, found in kinds.PARTS.items():
        for name, draw in found.items():
            yield Cell(part=part, name=name, draw=draw)


def judged(drawn: kinds.Drawn) -> Judgement:
    """The judgement of one sample."""
    entries = [Entry(candidate=f"c{k}", rows=rows, kind=drawn.kind) for k, rows in enumerate(drawn.columns)]
    return judge(drawn.truth, entries, metric=drawn.metric, alpha=ALPHA, baselines=False, **drawn.how)


def counted(cell: Cell, samples: int, seed: int) -> dict[str, float]:
    """Shares of the samples in which it was so."""
    random, found = np.random.default_rng(seed), dict.fromkeys(("named", "lost", "good", "copies", "declined"), 0)
    covered = asked = 0
    for _ in range(samples):
        drawn = cell.draw(random)
        said = judged(drawn)
        found["named"] += said.winner == "c0" if cell.part == "power" else said.winner is not None
        found["lost"] += len(said.best_set) < len(drawn.columns)
        found["good"] += any(s.verdict is Verdict.AS_GOOD for s in said.standings)
        found["copies"] += "copies" in (said.caveat or "")
        found["declined"] += said.no_winner_reason is not None
        for standing in said.standings if drawn.true_score is not None else ():
            covered += standing.low <= (drawn.true_score or 0.0) <= standing.high
            asked += 1
    shares = {what: many / samples for what, many in found.items()}
    return {**shares, "covered": covered / asked if asked else math.nan}


def line(cell: Cell, samples: int) -> str:
    """A line of the table."""
    found = counted(cell, samples, zlib.crc32(cell.name.encode()))
    most = ALPHA + 2 * math.sqrt(ALPHA * (1 - ALPHA) / samples)
    held = f"{found['covered']:.1%}" if math.isfinite(found["covered"]) else "-"
    wrong = {"power": 0.0, "honest": found["copies"]}.get(cell.part, found["named"])
    above = wrong > (0.0 if cell.part == "honest" else most)
    shares = "".join(f"{found[what]:>10.1%}" for what in ("named", "lost", "good", "copies", "declined"))
    return f"{cell.name:<58}{shares}{held:>10}{samples:>9}{'  ABOVE' if above else ''}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=kinds.PARTS, default=None)
    parser.add_argument("--cells", default="", help="text that a cell's name must contain")
    parser.add_argument("--samples", type=int, default=400)
    asked: Any = parser.parse_args(arguments)
    heads = ("named", "lost", "as good", "copies", "declined", "covered")
    print(f"{'cell':<58}" + "".join(f"{head:>10}" for head in heads) + f"{'samples':>9}")
    above = 0
    for cell in cells():
        if asked.part in (None, cell.part) and asked.cells in cell.name:
            printed = line(cell, asked.samples)
            above += printed.endswith("ABOVE")
            print(printed, flush=True)
    return int(above > 0)


if __name__ == "__main__":
    raise SystemExit(main())
