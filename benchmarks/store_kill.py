"""Kill a recording process 50 times: `python -m benchmarks.store_kill [--kills N] [--store URL]`.

The writer says each record when it is done; the kill (SIGKILL) comes at a random moment after its first word. Counted:
what it had said and is lost, what is shown but not whole, and how long the next one waits to open and record.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.short import Short
from mlee_jupyter.store import open_store
from tests.store.makers import recording, start
from tests.store.test_many_at_once import whole, writing

SHORT = Short(
    arguments=("--kills", "1"),
    columns=("median", "worst"),
    row=r"open and record after a kill: median ([\d.]+) ms, worst ([\d.]+) ms",
)

SEED = 20260504


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--kills", type=int, default=50)
    options.add_argument("--store", help="a postgresql:// URL with an empty schema; a new SQLite file without")
    chosen = options.parse_args()
    chance = random.Random(SEED)
    with tempfile.TemporaryDirectory() as folder:
        place = chosen.store or str(Path(folder) / "experiments.db")
        with open_store(place, fallback=False) as store:
            start(store)
            start(store, "after")
        acknowledged: set[int] = set()
        waits = []
        for kill in range(chosen.kills):
            with writing(place, "shelf", f"c{kill}", 10**6) as process:
                assert process.stdout is not None
                lines = [process.stdout.readline()]
                time.sleep(chance.uniform(0, 0.3))
                process.kill()
                lines += process.stdout.read().splitlines(keepends=True)
            acknowledged |= {int(line.split()[0]) for line in lines if line.endswith("\n")}
            began = time.perf_counter()
            with open_store(place, fallback=False) as store:
                store.record("after", recording("next", measured=()))
            waits.append(1e3 * (time.perf_counter() - began))
        with open_store(place, fallback=False) as store:
            shown = whole(store, "shelf")  # raises at a half-written run
        print(
            f"seed {SEED}, {chosen.kills} kills: {len(acknowledged):,} acknowledged, {len(acknowledged - shown)} lost,"
        )
        print(f"0 half-written of {len(shown):,} shown ({len(shown - acknowledged)} were done but not yet said);")
        print(f"open and record after a kill: median {statistics.median(waits):.1f} ms, worst {max(waits):.1f} ms")
        if not chosen.store:
            with sqlite3.connect(place) as connection:
                print("integrity_check:", connection.execute("PRAGMA integrity_check").fetchone()[0])
            connection.close()


if __name__ == "__main__":
    main()
