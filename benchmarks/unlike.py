"""Is a truly best candidate kept where candidates are equal in truth and unlike in kind? Are ranges and costs right?

    python -m benchmarks.unlike [--part lost|costs|ranges] [--cells TEXT] [--samples 1000] [--log unlike.jsonl]

`lost`: all K candidates of a cell are equally good, so the best set must keep every one of them in 95% of samples; a
cell above 5% plus two standard errors is run again with a fresh seed and four times the samples before it counts.
`costs`: every second candidate is behind by 1.001 useful gains, so neither "as good" nor a suggestion may be said of
it in more than 5%. `ranges`: how often the range of a score holds the true one, which comes from 4 million rows.
A log that exists is gone on with; --markdown prints what is finished.
"""

from __future__ import annotations

import argparse
import json
import math
import time
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.short import Short
from mlee_jupyter.domain import Judgement, Verdict
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.judge.entries import Entry
from mlee_jupyter.judge.judging import judge

from . import unlike_kinds as kinds

SHORT = Short(
    arguments=("--cells", "overconfident n=100 K=2", "--samples", "5", "--log", "{made}/unlike.jsonl"),
    columns=("cell", "wrong", "named", "declined", "suggested", "samples", "s"),
    row=r"(\S.*?) +([\d.]+%) +([\d.]+%) +([\d.]+%) +([\d.]+%) +(\d+) +(\d+)(?: +ABOVE)?",
)

ALPHA = 0.05
SLOW = 40_000  # rows times candidates from which a fifth of the samples is drawn
TRUE_ROWS, TRUE_TIMES = 200_000, 20


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One kind at one size."""

    label: str
    kind: kinds.Kind
    n: int
    count: int
    behind: float = 0.0  # of every second candidate, in the kind's own terms
    useful_gain: float | None = None

    @property
    def name(self) -> str:
        """What a seed and a line of the log hang on."""
        return f"{self.label} n={self.n} K={self.count}"


_N, _T3 = kinds.normal, kinds.t3
_RARE = kinds.blunders(0.01, 10.0)
_F1 = kinds.f1_forms(0.2, 0.6, (0.5, 0.9))
_CAUTIOUS = [(0.64, 0.16 * 0.25 / 0.75), (0.096, 0.024 * 0.25 / 0.75)]  # precision 0.8, alarms 20 and 3%

ROWWISE: dict[str, kinds.Kind] = {
    "log loss, modest and overconfident": kinds.confidence("log_loss", 0.5, 1.0),
    "log loss, very modest and overconfident": kinds.confidence("log_loss", 0.25, 0.5, 3.0),
    "Brier, modest and overconfident": kinds.confidence("brier", 0.3, 1.0),
    "Brier, constant and hard": kinds.constant_and_hard,
    "MSE, steady and 1% blunders": kinds.errors("mse", _N, _RARE),
    "MSE, steady and 3% blunders": kinds.errors("mse", _N, kinds.blunders(0.03)),
    "MSE, normal and t3": kinds.errors("mse", _N, _T3),
    "MSE, normal and t5": kinds.errors("mse", _N, kinds.t5),
    "MSE, normal and Laplace": kinds.errors("mse", _N, kinds.laplace, shared=0.5),
    "MSE, uniform and skewed": kinds.errors("mse", kinds.uniform, kinds.skewed),
    "MAE, normal and t3": kinds.errors("mae", _N, _T3),
    "MAE, steady and 1% blunders": kinds.errors("mae", _N, _RARE),
    "RMSE, normal and Laplace": kinds.errors("rmse", _N, kinds.laplace),
    "R2, normal and skewed": kinds.errors("r2", _N, kinds.skewed),
    "pinball 95%, normal and skewed": kinds.errors("pinball_0.95", _N, kinds.skewed),
    "pinball 50%, normal and Laplace": kinds.errors("pinball_0.5", _N, kinds.laplace),
    "Pearson, normal and t3": kinds.correlated("pearson", _N, _T3),
    "Pearson, normal and skewed": kinds.correlated("pearson", _N, kinds.skewed),
    "MAPE, steady and blunders": kinds.percentages,
    "own profit, steady and rare": kinds.profits,
    "accuracy, weights": kinds.weighted,
}
COUNTED: dict[str, kinds.Kind] = {
    "accuracy, independent": kinds.right_and_wrong("none", 0.15),
    "accuracy, blocks": kinds.right_and_wrong("blocks", 0.15),
    "accuracy, chain": kinds.right_and_wrong("chain", 0.3),
    "accuracy near 1, independent": kinds.right_and_wrong("none", 0.02),
    "accuracy, mixes of three": kinds.right_and_wrong("mixes", 0.15),
    "precision, many alarms and few": kinds.alarms("precision", 0.25, _CAUTIOUS),
    "F1, cautious and generous": kinds.alarms("f1", 0.2, _F1),
    "balanced accuracy, cautious and generous": kinds.alarms("balanced_accuracy", 0.2, [(0.6, 0.1), (0.9, 0.4)]),
    "recall 80%": kinds.alarms("recall", 0.2, [(0.8, 0.05), (0.8, 0.5)]),
    "macro F1 of 4, alike and mixed up": kinds.confusions("f1_macro", 4),
    "AUC, narrow and wide, 30%": kinds.spreads("roc_auc", 0.3, (0.5, 2.0)),
    "AUC .95, narrow and wide, 10%": kinds.spreads("roc_auc", 0.1, (0.6, 1.8), 0.95),
    "AUC, narrow and wide, 4%": kinds.spreads("roc_auc", 0.04, (0.5, 2.0)),
    "AUC, smooth and five levels": kinds.levels(0.2, 5),
}
HANGING: dict[str, kinds.Kind] = {
    "season 12, .5": kinds.seasons(12, 0.5),
    "season 7, .5": kinds.seasons(7, 0.5),
    "season 24, .5": kinds.seasons(24, 0.5),
    "slow level .9, 30%": kinds.slow_level(0.9, 0.3),
    "AR .2 and .7": kinds.memories(0.2, 0.7),
    "AR -.5 and .5": kinds.memories(-0.5, 0.5),
    "accuracy in runs .9": kinds.right_in_runs(0.9, 0.2),
    "accuracy in runs .5": kinds.right_in_runs(0.5, 0.2),
    "groups of unequal size": kinds.grouped("sizes"),
    "groups, some fail whole": kinds.grouped("failures"),
}
FOLDED: dict[str, kinds.Kind] = {
    "folds 5, calm and restless": kinds.folds(1, 5),
    "folds 10, calm and restless": kinds.folds(1, 10),
    "folds 5x5, calm and restless": kinds.folds(5, 5),
}
SIZES = ((30, 2), (100, 2), (100, 6), (300, 2), (300, 6), (1000, 2), (1000, 12), (5000, 6))
SERIES_SIZES = ((100, 2), (200, 2), (300, 2), (300, 5), (1000, 2), (1000, 10))
FOLD_SIZES = ((100, 2), (100, 5), (100, 12))
MANY = ((1000, 100),)


def cells() -> Iterator[Cell]:
    """The grid of `lost`."""
    for label, kind in {**ROWWISE, **COUNTED}.items():
        for n, count in SIZES:
            yield Cell(label=label, kind=kind, n=n, count=count)
    for label, kind in HANGING.items():
        for n, count in SERIES_SIZES:
            yield Cell(label=label, kind=kind, n=n, count=count)
    for label, kind in FOLDED.items():
        for n, count in FOLD_SIZES:
            yield Cell(label=label, kind=kind, n=n, count=count)
    for label in ("accuracy, blocks", "MSE, normal and t5", "log loss, modest and overconfident"):
        for n, count in MANY:
            yield Cell(label=label, kind={**ROWWISE, **COUNTED}[label], n=n, count=count)


BEHIND: dict[str, tuple[kinds.Kind, float]] = {  # label: kind, and how much worse every second one is, in its terms
    "accuracy, independent": (COUNTED["accuracy, independent"], 0.05),
    "accuracy, chain": (COUNTED["accuracy, chain"], 0.03),
    "log loss, modest and overconfident": (ROWWISE["log loss, modest and overconfident"], 0.06),
    "Brier, constant and hard": (ROWWISE["Brier, constant and hard"], 0.03),
    "MSE, steady and 1% blunders": (ROWWISE["MSE, steady and 1% blunders"], 0.12),
    "MSE, normal and t5": (ROWWISE["MSE, normal and t5"], 0.1),
    "MAE, normal and t3": (ROWWISE["MAE, normal and t3"], 0.1),
    "MAPE, steady and blunders": (ROWWISE["MAPE, steady and blunders"], 0.12),
    "balanced accuracy, cautious and generous": (COUNTED["balanced accuracy, cautious and generous"], 0.06),
    "F1, cautious and generous": (COUNTED["F1, cautious and generous"], 0.08),
    "AUC, narrow and wide, 30%": (COUNTED["AUC, narrow and wide, 30%"], 0.04),
    "AUC .95, narrow and wide, 10%": (COUNTED["AUC .95, narrow and wide, 10%"], 0.03),
    "AUC .995, narrow and wide, 10%": (kinds.spreads("roc_auc", 0.1, (0.6, 1.8), 0.995), 0.01),
    "macro F1 of 4, alike and mixed up": (COUNTED["macro F1 of 4, alike and mixed up"], 0.05),
    "own profit, steady and rare": (ROWWISE["own profit, steady and rare"], 0.25),
}
COST_SIZES = ((100, 2), (300, 2), (300, 6), (1000, 6))
RANGE_LABELS = (
    "log loss, modest and overconfident",
    "Brier, constant and hard",
    "MSE, steady and 1% blunders",
    "MSE, normal and t5",
    "MAE, normal and t3",
    "RMSE, normal and Laplace",
    "R2, normal and skewed",
    "MAPE, steady and blunders",
    "Pearson, normal and skewed",
    "balanced accuracy, cautious and generous",
    "F1, cautious and generous",
    "macro F1 of 4, alike and mixed up",
    "AUC .95, narrow and wide, 10%",
    "AUC, narrow and wide, 30%",
    "accuracy, weights",
)
RANGE_SIZES = ((30, 2), (100, 2), (300, 2), (1000, 2))


def cost_cells() -> Iterator[Cell]:
    """The grid of `costs`; the useful gain comes from the true distance."""
    for label, (kind, behind) in BEHIND.items():
        for n, count in COST_SIZES:
            yield Cell(label=label, kind=kind, n=n, count=count, behind=behind)


def range_cells() -> Iterator[Cell]:
    """The grid of `ranges`."""
    for label in RANGE_LABELS:
        for n, count in RANGE_SIZES:
            yield Cell(label=label, kind={**ROWWISE, **COUNTED}[label], n=n, count=count)


PARTS = {"lost": cells, "costs": cost_cells, "ranges": range_cells}


def judged(sample: kinds.Sample, useful_gain: float | None = None) -> Judgement:
    """The judgement of one sample."""
    entries = [Entry(candidate=f"c{k:03d}", rows=rows, kind=sample.kind) for k, rows in enumerate(sample.columns)]
    return judge(
        sample.truth, entries, metric=sample.metric, alpha=ALPHA, baselines=False, useful_gain=useful_gain, **sample.how
    )


def true_scores(cell: Cell) -> tuple[float, float]:
    """The true scores of the first two candidates: means over 20 times 200,000 rows (seed 11)."""
    random, found = np.random.default_rng(11), []
    for _ in range(TRUE_TIMES):
        standings = {s.candidate: s.score for s in judged(cell.kind(random, TRUE_ROWS, 2, cell.behind)).standings}
        found.append((standings["c000"], standings["c001"]))
    first, second = np.mean(found, axis=0)
    return float(first), float(second)


def limit(samples: int) -> float:
    """5% and two standard errors."""
    return ALPHA + 2 * math.sqrt(ALPHA * (1 - ALPHA) / samples)


def counted(part: str, cell: Cell, samples: int, seed: int) -> dict[str, float]:
    """How often what was counted, as shares of the samples."""
    random = np.random.default_rng(seed)
    truth = true_scores(cell) if part != "lost" else (0.0, 0.0)
    gain = abs(truth[0] - truth[1]) / 1.001 if part == "costs" else None
    wrong = declined = named = useful = 0
    for _ in range(samples):
        try:
            found = judged(cell.kind(random, cell.n, cell.count, cell.behind), gain)
        except MleeError:  # a sample without one of the classes
            declined += 1
            continue
        declined += found.no_winner_reason is not None
        named += found.winner is not None
        useful += found.recommended is not None
        wrong += _is_wrong(part, cell, found, truth)
    return {
        name: value / samples
        for name, value in zip(
            ("wrong", "declined", "named", "recommended"), (wrong, declined, named, useful), strict=True
        )
    }


def _is_wrong(part: str, cell: Cell, found: Judgement, truth: tuple[float, float]) -> bool:
    if part == "lost":
        return len(found.best_set) < cell.count
    if part == "costs":
        behind = [s for s in found.standings if int(s.candidate[1:]) % 2]
        good = {s.candidate for s in behind if s.verdict is Verdict.AS_GOOD or s.verdict is Verdict.BEST}
        return bool(good) or found.recommended in {s.candidate for s in behind}
    second = found.of("c001")
    return second is not None and not second.low <= truth[1] <= second.high


def run(part: str, cell: Cell, samples: int) -> dict[str, Any]:
    """One cell, run again where it is above the limit."""
    samples = max(50, samples // 5) if cell.n * cell.count >= SLOW else samples
    began, seed = time.perf_counter(), zlib.crc32(f"{part} {cell.name}".encode())
    found = counted(part, cell, samples, seed)
    if found["wrong"] > limit(samples):
        samples, seed = 4 * samples, seed + 1
        found = counted(part, cell, samples, seed)
    above = found["wrong"] > limit(samples)
    took = round(time.perf_counter() - began, 1)
    return {"part": part, "cell": cell.name, "samples": samples, "seed": seed, **found, "above": above, "seconds": took}


def finished(log: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """What a log holds, by part and cell."""
    if not log.exists():
        return {}
    lines = map(json.loads, filter(None, log.read_text(encoding="utf-8").splitlines()))
    return {(one["part"], one["cell"]): one for one in lines}


def table(part: str, done: dict[tuple[str, str], dict[str, Any]]) -> Iterator[str]:
    """The finished cells of a part: a line a kind, a column a size."""
    grid = list(PARTS[part]())
    sizes = list(dict.fromkeys((cell.n, cell.count) for cell in grid))
    lines: dict[str, dict[tuple[int, int], str]] = {}
    for cell in grid:
        found = done.get((part, cell.name))
        if found:
            mark = "**" if found["above"] else ""
            lines.setdefault(cell.label, {})[cell.n, cell.count] = f"{mark}{100 * found['wrong']:.1f}{mark}"
    yield "| % | " + " | ".join(f"n={n} K={count}" for n, count in sizes) + " |"
    yield "| --- |" + " ---: |" * len(sizes)
    for label, shares in lines.items():
        yield f"| {label} | " + " | ".join(shares.get(size, "") for size in sizes) + " |"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run or print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=PARTS, default="lost")
    parser.add_argument("--cells", default="", help="text that a cell's name must contain")
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--log", type=Path, default=Path("unlike.jsonl"))
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--markdown", action="store_true", help="print what is finished, and run nothing")
    asked = parser.parse_args(arguments)
    done = finished(asked.log)
    if asked.markdown:
        print("\n".join(table(asked.part, done)))
        return 0
    chosen = [cell for cell in PARTS[asked.part]() if asked.cells in cell.name]
    left = [cell for cell in chosen if (asked.part, cell.name) not in done]
    print(f"{'cell':<58}{'wrong':>7}{'named':>7}{'declined':>10}{'suggested':>11}{'samples':>9}{'s':>7}")
    with ProcessPoolExecutor(asked.workers, initializer=_one_thread) as pool:
        futures = pool.map(_job, [(asked.part, cell.name, asked.samples) for cell in left])
        for found in futures:
            done[asked.part, found["cell"]] = found
            with asked.log.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(found) + "\n")
            print(
                f"{found['cell']:<58}{found['wrong']:>7.1%}{found['named']:>7.1%}{found['declined']:>10.1%}"
                f"{found['recommended']:>11.1%}{found['samples']:>9}{found['seconds']:>7.0f}"
                f"{'  ABOVE' if found['above'] else ''}",
                flush=True,
            )
    above = sum(done[asked.part, cell.name]["above"] for cell in chosen)
    print(f"{len(chosen)} cells, {above} above {ALPHA:.0%} and two standard errors after a second run")
    return int(above > 0)


def _one_thread() -> None:
    from threadpoolctl import threadpool_limits

    threadpool_limits(1)


def _job(asked: tuple[str, str, int]) -> dict[str, Any]:
    part, name, samples = asked
    return run(part, next(cell for cell in PARTS[part]() if cell.name == name), samples)


if __name__ == "__main__":
    raise SystemExit(main())
