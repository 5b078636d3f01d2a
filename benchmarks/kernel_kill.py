"""Real kernels killed with SIGKILL while a notebook records: `python -m benchmarks.kernel_kill [--kills 50]`.

Each kernel records one variant after the other through the Python door and acknowledges each by its run's number,
written to a file after the call returned. After a random time the kernel is killed. All kernels share one
store. The table counts acknowledged records that are missing, runs that are shown without their result or their rows,
and how long the next process needed to open the store and write to it (a lock left behind would show here).
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.short import Short
from mlee_jupyter.domain import Recording, RunOutcome
from mlee_jupyter.store import Store, open_store

from .kernels import kernel

SHORT = Short(
    arguments=("--kills", "1"),
    columns=("what", "how many"),
    row=r"(\S.*?) {2,}(\S.*)",
    rows=5,
)

RECORD = """
import os
import numpy as np
import mlee_jupyter as mlee
truth = np.arange(360) % 10
out = os.open({acks!r}, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
bench = mlee.start("bench", truth=truth, metric="accuracy")
rng = np.random.default_rng()
number = 0
while True:
    guess = np.where(rng.random(360) < 0.1, (truth + 1) % 10, truth)
    (done,) = bench.record("knn", guess, variant=f"{{os.getpid()}}-{{number}}")
    os.write(out, b"%d\\n" % done.run_id)
    number += 1
    if number % 20 == 0:
        bench.drop("knn", because="keep the judging small")
"""


def half_written(store: Store) -> int:
    """Runs that are shown as fine but have no result, or whose rows cannot be read."""
    count = 0
    for result in store.records("bench").results:
        whole = result.outcome == RunOutcome.OK and result.value is not None and result.rows is not None
        count += not (whole and len(store.rows(result.rows or "")) == 360)
    return count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    dice = random.Random(options.seed)
    opened: list[float] = []
    with tempfile.TemporaryDirectory(prefix="mlee-kill-") as folder:
        file, acks = Path(folder, "experiments.db"), Path(folder, "acks")
        for _ in range(options.kills):
            before = acks.stat().st_size if acks.exists() else 0
            with kernel({"MLEE_STORE": str(file)}) as running:
                running.client.execute(RECORD.format(acks=str(acks)))
                until = time.monotonic() + 60
                while (not acks.exists() or acks.stat().st_size == before) and time.monotonic() < until:
                    time.sleep(0.01)
                time.sleep(dice.uniform(0, 0.5))
                running.kill()
            began = time.perf_counter()
            store = open_store(str(file), fallback=False)
            nothing = Recording(
                candidate="opener",
                variant="x",
                variant_key="x",
                outcome=RunOutcome.INTERRUPTED,
                started_at=datetime.now(UTC),
                duration=timedelta(),
            )
            run_id = store.record("bench", nothing)
            opened.append(1000 * (time.perf_counter() - began))
            store.withdraw_run("bench", run_id, "the opener's own", datetime.now(UTC))
            store.close()
        store = open_store(str(file), fallback=False)
        acknowledged = {int(line) for line in acks.read_text().splitlines()}
        shown = {result.run_id for result in store.records("bench").results}
        print(f"kernels killed             {options.kills}")
        print(f"records acknowledged       {len(acknowledged)}")
        print(f"acknowledged and lost      {len(acknowledged - shown)}")
        print(f"half-written and shown     {half_written(store)} of {len(shown)}")
        print(f"next open and record, ms   median {statistics.median(opened):.0f}, worst {max(opened):.0f}")
        store.close()


if __name__ == "__main__":
    main()
