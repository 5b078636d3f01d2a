"""Every metric that is found works wherever a metric can be named or seen; nothing is said of it that is not so."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from IPython.utils.capture import capture_output

import mlee_jupyter as mlee
from docs import metric_lists
from mlee_jupyter.cli import main
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.panel.snapshot import snapshot
from mlee_jupyter.session import current
from mlee_jupyter.session.plans.cell_text import complaints
from mlee_jupyter.stats.metrics.catalogue import metric_facts, metrics, offered_metrics
from mlee_jupyter.stats.metrics.expected import Expected
from mlee_jupyter.stats.metrics.traits import MetricFacts

from .conftest import Shell
from .metric_problems import ALL, FIRSTS, problem

N = 120
SCHEMA = json.loads(files("mlee_jupyter.panel").joinpath("snapshot.schema.json").read_text("utf-8"))
ROWS_SAID = "cannot be told beforehand|is not known|hangs on the positive class|hangs on how rare a class is"


@pytest.fixture(params=ALL)
def facts(request: pytest.FixtureRequest) -> MetricFacts:
    return metric_facts(str(request.param))


@pytest.fixture(params=FIRSTS)
def first(request: pytest.FixtureRequest) -> MetricFacts:
    return metric_facts(str(request.param))


def recorded(shell: Shell, facts: MetricFacts) -> str:
    """An experiment in that metric with two candidates; gives back what was said of the better one."""
    truth, poor, perfect = problem(facts, 3, N)
    mostly = (np.arange(N) % 6 == 0).reshape(-1, *[1] * (poor.ndim - 1))
    shell.names.update(y_test=truth, poor=poor, good=np.where(mostly, poor, perfect))
    shell.run(f'%%mlee_experiment start shelf --budget 6h --truth y_test\nmetric = "{facts.scorer}"')
    option = "--scores" if facts.needs == "scores" else "--pred"
    shell.run(f"%mlee_candidate poor {option} poor --simplicity 1")
    return shell.run(f"%mlee_candidate good {option} good --simplicity 2")


def test_a_notebook_records_and_shows_it(shell: Shell, first: MetricFacts, capsys: pytest.CaptureFixture[str]) -> None:
    said = recorded(shell, first)
    assert "good recorded" in said
    board = shell.run("%mlee_scoreboard --text")
    assert first.label in board
    assert "higher is better" in board if first.higher_is_better else "lower is better" in board
    assert board.index("good") < board.index("poor"), "the better one leads"
    with capture_output() as shown:
        shell.ipython.run_cell("%mlee_scoreboard").raise_error()
    assert first.label in "".join(output.data.get("text/html", "") for output in shown.outputs)
    assert "good" in shell.run("%mlee_scoreboard --why good")
    assert first.label in shell.run("%mlee_experiment status")
    assert "MLE" in shell.run("%mlee_check --all")
    evidence = current.session().evidence()
    jsonschema.validate(snapshot(evidence, current.session().findings(evidence)), SCHEMA)
    judgement = evidence.judgement
    assert judgement is not None
    assert (judgement.metric, judgement.leader) == (first.name, "good")
    current.forget_session()
    capsys.readouterr()
    assert main.main(["scoreboard", "shelf"]) == 0
    assert first.label in capsys.readouterr().out
    assert main.main(["status", "shelf"]) == 0
    assert "good" in capsys.readouterr().out


def test_what_is_kept_of_rows_that_are_not_is_judged_alike(project: Path, shell: Shell, first: MetricFacts) -> None:
    recorded(shell, first)
    whole = current.session().evidence().judgement
    current.forget_session()
    (project / "pyproject.toml").write_text("[tool.mlee]\nstore_rows = false\n")
    shell.run(f'%%mlee_experiment start second --truth y_test\nmetric = "{first.name}"')
    option = "--scores" if first.needs == "scores" else "--pred"
    for name in ("poor", "good"):
        shell.run(f"%mlee_candidate {name} {option} {name}")
    kept = current.session().evidence().judgement
    assert whole is not None
    assert kept is not None
    assert kept.leader == whole.leader
    for one, other in zip(kept.standings, whole.standings, strict=True):
        assert one.score == pytest.approx(other.score, rel=1e-9)
        assert one.low == pytest.approx(other.low, rel=1e-6, abs=1e-9)


def test_rows_are_planned_or_the_reason_is_said(facts: MetricFacts) -> None:
    likely = 0.8 if facts.higher_is_better else 1.0
    if facts.spread is None or facts.hangs_on_classes or facts.spread(Expected(score=likely), likely) is None:
        with pytest.raises(MleeError, match=ROWS_SAID) as said:
            mlee.rows_needed(0.05, likely, metric=facts.name)
        assert said.value.remedy
    else:
        assert mlee.rows_needed(0.05, likely, metric=facts.name) >= 2
    if facts.hangs_on_classes and facts.spread is not None:
        assert mlee.rows_needed(0.05, likely, metric=facts.name, positives=0.5) >= 2


def test_it_can_be_found(shell: Shell, facts: MetricFacts) -> None:
    line = "%mlee_experiment change metric="
    if not facts.level:
        assert facts.name in shell.ipython.complete("", line, len(line))[1]
        assert f"`{facts.name}`" in metric_lists.table()
    assert (facts.scorer in offered_metrics()) is (facts.usual is not None)
    assert "metric" not in complaints({"name": "shelf", "metric": facts.scorer, "useful_gain": "0.01"})


def test_a_metric_is_changed_to_by_any_of_its_names(shell: Shell) -> None:
    shell.run('%%mlee_experiment start shelf\nmetric = "accuracy"')
    for facts in metrics().values():
        for name in (facts.name, facts.scorer, *facts.also):
            shell.run(f'%mlee_experiment change metric={name} --because "{name}"')
            assert facts.label in shell.run("%mlee_experiment status")
