"""A disk that fills up, a clock that jumps, files of older and newer versions: parts of `benchmarks.reliability`.

    python -m benchmarks.reliability_faults disk|clock|older|newer [--times N] [--seed N]

`disk`: a writer records until the disk is full. As root it is a real file system of two megabytes; without, the size of
a file is limited, which the system answers in the same place. Then there is room again, and everything that was said to
be done must be there and whole, and the next record must be kept. `clock`: the time jumps back and forth by up to
years between records. `older`: a store of each earlier version is lifted. `newer`: a store of a version that is not
known is refused in one line and left as it is, to the byte.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from benchmarks.short import Short
from mlee_jupyter.domain import settings
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.record.scored_run import Run
from mlee_jupyter.session.session import Session
from mlee_jupyter.store import open_store
from mlee_jupyter.store.tables.schema import SCHEMA
from tests.store.makers import NOON, TRUTH, recording, start
from tests.store.test_many_at_once import whole
from tests.store.test_migrations import make_old
from tests.store.writer import recording_of

SHORT = Short(
    arguments=("newer",), columns=("what", "lost", "unexpected"), row=r"(\d+ .*), (\d+) lost, (\d+) unexpected"
)
ROOM = 2 * 2**20  # bytes of the disk

Counted = tuple[str, int, int]  # what was done, what is lost, what was not expected


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """A folder on a disk of its own; False where only root could make one."""
    folder.mkdir()
    made = os.geteuid() == 0 and sys.platform == "linux"
    if made:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(folder)]
        made = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    try:
        yield made
    finally:
        if made:
            subprocess.run(["umount", str(folder)], check=True)


def fill(place: str, limited: bool) -> None:
    """Record until there is no room; a line for each that is done, and the line of the refusal."""
    if limited:
        resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM))
    with open_store(place, fallback=False) as store:
        for number in range(100_000):
            try:
                print(store.record("shelf", recording_of("full", number), TRUTH), flush=True)
            except MleeError as fault:
                print(f"refused: {fault}", flush=True)
                return


def disk(times: int, chance: random.Random) -> Counted:
    lost = unexpected = done = real = 0
    for _ in range(times):
        with tempfile.TemporaryDirectory() as home, small_disk(Path(home) / "disk") as made:
            real += made
            place = Path(home) / "disk" / "experiments.db"
            ballast = place.with_name("ballast")
            ballast.write_bytes(b"0" * chance.randrange(1, ROOM // 4))
            with open_store(str(place), fallback=False) as store:
                start(store)
            command = [sys.executable, "-m", "benchmarks.reliability_faults", "fill", "--place", str(place)]
            command += [] if made else ["--limited"]
            filled = subprocess.run(command, capture_output=True, text=True, check=False)
            *acknowledged, refusal = filled.stdout.splitlines() or [""]
            # a writer that ends otherwise than by one line was not expected
            unexpected += filled.returncode != 0 or not refusal.startswith("refused: ") or bool(filled.stderr)
            ballast.unlink()
            with open_store(str(place), fallback=False) as store:
                shown = whole(store, "shelf")  # raises at a half-written run
                lost += len({int(one) for one in acknowledged if one.isdigit()} - shown)
                store.record("shelf", recording_of("after", 0), TRUTH)
            with contextlib.closing(sqlite3.connect(place)) as raw:
                unexpected += raw.execute("PRAGMA integrity_check").fetchone()[0] != "ok"
            done += len(acknowledged)
    how = "full file systems" if real == times else "files at their limit"
    return f"{times} {how}, {done} records before", lost, unexpected


class Jumping:
    """A clock that somebody sets."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at


def clock(times: int, chance: random.Random) -> Counted:
    counted = [jumped(chance) for _ in range(times)]
    done, lost, unexpected = (sum(one) for one in zip(*counted, strict=True))
    return f"{times} notebooks, {done} records between jumps", lost, unexpected


def jumped(chance: random.Random) -> tuple[int, int, int]:
    """One notebook: records that were done, that are lost, and what was not expected."""
    done, unexpected, now = set[str](), 0, Jumping()
    truth = np.arange(120) % 2
    with tempfile.TemporaryDirectory() as home:
        place = str(Path(home) / "experiments.db")
        with open_store(place, fallback=False) as store:
            here = Session(store, settings.Settings(root=Path(home)), names={"truth": truth}, now=now)
            here.start("shelf", budget=timedelta(hours=6), truth_name="truth")
            for number in range(6):
                jump = chance.choice((1, 60, 3_600, 86_400, 4 * 10**7)) * chance.choice((-1, 1)) * chance.random()
                now.at = NOON + timedelta(seconds=jump)
                answers = np.where(np.arange(120) % (3 + number), truth, 1 - truth)
                try:
                    read = here.read(answers, None)
                    here.record(f"c{number}", read, Run(started_at=now.at, duration=timedelta(seconds=1)))
                    done.add(f"c{number}")
                    here.flush()
                    evidence = here.evidence()
                    here.findings(evidence)
                    unexpected += evidence.used < timedelta()
                except Exception as fault:  # whatever it is, nobody expected it
                    print(f"{type(fault).__name__}: {fault}", file=sys.stderr)
                    unexpected += 1
        with open_store(place, fallback=False) as store:
            kept = {one.candidate for one in store.records("shelf").results}
    return len(done), len(done - kept), unexpected


def older(times: int, chance: random.Random) -> Counted:
    lost = unexpected = 0
    for schema in range(1, SCHEMA + 1):
        with tempfile.TemporaryDirectory() as home:
            place = str(Path(home) / ".mlee" / "experiments.db")
            make_old(place, schema).close()
            try:
                with open_store(place, fallback=False) as store:
                    start(store)
                    store.record("shelf", recording(), TRUTH)
                with open_store(place, fallback=False) as store:
                    lost += len(store.records("shelf").results) != 1
            except MleeError as fault:
                print(fault, file=sys.stderr)
                unexpected += 1
    return f"{SCHEMA} earlier versions lifted and recorded in", lost, unexpected


def newer(times: int, chance: random.Random) -> Counted:
    lost = unexpected = 0
    versions = [f"m{SCHEMA + ahead:03}" for ahead in (1, 2, 50)]
    for version in versions:
        with tempfile.TemporaryDirectory() as home:
            place = Path(home) / "experiments.db"
            with open_store(str(place), fallback=False) as store:
                start(store)
            with contextlib.closing(sqlite3.connect(place)) as raw, raw:
                raw.execute("update mlee_schema set version_num = ?", (version,))
            before = place.read_bytes()
            try:
                open_store(str(place), fallback=False).close()
                unexpected += 1
            except MleeError as fault:
                unexpected += "newer" not in str(fault) or "\n" in str(fault)
            lost += place.read_bytes() != before
    return f"{len(versions)} files of versions to come, refused in one line", lost, unexpected


PARTS: dict[str, Callable[[int, random.Random], Counted]] = {
    "disk": disk,
    "clock": clock,
    "older": older,
    "newer": newer,
}


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("part", choices=(*PARTS, "fill"))
    options.add_argument("--times", type=int, default=1)
    options.add_argument("--seed", type=int, default=20260504)
    options.add_argument("--place", help="of `fill`, the store")
    options.add_argument("--limited", action="store_true", help="of `fill`: no file may be larger")
    asked = options.parse_args()
    if asked.part == "fill":
        fill(asked.place, asked.limited)
        return 0
    said, lost, unexpected = PARTS[asked.part](asked.times, random.Random(asked.seed))
    print(f"{said}, {lost} lost, {unexpected} unexpected")
    return 1 if lost + unexpected else 0


if __name__ == "__main__":
    raise SystemExit(main())
