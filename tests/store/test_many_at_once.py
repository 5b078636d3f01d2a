"""Several processes, killed processes, forked processes."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np

from mlee_jupyter.store import Store, open_store
from mlee_jupyter.store.io.database import BUSY_SECONDS

from .makers import NOON, TRUTH, recording, span, start
from .writer import rows_of

ROOT = Path(__file__).parents[2]


@contextmanager
def writing(place: str, experiment: str, name: str, count: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.store.writer", place, experiment, name, str(count)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        yield process


def whole(store: Store, experiment: str) -> set[int]:
    """The ids of the runs that are shown, each of them with all that belongs to it."""
    results = store.records(experiment).results
    by_run: dict[int, list[str]] = {}
    for result in results:
        by_run.setdefault(result.run_id, []).append(str(result.metric))
        number = int(result.variant.removeprefix("v"))
        expected = rows_of(result.candidate, number) / (7 if result.metric == "roc_auc" else 1)
        assert result.rows is not None
        np.testing.assert_array_equal(store.rows(result.rows), expected)
    assert all(metrics == ["accuracy", "roc_auc"] for metrics in by_run.values()), "a half-written run is shown"
    return set(by_run)


def test_several_processes_on_a_new_store(place: str) -> None:
    """They find no store and no tables: each of them may be the one to make them."""
    opening = "import sys; from mlee_jupyter.store import open_store; open_store(sys.argv[1], fallback=False).close()"
    openers = [subprocess.Popen([sys.executable, "-c", opening, place], stderr=subprocess.PIPE) for _ in range(4)]
    for opener in openers:
        _, faults = opener.communicate(timeout=60)
        assert (opener.returncode, faults.decode()) == (0, "")
    with open_store(place, fallback=False) as store:
        assert store.experiments() == ()


def test_several_processes_record_at_once(place: str) -> None:
    with open_store(place, fallback=False) as store:
        start(store)
        command = [sys.executable, "-m", "tests.store.writer", place, "shelf"]
        writers = [
            subprocess.Popen(
                [*command, f"c{n}", "20"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
            for n in range(4)
        ]
        acknowledged: list[int] = []
        for writer in writers:
            said, faults = writer.communicate(timeout=120)
            assert (writer.returncode, faults) == (0, "")
            acknowledged += [int(line.split()[0]) for line in said.splitlines()]
        assert len(acknowledged) == 80
        assert whole(store, "shelf") == set(acknowledged)


def test_a_killed_writer_loses_nothing_it_had_acknowledged(place: str) -> None:
    with open_store(place, fallback=False) as store:
        start(store)
    chance, acknowledged = random.Random(3), set()
    for kill in range(4):
        with writing(place, "shelf", f"c{kill}", 100_000) as process:
            assert process.stdout is not None
            lines = [process.stdout.readline()]
            time.sleep(chance.uniform(0, 0.1))
            process.kill()
            lines += process.stdout.read().splitlines(keepends=True)
        acknowledged |= {int(line.split()[0]) for line in lines if line.endswith("\n")}
        began = time.monotonic()
        with open_store(place, fallback=False) as store:
            store.record("shelf", recording("after", measured=()))
            assert time.monotonic() - began < BUSY_SECONDS / 2, "a killed writer left a lock behind"
            store.withdraw_run("shelf", max(r.run_id for r in store.records("shelf").results), None, NOON)
            assert acknowledged <= whole(store, "shelf")
    if "://" not in place:
        with closing(sqlite3.connect(place)) as connection, connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()


def test_a_forked_child_has_connections_of_its_own(place: str) -> None:
    with open_store(place, fallback=False) as store:
        start(store)
        store.record("shelf", recording(), TRUTH)
        child = os.fork()
        if child == 0:
            code = 1
            try:
                for _ in range(5):
                    store.record("shelf", recording("child"), TRUTH)
                    store.put_spans("shelf", [span(0, 1, kernel="child")])
                store.close()
                code = 0
            finally:
                os._exit(code)
        for _ in range(5):
            store.record("shelf", recording("parent"), TRUTH)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        candidates = [result.candidate for result in store.records("shelf").results]
        assert sorted(candidates) == ["child"] * 5 + ["knn"] + ["parent"] * 5
    if "://" not in place:
        with closing(sqlite3.connect(place)) as connection, connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()


def test_a_forked_child_has_a_copy_of_a_store_in_memory() -> None:
    with open_store(":memory:") as store:
        start(store)
        child = os.fork()
        if child == 0:
            code = 1
            try:
                store.record("shelf", recording("child"), TRUTH)
                code = 0
            finally:
                os._exit(code)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert store.records("shelf").results == ()


STARTS = """
import os, sys, time
import numpy, mlee_jupyter as mlee, mlee_jupyter.session.session, mlee_jupyter.store
from mlee_jupyter.session.current import forget_session

begin, children = time.monotonic() + 0.5, []
for number in range(20):
    child = os.fork()
    if child == 0:
        try:
            time.sleep(max(0.0, begin - time.monotonic()))
            shelf = mlee.start("shelf", metric="accuracy", useful_gain=0.02, truth=[0, 1] * 50)
            with shelf.candidate(f"c{number}") as run:
                run.record([0, 1] * 49 + [number % 2, 0])
            forget_session()
        except BaseException as fault:
            print(f"{type(fault).__name__}: {fault}", flush=True)
            os._exit(1)
        os._exit(0)
    children.append(child)
for child in children:
    os.waitpid(child, 0)
"""


def test_twenty_processes_start_one_experiment(place: str, tmp_path: Path) -> None:
    """Each finds nothing and may be the one to make it; whoever comes later resumes."""
    (tmp_path / "pyproject.toml").touch()
    done = subprocess.run(
        [sys.executable, "-c", STARTS],
        cwd=tmp_path,
        env={**os.environ, "MLEE_STORE": place, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert [line for line in done.stdout.splitlines() if "Error" in line or "Taken" in line] == []
    with open_store(place, fallback=False) as store:
        assert [experiment.name for experiment in store.experiments()] == ["shelf"]
        assert len(store.records("shelf").results) == 20
