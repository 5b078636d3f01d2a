"""`compare_table` on Parquet files larger than memory: time, peak memory, and whether the verdict is that of `compare`.

    python -m benchmarks.table_sums                       # 1, 10 and 100 million rows x 10 candidates
    python -m benchmarks.table_sums --rows 1000000 --folder /big

Each table is written by DuckDB and judged in a process of its own, whose peak memory is the system's count. Against a
bare sum of one column of the same file in the same run. A sample of 100,000 rows is judged both ways, all numbers
held to ten digits.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.short import Short

SHORT = Short(
    arguments=("--rows", "20000", "--sample", "5000"),
    columns=("metric", "rows", "file MB", "seconds", "times a bare sum", "peak MB", "a sample by compare"),
    rows=2,
    needs=("duckdb", "narwhals"),
)
CANDIDATES = 10
LIMIT = 2_048  # MB
NAMES = [f"model_{place}" for place in range(CANDIDATES)]
LABELS = ", ".join(
    f"case when random() < {0.80 + place / 500} then y else 1 - y end::tinyint as {name}"
    for place, name in enumerate(NAMES)
)
NUMBERS = ", ".join(
    f"(y + (1 + {place} / 200.0) * (random() + random() + random() - 1.5))::float as {name}"
    for place, name in enumerate(NAMES)
)
TABLES = {
    "accuracy": f"select y, {LABELS} from (select (random() < 0.4)::tinyint as y from range({{rows}}))",
    "rmse": f"select y, {NUMBERS} from (select (20 * random())::float as y from range({{rows}}))",
}


def written(metric: str, rows: int, folder: Path) -> Path:
    import duckdb

    file = folder / f"{metric}_{rows}.parquet"
    with duckdb.connect() as made:
        made.execute("set threads = 2; select setseed(0.4)")
        made.execute(f"copy ({TABLES[metric].format(rows=rows)}) to '{file}' (format parquet)")
    return file


def judged(file: Path, metric: str) -> dict[str, Any]:
    """In a process of its own: the seconds, and what its memory reached."""
    import duckdb

    import mlee_jupyter as mlee

    started = time.perf_counter()
    with duckdb.connect() as bare:
        bare.execute(f"select sum(model_0) from read_parquet('{file}')").fetchall()
    aggregate = time.perf_counter() - started
    started = time.perf_counter()
    found = mlee.compare_table(file, "y", NAMES, metric)
    spent = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": spent, "bare": aggregate, "peak": peak, "said": found.to_dict()["best_set"]}


def flat(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from flat(one, f"{name}.{key}")
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from flat(one, f"{name}.{place}")
    else:
        yield name, value


def differences(file: Path, metric: str, rows: int, folder: Path) -> int:
    """Numbers of a sample's judgement that differ in their first ten digits, table against memory."""
    import duckdb

    import mlee_jupyter as mlee

    sample = folder / f"sample_{metric}.parquet"
    with duckdb.connect() as made:
        made.execute(f"copy (from read_parquet('{file}') using sample {rows} rows (reservoir, 7)) to '{sample}'")
        frame = made.read_parquet(str(sample)).df()
    there = dict(flat(mlee.compare_table(sample, "y", NAMES, metric).to_dict()))
    here = dict(flat(mlee.compare(frame["y"], frame[NAMES], metric).to_dict()))

    def alike(one: Any, other: Any) -> bool:
        if isinstance(one, float) and isinstance(other, float):
            return math.isclose(one, other, rel_tol=1e-10, abs_tol=1e-13)
        return bool(one == other)

    return sum(not alike(here.get(key), there.get(key)) for key in here.keys() | there.keys())


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 10_000_000, 100_000_000])
    options.add_argument("--sample", type=int, default=100_000)
    options.add_argument("--folder", help="where the tables are written; removed at the end")
    options.add_argument("--judge", nargs=2, metavar=("FILE", "METRIC"), help="that file alone, as JSON")
    asked = options.parse_args()
    if asked.judge:
        print(json.dumps(judged(Path(asked.judge[0]), asked.judge[1])))
        return 0
    failures = 0
    print("| metric | rows | file MB | seconds | times a bare sum | peak MB | a sample by compare |")
    print("|---|---|---|---|---|---|---|")
    for metric in TABLES:
        for rows in asked.rows:
            with tempfile.TemporaryDirectory(prefix="mlee-table-", dir=asked.folder) as made:
                file = written(metric, rows, Path(made))
                asked_for = [sys.executable, "-m", "benchmarks.table_sums", "--judge", str(file), metric]
                found = json.loads(subprocess.run(asked_for, check=True, capture_output=True, text=True).stdout)
                unlike = differences(file, metric, min(asked.sample, rows), Path(made))
                size = file.stat().st_size / 2**20
            times = found["seconds"] / found["bare"]
            same = "the same" if unlike == 0 else f"{unlike} numbers differ"
            cost = f"{found['seconds']:.1f} | {times:.0f} | {found['peak']:,.0f}"
            print(f"| {metric} | {rows:,} | {size:,.0f} | {cost} | {same} |", flush=True)
            failures += unlike > 0 or found["peak"] > LIMIT
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
