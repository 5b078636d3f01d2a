"""How long a box will take: how often the 80% interval holds, and how far the forecast is off beside the plan alone.

    python -m benchmarks.forecast [--teams 500]

Simulated teams of twelve boxes each, which take 0.8, 1, 1.7 or 3 times their plan in the middle, lognormal around that.
From the fourth box on each is forecast from those before it by `box_forecast`, as `plan` shows it: before it has begun,
and with half of its four candidates tried. Estimates are right shares of the box, or each is off by a factor of two or
so, or one of them has lost a zero. The error is that of the middle, on the logarithm, over the error of the plan alone:
the budget, or what was spent and what is planned for the rest; below 1 the forecast is nearer. Judged are 75 to 88%
before a box has begun, at the spread that the forecast takes for granted when nothing is known (0.5), and an error of
at most 1.1 there. The other spreads show what it does where it is taken by surprise.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from benchmarks.short import Short
from mlee_jupyter.domain import (
    Candidate,
    CandidateState,
    Charter,
    Effort,
    Estimated,
    Evidence,
    Experiment,
    PastBox,
    Records,
    Result,
)
from mlee_jupyter.report import box_forecast

SHORT = Short(
    arguments=("--teams", "10"),
    columns=("takes, times its plan", "spread", "seen", "estimates", "held", "SE", "error", "boxes"),
    rows=32,
)
HEADS = SHORT.columns
BUDGET, BOXES, FROM = timedelta(hours=8), 12, 3
NOW = datetime(2026, 1, 5, tzinfo=UTC)
NAMES = ("a", "b", "c", "d")
TIMES, SPREADS = (0.8, 1.0, 1.7, 3.0), (0.5, 0.3, 0.7)
ESTIMATES = ("right", "off by two", "a zero lost")


@dataclass(frozen=True)
class Box:
    """One box: what its candidates are thought to take and take, in shares of the budget."""

    estimates: np.ndarray
    took: np.ndarray


def box(random: np.random.Generator, times: float, spread: float, estimates: str) -> Box:
    """A box whose whole is lognormal with that spread, and whose candidates scatter half as much about it."""
    shares = random.dirichlet(np.full(len(NAMES), 4.0))
    common = random.normal(math.log(times), spread)
    took = shares * np.exp(common + random.normal(0, spread / 2, len(NAMES)))
    took *= math.exp(common) / took.sum()  # the box as a whole is lognormal, as it is said to be
    told = shares.copy()
    if estimates == "off by two":
        told = told * np.exp(random.normal(0, math.log(2), len(NAMES)))
    if estimates == "a zero lost":
        told[random.integers(len(NAMES))] /= 10
    return Box(told, took)


def evidence(one: Box, tried: int) -> Evidence:
    """The box with so many of its candidates tried, and nothing else done."""
    spent = {name: BUDGET * float(one.took[k]) * (k < tried) for k, name in enumerate(NAMES)}
    results = tuple(_result(name) for name in NAMES[:tried])
    state = CandidateState.ACTIVE
    return Evidence(
        now=NOW,
        records=Records(
            experiment=Experiment(
                id=1, name="box", charter=Charter(), budget=BUDGET, deadline=None, opened_at=NOW, decision=None
            ),
            candidates=tuple(
                Candidate(id=k, name=name, simplicity=None, state=state, planned=True) for k, name in enumerate(NAMES)
            ),
            results=results,
        ),
        used=sum(spent.values(), timedelta()),
        efforts={
            name: Effort(variants=1, runs=1, failed_runs=0, active=time, last_at=None) for name, time in spent.items()
        },
        estimates={name: Estimated(first_try=BUDGET * float(one.estimates[k])) for k, name in enumerate(NAMES)},
    )


def _result(name: str) -> Result:
    nothing = dict.fromkeys(Result._fields)
    known = {"run_id": 1, "candidate": name, "variant_id": 1, "variant": "", "outcome": "ok", "metric": "accuracy"}
    return Result(**{**nothing, **known, "started_us": 0, "duration_us": 0})  # type: ignore[arg-type]


def cell(teams: int, times: float, spread: float, tried: int, estimates: str) -> tuple[np.ndarray, float]:
    """Whether each forecast held, and its error over that of the plan alone."""
    random = np.random.default_rng(int(1000 * times + 100 * spread) + 7 * tried)
    held, off, plain = [], [], []
    for _ in range(teams):
        boxes = [box(random, times, spread, estimates) for _ in range(BOXES)]
        past = [PastBox(budget=BUDGET, took=BUDGET * float(one.took.sum())) for one in boxes]
        for number in range(FROM, BOXES):
            h, o, p = forecast(boxes[number], past[:number], tried)
            held.append(h)
            off.append(o)
            plain.append(p)
    return np.array(held), float(np.mean(off) / np.mean(plain))


def forecast(one: Box, past: Sequence[PastBox], tried: int) -> tuple[bool, float, float]:
    """Whether one box ended within its forecast; errors of the forecast and of the plan alone."""
    seen = evidence(one, tried)
    found = box_forecast(seen, past)
    assert found is not None
    took = BUDGET * float(one.took.sum())
    rest = float(one.estimates[tried:].sum() / one.estimates.sum())
    alone = seen.used + rest * BUDGET
    return found.low <= took <= found.high, abs(math.log(found.middle / took)), abs(math.log(alone / took))


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--teams", type=int, default=500)
    teams = options.parse_args().teams
    print("| " + " | ".join(HEADS) + " |\n|" + "---|" * len(HEADS))
    failures = 0
    for spread in SPREADS:
        for times in TIMES:
            ways = [(0, "right")] + [(2, estimates) for estimates in ESTIMATES] * (spread == SPREADS[0])
            ways += [(2, "right")] * (spread != SPREADS[0])
            for tried, estimates in ways:
                held, error = cell(teams, times, spread, tried, estimates)
                share = held.mean()
                by_team = held.reshape(teams, -1).mean(axis=1)
                se = by_team.std(ddof=1) / math.sqrt(teams)
                when = "half tried" if tried else "not begun"
                print(
                    f"| {times} | {spread} | {when} | {estimates} | {100 * share:.1f}% | {100 * se:.1f} | {error:.2f} "
                    f"| {len(held):,} |",
                    flush=True,
                )
                judged = spread == SPREADS[0]
                failures += judged and not tried and not 0.75 - 2 * se <= share <= 0.88 + 2 * se
                failures += judged and error > 1.1
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
