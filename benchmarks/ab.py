"""A/B tests looked at twenty times: false alarms, power, what an early end shows, and tables of millions of rows.

    python -m benchmarks.ab [--runs 4000] [--part designs|tables]

`designs`: for each design and kind of metric so many drawn tests without an effect and with the useful gain, each
planned by `ab_plan` and looked at twenty times. "naive" looks at a fixed test and stops when it looks good. Errors are
standard errors of the share. Plain and corrected are what the estimate at the end is off by, in hundredths of the gain:
the plain one by its mean, the corrected one by the end in the middle of their order. Some of the tests are also read
by `ab_read` from DataFrames, look by look, and must end at the same look with the same word.

`tables`: ten million rows in DuckDB, read by `ab_read`, against the bare SQL aggregate; memory is what the process
grows by beyond that.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks.short import Short
from mlee_jupyter import ab_plan, ab_read
from mlee_jupyter.abtest.trial_plan import TrialPlan
from mlee_jupyter.stats.trial.early_stop import corrected
from mlee_jupyter.stats.trial.trial_size import design_bounds

SHORT = Short(
    arguments=("--runs", "60", "--read", "1", "--part", "designs"),
    columns=(
        "design",
        "metric",
        "units",
        "false alarms",
        "SE",
        "power",
        "SE",
        "units used",
        "plain",
        "corrected",
        "read",
    ),
    rows=16,
    needs=("tea_tasting",),
)
HEADS = SHORT.columns
LOOKS = 20
SEED = 20240501
Draw = Callable[[np.random.Generator, int, int, bool], tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class Metric:
    """How units of an arm are drawn, and what is planned for."""

    draw: Draw  # random, runs, units, whether with the gain -> numerator and denominator, (runs, units) each
    baseline: float
    sd: float | None
    gain: float
    ratio: bool = False


def _mean(random: np.random.Generator, runs: int, units: int, gain: bool) -> tuple[np.ndarray, np.ndarray]:
    return random.normal(10 + 0.2 * gain, 2, (runs, units)), np.ones((1, 1))


def _rate(random: np.random.Generator, runs: int, units: int, gain: bool) -> tuple[np.ndarray, np.ndarray]:
    return (random.random((runs, units)) < 0.10 + 0.03 * gain).astype(float), np.ones((1, 1))


def _ratio(random: np.random.Generator, runs: int, units: int, gain: bool) -> tuple[np.ndarray, np.ndarray]:
    """Clicks a session: users differ in how often they come and in how they click."""
    sessions = 1 + random.poisson(2.0, (runs, units))
    habit = random.beta(4, 16, (runs, units))
    return random.binomial(sessions, habit + 0.02 * gain).astype(float), sessions.astype(float)


def _revenue(random: np.random.Generator, runs: int, units: int, gain: bool) -> tuple[np.ndarray, np.ndarray]:
    """Lognormal money of the third that buys anything; the gain is a share of it."""
    buys = random.random((runs, units)) < 0.3
    return buys * random.lognormal(3, 1, (runs, units)) * (1 + 0.15 * gain), np.ones((1, 1))


def _moments(draw: Draw) -> tuple[float, float]:
    """Baseline and spread of one unit, of a million."""
    over, under = draw(np.random.default_rng(1), 1, 1_000_000, False)
    level = over.mean() / under.mean()
    return level, float((over - level * under).std() / under.mean())


REVENUE, RATIO = _moments(_revenue), _moments(_ratio)
METRICS = {
    "mean": Metric(_mean, 10.0, 2.0, 0.2),
    "rate": Metric(_rate, 0.10, None, 0.03),
    "ratio": Metric(_ratio, *RATIO, 0.02, ratio=True),
    "revenue": Metric(_revenue, *REVENUE, 0.15 * REVENUE[0]),
}
DESIGNS = ("naive", "fixed", "looks", "always")


def looked_at(metric: Metric, units: int, runs: int, gain: bool, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Difference and its standard error at each look, by the delta method on sums: (runs, looks) each."""
    random = np.random.default_rng(seed)
    each = math.ceil(units / 2 / LOOKS)
    values, variances = [], []
    for changed in (False, True):
        parts = []
        for _ in range(LOOKS):
            over, under = metric.draw(random, runs, each, gain and changed)
            under = np.broadcast_to(under, over.shape)
            parts.append([over.sum(1), under.sum(1), (over**2).sum(1), (under**2).sum(1), (over * under).sum(1)])
        a, b, aa, bb, ab = np.cumsum(np.array(parts), axis=0).transpose(1, 2, 0)
        level = a / b
        values.append(level)
        counts = each * np.arange(1, LOOKS + 1)
        variances.append((aa - 2 * level * ab + level**2 * bb) * counts / (counts - 1) / b**2)
    return values[1] - values[0], np.sqrt(variances[0] + variances[1])


def ended(design: str, z: np.ndarray) -> np.ndarray:
    """The look at which each test ends as a success or a failure; LOOKS where none does."""
    times = tuple((k + 1) / LOOKS for k in range(LOOKS))
    over = np.abs(z) >= np.array(design_bounds("fixed" if design == "naive" else design, times, 0.05))
    if design == "fixed":
        over[:, :-1] = False
    return np.where(over.any(axis=1), over.argmax(axis=1), LOOKS)


def off_by(design: str, value: np.ndarray, error: np.ndarray, gain: float) -> tuple[float, float]:
    """What the plain estimate, and the corrected one, is off by at the end, as shares of the gain."""
    z = value / error
    at = np.minimum(ended(design, z), LOOKS - 1)
    rows = np.arange(len(z))
    plain = float(value[rows, at].mean() / gain - 1)
    if design not in ("looks", "always"):
        return plain, math.nan
    times = tuple((k + 1) / LOOKS for k in range(LOOKS))
    limits = design_bounds(design, times, 0.05)
    last = z[rows, at]
    order = np.where(at == LOOKS - 1, last, np.sign(last) * 100.0 * (LOOKS - 1 - at) + last)
    middle = np.argsort(order)[len(order) // 2]
    k = int(at[middle])
    found = corrected(times[: k + 1], limits[:k], float(last[middle]), float(error[middle, k]))
    return plain, found.value / gain - 1


def same_when_read(design: str, metric: Metric, plan: TrialPlan, runs: int, seed: int) -> int:
    """Tests that `ab_read` ends at the look where the arithmetic above ends them, with the same word."""
    same = 0
    each = math.ceil(plan.units / 2 / LOOKS)
    value, error = looked_at(metric, plan.units, runs, True, seed)
    expected = ended(design, value / error)
    for run in range(runs):
        random = np.random.default_rng(seed)
        arms = [[metric.draw(random, runs, each, changed) for _ in range(LOOKS)] for changed in (False, True)]
        frames = []
        for look in range(LOOKS):
            for changed in (0, 1):
                over, under = arms[changed][look]
                under = np.broadcast_to(under, over.shape)
                frames.append(pd.DataFrame({"arm": changed, "over": over[run], "under": under[run], "look": look}))
        table = pd.concat(frames)
        table["user"] = np.arange(len(table))
        agreed, word, look = plan, "", 0
        for look in range(LOOKS):
            seen = table[table["look"] <= look]
            over = {"over": "under"} if metric.ratio else None
            found = ab_read(seen, arm="arm", metric="over", over=over, unit="user", plan=agreed)
            agreed, word = found.plan or plan, found.word
            if word in ("keep", "stop") or found.ended_at:
                break
        at = look if word in ("keep", "stop") else LOOKS
        sign = "keep" if at < LOOKS and value[run, at] > 0 else "stop"
        same += at == expected[run] and (at == LOOKS or word == sign)
    return same


def designs(runs: int, read: int, only: str) -> int:
    """Prints the table; the number of cells outside of their limits."""
    print(f"{runs:,} tests a cell, {LOOKS} looks, seed {SEED}")
    print("| " + " | ".join(HEADS) + " |")
    print("|" + "---|" * len(HEADS))
    failures = 0
    for design in DESIGNS:
        for number, (name, metric) in enumerate(METRICS.items()):
            if only not in ("", name):
                continue
            plan = ab_plan(
                baseline=metric.baseline,
                sd=metric.sd,
                useful_gain=metric.gain,
                design="fixed" if design == "naive" else design,
                looks=LOOKS,
            )
            value, error = looked_at(metric, plan.units, runs, False, SEED + number)
            alarms = float((ended(design, value / error) < LOOKS).mean())
            value, error = looked_at(metric, plan.units, runs, True, SEED + 10 + number)
            at = ended(design, value / error)
            rows = np.flatnonzero(at < LOOKS)
            power = float((value[rows, at[rows]] > 0).sum() / runs)
            used = float(np.minimum(at + 1, LOOKS).mean() / LOOKS)
            plain, better = off_by(design, value, error, metric.gain)
            both = [math.sqrt(max(share * (1 - share), 1e-4) / runs) for share in (alarms, power)]
            again = "" if design == "naive" else f"{same_when_read(design, metric, plan, read, 7)} of {read}"
            shown = "" if math.isnan(better) else f"{100 * better:+.1f}"
            errors = f"{100 * both[0]:.1f}", f"{100 * both[1]:.1f}"
            shares = f"{100 * alarms:.1f}% | {errors[0]} | {100 * power:.1f}% | {errors[1]} | {100 * used:.0f}%"
            print(
                f"| {design} | {name} | {plan.units:,} | {shares} | {100 * plain:+.1f} | {shown} | {again} |",
                flush=True,
            )
            if design != "naive":
                failures += alarms > 0.05 + 2 * math.sqrt(0.05 * 0.95 / runs) or power < 0.75
                failures += again != f"{read} of {read}"
    return failures


def tables(rows: int) -> int:
    """Ten million rows in DuckDB, by the unit and several rows a unit."""
    import tempfile
    from pathlib import Path

    import duckdb
    import psutil

    from mlee_jupyter.tables.table_source import open_source

    with tempfile.TemporaryDirectory(prefix="mlee-ab-") as folder:
        file = str(Path(folder) / "shop.duckdb")
        with duckdb.connect(file) as made:
            made.execute("set threads = 2")
            made.execute(
                f"create table visits as select range as person, range // 4 as household, "
                f"case when hash(range // 4) % 2 = 0 then 'control' else 'new' end as arm, "
                f"(hash(range * 7) % 1000) / 100.0 as spent from range({rows})"
            )
        process = psutil.Process()
        before = process.memory_info().rss
        started = time.perf_counter()
        with duckdb.connect(file, read_only=True) as bare:
            bare.execute("select arm, count(*), avg(spent), var_samp(spent) from visits group by arm").fetchall()
        aggregate = time.perf_counter() - started
        print(f"{rows:,} rows; the bare aggregate takes {aggregate:.2f} s on this machine")
        print("| reading | times the aggregate | MB more |\n|---|---|---|")
        for name, options in (("a row a unit", {"unit": "person"}), ("four rows a unit", {"unit": "household"})):
            started = time.perf_counter()
            with open_source("visits", file) as opened:
                found = ab_read(opened, arm="arm", metric="spent", per="row", **options)
            spent = time.perf_counter() - started
            more = (process.memory_info().rss - before) / 2**20
            print(f"| {name} | {spent / aggregate:.0f} | {more:.0f} |", flush=True)
            assert found.effect is not None
    return 0


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--runs", type=int, default=4_000)
    options.add_argument("--read", type=int, default=5, help="tests a cell that ab_read reads too")
    options.add_argument("--metric", choices=tuple(METRICS), default="", help="that alone")
    options.add_argument("--rows", type=int, default=10_000_000)
    options.add_argument("--part", choices=("designs", "tables"), default="")
    asked = options.parse_args()
    failures = designs(asked.runs, asked.read, asked.metric) if asked.part in ("", "designs") else 0
    return 1 if failures + (tables(asked.rows) if asked.part in ("", "tables") else 0) else 0


if __name__ == "__main__":
    raise SystemExit(main())
