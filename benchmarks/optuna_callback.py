"""What recording a study costs: python -m benchmarks.optuna_callback

Studies of a quick objective with three parameters, by Optuna's usual sampler and at random, with and without pruned
trials. The time inside the callback, its last write included, is held against the rest of the same study, which says
more than two studies one after the other on a machine that does much besides; the study alone stands beside it. The
first look at the board afterwards is paid once, by whoever looks.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import tempfile
import time
from typing import Any

import optuna

import mlee_jupyter as mlee
from benchmarks.short import Short
from mlee_jupyter.session import current

SHORT = Short(
    arguments=("--trials", "20"),
    columns=("sampler", "storage", "trials", "alone s", "with s", "recording s", "us a trial", "share", "first look s"),
    rows=3,
    needs=("optuna",),
)
ROWS = 1000
CASES = (("TPESampler", "memory"), ("RandomSampler", "memory"), ("RandomSampler", "SQLite"))


def objective(trial: optuna.Trial) -> float:
    x, y = trial.suggest_float("x", -1, 1), trial.suggest_float("y", -1, 1)
    if trial.number % 20 == 7:
        raise optuna.TrialPruned
    return round(ROWS * (0.9 - 0.1 * x * x - 0.1 * y * y - 0.01 * trial.suggest_int("k", 1, 9))) / ROWS


class Timed:
    """A callback, and the time that it took."""

    def __init__(self, callback: mlee.OptunaCallback) -> None:
        self.callback, self.seconds = callback, 0.0

    def __call__(self, study: Any, trial: Any) -> None:
        began = time.perf_counter()
        self.callback(study, trial)
        self.seconds += time.perf_counter() - began

    def write(self) -> None:
        began = time.perf_counter()
        self.callback.write()
        self.seconds += time.perf_counter() - began


def study_of(sampler: str, storage: str, name: str) -> optuna.Study:
    place = f"sqlite:///{name}.db" if storage == "SQLite" else None
    made = getattr(optuna.samplers, sampler)(seed=1)
    return optuna.create_study(direction="maximize", sampler=made, storage=place)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--trials", type=int, default=2000)
    trials = options.parse_args().trials
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    os.chdir(tempfile.mkdtemp())
    print(f"| {' | '.join(SHORT.columns)} |\n|{' --- |' * len(SHORT.columns)}")
    for place, (sampler, storage) in enumerate(CASES):
        with contextlib.redirect_stdout(io.StringIO()):
            figures = measured(place, sampler, storage, trials)
        print(f"| {sampler} | {storage} | {trials:,} | {figures} |", flush=True)


def measured(place: int, sampler: str, storage: str, trials: int) -> str:
    """The figures of one line."""
    began = time.perf_counter()
    study_of(sampler, storage, f"alone{place}").optimize(objective, n_trials=trials)
    alone = time.perf_counter() - began
    mlee.start(f"study {place}", metric="accuracy", useful_gain=0.02)
    timed = Timed(mlee.OptunaCallback("xgb", n=ROWS))
    began = time.perf_counter()
    study_of(sampler, storage, f"with{place}").optimize(objective, n_trials=trials, callbacks=[timed])
    timed.write()
    together = time.perf_counter() - began
    began = time.perf_counter()
    evidence = current.session().evidence()
    look = time.perf_counter() - began
    assert evidence.efforts["xgb"].runs == trials
    share = timed.seconds / (together - timed.seconds)
    each = f"{timed.seconds:.3f} | {1e6 * timed.seconds / trials:.0f} | {share:.1%}"
    return f"{alone:.2f} | {together:.2f} | {each} | {look:.2f}"


if __name__ == "__main__":
    main()
