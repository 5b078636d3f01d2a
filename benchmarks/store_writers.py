"""Eight processes, 100 records each, on one store: `python -m benchmarks.store_writers [--store URL]`.

Every record must be there and whole; the waiting time is set beside raw sqlite3 doing the same at the same durability.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks import store_raw
from benchmarks.short import Short
from benchmarks.store_speed import SETTINGS, SOURCE
from mlee_jupyter.stats.rows.array_codec import encode
from mlee_jupyter.store import open_store
from tests.store.makers import TRUTH, start
from tests.store.test_many_at_once import whole
from tests.store.writer import recording_of

SHORT = Short(
    arguments=("--processes", "2", "--records", "2"),
    columns=("how", "done", "median", "p99", "worst", "in all"),
    row=r"(\S.*?) {2,}(\d+/\d+) done, no error; median (.+) ms, p99 (.+) ms, worst (.+) ms; (.+) s in all",
    rows=2,
)


def write(place: str, name: str, count: int) -> None:
    """One writer of ours; a line of milliseconds and run number for each record."""
    with open_store(place, fallback=False) as store:
        for number in range(count):
            run = recording_of(name, number)
            began = time.perf_counter()
            identity = store.record("shelf", run, TRUTH)
            print(f"{1e3 * (time.perf_counter() - began)} {identity}", flush=True)


def write_raw(place: str, name: str, count: int) -> None:
    """The same by sqlite3 alone, without the second result."""
    connection, rng = store_raw.connect(place), np.random.default_rng(sum(name.encode()))
    for number in range(count):
        rows, unique = encode(rng.integers(0, 10, 360)), 10_000 * int(name) + number
        began = time.perf_counter()
        store_raw.record(connection, unique, rows, SOURCE.format(unique), SETTINGS)
        print(f"{1e3 * (time.perf_counter() - began)} {unique}", flush=True)
    connection.close()


def together(how: str, place: str, processes: int, count: int) -> tuple[list[float], set[int], float]:
    """Milliseconds of every record, what was acknowledged, and seconds in all."""
    command = [sys.executable, "-m", "benchmarks.store_writers", how, place]
    began = time.perf_counter()
    writers = [
        subprocess.Popen([*command, str(n), str(count)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for n in range(processes)
    ]
    took, acknowledged = [], set()
    for writer in writers:
        said, faults = writer.communicate()
        if writer.returncode or faults:
            raise SystemExit(f"a writer failed: {faults}")
        for line in said.splitlines():
            ms, identity = line.split()
            took.append(float(ms))
            acknowledged.add(int(identity))
    return took, acknowledged, time.perf_counter() - began


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--processes", type=int, default=8)
    options.add_argument("--records", type=int, default=100)
    options.add_argument("--store", help="a postgresql:// URL with an empty schema; a new SQLite file without")
    chosen = options.parse_args()
    wanted = chosen.processes * chosen.records
    with tempfile.TemporaryDirectory() as folder:
        ours, raw = str(Path(folder) / "ours.db"), str(Path(folder) / "raw.db")
        with open_store(ours, fallback=False) as store:
            start(store)
        yard = store_raw.connect(raw)
        store_raw.copy_tables(yard, ours)
        store_raw.begin(yard)
        place = chosen.store or ours
        if chosen.store:
            with open_store(place, fallback=False) as store:
                start(store)
        for name, how, where in (("the store", "--write", place), ("raw sqlite3 FULL", "--write-raw", raw)):
            took, acknowledged, seconds = together(how, where, chosen.processes, chosen.records)
            tail = statistics.quantiles(took, n=100)[98]
            print(
                f"{name:<18}{len(acknowledged)}/{wanted} done, no error; median {statistics.median(took):.1f} ms,"
                f" p99 {tail:.0f} ms, worst {max(took):.0f} ms; {seconds:.1f} s in all"
            )
            if how == "--write":
                with open_store(place, fallback=False) as store:
                    shown = whole(store, "shelf")
                print(f"{'':<18}{len(acknowledged - shown)} lost, {len(shown)} shown, each of them whole")
        yard.close()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--write"]:
        write(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    elif sys.argv[1:2] == ["--write-raw"]:
        write_raw(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        main()
