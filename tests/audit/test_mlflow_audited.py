"""A real MLflow tracking store on SQLite, by itself and behind a real server."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import mlee_jupyter as mlee

from .asking import refused, told

pytest.importorskip("mlflow", reason='pip install "mlee_jupyter[mlflow]"')
pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.slow]
N, RUNS = 600, 30
RANDOM = np.random.default_rng(1)
TRUTH = RANDOM.integers(0, 3, N)
ANSWERS = {
    f"run {place}": np.where(RANDOM.random(N) < RANDOM.uniform(0.6, 0.9), TRUTH, (TRUTH + 1) % 3)
    for place in range(RUNS)
}
SCORES = {name: float((rows == TRUTH).mean()) for name, rows in ANSWERS.items()}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store with two experiments; one run failed, one logged another truth, one logged no file."""
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    os.environ["MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR"] = "false"
    from mlflow.tracking import MlflowClient

    folder = tmp_path_factory.mktemp("mlflow")
    address = f"sqlite:///{folder / 'mlflow.db'}"
    client = MlflowClient(tracking_uri=address)
    shelf = client.create_experiment("shelf", artifact_location=str(folder / "files"))
    client.create_experiment("other")
    for place, (name, rows) in enumerate(ANSWERS.items()):
        run = client.create_run(shelf, run_name=name).info.run_id
        client.log_metric(run, "val_accuracy", SCORES[name])
        client.log_metric(run, "train_accuracy", 0.99)
        truth = TRUTH[::-1] if place == 1 else TRUTH
        if place != 2:
            file = folder / "predictions.csv"
            pd.DataFrame({"truth": truth, "predicted": rows}).to_csv(file, index=False)
            client.log_artifact(run, str(file))
        client.set_terminated(run, "FAILED" if place == 0 else "FINISHED")
    return address


@pytest.fixture(scope="module")
def server(store: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same store behind MLflow's own server."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("server") / "log"
    command = [sys.executable, "-m", "mlflow", "server", "--backend-store-uri", store, "--port", str(port)]
    command += ["--host", "127.0.0.1", "--workers", "1", "--default-artifact-root", str(log.parent)]
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True)
    try:
        for _ in range(240):
            assert process.poll() is None, log.read_text()[-2000:]
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.5)
        else:
            pytest.fail(log.read_text()[-2000:])
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, 15)
        process.wait(60)


def expected() -> Any:
    kept = {name: rows for place, (name, rows) in enumerate(ANSWERS.items()) if place > 2}
    return mlee.compare(TRUTH, kept, metric="accuracy")


def held_to_hand(found: dict[str, Any]) -> None:
    scores = [score for place, score in enumerate(SCORES.values()) if place > 0]
    assert (found["kind"], found["tries"], found["judged"]) == ("MLflow experiment", RUNS, RUNS - 1)
    assert (found["metric"], found["score"], found["lacking"]) == ("accuracy", "val_accuracy", {"failed": 1})
    assert found["best_score"] == pytest.approx(max(scores))
    alone = mlee.compare(None, {str(place): (score, N) for place, score in enumerate(scores)})
    assert found["top"] == len(alone.best_set)
    assert found["flattery"] == pytest.approx(alone.flattery, rel=0.05)


def test_a_store(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    held_to_hand(told(capsys, f"mlflow:{store}", "--name", "shelf", "--rows", N))


def test_a_server(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    held_to_hand(told(capsys, f"mlflow:{server}", "--name", "shelf", "--rows", N))


def test_logged_predictions_are_judged_in_full(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(
        capsys, f"mlflow:{store}", "--name", "shelf", "--predictions", "predictions.csv", "--metric", "accuracy"
    )
    verdict = expected()
    assert found["lacking"] == {"failed": 1, "judged on another truth": 1, "without predictions.csv": 1}
    assert found["judged"] == RUNS - 3
    assert found["best"] == verdict.leader
    assert (found["top"], found["flattery"]) == (len(verdict.best_set), verdict.flattery)


def test_what_is_not_there(store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "there are" in refused(capsys, f"mlflow:{store}")
    assert "Did you mean shelf?" in refused(capsys, f"mlflow:{store}", "--name", "shelv")
    assert "has no runs" in refused(capsys, f"mlflow:{store}", "--name", "other")
    assert "val_accuracy" in refused(capsys, f"mlflow:{store}", "--name", "shelf", "--score", "acc")
    assert "No run has logged" in refused(capsys, f"mlflow:{store}", "--name", "shelf", "--predictions", "none.csv")
    absent = tmp_path / "absent.db"
    assert "There is no file" in refused(capsys, f"mlflow:sqlite:///{absent}")
    assert not absent.exists()
    assert "MLflow cannot read" in refused(capsys, "mlflow:http://me:secret@127.0.0.1:9", "--name", "a")


def test_no_password_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert "secret" not in refused(capsys, "mlflow:http://me:secret@127.0.0.1:9", "--name", "a")


def test_rows_of_the_data_set_that_every_run_logged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from mlflow.entities import Dataset, DatasetInput, InputTag
    from mlflow.tracking import MlflowClient

    address = f"sqlite:///{tmp_path / 'mlflow.db'}"
    client = MlflowClient(tracking_uri=address)
    shelf = client.create_experiment("shelf", artifact_location=str(tmp_path))
    rows = Dataset(name="test", digest="1", source_type="local", source="{}", profile='{"num_rows": 600}')
    seen = DatasetInput(dataset=rows, tags=[InputTag(key="mlflow.data.context", value="eval")])
    for score in (0.9, 0.88):
        run = client.create_run(shelf).info.run_id
        client.log_metric(run, "accuracy", score)
        client.log_inputs(run, [seen])
        client.set_terminated(run)
    found = told(capsys, f"mlflow:{address}")
    assert (found["by"], found["n"]) == ("scores", 600)
    assert "600 rows, by the data set that the runs logged for evaluation" in found["scope"]
    run = client.create_run(shelf).info.run_id
    client.log_metric(run, "accuracy", 0.91)
    client.set_terminated(run)
    assert told(capsys, f"mlflow:{address}")["by"] is None  # one run does not say, so nobody knows
