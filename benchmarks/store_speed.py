"""How fast the store is: `python -m benchmarks.store_speed [--mlflow PYTHON] [--rounds N] [PART ...]`.

Every figure is a ratio to raw sqlite3 on the same tables at the same durability, both taken in turns in one run; the
table shows the median over the rounds and their range. Parts: record, fsync, first, board, arrays.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import store_raw
from benchmarks.short import Short
from mlee_jupyter.domain import Charter, Measured, Recording, Result, ResultKind, RunOutcome, Truth
from mlee_jupyter.stats.rows.array_codec import decode, encode
from mlee_jupyter.store import Store, open_store

SHORT = Short(
    arguments=("--rounds", "1"),
    columns=("what", "store", "raw sqlite3", "ratio", "range", "target"),
    row=r"(\S.*?) +([\d.]+) +([\d.]+) +([\d.]+)x +([\d.]+-[\d.]+)(?: +(target .*))?",
    rows=7,
)

SETTINGS = ("C=10", "kernel=rbf", "gamma=scale", "scaled", "seed=1")
SOURCE = "model = make_pipeline(StandardScaler(), SVC(C=10))\nmodel.fit(X_train, y_train).predict(X_test)  # {}\n"
NOW = datetime(2026, 5, 4, tzinfo=UTC)
TRUTH = Truth(fingerprint="f" * 64, name="y", n=360, kind="labels", rows=np.arange(360) % 10)
SEED = 20260504


def started(place: Path) -> Store:
    store = open_store(str(place), fallback=False)
    store.create_experiment(
        "shelf", charter=Charter(), budget=None, deadline=None, truth_name=None, features_name=None, at=NOW
    )
    store.set_candidate("shelf", "knn", at=NOW)
    store.put_truth(TRUTH)
    return store


def recording(number: int, rows: np.ndarray[Any, Any], kind: ResultKind = ResultKind.PREDICTIONS) -> Recording:
    return Recording(
        candidate="knn",
        variant=f"v{number}",
        variant_key=f"key {number}",
        outcome=RunOutcome.OK,
        started_at=NOW,
        duration=timedelta(seconds=2),
        source=SOURCE.format(number),
        tags=SETTINGS,
        note="a note",
        kernel="k1",
        notebook="n.ipynb",
        measured=(Measured(metric="accuracy", kind=kind, value=0.9, n=len(rows), truth=TRUTH.fingerprint, rows=rows),),
    )


def timed(do: Callable[..., object], *given: Any) -> float:
    """Milliseconds of one call."""
    began = time.perf_counter()
    do(*given)
    return 1e3 * (time.perf_counter() - began)


def show(name: str, ours: list[float], raws: list[float], target: str) -> None:
    """Medians of the rounds, and of their ratios."""
    ratios = [mine / raw for mine, raw in zip(ours, raws, strict=True)]
    print(
        f"{name:<44}{statistics.median(ours):>10.3f}{statistics.median(raws):>10.3f}"
        f"{statistics.median(ratios):>8.2f}x  {min(ratios):.2f}-{max(ratios):.2f}   {target}",
        flush=True,
    )


def record(folder: Path, rounds: int, mlflow: str | None) -> None:
    """One candidate with five fields and 360 predictions, durable; 40 in a row, taken in turns."""
    store = started(folder / "ours.db")
    raw = store_raw.connect(str(folder / "raw.db"))
    store_raw.copy_tables(raw, str(folder / "ours.db"))
    store_raw.begin(raw)
    peer = Mlflow(mlflow, folder) if mlflow else None
    rng, number = np.random.default_rng(SEED), 0
    ours, raws, peers = [], [], []
    for turn in range(rounds + 1):
        mine, yard = [], []
        for _ in range(40):
            number += 1
            rows = rng.integers(0, 10, 360)
            run, packed = recording(number, rows), encode(rows)
            mine.append(timed(store.record, "shelf", run, TRUTH))
            yard.append(timed(store_raw.record, raw, number, packed, SOURCE.format(number), SETTINGS))
        if turn:  # the first round warms caches
            ours.append(statistics.median(mine))
            raws.append(statistics.median(yard))
            if peer:
                peers.append(peer.median_of(5))
    show("record, against raw sqlite3 FULL", ours, raws, "target <= 2")
    if peer:
        show("mlflow's SQLite, against the store", peers, ours, "target >= 30")
        peer.close()
    else:
        print("mlflow: skipped, no --mlflow PYTHON given (an interpreter that has mlflow)")
    store.close()
    raw.close()


class Mlflow:
    """A process that records into mlflow when it is told to."""

    def __init__(self, python: str, folder: Path) -> None:
        command = [python, str(Path(__file__).with_name("store_mlflow.py")), str(folder / "mlflow.db")]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self._line()

    def _line(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("mlflow does not run with this interpreter")
        return line

    def median_of(self, count: int) -> float:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{count}\n")
        self.process.stdin.flush()
        return statistics.median(map(float, self._line().split()))

    def close(self) -> None:
        self.process.communicate()


def fsync(folder: Path, _rounds: int, _mlflow: str | None) -> None:
    """Calls a record: the difference of a process that records 12 and one that records 4."""
    if shutil.which("strace") is None:
        print("fsync: skipped, strace is not installed")
        return
    counts = {}
    for count in (4, 12):
        command = [
            sys.executable,
            "-m",
            "benchmarks.store_speed",
            "--only-record",
            str(count),
            str(folder / f"s{count}.db"),
        ]
        traced = ["strace", "-f", "-e", "trace=fsync,fdatasync", "-o", str(folder / "strace"), *command]
        subprocess.run(traced, check=True)
        counts[count] = len(re.findall(r"f(?:data)?sync\(", (folder / "strace").read_text()))
    one = (counts[12] - counts[4]) / 8
    print(
        f"{'fsyncs a record':<44}{one:>10.2f}   target 1; {counts[4]} in all for a new store, 4 set-up steps, 4 records"
    )


def first(folder: Path, rounds: int, _mlflow: str | None) -> None:
    """A whole process: import (numpy in both: rows come as arrays), make the store, record one."""
    raw_program = (
        "import sys, numpy; from benchmarks import store_raw as r; c = r.connect(sys.argv[1]);"
        "r.copy_tables(c, sys.argv[2]); r.begin(c); r.record(c, 1, numpy.zeros(360).tobytes(), 'x', ['a']); c.close()"
    )
    started(folder / "like.db").close()
    ours, raws = [], []
    for turn in range(rounds):
        mine = [sys.executable, "-m", "benchmarks.store_speed", "--only-record", "1", str(folder / f"f{turn}.db")]
        yard = [sys.executable, "-c", raw_program, str(folder / f"r{turn}.db"), str(folder / "like.db")]
        ours.append(timed(subprocess.check_call, mine))
        raws.append(timed(subprocess.check_call, yard))
    show("first record in a new store, whole process", ours, raws, "target <= 8")


def only_record(count: int, place: str) -> None:
    """What the two parts above start: a small program, so that pandas is not counted."""
    store, rng = started(Path(place)), np.random.default_rng(SEED)
    for number in range(count):
        store.record("shelf", recording(number, rng.integers(0, 10, 360)), TRUTH)
    sys.stdout.flush()
    store.close()


def board(folder: Path, rounds: int, _mlflow: str | None) -> None:
    """A whole history into a DataFrame."""
    import pandas as pd  # not wanted in the small processes of `first`

    def frame(history: Store | sqlite3.Connection) -> pd.DataFrame:
        lines = history.records("shelf").results if isinstance(history, Store) else store_raw.board(history)
        return pd.DataFrame(lines, columns=list(Result._fields))

    for size in (100, 1_000, 10_000):
        place = folder / f"board{size}.db"
        store = started(place)
        raw = store_raw.connect(str(place), "OFF")
        rng = np.random.default_rng(SEED)
        for number in range(size):
            store_raw.record(raw, number, encode(rng.integers(0, 10, 360)), SOURCE.format(number), SETTINGS)
        ours, raws = [], []
        for turn in range(rounds + 1):
            mine = timed(frame, store)
            yard = timed(frame, raw)
            if turn:
                ours.append(mine)
                raws.append(yard)
        assert len(store.records("shelf").results) == size
        show(f"board of {size:,} results", ours, raws, "target <= 1.5" if size == 10_000 else "")
        store.close()
        raw.close()


def arrays(folder: Path, rounds: int, _mlflow: str | None) -> None:
    """100,000 float32 losses of one candidate, in the candidate's own transaction; raw: the same content as a BLOB."""
    store = started(folder / "ours.db")
    raw = store_raw.connect(str(folder / "raw.db"))
    store_raw.copy_tables(raw, str(folder / "ours.db"))
    store_raw.begin(raw)
    rng = np.random.default_rng(SEED)

    def read_raw(key: str) -> np.ndarray[Any, Any]:
        (found,) = raw.execute("SELECT content FROM mlee_array WHERE hash = ?", (key,)).fetchone()
        return np.frombuffer(found, dtype=np.float32).copy()

    written: dict[str, list[float]] = {"ours": [], "raw": []}
    read: dict[str, list[float]] = {"ours": [], "raw": []}
    for number in range(3 * rounds):
        rows = rng.random(100_000, dtype=np.float32)
        run, content = recording(number, rows, ResultKind.INFLUENCE), rows.tobytes()
        written["ours"].append(timed(store.record, "shelf", run, TRUTH))
        written["raw"].append(timed(store_raw.record, raw, number, content, SOURCE.format(number), SETTINGS))
        kept = store.records("shelf").results[-1].rows
        (key,) = raw.execute("SELECT array FROM mlee_result ORDER BY id DESC LIMIT 1").fetchone()

        read["ours"].append(timed(store.rows, str(kept)))
        read["raw"].append(timed(read_raw, key))
        assert decode(encode(rows)).tobytes() == content
    show("write 100k float32 with the candidate", written["ours"], written["raw"], "target <= 1.1")
    show("read 100k float32", read["ours"], read["raw"], "target <= 1.1")
    store.close()
    raw.close()


PARTS: dict[str, Callable[[Path, int, str | None], None]] = {
    "record": record,
    "fsync": fsync,
    "first": first,
    "board": board,
    "arrays": arrays,
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("parts", nargs="*", metavar="PART", default=list(PARTS))
    options.add_argument("--mlflow", metavar="PYTHON", help="an interpreter that has mlflow")
    options.add_argument("--rounds", type=int, default=9)
    options.add_argument("--folder", help="where to write; a file system whose fsync is real")
    chosen = options.parse_args()
    print(f"seed {SEED}, {chosen.rounds} rounds; milliseconds: the store, raw sqlite3, median ratio, range of ratios")
    for part in chosen.parts:
        with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
            PARTS[part](Path(folder), chosen.rounds, chosen.mlflow)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--only-record"]:
        only_record(int(sys.argv[2]), sys.argv[3])
    else:
        main()
