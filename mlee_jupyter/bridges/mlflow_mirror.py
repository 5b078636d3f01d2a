"""Write what was recorded to a tracking store of MLflow: an experiment, a run for each variant, its standing as tags.

Each run is known by a tag, so that a second time only what has changed since is written. Nothing that is not ours is
touched.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from mlee_jupyter.domain.errors import MleeError

from .addresses import check_sqlite, said_plainly, without_password
from .mlflow_runs import TABLES, all_runs, client_of

OURS, KEY = "mlee.experiment", "mlee.key"
LONGEST_TAG, LONGEST_NAME = 5000, 250
MOST_AT_ONCE = 100  # parameters, tags or metrics of one request
_UNNAMEABLE = re.compile(r"[^\w\-. /]")
_GONE = {"mlee.verdict": "withdrawn", "mlee.suggested": "false"}


@dataclass(frozen=True, kw_only=True)
class MirrorRun:
    """A variant, as a run of MLflow."""

    key: str  # what it is known by in every store
    name: str
    began_ms: int  # since 1970
    ended_ms: int
    status: str  # FINISHED, FAILED or KILLED
    metrics: Mapping[str, float] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    truth: str = ""  # name and fingerprint of the rows it was judged on
    fingerprint: str = ""
    rows: int | None = None


@dataclass(frozen=True, kw_only=True)
class Mirror:
    """What was written where."""

    place: str  # without passwords
    experiment: str  # as it is called there
    new: int
    changed: int
    same: int
    gone: int  # withdrawn or deleted since


def write_mlflow(
    address: str | None, name: str, identity: str, tags: Mapping[str, str], runs: Sequence[MirrorRun]
) -> Mirror:
    """Write runs that are not there yet, and what has changed of the others.

    Args:
        address: a tracking URI; None: that of MLFLOW_TRACKING_URI.
        name: of the experiment; "NAME (2)" where another one has that name.
        identity: what the experiment is known by in every store.
        tags: of the experiment.
        runs: one a variant, the oldest first.

    Raises:
        MleeError: MLflow is not installed, or the store cannot be written; in one line, without passwords.
    """
    address = address or os.environ.get("MLFLOW_TRACKING_URI", "")
    if not address:
        raise MleeError("Which tracking store?", "Write --uri sqlite:///mlflow.db, or --uri http://HOST:PORT.")
    if _is_file(address):
        check_sqlite(address, TABLES, "MLflow")
    with said_plainly(address, "MLflow", "mlflow", "write"), _quiet():
        client = client_of(address)
        experiment = _experiment(client, name, identity)
        for key, value in tags.items():
            if experiment.tags.get(key) != value:
                client.set_experiment_tag(experiment.experiment_id, key, value[:LONGEST_TAG])
        there = {run.data.tags[KEY]: run for run in all_runs(client, experiment.experiment_id) if KEY in run.data.tags}
        new = changed = 0
        for run in runs:
            if run.key not in there:
                _create(client, experiment.experiment_id, run)
                new += 1
            else:
                changed += _renew(client, there[run.key], run)
        gone = [run for key, run in there.items() if key not in {one.key for one in runs}]
        fresh = sum(_withdraw(client, run) for run in gone)
    return Mirror(
        place=without_password(address),
        experiment=experiment.name,
        new=new,
        changed=changed,
        same=len(runs) - new - changed,
        gone=fresh,
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """MLflow prints the address of each run, its password included, and logs; afterwards it may do so again."""
    names = ("mlflow", "alembic")
    levels = {name: logging.getLogger(name).level for name in names}
    kept = {key: value for key, value in os.environ.items() if key.startswith("MLFLOW_")}
    os.environ["MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT"] = "true"
    try:
        yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
        for key in [key for key in os.environ if key.startswith("MLFLOW_")]:
            del os.environ[key]
        os.environ.update(kept)


def _is_file(address: str) -> bool:
    """Whether it names a SQLite file with something in it: MLflow makes its tables in any other."""
    path = Path(unquote(address.partition("///")[2].partition("?")[0]))
    return address.startswith("sqlite:") and path.is_file() and path.stat().st_size > 0


def _experiment(client: Any, name: str, identity: str) -> Any:
    """Ours, by its tag; made where it is not there, under a name that nobody has, deleted ones included."""
    ours = client.search_experiments(filter_string=f"tags.`{OURS}` = '{identity}'", max_results=1)
    if ours:
        return ours[0]
    number, free = 2, name
    while client.get_experiment_by_name(free) is not None:
        free, number = f"{name} ({number})", number + 1
    return client.get_experiment(client.create_experiment(free, tags={OURS: identity}))


def _key(name: str) -> str:
    """The name as MLflow takes it."""
    return _UNNAMEABLE.sub("_", name)[:LONGEST_NAME]


def _create(client: Any, experiment: str, run: MirrorRun) -> None:
    from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunTag

    made = client.create_run(experiment, start_time=run.began_ms, run_name=run.name[:LONGEST_NAME])
    known = made.info.run_id
    if run.rows is not None:
        held = Dataset(
            name=run.truth or "rows",
            digest=run.fingerprint[:36] or str(run.rows),
            source_type="mlee",
            source="{}",
            profile=f'{{"num_rows": {run.rows}}}',
        )
        client.log_inputs(known, datasets=[DatasetInput(held, [InputTag("mlflow.data.context", "test")])])
    settings = [Param(_key(key), value[:LONGEST_TAG]) for key, value in run.settings.items()]
    for start in range(0, len(settings), MOST_AT_ONCE):
        client.log_batch(known, params=settings[start : start + MOST_AT_ONCE])
    metrics = [Metric(_key(key), value, run.ended_ms, 0) for key, value in run.metrics.items()]
    # the key last: a run that was cut short before is made anew
    tags = [RunTag(key, value[:LONGEST_TAG]) for key, value in {**run.tags, KEY: run.key}.items()]
    client.log_batch(known, metrics=metrics, tags=tags)
    client.set_terminated(known, run.status, run.ended_ms)


def _renew(client: Any, there: Any, run: MirrorRun) -> bool:
    """Write what has changed; whether anything has."""
    from mlflow.entities import Metric, RunTag

    tags = {key: value[:LONGEST_TAG] for key, value in run.tags.items()}
    differ = [RunTag(key, value) for key, value in tags.items() if there.data.tags.get(key) != value]
    stale = [
        RunTag(key, "")
        for key in there.data.tags
        if key.startswith("mlee.") and key not in {*tags, KEY} and there.data.tags[key] != ""
    ]
    before, now = there.data.metrics, {_key(key): value for key, value in run.metrics.items()}
    scores = [Metric(key, value, run.ended_ms, 0) for key, value in now.items() if before.get(key) != value]
    if differ or stale or scores:
        client.log_batch(there.info.run_id, metrics=scores, tags=[*differ, *stale])
    if there.info.status != run.status:
        client.set_terminated(there.info.run_id, run.status, run.ended_ms)
        return True
    return bool(differ or stale or scores)


def _withdraw(client: Any, there: Any) -> bool:
    """Mark a run whose record was taken back, so that nobody counts it; whether that is new."""
    if there.data.tags.get("mlee.verdict") == "withdrawn":
        return False
    for key, value in _GONE.items():
        client.set_tag(there.info.run_id, key, value)
    client.set_terminated(there.info.run_id, "KILLED")
    return True
