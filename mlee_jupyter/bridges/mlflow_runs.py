"""The runs of an MLflow experiment: their last metrics, and predictions where each run logged a file of them."""

from __future__ import annotations

import json
import logging
import os
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from mlee_jupyter.domain.audits import Asked, Tried, Try
from mlee_jupyter.domain.errors import MleeError, did_you_mean
from mlee_jupyter.domain.text.names import clean, listed

from .addresses import check_sqlite, said_plainly, without_password
from .prediction_files import truth_column
from .score_names import Score, find_score
from .score_tables import unique
from .tables import column_of, read_table

TABLES = frozenset({"experiments", "runs", "latest_metrics"})
_PAGE = 1000
_MOST_RUNS = 50_000
_JUDGED_ON = ("eval", "evaluation", "test", "testing", "validation", "val")


def read_mlflow(address: str, asked: Asked) -> Tried:
    """An experiment of a tracking store or server.

    Args:
        address: a tracking URI; "": that of MLFLOW_TRACKING_URI.
        asked: what was typed.

    Raises:
        MleeError: it cannot be read, there is no such experiment, or which number is the score is not clear.
    """
    address = address or os.environ.get("MLFLOW_TRACKING_URI", "")
    if not address:
        raise MleeError("Which tracking store?", "Write mlflow:sqlite:///mlflow.db, or mlflow:http://HOST:PORT.")
    check_sqlite(address, TABLES, "MLflow")
    with said_plainly(address, "MLflow", "mlflow"):
        client = client_of(address)
        experiment = _experiment(client, asked.name)
        runs = all_runs(client, experiment.experiment_id)
        if not runs:
            raise MleeError(
                f"The experiment {clean(experiment.name, 60)} has no runs.", "Name another one: --name NAME."
            )
        place = without_password(address)
        if asked.predictions is not None:
            return _with_predictions(address, experiment.name, place, runs, asked)
    score = find_score(sorted({key for run in runs for key in run.data.metrics}), asked, "run")
    rows, remark = _rows(runs)
    return Tried(
        kind="MLflow experiment", thing="run", place=place, name=clean(experiment.name, 60),
        tries=tuple(unique([_try(run, score) for run in runs])), score=score.name, metric=score.metric, rows=rows,
        in_order=True, remarks=(remark,) if remark else (),
    )  # fmt: skip


def client_of(address: str) -> Any:
    """MLflow's client of a store or server, which reports to nobody.

    Args:
        address: a tracking URI.
    """
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")  # an audit reports to nobody
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")  # an address that nobody serves is said at once
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    logging.getLogger("mlflow").setLevel(logging.ERROR)
    logging.getLogger("alembic").setLevel(logging.ERROR)
    from mlflow.tracking import MlflowClient

    logging.getLogger("mlflow").setLevel(logging.ERROR)  # which its import has set anew
    if Path(address.removeprefix("file://")).is_dir():
        os.environ.setdefault("MLFLOW_ALLOW_FILE_STORE", "true")  # reading is what it is still there for
    return MlflowClient(tracking_uri=address)


def _experiment(client: Any, name: str | None) -> Any:
    there = list(client.search_experiments(max_results=_PAGE))
    named = [one for one in there if one.name == name or str(one.experiment_id) == name]
    if named:
        return named[0]
    names = [one.name for one in there]
    if name is not None:
        raise MleeError(f"There is no experiment {name[:60]!r}.", did_you_mean(name, names) or _listed(names))
    own = [one for one in there if str(one.experiment_id) != "0"] or there
    if len(own) == 1:
        return own[0]
    raise MleeError("Which experiment?", _listed([one.name for one in own]))


def _listed(names: Sequence[str]) -> str:
    return f"Write --name NAME: there are {listed(names, most=8)}." if names else "There is none."


def all_runs(client: Any, experiment: str) -> list[Any]:
    """All runs that were not deleted, the oldest first."""
    found: list[Any] = []
    token = None
    while len(found) < _MOST_RUNS:
        page = client.search_runs(
            [experiment], max_results=_PAGE, page_token=token, order_by=["attribute.start_time ASC"]
        )
        found += page
        token = page.token
        if not token:
            break
    return found


def _name(run: Any) -> str:
    return clean(run.info.run_name or run.info.run_id[:8], 60)


def _state(run: Any) -> str:
    """Why a run counts for nothing; empty where it went well."""
    status = str(run.info.status).lower()
    return "" if status == "finished" else status


def _try(run: Any, score: Score) -> Try:
    value = run.data.metrics.get(score.name)
    lacking = _state(run) or (f"without {clean(score.name, 40)}" if value is None or value != value else "")
    return Try(name=_name(run), score=None if lacking else float(value), lacking=lacking)


def _rows(runs: Sequence[Any]) -> tuple[int | None, str]:
    """The rows of the dataset that the runs say they were evaluated on, where they all say the same."""
    counts: Counter[int] = Counter()
    for run in runs:
        for held in getattr(run.inputs, "dataset_inputs", None) or ():
            context = {tag.value.lower() for tag in held.tags if tag.key == "mlflow.data.context"}
            with suppress(ValueError, TypeError, AttributeError):
                rows = json.loads(held.dataset.profile or "{}").get("num_rows")
                if context & set(_JUDGED_ON) and isinstance(rows, int) and rows > 1:
                    counts[rows] += 1
    finished = sum(not _state(run) for run in runs)
    if len(counts) != 1 or sum(counts.values()) < finished:
        return None, ""
    (rows,) = counts
    return rows, f"{rows:,} rows, by the data set that the runs logged for evaluation"


# ---------------------------------------------------------------------- logged predictions


def _with_predictions(address: str, name: str, place: str, runs: Sequence[Any], asked: Asked) -> Tried:
    """The runs judged by the rows that each of them logged, on the truth that most of them have."""
    read: list[tuple[str, Any, Any]] = []  # name, answers and predictions; or why there are none
    with tempfile.TemporaryDirectory() as folder:
        for run in runs:
            try:
                if lacking := _state(run):
                    raise MleeError(lacking)
                file = _downloaded(address, run.info.run_id, str(asked.predictions), folder)
                table = read_table(file)
            except MleeError as fault:
                read.append((_name(run), None, fault.message.rstrip(".")[:80]))
                continue
            read.append((_name(run), *_columns(table, asked)))
    truths = [tuple(answers) for _, answers, _ in read if answers is not None]
    if not truths:
        why = next((lacking for _, _, lacking in read), "")
        raise MleeError(f"No run has logged {str(asked.predictions)[:60]} ({why}).", "Check --predictions FILE.")
    common = Counter(truths).most_common(1)[0][0]
    tries = [_judged_on(common, *one) for one in read]
    return Tried(
        kind="MLflow experiment", thing="run", place=place, name=clean(name, 60), tries=tuple(unique(tries)),
        score=str(asked.predictions), metric=asked.metric, in_order=True,
        truth=next(answers for _, answers, _ in read if answers is not None and tuple(answers) == common),
    )  # fmt: skip


def _judged_on(truth: tuple[Any, ...], name: str, answers: Any, found: Any) -> Try:
    if answers is None:
        return Try(name=name, lacking=found)
    return Try(name=name, rows=found) if tuple(answers) == truth else Try(name=name, lacking="judged on another truth")


def _downloaded(address: str, run: str, artifact: str, folder: str) -> Path:
    import mlflow.artifacts

    own = Path(folder, run)
    own.mkdir()
    try:
        got = mlflow.artifacts.download_artifacts(
            run_id=run, artifact_path=artifact, dst_path=str(own), tracking_uri=address
        )
    except Exception:  # MLflow and its stores raise anything where a file is missing
        raise MleeError(f"without {artifact[:60]}") from None
    return Path(got)


def _columns(table: Any, asked: Asked) -> tuple[Any, Any]:
    truth = truth_column(table, asked)
    if truth is None:
        raise MleeError("No column of right answers was found.", f"Name it: --truth COLUMN ({listed(table.columns)}).")
    if asked.prediction is not None:
        return table[truth], column_of(table, asked.prediction, "--prediction")
    left = [column for column in table.columns if column != truth]
    if len(left) != 1:
        raise MleeError("Which column holds the predictions?", f"Write --prediction COLUMN: {listed(left, most=8)}.")
    return table[truth], table[left[0]]
