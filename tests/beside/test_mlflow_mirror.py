"""Experiments shown in real MLflow stores: one run a variant, renewed and never doubled; an audit reads them back."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mlee_jupyter as mlee
from mlee_jupyter.bridges.addresses import without_password
from mlee_jupyter.cli import main
from mlee_jupyter.session import boards, current
from tests.conftest import Shell

HAS_MLFLOW = pytest.mark.filterwarnings("ignore")
RANDOM = np.random.default_rng(1)
TRUTH = RANDOM.integers(0, 2, 300)
ANSWERS = {name: np.where(RANDOM.random(300) < share, TRUTH, 1 - TRUTH) for name, share in
           {"svm": 0.9, "knn": 0.88, "tree": 0.7}.items()}  # fmt: skip


@pytest.fixture
def uri(alone: None, project: Path) -> str:
    """A folder that MLflow takes for a store: a database takes it seconds to make."""
    pytest.importorskip("mlflow", reason='pip install "mlee_jupyter[mlflow]"')
    (project / "mlruns").mkdir()
    return str(project / "mlruns")


def experiment() -> mlee.ExperimentHandle:
    """Three candidates, one of them tuned, and one that failed."""
    here = mlee.start("shelf", truth=TRUTH, metric="accuracy", useful_gain=0.05, question="Which product is it?")
    for place, (name, rows) in enumerate(ANSWERS.items()):
        here.record(name, rows, simplicity=3 - place, variant="as it came")
    here.record("svm", np.where(ANSWERS["knn"] == TRUTH, ANSWERS["svm"], TRUTH), variant="C=10")
    with pytest.raises(ZeroDivisionError), here.candidate("net"):
        raise ZeroDivisionError
    return here


def runs(uri: str, name: str = "shelf") -> dict[str, Any]:
    """The runs of an experiment there, by candidate and variant."""
    from mlee_jupyter.bridges.mlflow_runs import client_of

    client = client_of(uri)
    found = client.search_runs([client.get_experiment_by_name(name).experiment_id], max_results=1000)
    return {f"{run.data.tags['mlee.candidate']} {run.data.tags['mlee.variant']}": run for run in found}


def audited(uri: str, capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, Any]:
    capsys.readouterr()
    assert main.main(["audit", f"mlflow:{uri}", "--name", "shelf", *more, "--format", "json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@HAS_MLFLOW
def test_there_and_back(uri: str, capsys: pytest.CaptureFixture[str]) -> None:
    here = experiment()
    capsys.readouterr()
    here.mirror("mlflow", uri=uri)
    assert "5 runs of shelf in MLflow" in (said := capsys.readouterr().out)
    assert "5 new, 0 changed, 0 as before." in said
    there = runs(uri)
    results = {f"{one.candidate} {one.variant}": one for one in current.session().records().results}
    assert set(there) == set(results)
    for name, run in there.items():
        assert run.info.status == ("FAILED" if name.startswith("net") else "FINISHED")
        assert run.data.metrics == ({} if results[name].value is None else {"accuracy": results[name].value})
        assert run.data.tags["mlee.outcome"] == results[name].outcome
        assert run.info.start_time == results[name].started_us // 1000
    board = boards.board_of(current.session())["boards"][0]["rows"][0]
    found = audited(uri, capsys)
    assert (found["tries"], found["judged"], found["lacking"]) == (5, 4, {"failed": 1})
    assert found["best"] == f"{board['candidate']} {board['variant']}"
    assert found["best_score"] == pytest.approx(board["score"])
    assert "300 rows, by the data set" in str(found)


@HAS_MLFLOW
def test_verdicts_are_the_boards_and_follow_it(uri: str, capsys: pytest.CaptureFixture[str]) -> None:
    here = experiment()
    here.mirror(uri=uri)
    rows = {row["candidate"]: row for row in boards.board_of(current.session())["boards"][0]["rows"]}
    there = runs(uri)
    for name, row in rows.items():
        if row["variant"] is not None and row["state"] != "free baseline":
            tags = there[f"{name} {row['variant']}"].data.tags
            assert (tags["mlee.verdict"], tags["mlee.against"]) == (row["state"], row["against_text"])
            assert tags["mlee.suggested"] == str(row["recommended"]).lower()
    assert sum(run.data.tags["mlee.suggested"] == "true" for run in there.values()) == 1
    assert {run.data.tags["mlee.verdict"] for run in there.values()} >= {"another variant is better", "error"}

    capsys.readouterr()
    here.mirror(uri=uri)
    assert "0 new, 0 changed, 5 as before." in capsys.readouterr().out
    here.decide("knn", because="as good")
    here.withdraw(1, because="a slip")
    here.mirror(uri=uri)
    said = capsys.readouterr().out
    assert "0 new, " in said
    assert "1 withdrawn since" in said
    again = runs(uri)
    assert set(again) == set(there)
    assert again["knn as it came"].data.tags["mlee.mark"] == "chosen"
    assert again["svm as it came"].data.tags["mlee.verdict"] == "withdrawn"
    assert audited(uri, capsys)["judged"] == 3


@HAS_MLFLOW
def test_settings_are_parameters_and_odd_names_are_taken(uri: str) -> None:
    here = mlee.start("shelf", metric="profit (in k€)", higher_is_better=True)
    table = {"params": [{"C": 1, "μ|x": 0.5}, {"C": 2, "μ|x": 0.5}], "mean_test_score": [0.5, 0.6]}
    table |= {f"split{fold}_test_score": [0.5, 0.6] for fold in range(5)}
    here.record("s<b>vm\n", table)
    here.mirror(uri=uri)
    (one, two) = sorted(runs(uri).values(), key=lambda run: str(run.data.params))
    assert (one.data.params["C"], two.data.params["C"]) == ("1", "2")
    assert list(one.data.metrics.values()) == [0.5]


@HAS_MLFLOW
def test_somebody_elses_experiment_of_that_name_is_left_alone(uri: str, capsys: pytest.CaptureFixture[str]) -> None:
    from mlee_jupyter.bridges.mlflow_runs import client_of

    client_of(uri).create_experiment("shelf")
    here = experiment()
    for _ in range(2):
        here.mirror(uri=uri)
    assert len(runs(uri, "shelf (2)")) == 5
    here.rename("shop")
    here.mirror(uri=uri)
    assert "0 new" in capsys.readouterr().out.splitlines()[-1]


@HAS_MLFLOW
@pytest.mark.slow
def test_the_verb_and_the_command_on_a_database(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("mlflow", reason='pip install "mlee_jupyter[mlflow]"')
    shell.run("%mlee_experiment start shelf")
    shell.run("%%mlee_candidate knn\n0.9")
    assert "no mirror 'wandb'" in shell.refused("%mlee_experiment mirror wandb")
    assert "Which tool?" in shell.refused("%mlee_experiment mirror")
    assert "Which tracking store?" in shell.refused("%mlee_experiment mirror mlflow")
    ours = "%mlee_experiment mirror mlflow --uri sqlite:///.mlee/experiments.db"
    assert "is no store of MLflow" in shell.refused(ours)
    assert "1 run of shelf" in shell.run("%mlee_experiment mirror mlflow --uri sqlite:///mlflow.db")
    assert main.main(["mirror", "mlflow", "shelf", "--uri", "sqlite:///mlflow.db"]) == 0
    assert "0 new, 0 changed, 1 as before." in capsys.readouterr().out


@HAS_MLFLOW
def test_no_secret_of_an_address_is_said(
    alone: None, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("mlflow", reason='pip install "mlee_jupyter[mlflow]"')
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    here = experiment()
    with pytest.raises(mlee.MleeError, match="MLflow cannot write http://bob:") as caught:
        here.mirror(uri="http://bob:s3cr/e@s3cret@127.0.0.1:1")
    said = capfd.readouterr()
    assert "s3cr" not in f"{caught.value}{said.out}{said.err}"
    assert "\n" not in str(caught.value)


SECRETS = {
    "a password": "http://bob:s3cret@127.0.0.1:1",
    "a password with signs": "http://bob:s3cr/e@s3cret@127.0.0.1:1",
    "a token": "https://s3cret@127.0.0.1:1",
    "a parameter": "http://127.0.0.1:1/?token=s3cret",
    "of a database": "postgresql://bob:s3cret@127.0.0.1:1/mlflow",
}


@pytest.mark.parametrize("address", SECRETS.values(), ids=SECRETS)
def test_an_address_is_shown_without_its_secret(address: str) -> None:
    assert "s3cr" not in without_password(f"cannot reach {address} now")


@pytest.mark.parametrize("address", ["http://127.0.0.1:5000", "sqlite:///mlflow.db", "postgresql://bob@db/mlflow"])
def test_an_address_without_one_is_shown_as_it_is(address: str) -> None:
    assert without_password(address) == address


def test_without_mlflow_one_line_says_what_to_install(project: Path) -> None:
    code = (
        "import sys\nsys.modules['mlflow'] = None\nimport mlee_jupyter as mlee\ne = mlee.start('shelf')\n"
        "try:\n    e.mirror(uri='sqlite:///mlflow.db')\nexcept mlee.MleeError as fault:\n    print('said:', fault)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 'said: MLflow is not installed. Install it: pip install "mlee_jupyter[mlflow]"' in done.stdout
