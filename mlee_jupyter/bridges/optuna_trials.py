"""The trials of an Optuna study."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC
from typing import Any

from mlee_jupyter.domain.audits import Asked, Tried, Try
from mlee_jupyter.domain.errors import MleeError, did_you_mean
from mlee_jupyter.domain.text.names import clean, cut, listed

from .addresses import check_sqlite, said_plainly, without_password
from .score_names import metric_in
from .score_tables import unique

_TABLES = frozenset({"studies", "trials", "trial_values"})
_GRID = "grid_id"  # what Optuna's GridSampler leaves with each trial


def read_optuna(address: str, asked: Asked) -> Tried:
    """A study in a storage.

    Args:
        address: the storage's URL, or a journal's file.
        asked: what was typed; `score` names a user attribute that is judged instead of the objective.

    Raises:
        MleeError: it cannot be read, there is no such study, or its direction and its metric contradict each other.
    """
    if not address:
        raise MleeError("Which storage?", "Write optuna:sqlite:///study.db, or optuna:postgresql://HOST/NAME.")
    check_sqlite(address, _TABLES, "Optuna")
    with said_plainly(address, "Optuna", "optuna"):
        import optuna

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        with _opened(optuna, address) as storage:
            study = _study(optuna, storage, asked.name)
            trials = study.get_trials(deepcopy=False)
            directions = [one.name for one in study.directions]
            metrics = list(study.metric_names or ())
    if not trials:
        raise MleeError(f"The study {clean(study.study_name, 60)} has no trials.", "Name another one: --name NAME.")
    place, score, metric = _objective(directions, metrics, trials, asked)
    higher = None if place is None else directions[place] == "MAXIMIZE"
    tries = [_try(trial, place, score) for trial in trials]
    return Tried(
        kind="Optuna study", thing="trial", place=without_password(address), name=clean(study.study_name, 60),
        tries=tuple(unique(tries)), score=score, metric=metric, higher_is_better=higher, in_order=True,
        steered=False if all(_GRID in t.system_attrs for t in trials) else None,
    )  # fmt: skip


@contextmanager
def _opened(optuna: Any, address: str) -> Iterator[Any]:
    """The storage; the connections of a database are closed at the end."""
    if "://" in address:
        storage = optuna.storages.RDBStorage(_driver(address), skip_table_creation=True)
        try:
            yield storage
        finally:
            storage.remove_session()
            storage.engine.dispose()
        return
    if not os.path.isfile(address):
        raise MleeError(f"There is no file {address[:80]}.", "Write optuna:sqlite:///study.db, or a journal's file.")
    backend = optuna.storages.journal.JournalFileBackend(address)
    yield optuna.storages.JournalStorage(backend)


def _driver(address: str) -> str:
    """PostgreSQL through psycopg, which this package brings, where no driver is named."""
    for scheme in ("postgresql://", "postgres://"):
        if address.startswith(scheme):
            return "postgresql+psycopg://" + address.removeprefix(scheme)
    return address


def _study(optuna: Any, storage: Any, name: str | None) -> Any:
    names = [one.study_name for one in optuna.get_all_study_summaries(storage, include_best_trial=False)]
    if name is None and len(names) == 1:
        (name,) = names
    if name not in names:
        there = f"Write --name NAME: there are {listed(names, most=8)}." if names else "There is none."
        if name is None:
            raise MleeError("Which study?", there)
        raise MleeError(f"There is no study {name[:60]!r}.", did_you_mean(name, names) or there)
    return optuna.load_study(study_name=name, storage=storage)


def _objective(
    directions: Sequence[str], metrics: Sequence[str], trials: Sequence[Any], asked: Asked
) -> tuple[int | None, str, str | None]:
    """Which of a trial's numbers is judged: the place of an objective, or None for a user attribute."""
    attributes = sorted({key for trial in trials for key, v in trial.user_attrs.items() if isinstance(v, float | int)})
    names = list(metrics) or [f"value {place}" for place in range(len(directions))]
    if asked.score is not None and asked.score in attributes:
        return None, asked.score, asked.metric or metric_in(asked.score)
    if asked.score is None and len(directions) > 1:
        raise MleeError("The study has several objectives.", f"Name one: --score NAME ({listed(names)}).")
    if asked.score is not None and asked.score not in names:
        raise MleeError(f"No trial has a number {asked.score[:40]!r}.", f"There are {listed([*names, *attributes])}.")
    place = names.index(asked.score) if asked.score is not None else 0
    name = names[place] if metrics or len(directions) > 1 else "value"
    return place, name, asked.metric or metric_in(name)


STEER_NOT = frozenset({"RandomSampler", "GridSampler", "QMCSampler", "BruteForceSampler"})
FOLDS = "folds"  # the user attribute of a trial that holds its fold scores


def is_study(value: Any) -> bool:
    """Whether a study of Optuna's was handed over; Optuna is not imported for the question.

    Args:
        value: of whatever kind.
    """
    is_of_optuna = type(value).__module__.partition(".")[0] == "optuna"
    return is_of_optuna and hasattr(value, "get_trials") and hasattr(value, "directions")


def finished_trials(study: Any) -> list[Any]:
    """The trials of a study that ended, in whatever way, the oldest first.

    Args:
        study: at hand.
    """
    return [trial for trial in study.get_trials(deepcopy=False) if trial.state.is_finished()]


def tried_in_study(study: Any, trials: Sequence[Any], metric: str | None) -> Tried:
    """Trials of a study that is at hand, each known by when it began, so that a copied or resumed study is the same.

    Args:
        study: at hand.
        trials: finished ones.
        metric: of the experiment; None: that of the objective's name, if it says one.

    Raises:
        MleeError: several objectives, or one that is best where the metric is worst.
    """
    if len(study.directions) > 1:
        raise MleeError(
            f"The study has {len(study.directions)} objectives, and an experiment has one metric.",
            "Judge one of them: mlee audit optuna:URL --score NAME.",
        )
    named = (getattr(study, "metric_names", None) or [None])[0]
    tries = [_try_at_hand(trial) for trial in trials]
    return Tried(
        kind="Optuna study", thing="trial", place="", name=clean(study.study_name, 60), tries=tuple(tries),
        metric=metric or (metric_in(named) if named else None),
        higher_is_better=study.directions[0].name == "MAXIMIZE", in_order=True,
        steered=type(study.sampler).__name__ not in STEER_NOT,
    )  # fmt: skip


def _try_at_hand(trial: Any) -> Try:
    found = _try(trial, 0, "score")
    settings = {clean(str(name), 100): cut(clean(_text(value)), 500) for name, value in trial.params.items()}
    return replace(
        found,
        folds=_folds(trial.user_attrs.get(FOLDS), found.score),
        settings=settings,
        key=f"trial {trial.number} {trial.datetime_start}",
        began=None if trial.datetime_start is None else trial.datetime_start.astimezone(UTC),
        took=trial.duration,
    )


def _folds(kept: Any, score: float | None) -> tuple[float, ...]:
    """Fold scores, where they are what the trial's score is the mean of."""
    if score is None or not isinstance(kept, list | tuple) or len(kept) < 2 or not all(map(_is_finite, kept)):
        return ()
    folds = tuple(map(float, kept))
    return folds if math.isclose(sum(folds) / len(folds), score, rel_tol=1e-6, abs_tol=1e-9) else ()


def _text(value: Any) -> str:
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _is_finite(value: Any) -> bool:
    return isinstance(value, float | int) and not isinstance(value, bool) and math.isfinite(value)


def _try(trial: Any, place: int | None, score: str) -> Try:
    name = f"trial {trial.number}"
    state = trial.state.name.lower()
    if state != "complete":
        return Try(name=name, lacking={"fail": "failed"}.get(state, state))
    value = trial.user_attrs.get(score) if place is None else trial.values[place]
    if not _is_finite(value):
        return Try(name=name, lacking=f"without {clean(score, 40)}")
    return Try(name=name, score=float(value))
