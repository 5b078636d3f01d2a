"""The plain Python door: what the magics can, an experiment's handle can."""

from __future__ import annotations

import doctest
import inspect
import re
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import mlee_jupyter as mlee
from mlee_jupyter import experiment
from mlee_jupyter.domain import CandidateState
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.experiment import handle
from mlee_jupyter.experiment.handle import ExperimentHandle
from mlee_jupyter.session import current
from mlee_jupyter.session.verbs import every_verb
from mlee_jupyter.session.verbs.declaration import Verb

from .conftest import Shell

N = 300
TRUTH = np.arange(N) % 3


def wrong(many: int) -> np.ndarray:
    predicted = TRUTH.copy()
    predicted[:many] = (TRUTH[:many] + 1) % 3
    return predicted


@pytest.fixture
def shelf(shell: Shell) -> ExperimentHandle:
    made = mlee.start("shelf", budget="6h", truth=TRUTH, metric="accuracy", useful_gain=0.02)
    for name, many in (("svm", 6), ("knn", 9), ("centroid", 90)):
        made.record(name, wrong(many))
    return made


def state(name: str) -> CandidateState:
    return current.session().evidence().candidates[name].state


OF_THE_STORE = {"list", "export", "import", "move", "delete", "start"}


def test_every_verb_of_the_magic_has_a_method() -> None:
    assert {name for name, verb in every_verb.verbs().items() if verb.method is None} == OF_THE_STORE


def typed(verb: Verb) -> str:
    """The method as it is written out in experiment/handle.py."""
    assert verb.method is not None
    taken = inspect.signature(verb.method)
    own = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    told = re.sub(r"^Spoken\[(.*)\]$", r"\1", taken.return_annotation)
    signature = taken.replace(parameters=[own, *list(taken.parameters.values())[1:]], return_annotation=told)
    text = str(signature).replace("'", "").replace(", /", "")
    return f'def {verb.name}{text}:\n"""{inspect.getdoc(verb.method)}"""'


@pytest.mark.parametrize("verb", [v for v in every_verb.verbs().values() if v.method], ids=lambda verb: verb.name)
def test_a_method_that_is_written_out_for_type_checkers_is_the_verbs_own(verb: Verb) -> None:
    written = getattr(ExperimentHandle, verb.name)
    assert written.__module__ == handle.__name__, f"write it out in experiment/handle.py:\n{typed(verb)}"
    text = str(inspect.signature(written)).replace("'", "")
    assert f'def {verb.name}{text}:\n"""{inspect.getdoc(written)}"""' == typed(verb)


def test_status_reads_as_text(shelf: ExperimentHandle) -> None:
    said = shelf.status()
    assert said.startswith("shelf: ")
    assert repr(said) == said
    assert "centroid" in said


def test_history_is_a_table_and_withdraw_takes_its_number(shelf: ExperimentHandle) -> None:
    runs = shelf.history()
    assert isinstance(runs, pd.DataFrame)
    assert list(runs["candidate"]) == ["svm", "knn", "centroid"]
    assert list(runs["value"].round(3)) == [0.98, 0.97, 0.7]
    shelf.withdraw(int(runs.loc[runs["candidate"] == "centroid", "run"].iloc[0]), because="wrong rows")
    assert list(shelf.history()["candidate"]) == ["svm", "knn"]
    assert "centroid" not in set(shelf.scoreboard().query("verdict.notna()")["candidate"])
    with pytest.raises(MleeError, match="has no run 999"):
        shelf.withdraw(999, because="a slip")


def test_an_empty_history_has_its_columns(shell: Shell) -> None:
    runs = mlee.start("empty").history()
    assert runs.empty
    assert {"run", "candidate", "value", "n", "minutes"} <= set(runs.columns)


def test_take_brings_back_what_was_dropped(shelf: ExperimentHandle) -> None:
    shelf.drop("centroid", because="far behind")
    assert state("centroid") is CandidateState.DROPPED
    shelf.take("centroid")
    assert state("centroid") is CandidateState.ACTIVE


def test_heed_takes_an_ignore_back(shelf: ExperimentHandle) -> None:
    assert shelf.ignore("charter-gaps", because="on the wiki", until=date(2099, 1, 1)) == "MLE601"
    assert shelf.heed("MLE601") == "MLE601"
    with pytest.raises(MleeError):
        shelf.heed("MLE601")


def test_rename_the_experiment_or_a_candidate(shelf: ExperimentHandle) -> None:
    shelf.rename("svm", "support vectors", because="clearer")
    assert "support vectors" in current.session().evidence().candidates
    shelf.rename("shop")
    assert shelf.name == "shop"
    shelf.record("knn", wrong(10))
    assert current.session().current == "shop"


def test_reopen_after_a_decision_and_a_closing(shelf: ExperimentHandle) -> None:
    shelf.decide("knn", because="nothing to train")
    shelf.reopen()
    assert current.session().experiment().is_open
    shelf.close(because="enough")
    shelf.reopen()
    assert current.session().experiment().is_open


def test_explain_and_figure(shelf: ExperimentHandle, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shelf.explain("knn").startswith("knn is right on 291 of 300 cases, 97.0%, the 2nd of 3 scores.")
    assert "There is no winner because" in shelf.explain()
    with pytest.raises(MleeError, match="Did you mean"):
        shelf.explain("kn")
    import matplotlib as mpl
    import matplotlib.pyplot as plt

    mpl.use("Agg")
    assert shelf.figure().get_xlim()[0] < 0
    plt.close("all")


def test_an_unknown_kind_is_refused_before_anything_runs(shelf: ExperimentHandle) -> None:
    before = len(shelf.history())
    with pytest.raises(MleeError, match="Kinds: "):
        shelf.record("svm", wrong(3), kind="probabilities")
    with pytest.raises(MleeError, match="Kinds: "), shelf.candidate("svm") as run:
        run.record(wrong(3), kind="probabilities")
    assert list(shelf.history()["outcome"])[:before] == ["ok"] * before


def test_the_module_shows_an_example() -> None:
    (line, *_) = [line for line in (experiment.__doc__ or "").splitlines() if "mlee.start" in line]
    assert line.startswith("    shelf = mlee.start(")
    assert not doctest.DocTestFinder().find(experiment)[0].examples


# ---------------------------------------------------------------- compare takes a table


def test_compare_takes_a_table_of_columns() -> None:
    table = pd.DataFrame({"svm": wrong(6), "knn": wrong(30)})
    by_dict = mlee.compare(TRUTH, {"svm": wrong(6), "knn": wrong(30)}).to_dict()
    assert mlee.compare(TRUTH, table).to_dict() == by_dict
    polars = pytest.importorskip("polars")
    assert mlee.compare(TRUTH, polars.DataFrame({"svm": wrong(6), "knn": wrong(30)})).to_dict() == by_dict


def test_compare_takes_a_table_of_folds() -> None:
    table = pd.DataFrame({"a": [0.9, 0.91, 0.92, 0.93, 0.9], "b": [0.8, 0.82, 0.81, 0.84, 0.82]})
    assert mlee.compare(None, table).winner == "a"


TABLES = {
    "no columns": (pd.DataFrame(index=range(N)), "nothing to compare"),
    "a name twice": (pd.DataFrame([[0, 0]] * N, columns=["svm", "svm"]), "Two candidates are called svm"),
    "another index": (pd.DataFrame({"svm": wrong(6)}, index=range(5, N + 5)), "index of svm"),
    "a single column": (pd.Series(wrong(6)), "The predictions are a Series"),
}


@pytest.mark.parametrize(("table", "said"), TABLES.values(), ids=TABLES)
def test_a_table_that_cannot_be_meant_is_refused(table: object, said: str) -> None:
    with pytest.raises(MleeError, match=said):
        mlee.compare(pd.Series(TRUTH), table)  # type: ignore[arg-type]


def test_a_table_with_gaps_fails_that_candidate_alone() -> None:
    table = pd.DataFrame({"svm": wrong(6), "gaps": pd.Series(wrong(9)).astype("Int64").mask(TRUTH == 1)})
    compared = mlee.compare(TRUTH, table)
    assert list(compared.failed) == ["gaps"]
    assert compared.leader == "svm"


@pytest.mark.parametrize("number", [np.float64, np.float32, np.float16, np.array], ids=str)
def test_numbers_of_numpy_are_numbers_in_a_charter(project: Path, number: Any) -> None:
    charter = {"useful_gain": number(0.25), "must_reach": number(0.5), "positive": np.int64(1), "metric": np.str_("f1")}
    exp = mlee.start("shelf", truth=np.array([0, 1] * 50), **charter)
    told = exp._here().experiment().charter
    assert (told.useful_gain, told.must_reach, told.positive, told.metric) == (0.25, 0.5, 1, "f1")
    assert [type(value) for value in (told.useful_gain, told.must_reach, told.positive, told.metric)] == [
        float, float, int, str,
    ]  # fmt: skip


@pytest.mark.parametrize("wrong", [{"budget": np.int64(3600)}, {"budget": 3600}, {"deadline": "2027-01-31"}])
def test_a_budget_without_a_unit_is_refused_in_a_line(project: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(mlee.MleeError, match="Write"):
        mlee.start("shelf", **wrong)
